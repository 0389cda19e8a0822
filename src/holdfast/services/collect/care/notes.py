"""Notes about a customer: written, changed by who wrote them, taken away and brought back."""

from __future__ import annotations

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.care.typed import LONGEST_NOTE, gone, typed_text
from holdfast.services.collect.care.who import Who
from holdfast.settings import Settings
from holdfast.store import notes


def write_note(settings: Settings, about: Who, text: str, *, by: str, now_us: int) -> int:
    """Write a note about a customer; its id. Refuses an empty one and an endless one ("bad_note")."""
    written = typed_text(text, longest=LONGEST_NOTE, code="bad_note")
    return notes.add(settings, about.unit_id, written, by=by, now_us=now_us)


def change_note(settings: Settings, about: Who, note_id: int, text: str, *, by: str, now_us: int) -> None:
    """Put another text in place of one's own note; what stood there stays readable below it.

    Refuses a note of somebody else ("not_yours") and one that changed meanwhile ("changed_meanwhile").
    """
    note = _note(settings, about, note_id)
    if note.made_by != by:
        raise Refusal(
            "not_yours",
            found=Text("{person} wrote this note.", person=note.made_by),
            expected=Text("Notes are changed by who wrote them."),
            remedy=Text("Write a note of your own below it."),
        )
    written = typed_text(text, longest=LONGEST_NOTE, code="bad_note")
    if written != note.text and not notes.change(settings, note, written, now_us=now_us):
        raise Refusal(
            "changed_meanwhile",
            found=Text("The note was changed meanwhile."),
            expected=Text("The text that you read."),
            remedy=Text("Load the page again, and change what stands there now."),
        )


def delete_note(
    settings: Settings, about: Who, note_id: int, *, by: str, may_delete_all: bool, now_us: int
) -> None:
    """Take a note away; it can be brought back for a month.

    Refuses somebody else's note ("not_yours") unless ``may_delete_all``.
    """
    note = _note(settings, about, note_id)
    if note.made_by != by and not may_delete_all:
        raise Refusal(
            "not_yours",
            found=Text("{person} wrote this note.", person=note.made_by),
            expected=Text("Notes are taken away by who wrote them, managers and administrators."),
            remedy=Text("Ask one of them."),
        )
    notes.delete(settings, note_id, by=by, now_us=now_us)


def restore_note(settings: Settings, about: Who, note_id: int) -> None:
    """Bring a note back that was taken away."""
    if notes.one(settings, note_id, about.subjects) is None:
        raise gone("no_such_note")
    notes.restore(settings, note_id)


def _note(settings: Settings, about: Who, note_id: int) -> notes.Note:
    note = notes.one(settings, note_id, about.subjects)
    if note is None or note.deleted_us is not None:
        raise gone("no_such_note")
    return note
