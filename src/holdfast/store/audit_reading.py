"""Reading the audit trail: filters, pages from the newest on, everything for an export."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from holdfast import store
from holdfast.domain.audit import about_customer
from holdfast.domain.spreadsheets import harmless
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.members import members

_AT_ONCE = 2_000

HEAD = ("number", "at", "person", "name", "via", "did", "sort", "about", "details", "hash")
"""What :func:`cells` are, for a file."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A note as it is read; ``person`` is the name of ``who`` now, "" for a program or somebody who is gone.

    ``details`` is ``None`` where they were emptied, since the customer was erased.
    """

    position: int
    at_us: int
    who: int | None
    person: str
    via: str
    did: str
    sort: str
    about: str
    details: Mapping[str, Any] | None
    hash: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notes: ``None`` and "" ask for all. Moments are half-open, ``customer`` the number of a unit."""

    who: int | None = None
    sort: str = ""
    customer: int | None = None
    from_us: int | None = None
    to_us: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return self != Wanted()


def listed(settings: Settings, wanted: Wanted, *, before: int | None = None, limit: int = 50) -> list[Noted]:
    """Notes, the newest first, before the one at a position: one statement."""
    store.connect(settings)
    conditions, values = _conditions(settings, wanted)
    if before is not None:
        conditions.append("a.id < %s")
        values.append(before)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = sql.read(f"{_SELECT} {where} ORDER BY a.id DESC LIMIT {int(limit)}", values)
    return [_noted(row) for row in rows]


def everything(settings: Settings, wanted: Wanted) -> Iterator[Noted]:
    """All notes that are wanted, the newest first, a stretch in memory at a time."""
    before: int | None = None
    while found := listed(settings, wanted, before=before, limit=_AT_ONCE):
        yield from found
        before = found[-1].position


def count(settings: Settings) -> int:
    """How many notes there are: where the trail ends, since it has no gaps."""
    store.connect(settings)
    row = sql.one("SELECT position FROM audit_head WHERE id = 1")
    return 0 if row is None else int(row[0])


_SELECT = (
    "SELECT a.id, a.at_us, a.who, COALESCE(CASE WHEN p.name = '' THEN p.email ELSE p.name END, ''), "
    "a.via, a.did, a.sort, a.about, a.details, a.hash "
    "FROM audit_note a LEFT JOIN person p ON p.id = a.who"
)


def _conditions(settings: Settings, wanted: Wanted) -> tuple[list[str], list[Any]]:
    chosen: dict[str, Any] = {
        "a.who = %s": wanted.who,
        "a.sort = %s": wanted.sort or None,
        "a.at_us >= %s": wanted.from_us,
        "a.at_us < %s": wanted.to_us,
    }
    conditions = [condition for condition, value in chosen.items() if value is not None]
    values = [value for value in chosen.values() if value is not None]
    if wanted.customer is not None:
        abouts = _abouts(settings, wanted.customer)
        conditions.append(f"a.about IN ({', '.join(['%s'] * len(abouts))})")
        values += abouts
    return conditions, values


def _abouts(settings: Settings, unit_id: int) -> list[str]:
    """A customer under every number that they have or had."""
    ids = {unit_id, *members(settings, [unit_id]).unit_of}
    return sorted(about_customer(each) for each in ids)


def _noted(row: sql.Row) -> Noted:
    position, at_us, who, person, via, did, sort, about, details, hash_ = row
    said = json.loads(details) if details else None
    return Noted(position, at_us, who, person, via, did, sort, about, said, hash_)


def cells(note: Noted) -> tuple[str, ...]:
    """A note for machines: English, ISO moments in UTC, nothing that a spreadsheet takes for a formula."""
    return tuple(
        harmless(cell)
        for cell in (
            str(note.position),
            datetime.fromtimestamp(note.at_us / 1_000_000, UTC).isoformat(),
            "" if note.who is None else str(note.who),
            note.person,
            note.via,
            note.did,
            note.sort,
            note.about,
            "" if note.details is None else json.dumps(note.details, ensure_ascii=False, sort_keys=True),
            note.hash,
        )
    )
