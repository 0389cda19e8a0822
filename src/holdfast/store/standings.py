"""How every unit stands: what the loop computed, beside what is known of it, for the customer list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

from holdfast import store
from holdfast.domain.search import SPELLING, search_text, sort_key
from holdfast.settings import Settings
from holdfast.store import readers, sql
from holdfast.store.linked import among, stretches

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column = Sequence[Any] | NDArray[np.generic]

NO_DAY = -1_000_000
"""What sorts before every day: for units of which no day is known."""

SINCE_EVER = 2**62
"""The moment of whoever knows all: nothing was read later."""

LONGEST_FACET = 200
"""Characters of a country or source that the list filters by."""

_ROWS = 250
"""A row of the list has eleven indexes and its words in the full-text index: keep the lock short."""

_RANGES_A_MERGE = 16
_PAGES_A_MERGE = 64


@dataclass(frozen=True, slots=True)
class Standings:
    """What the loop says about units, column by column, all of one length.

    ``state`` is one of the six states or "" (never really a customer); ``first_day``,
    ``last_day`` and ``left_day`` count from 1970-01-01 and are ``None`` (or masked) where there is
    none; amounts are minor units of the reporting currency.
    """

    unit_id: Column
    state: Column
    first_day: Column
    last_day: Column
    left_day: Column
    orders: Column
    amount_minor: Column
    yearly_minor: Column


def save_standings(settings: Settings, standings: Standings, *, read_us: int | None = None) -> int:
    """Bring the customer list up to date; how many rows were new, changed or went.

    Names, kinds, countries, sources and what is searched come from the base. Units that the loop
    says nothing about (prospects, customers without an event) are listed too, with state "".
    ``read_us`` is when the events behind it were read (``None``: they are all there are): what the
    worker said of a unit by later ones stays.
    """
    store.connect(settings)
    until_us = SINCE_EVER if read_us is None else read_us
    count = stage_standings(settings, standings)
    changed, live = 0, bool(sql.one("SELECT 1 FROM standing WHERE read_us IS NOT NULL LIMIT 1"))
    for number, (first, last) in enumerate(sql.ranges(count, _ROWS), 1):
        if live:
            sql.write(_TAKE_OVER, (until_us, first, last))
        written = sql.write(_UPSERT, (None, first, last, until_us))
        changed += written
        if written and number % _RANGES_A_MERGE == 0:
            merge_search_index()
    gone = sql.read(
        "SELECT unit_id FROM standing s WHERE COALESCE(s.read_us, 0) <= %s "
        "AND NOT EXISTS (SELECT 1 FROM staged_standing n WHERE n.unit_id = s.unit_id)",
        (until_us,),
    )
    for first, last in sql.ranges(len(gone), _ROWS):
        marks = ", ".join(["%s"] * (last - first + 1))
        sql.write(f"DELETE FROM standing WHERE unit_id IN ({marks})", [u for (u,) in gone[first - 1 : last]])
    sql.drop("staged_standing")
    merge_search_index()
    _count()
    return changed + len(gone)


def stage_standings(settings: Settings, standings: Standings, only: Mapping[int, int] | None = None) -> int:
    """Lay the rows of the customer list beside it, in a temporary table; how many.

    ``only`` (subject to unit) narrows to some units: it names every subject of each.
    """
    count = sql.fill("staged_standing", _COLUMNS, _rows(settings, standings, only))
    sql.write("CREATE UNIQUE INDEX staged_standing_unit ON staged_standing (unit_id)")
    return count


def write_staged_standings(count: int, gone: Sequence[int], *, read_us: int) -> None:
    """Take the staged rows of some units over, inside the transaction of the caller; ``gone`` go.

    The counts of the list move along.
    """
    before = Counter(_facets(gone))
    sql.write(_UPSERT, (read_us, 1, count, read_us))
    sql.write(_READ_AT, (read_us, read_us))
    if gone:
        sql.write(f"DELETE FROM standing WHERE unit_id IN ({_marks(gone)})", list(gone))
    after = Counter(_facets(()))
    after.subtract(before)
    for facets, moved in sorted(after.items()):
        if moved:
            sql.write(_MOVE_COUNT, (*facets, moved))
    if any(moved < 0 for moved in after.values()):
        sql.write("DELETE FROM standing_count WHERE units <= 0")


def written_live(settings: Settings) -> list[int]:
    """The units whose rows the worker has written since the last run wrote them, sorted."""
    store.connect(settings)
    rows = sql.read("SELECT unit_id FROM standing WHERE read_us IS NOT NULL ORDER BY unit_id")
    return [int(unit) for (unit,) in rows]


def looked_at(settings: Settings, unit_id: int) -> int:
    """When the worker last looked at a unit, in microseconds; 0 where a run was the last, or nobody yet."""
    store.connect(settings)
    row = sql.one("SELECT read_us FROM standing WHERE unit_id = %s", (unit_id,))
    return 0 if row is None or row[0] is None else int(row[0])


def yearly_of(settings: Settings, unit_ids: Iterable[int]) -> dict[int, int]:
    """What each of these units brings in a year, in minor units; 0 where it is not known."""
    store.connect(settings)
    found: dict[int, int] = {}
    for some in stretches(sorted(set(unit_ids))):
        rows = sql.read(f"SELECT unit_id, yearly_minor FROM standing WHERE unit_id IN {among(some)}")
        found.update({int(unit): int(minor or 0) for unit, minor in rows})
    return found


def _facets(gone: Sequence[int]) -> list[sql.Row]:
    """State, country, source and kind of the units that are staged and of those that go, as they are."""
    columns = "s.state, s.country, s.source, s.kind"
    found = sql.read(
        f"SELECT {columns} FROM standing s WHERE s.unit_id IN (SELECT unit_id FROM staged_standing)"
    )
    if gone:
        found += sql.read(f"SELECT {columns} FROM standing s WHERE s.unit_id IN ({_marks(gone)})", list(gone))
    return found


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


_COLUMNS = {
    "unit_id": "BIGINT",
    "name": "TEXT",
    "kind": "TEXT",
    "country": "TEXT",
    "source": "TEXT",
    "state": "TEXT",
    "first_day": "INTEGER",
    "last_day": "INTEGER",
    "left_day": "INTEGER",
    "orders": "INTEGER",
    "amount_minor": "BIGINT",
    "yearly_minor": "BIGINT",
    "name_key": "TEXT",
    "last_key": "INTEGER",
    "search": "TEXT",
    "fingerprint": "BIGINT",
}
_FILED = ("name_key", "search")
"""Made of the name and addresses: null where their fingerprint says that they are as before."""

_SAID = tuple(name for name in _COLUMNS if name not in ("unit_id", "last_key", *_FILED))

_DIFFERS = " OR ".join(
    f"COALESCE(s.{name}, {NO_DAY}) <> COALESCE(n.{name}, {NO_DAY})"
    if name.endswith("_day")
    else f"s.{name} <> n.{name}"
    for name in _SAID
)
_UPSERT = (
    f"INSERT INTO standing ({', '.join(_COLUMNS)}, read_us) "
    f"SELECT {', '.join(f'COALESCE(n.{x}, s.{x})' if x in _FILED else f'n.{x}' for x in _COLUMNS)}, "
    "CAST(%s AS BIGINT) FROM staged_standing n LEFT JOIN standing s ON s.unit_id = n.unit_id "
    f"WHERE n.n BETWEEN %s AND %s AND (s.unit_id IS NULL OR ({_DIFFERS})) "
    "AND COALESCE(s.read_us, 0) <= %s ON CONFLICT (unit_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in (*_COLUMNS, "read_us") if name != "unit_id")
)
_READ_AT = (
    "UPDATE standing SET read_us = %s WHERE unit_id IN (SELECT unit_id FROM staged_standing) "
    "AND COALESCE(read_us, 0) < %s"
)
# First of all: what the worker writes from here on is told from what a run has written.
_TAKE_OVER = (
    "UPDATE standing SET read_us = NULL WHERE read_us <= %s "
    "AND unit_id IN (SELECT unit_id FROM staged_standing WHERE n BETWEEN %s AND %s)"
)
_MOVE_COUNT = (
    "INSERT INTO standing_count (state, country, source, kind, units) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (state, country, source, kind) DO UPDATE SET units = standing_count.units + excluded.units"
)


def _rows(settings: Settings, standings: Standings, only: Mapping[int, int] | None) -> Iterator[sql.Row]:
    """Every visible unit, or those of ``only``, as a row of ``_COLUMNS``, in the order of their ids."""
    facts = readers.unit_facts(settings, only)
    said = dict(zip(_list(standings.unit_id), _measured(standings), strict=True))
    words = _search_parts(settings, only)
    of_some = "" if only is None else f" WHERE unit_id IN {readers.among(only.values())}"
    known: dict[int, int] = dict(sql.read(f"SELECT unit_id, fingerprint FROM standing{of_some}"))
    nothing = ("", None, None, None, 0, 0, 0)
    for unit, name, kind, country, source in zip(
        facts.unit_id.tolist(), facts.name, facts.kind, facts.country, facts.source, strict=True
    ):
        state, first, last, *rest = said.get(unit, nothing)
        parts = (name, *words.get(unit, ()))
        fingerprint = crc32("\0".join(parts).encode(), SPELLING)
        filed = known.get(unit) == fingerprint
        yield (
            unit,
            name,
            kind,
            country[:LONGEST_FACET],
            source[:LONGEST_FACET],
            state,
            first,
            last,
            *rest,
            None if filed else sort_key(name),
            NO_DAY if last is None else last,
            None if filed else search_text(parts),
            fingerprint,
        )


def _measured(standings: Standings) -> Iterable[tuple[Any, ...]]:
    names = ("state", "first_day", "last_day", "left_day", "orders", "amount_minor", "yearly_minor")
    return zip(*(_list(getattr(standings, name)) for name in names), strict=True)


def _list(column: Column) -> list[Any]:
    """Plain values; masked ones become ``None``."""
    return column.tolist() if hasattr(column, "tolist") else list(column)


def _search_parts(settings: Settings, only: Mapping[int, int] | None) -> dict[int, list[str]]:
    """Unit to the keys and addresses of all its subjects."""
    unit_of = readers.resolved_units(settings) if only is None else only
    parts: dict[int, list[str]] = {}
    for statement, subject_id in ((_KEYS, "id"), (_POINTS, "p.subject_id")):
        of_some = "" if only is None else f"AND {subject_id} IN {readers.among(only)}"
        for subject, value in sql.read(statement.format(of_some=of_some)):
            parts.setdefault(readers.unit_among(unit_of, subject), []).append(value)
    return parts


_KEYS = "SELECT id, key FROM subject WHERE TRUE {of_some} ORDER BY id"
_POINTS = (
    # The plus keeps SQLite from going through all points of each import.
    "SELECT p.subject_id, p.value FROM contact_point p "
    "WHERE +p.import_id IN (SELECT id FROM import WHERE state = 'done') {of_some} "
    "ORDER BY p.subject_id, p.kind, p.value"
)


def file_again(settings: Settings, unit_ids: Iterable[int]) -> None:
    """Let units be found by the names, ids and addresses that are known now; joins the transaction.

    For when a part of a unit went: a contact of an account, say.
    """
    from holdfast.store.profile import subjects_of

    for unit in unit_ids:
        row = sql.one("SELECT name FROM standing WHERE unit_id = %s", (unit,))
        if row is not None:
            only = dict.fromkeys(subjects_of(settings, unit), unit)
            parts = (row[0], *_search_parts(settings, only).get(unit, ()))
            fingerprint = crc32("\0".join(parts).encode(), SPELLING)
            sql.write(
                "UPDATE standing SET search = %s, fingerprint = %s WHERE unit_id = %s",
                (search_text(parts), fingerprint, unit),
            )


def merge_search_index() -> None:
    """Merge the parts of SQLite's full-text index in small steps; by itself it would in one commit."""
    from django.db import connection

    if not sql.is_sqlite():
        return
    while True:
        before = connection.connection.total_changes
        sql.write(
            "INSERT INTO standing_search (standing_search, rank) VALUES ('merge', %s)", (_PAGES_A_MERGE,)
        )
        if (
            connection.connection.total_changes - before < 2
        ):  # FTS5 counts one change when there is nothing to do
            return


def _count() -> None:
    """Write down how many units share each combination of what the list filters by."""
    from django.db import connection

    counted = sql.read("SELECT state, country, source, kind, COUNT(*) FROM standing GROUP BY 1, 2, 3, 4")
    with sql.short_write(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM standing_count")
        cursor.executemany(
            "INSERT INTO standing_count (state, country, source, kind, units) VALUES (%s, %s, %s, %s, %s)",
            counted,
        )
