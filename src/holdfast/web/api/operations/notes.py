"""Notes that our people write about a customer."""

from __future__ import annotations

from datetime import datetime

from holdfast.services.collect.care import notes
from holdfast.services.collect.care.who import who
from holdfast.store import notes as stored
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import DECIDERS, WRITERS, may
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Words,
    moment,
    moment_or_none,
    not_here,
    operation,
)


class Note(Answered, frozen=True):
    """A note; only who wrote it may change it."""

    id: int
    at: datetime
    by: str
    text: str
    changed_at: datetime | None


class NoteWritten(Asked, kw_only=True, frozen=True):
    """What a note says."""

    text: Words


class Notes(Answered, frozen=True):
    """Every note about a customer, the newest first."""

    items: list[Note]


@operation("GET", "/customers/{customer_id}/notes", scope=READ)
def list_notes(call: Call, customer_id: Id) -> Notes:
    """List the notes about a customer, a hundred at most."""
    about = who(call.settings, customer_id)
    found = stored.of(call.settings, about.subjects)
    return Notes(items=[_note(each) for each in found if each.deleted_us is None])


@operation("POST", "/customers/{customer_id}/notes", scope=WRITE, roles=WRITERS, status=201)
def create_note(call: Call, customer_id: Id, body: NoteWritten) -> Note:
    """Write a note."""
    about = who(call.settings, customer_id)
    number = notes.write_note(call.settings, about, body.text, by=call.by, now_us=call.now_us)
    return get_note(call, customer_id, number)


@operation("GET", "/customers/{customer_id}/notes/{note_id}", scope=READ)
def get_note(call: Call, customer_id: Id, note_id: Id) -> Note:
    """Get one note."""
    about = who(call.settings, customer_id)
    found = stored.one(call.settings, note_id, about.subjects)
    if found is None or found.deleted_us is not None:
        raise not_here("note", note_id)
    return _note(found)


@operation("PUT", "/customers/{customer_id}/notes/{note_id}", scope=WRITE, roles=WRITERS)
def update_note(call: Call, customer_id: Id, note_id: Id, body: NoteWritten) -> Note:
    """Write a note anew; what it said before is kept."""
    about = who(call.settings, customer_id)
    notes.change_note(call.settings, about, note_id, body.text, by=call.by, now_us=call.now_us)
    return get_note(call, customer_id, note_id)


@operation("DELETE", "/customers/{customer_id}/notes/{note_id}", scope=WRITE, roles=WRITERS)
def delete_note(call: Call, customer_id: Id, note_id: Id) -> None:
    """Take a note away; for a month it can be brought back."""
    about = who(call.settings, customer_id)
    everyones = may(call.person, DECIDERS)
    notes.delete_note(call.settings, about, note_id, by=call.by, may_delete_all=everyones, now_us=call.now_us)


@operation("POST", "/customers/{customer_id}/notes/{note_id}/restore", scope=WRITE, roles=WRITERS)
def restore_note(call: Call, customer_id: Id, note_id: Id) -> Note:
    """Bring a note back."""
    notes.restore_note(call.settings, who(call.settings, customer_id), note_id)
    return get_note(call, customer_id, note_id)


def _note(note: stored.Note) -> Note:
    return Note(
        id=note.id,
        at=moment(note.at_us),
        by=note.made_by,
        text=note.text,
        changed_at=moment_or_none(note.changed_us),
    )
