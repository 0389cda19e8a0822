"""What our people say of a customer: each value from now on, with what was said before."""

from __future__ import annotations

import re
from datetime import date

from holdfast.domain.channels import CHANNELS, PREFERRED_TRAIT, channel_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.care.refresh import refresh_known
from holdfast.services.collect.care.staff import staff_source
from holdfast.services.collect.care.typed import LONGEST_VALUE, gone, typed_text
from holdfast.services.collect.care.who import Who
from holdfast.settings import Settings
from holdfast.store import due, sql, told
from holdfast.store.account_tree import PARENT

NEED = "need."
"""How traits of the needs profile begin."""

_NAME = re.compile(r"[^\W\d_][\w.\- ]{0,59}")


def edit_trait(settings: Settings, about: Who, trait: str, value: str, *, by: str, now_us: int) -> bool:
    """Say something about a customer from now on; "" takes it away. Whether that changed anything.

    Refuses a name that is none ("bad_trait"), a value that the trait cannot have ("bad_value"), and the
    account above, which has a check and a page of its own ("elsewhere").
    """
    name = trait.strip()
    if not _NAME.fullmatch(name):
        raise Refusal(
            "bad_trait",
            found=Text("{name} is no name of something that can be said.", name=name or '""'),
            expected=Text("A name like city or favourite_coffee, of at most 60 letters."),
            remedy=Text("Choose a shorter name that begins with a letter."),
        )
    if name == PARENT:
        raise Refusal(
            "elsewhere",
            found=Text("Which account stands above another is not typed as a trait."),
            expected=Text("Two accounts that make no circle."),
            remedy=Text("Choose the account above on the page of accounts of this customer."),
        )
    written = _checked(name, value)
    before = _now(settings, about, name)
    if written == before:
        return False
    source = staff_source(settings, now_us=now_us)
    with sql.short_write():
        told.say(settings, about.unit_id, name, written, by=by, now_us=now_us, import_id=source.import_id)
        due.touch(settings, [about.unit_id], now_us)
    if name.startswith(NEED):
        refresh_known(settings, about)
    return True


def undo_edit(settings: Settings, about: Who, row_id: int, *, by: str, now_us: int) -> None:
    """Say again what was said before an edit of ours: a new row, so nothing is lost.

    Refuses a row that none of us typed, or that is not the latest word ("not_the_latest").
    """
    rows = told.said_of(settings, about.subjects)
    edit = next((row for row in rows if row.id == row_id and row.made_by), None)
    if edit is None:
        raise gone("no_such_edit")
    same = [row for row in rows if row.trait == edit.trait]
    if same[0].id != row_id:
        raise Refusal(
            "not_the_latest",
            found=Text("Something else was said of it since."),
            expected=Text("The latest word on it."),
            remedy=Text("Type the value that is right."),
        )
    edit_trait(settings, about, edit.trait, same[1].value if len(same) > 1 else "", by=by, now_us=now_us)


def _now(settings: Settings, about: Who, trait: str) -> str:
    return next((row.value for row in told.said_of(settings, about.subjects) if row.trait == trait), "")


def _checked(trait: str, value: str) -> str:
    if not value.strip():
        return ""
    written = typed_text(value, longest=LONGEST_VALUE, code="bad_value")
    if trait == PREFERRED_TRAIT:
        channel = channel_of(written)
        if channel is None:
            raise _bad(written, Text("One of {values}.", values=", ".join(CHANNELS)))
        return channel
    if trait == "country" and not re.fullmatch(r"[A-Za-z]{2}", written):
        raise _bad(written, Text("Two letters, like IE or IR."))
    if trait == "birth_date" and not _is_day(written):
        raise _bad(written, Text("A day like 1990-03-21."))
    return written.upper() if trait == "country" else written


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _bad(written: str, expected: Text) -> Refusal:
    return Refusal(
        "bad_value",
        found=Text("{value} cannot be said of it.", value=written[:80]),
        expected=expected,
        remedy=Text("Mend the value; nothing was changed."),
    )
