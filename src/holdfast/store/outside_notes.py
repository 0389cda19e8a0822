"""The log of outside events: what happened around us, and whether we have looked at the strategy since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from holdfast import store
from holdfast.domain.period import date_of, day_number
from holdfast.settings import Settings
from holdfast.store import sql

MOST = 500
"""So many are read, the newest."""


@dataclass(frozen=True, slots=True)
class Noted:
    """An outside event: ``until`` ``None`` where it goes on or is over at once; ``country`` "" everywhere.

    ``review`` is what was decided when the strategy was looked at because of it, "" before that.
    """

    id: int
    title: str
    start: date
    until: date | None
    country: str
    made_by: str
    review: str
    reviewed_by: str
    reviewed_us: int | None


def noted(settings: Settings) -> list[Noted]:
    """The outside events, the newest first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT id, title, start_day, until_day, country, made_by, review, reviewed_by, reviewed_us "
        f"FROM outside_note ORDER BY start_day DESC, id DESC LIMIT {MOST}"
    )
    return [
        Noted(number, title, date_of(start), None if until is None else date_of(until), *rest)
        for number, title, start, until, *rest in rows
    ]


def add(
    settings: Settings, title: str, start: date, until: date | None, country: str, *, by: str, now_us: int
) -> int:
    """Note an outside event; its number."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "INSERT INTO outside_note (title, start_day, until_day, country, made_by, made_us, review, "
            "reviewed_by) VALUES (%s, %s, %s, %s, %s, %s, '', '') RETURNING id",
            (title, day_number(start), None if until is None else day_number(until), country, by, now_us),
        )
    if row is None:
        raise LookupError("the database gave the note no number")
    return int(row[0])


def review(settings: Settings, number: int, words: str, *, by: str, now_us: int) -> bool:
    """Keep what was decided because of an outside event; whether there is one of this number."""
    store.connect(settings)
    with sql.short_write():
        return bool(
            sql.write(
                "UPDATE outside_note SET review = %s, reviewed_by = %s, reviewed_us = %s WHERE id = %s",
                (words, by, now_us, number),
            )
        )


def remove(settings: Settings, number: int) -> bool:
    """Take a note away; whether there was one of this number."""
    store.connect(settings)
    with sql.short_write():
        return bool(sql.write("DELETE FROM outside_note WHERE id = %s", (number,)))
