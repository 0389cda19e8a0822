"""Digests: which dashboards come by mail, to whom, and when next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class Digest:
    """One digest; see :class:`holdfast.store.models.Digest`.

    ``people`` are the names of who gets it, ``people_ids`` their numbers.
    """

    id: int
    dashboard_id: int
    every: str
    day: int
    minute: int
    quiet: bool
    made_by: str
    people: tuple[str, ...] = ()
    people_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """That a person gets a digest: by which clock, when next, and what the last one said."""

    digest: Digest
    person_id: int
    zone: str
    next_us: int
    last_us: int | None
    mark: str


def add(settings: Settings, new: Digest, readers: Mapping[int, tuple[str, int]], *, now_us: int) -> int:
    """Make a digest for some people: person to (zone, when first); its id."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "INSERT INTO digest (dashboard_id, every, day, minute, quiet, made_by, made_us) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
            (new.dashboard_id, new.every, new.day, new.minute, new.quiet, new.made_by, now_us),
        )
        if row is None:
            raise RuntimeError("an INSERT ... RETURNING returned nothing")
        for person_id, (zone, next_us) in readers.items():
            _add_reader(row[0], person_id, zone, next_us)
    return int(row[0])


def change(settings: Settings, digest: Digest, readers: Mapping[int, tuple[str, int]]) -> None:
    """Let a digest come at another time or to other people; who stays is told what is new since the last."""
    store.connect(settings)
    with sql.short_write():
        changed = sql.write(
            "UPDATE digest SET every = %s, day = %s, minute = %s, quiet = %s "
            "WHERE id = %s AND dashboard_id = %s",
            (digest.every, digest.day, digest.minute, digest.quiet, digest.id, digest.dashboard_id),
        )
        if not changed:
            return
        marks = ", ".join(["%s"] * len(readers))
        sql.write(
            f"DELETE FROM digest_reader WHERE digest_id = %s AND person_id NOT IN ({marks})",
            (digest.id, *readers),
        )
        for person_id, (zone, next_us) in readers.items():
            known = sql.write(
                "UPDATE digest_reader SET zone = %s, next_us = %s WHERE digest_id = %s AND person_id = %s",
                (zone, next_us, digest.id, person_id),
            )
            if not known:
                _add_reader(digest.id, person_id, zone, next_us)


def of_dashboard(settings: Settings, dashboard_id: int) -> list[Digest]:
    """The digests of a dashboard, each with who gets it."""
    store.connect(settings)
    found: dict[int, Digest] = {}
    for row in sql.read(
        f"SELECT {_COLUMNS}, COALESCE(NULLIF(p.name, ''), p.email), p.id FROM digest d "
        "LEFT JOIN digest_reader r ON r.digest_id = d.id LEFT JOIN person p ON p.id = r.person_id "
        "WHERE d.dashboard_id = %s ORDER BY d.id, 8",
        (dashboard_id,),
    ):
        before = found.get(row[0])
        names, ids = (before.people, before.people_ids) if before else ((), ())
        if row[8] is not None:
            names, ids = (*names, row[7]), (*ids, row[8])
        found[row[0]] = replace(_digest(row), people=names, people_ids=ids)
    return list(found.values())


def delete(settings: Settings, digest_id: int, dashboard_id: int) -> None:
    """Let a digest of a dashboard not come any more."""
    store.connect(settings)
    with sql.short_write():
        gone = sql.write("DELETE FROM digest WHERE id = %s AND dashboard_id = %s", (digest_id, dashboard_id))
        if gone:
            sql.write("DELETE FROM digest_reader WHERE digest_id = %s", (digest_id,))


def of_person(settings: Settings, person_id: int) -> list[tuple[Reader, str]]:
    """The digests that somebody gets, with the titles of their dashboards."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_READER}, b.title FROM digest_reader r JOIN digest d ON d.id = r.digest_id "
        "JOIN dashboard b ON b.id = d.dashboard_id WHERE r.person_id = %s AND b.deleted_us IS NULL "
        "ORDER BY b.title, d.id",
        (person_id,),
    )
    return [(_reader(row[:-1]), row[-1]) for row in rows]


def due(settings: Settings, now_us: int, most: int = 100) -> list[Reader]:
    """Who is to get a digest by now, the longest due first; nobody who may not sign in."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_READER} FROM digest_reader r JOIN digest d ON d.id = r.digest_id "
        "JOIN dashboard b ON b.id = d.dashboard_id JOIN person p ON p.id = r.person_id "
        "WHERE r.next_us <= %s AND b.deleted_us IS NULL AND p.is_active "
        f"ORDER BY r.next_us, r.digest_id LIMIT {int(most)}",
        (now_us,),
    )
    return [_reader(row) for row in rows]


def is_due(settings: Settings, now_us: int) -> bool:
    """Whether anybody is to get a digest by now."""
    return bool(due(settings, now_us, 1))


def settle(settings: Settings, reader: Reader, *, next_us: int, now_us: int, mark: str | None) -> bool:
    """Date a reader's digest anew, in the caller's transaction; whether nobody was faster.

    ``mark`` is what this one said; ``None`` where none was sent.
    """
    changed = sql.write(
        "UPDATE digest_reader SET next_us = %s, last_us = COALESCE(%s, last_us), "
        "mark = COALESCE(%s, mark) WHERE digest_id = %s AND person_id = %s AND next_us = %s",
        (next_us, None if mark is None else now_us, mark, reader.digest.id, reader.person_id, reader.next_us),
    )
    return changed == 1


def move_clock(settings: Settings, person_id: int, zone: str, next_us: Mapping[int, int]) -> None:
    """Let the digests of a person (digest to when next) go by another clock."""
    store.connect(settings)
    with sql.short_write():
        for digest_id, at_us in next_us.items():
            sql.write(
                "UPDATE digest_reader SET zone = %s, next_us = %s WHERE digest_id = %s AND person_id = %s",
                (zone, at_us, digest_id, person_id),
            )


_COLUMNS = "d.id, d.dashboard_id, d.every, d.day, d.minute, d.quiet, d.made_by"
_READER = f"{_COLUMNS}, r.person_id, r.zone, r.next_us, r.last_us, r.mark"


def _add_reader(digest_id: int, person_id: int, zone: str, next_us: int) -> None:
    sql.write(
        "INSERT INTO digest_reader (digest_id, person_id, zone, next_us, mark) VALUES (%s, %s, %s, %s, '')",
        (digest_id, person_id, zone, next_us),
    )


def _reader(row: sql.Row) -> Reader:
    person_id, zone, next_us, last_us, mark = row[7:]
    return Reader(_digest(row), person_id, zone, next_us, last_us, mark)


def _digest(row: sql.Row) -> Digest:
    id_, dashboard_id, every, day, minute, quiet, made_by = row[:7]
    return Digest(id_, dashboard_id, every, day, minute, bool(quiet), made_by)
