"""The customer list at any size: filters, sorts, search, keyset pages, counts.

A page is found by walking the index of its sort from where the last page ended, never by counting
off what came before. A filter that leaves few is answered from the filter's own index instead and
sorted in memory; the kept counts (``standing_count``) say which way is shorter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from holdfast.domain.search import query_tokens
from holdfast.settings import Settings
from holdfast.store.narrowing import narrowed

SortColumn = Literal["name", "last", "amount", "orders"]
Facet = Literal["state", "country", "source", "kind"]

FACETS: tuple[Facet, ...] = ("state", "country", "source", "kind")
SORT_KEYS: dict[SortColumn, str] = {
    "name": "name_key",
    "last": "last_key",
    "amount": "amount_minor",
    "orders": "orders",
}
FEW = 2_000
"""Up to so many matches are sorted in memory (a few ms); above, the index of the sort is walked."""
FACET_VALUES = 40
"""Values offered per filter: the most frequent."""


@dataclass(frozen=True, slots=True)
class ListedCustomer:
    """One row of the list. Days count from 1970-01-01, amounts are minor units of the currency.

    ``read_us`` is when the worker last looked; ``None`` where a run was the last.
    """

    unit_id: int
    name: str
    kind: str
    country: str
    source: str
    state: str
    first_day: int | None
    last_day: int | None
    left_day: int | None
    orders: int
    amount_minor: int
    name_key: str
    last_key: int
    read_us: int | None = None

    def sort_value(self, column: SortColumn) -> str | int:
        """What this row is sorted by."""
        value: str | int = getattr(self, SORT_KEYS[column])
        return value


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers: what their names, addresses or ids begin with, and one value per facet.

    ``None`` asks for all of a facet, "" for those where it is unknown. ``segment`` is the number of a
    segment that they are in now; ``None`` asks for everybody. ``among`` are the only units that may be
    found, for a reader who does not see all.
    """

    search: str = ""
    state: str | None = None
    country: str | None = None
    source: str | None = None
    kind: str | None = None
    segment: int | None = None
    among: frozenset[int] | None = None

    def chosen(self, *, besides: Facet | None = None) -> dict[Facet, str]:
        """The facets that are narrowed, ``besides`` one."""
        return {
            facet: value
            for facet in FACETS
            if facet != besides and (value := getattr(self, facet)) is not None
        }


@dataclass(frozen=True, slots=True)
class CustomerSort:
    """By which column; ``after`` is sort value and unit of the last row seen."""

    column: SortColumn = "amount"
    descending: bool = True
    after: tuple[str | int, int] | None = None


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A stretch of the list; ``more`` says that another one follows.

    ``matching`` counts all that match; ``None`` when a search matches so many that counting them
    would take longer than reading the page: then the rows come in the order of their ids.
    """

    rows: tuple[ListedCustomer, ...]
    more: bool
    matching: int | None


def list_customers(
    settings: Settings, wanted: CustomerFilter, sort: CustomerSort, *, limit: int = 50
) -> CustomerPage:
    """One page of the list in at most three statements. An empty page when nobody matches."""
    from holdfast.store import connect

    connect(settings)
    if words := search_words(wanted.search):
        return _searched_page(wanted, words, sort, limit)
    matching = _count(wanted)
    narrow = wanted.chosen() or wanted.segment is not None or wanted.among is not None
    if narrow and matching <= FEW:
        return _sorted_page(_keys(_filtered(wanted), sort), sort, limit)
    rows = _read(*_walk(wanted, sort, limit + 1))
    return CustomerPage(tuple(rows[:limit]), len(rows) > limit, matching)


def facet_counts(settings: Settings, wanted: CustomerFilter) -> dict[Facet, dict[str, int]]:
    """For each facet, how many customers each value would leave under the other filters.

    From the kept counts: what is searched for makes no difference to them. Most frequent first. Counted
    one by one in a segment, and for a reader who sees only some.
    """
    from holdfast.store import connect
    from holdfast.store.sql import read

    connect(settings)
    found: dict[Facet, dict[str, int]] = {facet: {} for facet in FACETS}
    counted, values = _counts_of(wanted)
    parts: list[str] = []
    for facet in FACETS:
        others = wanted.chosen(besides=facet)
        where = _where([f"{name} = %s" for name in others])
        parts.append(
            f"SELECT * FROM (SELECT '{facet}' AS facet, {facet} AS value, SUM(units) AS units FROM counted "
            f"{where} GROUP BY {facet} ORDER BY units DESC, value LIMIT {FACET_VALUES}) {facet}s"
        )
        values += others.values()
    statement = f"WITH counted AS ({counted}) {' UNION ALL '.join(parts)} ORDER BY 3 DESC, 2"
    for facet, value, units in read(statement, values):
        found[facet][value] = int(units)
    return found


def _counts_of(wanted: CustomerFilter) -> tuple[str, list[object]]:
    """How many customers there are of each sort: as kept, or of the few in question, read once."""
    if wanted.segment is None and wanted.among is None:
        return f"SELECT {', '.join(FACETS)}, units FROM standing_count", []
    few = _filtered(CustomerFilter(segment=wanted.segment, among=wanted.among))
    columns = ", ".join(f"s.{facet}" for facet in FACETS)
    return few.select(f"{columns}, COUNT(*) AS units", f"GROUP BY {columns}")


def count_by_state(settings: Settings, among: frozenset[int] | None = None) -> dict[str, int]:
    """How many customers are in each state, over the whole base, or ``among`` some."""
    from holdfast.store import connect
    from holdfast.store.sql import read

    connect(settings)
    tables, how_many = _counted(among)
    where = _where(narrowed("unit_id", among))
    return dict(read(f"SELECT state, {how_many} FROM {tables} {where} GROUP BY state"))


def _counted(among: frozenset[int] | None) -> tuple[str, str]:
    """(the table, how many) to count from: the kept counts know nothing of single customers."""
    return ("standing_count", "SUM(units)") if among is None else ("standing", "COUNT(*)")


def every_customer(
    settings: Settings, wanted: CustomerFilter, *, batch: int = 2_000
) -> Iterator[ListedCustomer]:
    """All customers that match, by name, a batch in memory at a time: for exports of any size."""
    sort = CustomerSort("name", descending=False)
    while True:
        page = list_customers(settings, wanted, sort, limit=batch)
        yield from page.rows
        if not page.more:
            return
        last = page.rows[-1]
        value = last.unit_id if page.matching is None else last.name_key
        sort = CustomerSort("name", descending=False, after=(value, last.unit_id))


def one_listed(settings: Settings, unit_id: int) -> ListedCustomer | None:
    """The row of one customer; ``None`` when there is none (yet)."""
    from holdfast.store import connect

    connect(settings)
    rows = _read(f"SELECT {_COLUMNS} FROM standing s WHERE unit_id = %s", [unit_id])
    return rows[0] if rows else None


def listed_among(settings: Settings, units: list[int]) -> tuple[ListedCustomer, ...]:
    """The rows of some customers, in the order of ``units``; who is not on the list is left out."""
    from holdfast.store import connect

    connect(settings)
    found = {row.unit_id: row for row in _read(*_among(units))} if units else {}
    return tuple(found[unit] for unit in units if unit in found)


_COLUMNS = ", ".join(f"s.{each.name}" for each in fields(ListedCustomer))


def search_words(search: str) -> list[str]:
    """What is looked for. A single letter is the beginning of typing, not yet a search."""
    return [word for word in query_tokens(search) if len(word) > 1 or not word.isascii()]


@dataclass(frozen=True, slots=True)
class _Matches:
    """Who matches, as SQL: the tables, where the unit's id stands, conditions and their values."""

    tables: str
    unit: str
    conditions: tuple[str, ...]
    values: tuple[Any, ...]

    def select(self, columns: str, end: str = "") -> tuple[str, list[Any]]:
        """The statement that reads ``columns`` of all matches."""
        return f"SELECT {columns} FROM {self.tables} {_where([*self.conditions])} {end}", [*self.values]

    def following(self, unit_id: int | None) -> _Matches:
        """Those with a higher id only."""
        if unit_id is None:
            return self
        return replace(
            self, conditions=(*self.conditions, f"{self.unit} > %s"), values=(*self.values, unit_id)
        )


_Key = tuple[Any, int]
"""By what a row is sorted, and whose it is."""


def _searched_page(wanted: CustomerFilter, words: list[str], sort: CustomerSort, limit: int) -> CustomerPage:
    """Few matches: all of them, sorted as asked. Many: in the order of their ids, which costs nothing."""
    matches = _found(wanted, words)
    keys = _keys(matches, sort)
    if len(keys) <= FEW:
        return _sorted_page(keys, sort, limit)
    onward = matches.following(sort.after[1] if sort.after else None)
    rows = _read(*onward.select(_COLUMNS, f"ORDER BY {onward.unit} LIMIT {limit + 1}"))
    return CustomerPage(tuple(rows[:limit]), len(rows) > limit, None)


def _keys(matches: _Matches, sort: CustomerSort) -> list[_Key]:
    """The keys of all matches, or of one more than are sorted in memory."""
    from holdfast.store.sql import read

    columns = f"s.{SORT_KEYS[sort.column]}, s.unit_id"
    return [(key, unit) for key, unit in read(*matches.select(columns, f"LIMIT {FEW + 1}"))]


def _sorted_page(keys: list[_Key], sort: CustomerSort, limit: int) -> CustomerPage:
    """The page of these keys: sorted here, and only its own rows read."""
    after = sort.after
    left = (
        keys if after is None else [key for key in keys if (key < after) == sort.descending and key != after]
    )
    units = [unit for _, unit in sorted(left, reverse=sort.descending)[:limit]]
    rows = {row.unit_id: row for row in _read(*_among(units))} if units else {}
    return CustomerPage(tuple(rows[unit] for unit in units if unit in rows), len(left) > limit, len(keys))


def _among(units: list[int]) -> tuple[str, list[Any]]:
    places = ", ".join(["%s"] * len(units))
    return f"SELECT {_COLUMNS} FROM standing s WHERE s.unit_id IN ({places})", [*units]


def _walk(wanted: CustomerFilter, sort: CustomerSort, limit: int) -> tuple[str, list[Any]]:
    """Along the index of the sort, passing over whom the filter leaves out.

    The state is part of that index; the ``+`` keeps SQLite from starting at another filter's.
    """
    from holdfast.store.sql import is_sqlite

    key, chosen = SORT_KEYS[sort.column], wanted.chosen()
    way, comes_after = ("DESC", "<") if sort.descending else ("ASC", ">")
    conditions = [f"{'+' if is_sqlite() and facet != 'state' else ''}s.{facet} = %s" for facet in chosen]
    values: list[Any] = list(chosen.values())
    conditions += narrowed("+s.unit_id" if is_sqlite() else "s.unit_id", wanted.among)
    if wanted.segment is not None:
        conditions.append(
            "EXISTS (SELECT 1 FROM segment_member m WHERE m.segment_id = %s AND m.unit_id = s.unit_id)"
        )
        values.append(wanted.segment)
    if sort.after is not None:
        conditions.append(f"(s.{key}, s.unit_id) {comes_after} (%s, %s)")
        values += sort.after
    return (
        f"SELECT {_COLUMNS} FROM standing s {_where(conditions)} "
        f"ORDER BY s.{key} {way}, s.unit_id {way} LIMIT {limit}",
        values,
    )


def _filtered(wanted: CustomerFilter) -> _Matches:
    """All with the chosen values, by the filters' own indexes."""
    chosen = wanted.chosen()
    conditions = [*(f"s.{facet} = %s" for facet in chosen), *narrowed("s.unit_id", wanted.among)]
    values = list(chosen.values())
    if wanted.segment is not None:
        conditions.append(_IN_SEGMENT)
        return _Matches("standing s", "s.unit_id", tuple(conditions), (*values, wanted.segment))
    return _Matches("standing s", "s.unit_id", tuple(conditions), tuple(values))


_IN_SEGMENT = "s.unit_id IN (SELECT unit_id FROM segment_member WHERE segment_id = %s)"


def _found(wanted: CustomerFilter, words: list[str]) -> _Matches:
    """Those of whom every word begins a word of theirs, per database."""
    from holdfast.store.sql import is_sqlite

    if is_sqlite():
        # In this order the index hands out matches one by one, and stops when the page is full.
        tables, unit = "standing_search f CROSS JOIN standing s ON s.unit_id = f.rowid", "f.rowid"
    else:
        tables, unit = "standing s", "s.unit_id"
    matches, asked = search_condition(words)
    filtered = _filtered(wanted)
    return _Matches(tables, unit, (matches, *filtered.conditions), (asked, *filtered.values))


def search_condition(words: list[str]) -> tuple[str, str]:
    """The condition that every word begins a word of theirs, and its value.

    On SQLite it is one of ``standing_search f``, on PostgreSQL of ``standing s``.
    """
    from holdfast.store.sql import is_sqlite

    if is_sqlite():
        return "f.standing_search MATCH %s", " AND ".join(f'"{word}" *' for word in words)
    by_index = "array_to_tsvector(array_remove(string_to_array(s.search, ' '), '')) @@ %s::tsquery"
    return by_index, " & ".join(f"'{word}':*" for word in words)


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _count(wanted: CustomerFilter) -> int:
    from holdfast.store.sql import one

    chosen = wanted.chosen()
    if wanted.segment is not None:
        if chosen or wanted.among is not None:
            row = one(*_filtered(wanted).select("COUNT(*)"))
        else:
            row = one("SELECT COUNT(*) FROM segment_member WHERE segment_id = %s", [wanted.segment])
        return int(row[0]) if row else 0
    tables, how_many = _counted(wanted.among)
    where = _where([*narrowed("unit_id", wanted.among), *(f"{facet} = %s" for facet in chosen)])
    row = one(f"SELECT COALESCE({how_many}, 0) FROM {tables} {where}", list(chosen.values()))
    return int(row[0]) if row else 0


def _read(sql: str, values: list[Any]) -> list[ListedCustomer]:
    from holdfast.store.sql import read

    return [ListedCustomer(*row) for row in read(sql, values)]
