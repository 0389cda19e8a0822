"""``holdfast texts``: read what customers wrote, and say how much was read and how often rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.moments import microseconds
from holdfast.domain.texts import Share, Text

if TYPE_CHECKING:
    from holdfast.services.understand.corrections import Rightness
    from holdfast.services.understand.reading import Read
    from holdfast.store.readings import Counts

ORDER = 47


def _run(session: Session, read: bool) -> None:
    from holdfast.services.understand.between import read_texts
    from holdfast.services.understand.corrections import rightness
    from holdfast.store import readings, unread

    settings = session.settings()
    done = None
    if read:
        with session.progress() as progress:
            done = read_texts(settings, now_us=microseconds(session.now()), progress=progress)
    counts, right, waiting = readings.counts(settings), rightness(settings), unread.count(settings)
    session.finish(
        _answer(counts, right, waiting, done), lambda: _show(session, counts, right, waiting, done)
    )


def _answer(counts: Counts, right: Rightness, waiting: int, done: Read | None) -> dict[str, Any]:
    share, low, high = right.causes or (None, None, None)
    return {
        "texts": counts.texts,
        "not_read": counts.not_read,
        "corrected": counts.corrected,
        "by_language": counts.by_language,
        "waiting": waiting,
        "read_now": None if done is None else done.texts,
        "right": {"of": right.texts, "causes": share, "low": low, "high": high},
    }


def _show(session: Session, counts: Counts, right: Rightness, waiting: int, done: Read | None) -> None:
    if done is not None:
        session.tell(Text("{n} text was read now.", "{n} texts were read now.", n=done.texts))
    session.tell(
        Text(
            "{n} text of customers was read, {corrected} of them looked at by a person.",
            "{n} texts of customers were read, {corrected} of them looked at by a person.",
            n=counts.texts,
            corrected=counts.corrected,
        )
    )
    if counts.not_read:
        session.tell(
            Text(
                "{n} is in no language that is read.",
                "{n} are in no language that is read.",
                n=counts.not_read,
            )
        )
    if waiting:
        session.tell(Text("{n} text waits to be read.", "{n} texts wait to be read.", n=waiting))
    if right.causes is not None:
        share, low, high = map(Share, right.causes)
        session.tell(
            Text(
                "Of {n} text drawn by lot the causes were right in {share} (likely {low} to {high}).",
                "Of {n} texts drawn by lot the causes were right in {share} (likely {low} to {high}).",
                n=right.texts,
                share=share,
                low=low,
                high=high,
            )
        )


COMMAND = Command(
    "texts",
    Text("Say how many texts of customers were read, and how often rightly."),
    _run,
    [Option("--read", is_flag=True, words=Text("Read now what is not read yet."))],
)
