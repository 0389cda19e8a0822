"""What the search for duplicates reads and keeps: facts of customers, pairs found, how far it has come."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from holdfast import store
from holdfast.domain.likeness import TRAITS, Facts
from holdfast.settings import Settings
from holdfast.store import readers, sql
from holdfast.store.linked import among, stretches

LATE = 10_000
"""Row ids before the newest one that are looked at again: a transaction may commit after a later one."""

_POINTS = {"email": "emails", "phone": "phones"}
_FIELDS = TRAITS | _POINTS
_NAMES = ", ".join(f"'{name}'" for name in TRAITS)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two customers, probably one, the smaller id first; ``reasons`` are codes, the strongest first."""

    low_id: int
    high_id: int
    score: float
    reasons: tuple[str, ...]
    found_us: int


@dataclass(frozen=True, slots=True)
class Searched:
    """When the last search began, the newest rows there were then, pairs compared, pairs that stand."""

    began_us: int
    last_point: int
    last_trait: int
    compared: int
    found: int


def accounts(settings: Settings) -> frozenset[int]:
    """The ids that are accounts."""
    store.connect(settings)
    return frozenset(
        subject
        for (subject,) in sql.read(
            "SELECT id FROM subject WHERE namespace = 'account' OR namespace LIKE 'account:%%'"
        )
    )


def linked_units(settings: Settings) -> dict[int, int]:
    """Subject to the person or account it belongs to by links, for those that any link touches."""
    return readers.resolved_units(replace(settings, unit="person"))


def entries(settings: Settings) -> Iterator[Facts]:
    """What each id says about itself, by id; those that say nothing are left out.

    Every value ever said counts: a maiden name still tells who it is.
    """
    store.connect(settings)
    whose = accounts(settings)
    rows = (row for batch in sql.stream(_told("TRUE")) for row in batch)
    for subject, told in groupby(rows, key=itemgetter(0)):
        yield _facts(subject, "account" if subject in whose else "person", told)


def facts_of(settings: Settings, members: Mapping[int, Collection[int]]) -> dict[int, Facts]:
    """What is said about each customer: ``members`` are the ids that belong to it."""
    store.connect(settings)
    unit_of = {subject: unit for unit, subjects in members.items() for subject in subjects}
    told: dict[int, list[sql.Row]] = {unit: [] for unit in members}
    kinds: dict[int, str] = {}
    for some in stretches(sorted(unit_of)):
        ids = among(some)
        for row in sql.read(_told(f"subject_id IN {ids}")):
            told[unit_of[row[0]]].append(row)
        kinds.update(sql.read(_KINDS.format(ids=ids)))
    return {unit: _facts(unit, kinds.get(unit, "person"), rows) for unit, rows in told.items()}


_KINDS = """
SELECT id, CASE WHEN namespace = 'account' OR namespace LIKE 'account:%%' THEN 'account' ELSE 'person' END
FROM subject WHERE id IN {ids}
"""


def _told(which: str) -> str:
    """Traits and contact points of subjects that everybody may see, by subject."""
    seen = f"(import_id IS NULL OR import_id NOT IN {sql.hidden()})"
    return (
        f"SELECT subject_id, trait, value FROM trait_row WHERE trait IN ({_NAMES}) AND {seen} AND {which} "
        f"UNION ALL SELECT subject_id, kind, value FROM contact_point WHERE {seen} AND {which} ORDER BY 1"
    )


def _facts(unit: int, kind: str, rows: Iterator[sql.Row] | Sequence[sql.Row]) -> Facts:
    told: dict[str, dict[str, None]] = {}
    for _, name, value in rows:
        if value and name in _FIELDS:
            told.setdefault(_FIELDS[name], {})[value] = None
    values = {field: tuple(sorted(each)) for field, each in told.items()}
    return Facts(unit, kind, **values)


def newest(settings: Settings) -> tuple[int, int]:
    """The newest ids of contact points and traits."""
    store.connect(settings)
    (point,) = sql.read("SELECT COALESCE(MAX(id), 0) FROM contact_point")[0]
    (trait,) = sql.read("SELECT COALESCE(MAX(id), 0) FROM trait_row")[0]
    return int(point), int(trait)


def changed_subjects(settings: Settings, last: Searched) -> set[int]:
    """Subjects of which something may have been said since the search ``last``.

    Rows of files are visible when their import is done, whatever their ids: all whom it brought count.
    """
    store.connect(settings)
    found = sql.read(
        f"SELECT subject_id FROM contact_point WHERE id > %s "
        f"UNION SELECT subject_id FROM trait_row WHERE id > %s AND trait IN ({_NAMES}) "
        "UNION SELECT g.subject_id FROM sighting g JOIN import i ON i.id = g.import_id "
        "WHERE i.kind <> 'live' AND i.state = 'done' AND i.finished_us > %s",
        (last.last_point - LATE, last.last_trait - LATE, last.began_us),
    )
    return {subject for (subject,) in found}


def all_pairs(settings: Settings) -> list[tuple[int, int]]:
    """The pairs that are listed."""
    store.connect(settings)
    return sql.read("SELECT low_id, high_id FROM duplicate")


def replace_pairs(settings: Settings, pairs: Sequence[Pair]) -> None:
    """Let ``pairs`` be all that is listed, in short transactions; what is listed unchanged stays."""
    store.connect(settings)
    known = {
        (low, high): (score, _reasons(reasons))
        for low, high, score, reasons in sql.read("SELECT low_id, high_id, score, reasons FROM duplicate")
    }
    wanted = {(pair.low_id, pair.high_id): pair for pair in pairs}
    gone = sorted(known.keys() - wanted.keys())
    new = [pair for key, pair in sorted(wanted.items()) if known.get(key) != (pair.score, pair.reasons)]
    for some in stretches(gone):
        for low, high in some:
            sql.write("DELETE FROM duplicate WHERE low_id = %s AND high_id = %s", (low, high))
    for rows in stretches(new):
        with sql.short_write():
            _insert(rows)


def _insert(pairs: Sequence[Pair]) -> None:
    places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(pairs))
    sql.write(
        f"INSERT INTO duplicate (low_id, high_id, score, reasons, found_us) VALUES {places} "
        "ON CONFLICT (low_id, high_id) DO UPDATE SET score = excluded.score, reasons = excluded.reasons",
        [
            value
            for pair in pairs
            for value in (
                pair.low_id,
                pair.high_id,
                pair.score,
                json.dumps(list(pair.reasons)),
                pair.found_us,
            )
        ],
    )


def listed(settings: Settings, *, after: tuple[float, int, int] | None = None, limit: int = 50) -> list[Pair]:
    """Pairs, the most probable first, from behind ``after`` (score, smaller and larger id) on."""
    store.connect(settings)
    where, values = "", ()  # type: str, tuple[object, ...]
    if after is not None:
        where = "WHERE (score, low_id, high_id) < (%s, %s, %s)"
        values = after
    rows = sql.read(
        f"SELECT low_id, high_id, score, reasons, found_us FROM duplicate {where} "
        f"ORDER BY score DESC, low_id DESC, high_id DESC LIMIT {int(limit)}",
        values,
    )
    return [Pair(low, high, score, _reasons(reasons), found) for low, high, score, reasons, found in rows]


def holders(settings: Settings, kind: str, values: Sequence[str], *, most: int = 50) -> int:
    """How many ids have one of these contact points; looked at no further than ``most``."""
    store.connect(settings)
    places = ", ".join(["%s"] * len(values)) or "NULL"
    (found,) = sql.read(
        "SELECT COUNT(*) FROM (SELECT DISTINCT subject_id FROM contact_point "
        f"WHERE kind = %s AND value IN ({places}) LIMIT {int(most)}) AS held",
        [kind, *values],
    )[0]
    return int(found)


def count(settings: Settings) -> int:
    """How many pairs are listed."""
    store.connect(settings)
    return int(sql.read("SELECT COUNT(*) FROM duplicate")[0][0])


def last_search(settings: Settings) -> Searched | None:
    """How far the search has come; ``None`` when there was none yet."""
    store.connect(settings)
    row = sql.one("SELECT began_us, last_point, last_trait, compared, found FROM duplicate_search")
    return None if row is None else Searched(*row)


def save_search(settings: Settings, searched: Searched) -> None:
    """Remember how far the search has come."""
    store.connect(settings)
    sql.write(
        "INSERT INTO duplicate_search (id, began_us, last_point, last_trait, compared, found) "
        "VALUES (1, %s, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE SET began_us = excluded.began_us, "
        "last_point = excluded.last_point, last_trait = excluded.last_trait, "
        "compared = excluded.compared, found = excluded.found",
        (searched.began_us, searched.last_point, searched.last_trait, searched.compared, searched.found),
    )


def _reasons(written: Any) -> tuple[str, ...]:
    """PostgreSQL's driver may have read the JSON already."""
    return tuple(json.loads(written) if isinstance(written, str) else written)
