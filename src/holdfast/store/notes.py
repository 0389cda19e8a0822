"""Notes about customers: by whom and when, and what stood there before; deleted ones can come back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class Note:
    """A note; ``earlier`` are the texts before this one with the moment each ended, the oldest first."""

    id: int
    subject_id: int
    at_us: int
    made_by: str
    text: str
    earlier: tuple[tuple[str, int], ...]
    changed_us: int | None
    deleted_us: int | None


_COLUMNS = "id, subject_id, at_us, made_by, text, earlier, changed_us, deleted_us"


def add(settings: Settings, subject_id: int, text: str, *, by: str, now_us: int) -> int:
    """Write a note; its id."""
    store.connect(settings)
    row = sql.one(
        "INSERT INTO note (subject_id, at_us, made_by, text, earlier, deleted_by) "
        "VALUES (%s, %s, %s, %s, '[]', '') RETURNING id",
        (subject_id, now_us, by, text),
    )
    if row is None:
        raise RuntimeError("an INSERT ... RETURNING returned nothing")
    return int(row[0])


def one(settings: Settings, note_id: int, subjects: Sequence[int]) -> Note | None:
    """The note with this id, if it is about one of these subjects; a deleted one too."""
    store.connect(settings)
    row = sql.one(
        f"SELECT {_COLUMNS} FROM note WHERE id = %s AND subject_id IN {among(subjects)}", (note_id,)
    )
    return None if row is None else _note(row)


def of(settings: Settings, subjects: Sequence[int], *, limit: int = 100) -> list[Note]:
    """Notes about these subjects, the newest first; none that was deleted."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_COLUMNS} FROM note WHERE subject_id IN {among(subjects)} AND deleted_us IS NULL "
        f"ORDER BY at_us DESC, id DESC LIMIT {int(limit)}"
    )
    return [_note(row) for row in rows]


def change(settings: Settings, note: Note, text: str, *, now_us: int) -> bool:
    """Put another text in place of a note's; the former is kept. Whether nobody else had changed it."""
    store.connect(settings)
    earlier = json.dumps([*([was, until] for was, until in note.earlier), [note.text, now_us]])
    changed = sql.write(
        "UPDATE note SET text = %s, earlier = %s, changed_us = %s "
        "WHERE id = %s AND text = %s AND deleted_us IS NULL",
        (text, earlier, now_us, note.id, note.text),
    )
    return changed == 1


def delete(settings: Settings, note_id: int, *, by: str, now_us: int) -> None:
    """Take a note from the page; it can be brought back until it is swept."""
    store.connect(settings)
    sql.write(
        "UPDATE note SET deleted_us = %s, deleted_by = %s WHERE id = %s AND deleted_us IS NULL",
        (now_us, by, note_id),
    )


def restore(settings: Settings, note_id: int) -> None:
    """Bring a deleted note back."""
    store.connect(settings)
    sql.write("UPDATE note SET deleted_us = NULL, deleted_by = '' WHERE id = %s", (note_id,))


def sweep(settings: Settings, before_us: int) -> int:
    """Forget for good what was deleted before a moment; how many notes."""
    store.connect(settings)
    return sql.write("DELETE FROM note WHERE deleted_us < %s", (before_us,))


def among(subjects: Sequence[int]) -> str:
    """Subjects as a SQL list: they are integers of ours, so they are written out."""
    return f"({', '.join(str(int(each)) for each in subjects) or '0'})"


def _note(row: sql.Row) -> Note:
    id_, subject_id, at_us, made_by, text, earlier, changed_us, deleted_us = row
    told: Any = json.loads(earlier) if isinstance(earlier, str) else earlier
    before = tuple((was, until) for was, until in told)
    return Note(id_, subject_id, at_us, made_by, text, before, changed_us, deleted_us)
