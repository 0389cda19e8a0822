"""What people type, before it is kept: no control signs, not empty, not endless."""

from __future__ import annotations

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

LONGEST_NOTE = 10_000
LONGEST_VALUE = 2_000
"""Characters at most."""


def typed_text(text: str, *, longest: int, code: str) -> str:
    """``text`` with plain line ends and without control signs. Refuses nothing, and too much, as ``code``."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(each for each in lines if each in "\n\t" or each >= " ").replace("\x7f", "")
    kept = kept.encode("utf-8", "ignore").decode("utf-8").strip()
    if not kept:
        raise Refusal(
            code,
            found=Text("Nothing was written."),
            expected=Text("At least one letter."),
            remedy=Text("Write something, or leave it."),
        )
    if len(kept) > longest:
        raise Refusal(
            code,
            found=Text("The text has {n} letter.", "The text has {n} letters.", n=len(kept)),
            expected=Text("At most {longest} letters.", longest=longest),
            remedy=Text("Shorten it, or add it as a document."),
        )
    return kept


def gone(code: str) -> Refusal:
    """That what somebody wanted to change is not there."""
    return Refusal(
        code,
        found=Text("It is not there any more."),
        expected=Text("Something of this customer that nobody has taken away."),
        remedy=Text("Load the page again to see what there is."),
    )
