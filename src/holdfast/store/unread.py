"""Texts that have no reading yet, and how far they were read."""

from __future__ import annotations

from typing import NamedTuple

from holdfast import store
from holdfast.domain.written import Told
from holdfast.settings import Settings
from holdfast.store import sql

_BEHIND = 200
"""Numbers before the last one read live that are looked at again: a slower transaction may have had them."""

_LIVE, _DONE = "live", "done"


class Unread(NamedTuple):
    """A text without a reading; ``import_id`` is that of the import that brought it."""

    id: int
    event_key: bytes
    subject_id: int
    import_id: int | None
    kind: str
    text: str


class UnreadLive(NamedTuple):
    """A text that arrived live, with its event."""

    text: Unread
    told: Told


def live(settings: Settings, most: int) -> list[UnreadLive]:
    """Texts that arrived live since the last look and whose events are in the ingest log, oldest first."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_TEXT}, l.name, l.object_kind, l.object_id, l.at_us, l.known_us "
        f"FROM customer_text t JOIN import i ON i.id = t.import_id AND i.kind = 'live' "
        "JOIN log_row l ON l.subject_id = t.subject_id AND l.event_key = t.event_key "
        f"WHERE t.id > %s AND {_UNREAD} ORDER BY t.id LIMIT %s",
        (place(settings, _LIVE) - _BEHIND, most),
    )
    return [UnreadLive(_text(row[:6]), Told(*row[6:])) for row in rows]


def note_live(settings: Settings, last_id: int) -> None:
    """Texts up to this one were looked at as they arrived."""
    _note(settings, _LIVE, last_id)


def some(settings: Settings, after_id: int, most: int) -> list[Unread]:
    """Texts of finished imports, and live ones, that have no reading, by number."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_TEXT} FROM customer_text t WHERE t.id > %s AND {_COUNTS} AND {_UNREAD} "
        "ORDER BY t.id LIMIT %s",
        (after_id, most),
    )
    return [_text(row) for row in rows]


def count(settings: Settings, after_id: int = 0) -> int:
    """How many texts have no reading."""
    store.connect(settings)
    row = sql.one(
        f"SELECT COUNT(*) FROM customer_text t WHERE t.id > %s AND {_COUNTS} AND {_UNREAD}", (after_id,)
    )
    return 0 if row is None else int(row[0])


def place_done(settings: Settings) -> int:
    """Up to which number all texts were looked at between the nights."""
    return place(settings, _DONE)


def note_done(settings: Settings, last_id: int) -> None:
    """All texts up to this number were looked at; :func:`newest` told it before."""
    _note(settings, _DONE, last_id)


def newest(settings: Settings) -> int | None:
    """The number of the newest text; ``None`` while an import goes on, whose texts are not to be seen yet."""
    store.connect(settings)
    if sql.one("SELECT 1 FROM import WHERE state IN ('staging', 'committing')"):
        return None
    row = sql.one("SELECT MAX(id) FROM customer_text")
    return 0 if row is None or row[0] is None else int(row[0])


def place(settings: Settings, name: str) -> int:
    """How far texts were read."""
    store.connect(settings)
    row = sql.one("SELECT place FROM reading_place WHERE name = %s", (name,))
    return 0 if row is None else int(row[0])


def _note(settings: Settings, name: str, last_id: int) -> None:
    store.connect(settings)
    sql.write(
        "INSERT INTO reading_place (name, place) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET "
        "place = CASE WHEN reading_place.place < excluded.place THEN excluded.place "
        "ELSE reading_place.place END",
        (name, last_id),
    )


def _text(row: sql.Row) -> Unread:
    number, key, *rest = row
    return Unread(number, bytes(key), *rest)


_TEXT = "t.id, t.event_key, t.subject_id, t.import_id, t.kind, t.text"
_COUNTS = "(t.import_id IS NULL OR t.import_id IN (SELECT id FROM import WHERE state = 'done'))"
_UNREAD = "NOT EXISTS (SELECT 1 FROM text_reading r WHERE r.event_key = t.event_key)"
