"""How the cells of a column become values, as SQL.

The common ways of writing are read by the engine itself; only what these leave unread goes, value
by value, through the thorough readers of :mod:`holdfast.domain.written_dates` and
:mod:`holdfast.domain.written_numbers` (registered as functions of the connection, so that a file
written in one common way never leaves the engine).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.rejects import EARLIEST_US, LATEST_US, REASONS
from holdfast.domain.written_dates import DAY, SECOND, WrittenMoment, order_evidence, read_moment
from holdfast.domain.written_numbers import (
    CURRENCIES,
    MISSING,
    MISSING_TEXT,
    NO,
    YES,
    currency_beside,
    decimal_evidence,
    latin_digits,
    read_currency,
    read_number,
)
from holdfast.engines.embedded import literal, quoted

if TYPE_CHECKING:
    import duckdb

LARGEST = Decimal(10) ** 16
"""Amounts from here on do not fit into 64 bits of minor units."""

CURRENCY, REJECT = "currency_code", "reject_code"
"""Types of a connection for texts of which there are few (:func:`register_types`)."""

_CACHED = 200_000
"""Distinct odd values that a reader remembers."""


@dataclass(frozen=True, slots=True)
class Value:
    """The reading of one column.

    ``quick`` is worked out first, as column :func:`quick_of`; ``found`` next, as :func:`found_of`;
    ``value`` answers NULL for what is missing and for what cannot be read. ``present`` tells these
    two apart, and ``fault`` then gives the code of the reason. ``type`` is the SQL type of ``value``.
    """

    quick: str
    found: str
    value: str
    type: str
    present: str = "FALSE"
    fault: str = "NULL"

    @property
    def weighed(self) -> bool:
        """Whether an unreadable cell is a fault of its row."""
        return self.present != "FALSE"


def quick_of(name: str) -> str:
    """The column that holds the quick reading of ``name``."""
    return quoted(f"{name}~")


def found_of(name: str) -> str:
    """The column that holds what the quick and the thorough reading of ``name`` found."""
    return quoted(f"{name}~~")


def is_present(text: str, words: frozenset[str] = MISSING) -> str:
    """The condition that the expression ``text`` holds something."""
    return f"({text} IS NOT NULL AND {_choose(f'TRIM({text})', [(words, 'FALSE')], 'TRUE')})"


def text_value(name: str, text: str, *, whole_floats: bool = False) -> Value:
    """Text or an id; ``whole_floats`` takes away the ".0" that a column of floats left behind."""
    trimmed = f"CASE WHEN {text} LIKE ' %' OR {text} LIKE '% ' THEN TRIM({text}) ELSE {text} END"
    if whole_floats:
        trimmed = f"REGEXP_REPLACE({trimmed}, '^(-?[0-9]+)[.]0+$', '\\1')"
    held = quick_of(name)
    return Value(trimmed, "NULL", _choose(held, [(MISSING_TEXT, "NULL")], held), "VARCHAR")


def flag_value(name: str, text: str) -> Value:
    """Yes or no in six languages."""
    held = quick_of(name)
    value = _choose(held, [(YES, "TRUE"), (NO, "FALSE")], "NULL")
    return Value(f"LOWER(TRIM({text}))", "NULL", value, "BOOLEAN", is_present(text), "'bad_flag'")


@dataclass(slots=True)
class NumberReader:
    """Reads the numbers that the engine does not: grouped, signed, in other digits.

    ``shown`` counts which decimal sign they show beyond doubt; ``met_large`` tells that one had
    more digits than the column has room for.
    """

    decimal: str
    places: int
    digits: int
    met_large: bool = False
    shown: Counter[str] = field(default_factory=Counter)
    _known: dict[str, Decimal | None] = field(default_factory=dict)

    def __call__(self, text: str | None) -> Decimal | None:
        """The number, ``None`` for none and for one with too many digits."""
        if text is None or text.strip() in MISSING:
            return None
        if text not in self._known:
            if len(self._known) >= _CACHED:
                self._known.clear()
            self._known[text] = self._read(text)
            self.shown[decimal_evidence(text)] += 1
        return self._known[text]

    def _read(self, text: str) -> Decimal | None:
        number = read_number(text, self.decimal)
        if number is None:
            return None
        if abs(number) >= min(Decimal(10) ** (self.digits - self.places), LARGEST):
            self.met_large = self.met_large or abs(number) < LARGEST
            return None
        return round(number, self.places)

    def fault(self, text: str | None) -> str:
        """Why there was no number: none at all, or too large a one."""
        return "bad" if text is None or read_number(text, self.decimal) is None else "large"


def number_value(name: str, text: str, reader: NumberReader, *, amount: bool) -> Value:
    """A decimal number in whatever way it is written."""
    kind = f"DECIMAL({reader.digits},{reader.places})"
    quick = f"TRY_CAST({_with_point(text) if reader.decimal == ',' else text} AS {kind})"
    found = f"COALESCE({quick_of(name)}, {odd(name)}({text}))"
    fault = "bad_amount" if amount else "bad_number"
    why = f"CASE WHEN {odd(name, 'fault')}({text}) = 'large' THEN 'amount_too_large' ELSE '{fault}' END"
    return Value(quick, found, found_of(name), kind, is_present(text), why)


def _with_point(text: str) -> str:
    """A number with a decimal comma as one with a point, NULL where its points make no groups."""
    grouped = f"REGEXP_MATCHES({text}, '^-?[0-9]{{1,3}}([.][0-9]{{3}})+(,[0-9]+)?$')"
    plain = f"CASE WHEN {grouped} THEN REPLACE({text}, '.', '') END"
    return f"REPLACE(CASE WHEN CONTAINS({text}, '.') THEN {plain} ELSE {text} END, ',', '.')"


def native_number(name: str, native: str, *, places: int, digits: int, amount: bool) -> Value:
    """A number that the file holds as one (Parquet); NaN and infinity are nothing."""
    kind = f"DECIMAL({digits},{places})"
    fault = "bad_amount" if amount else "bad_number"
    present = f"COALESCE(ISFINITE(TRY_CAST({native} AS DOUBLE)), FALSE)"
    why = f"CASE WHEN TRY_CAST({native} AS DOUBLE) IS NULL THEN '{fault}' ELSE 'amount_too_large' END"
    held = quick_of(name)
    value = f"CASE WHEN ABS({held}) < {LARGEST} THEN {held} END" if digits > 18 else held
    return Value(f"TRY_CAST({native} AS {kind})", "NULL", value, kind, present, why)


def currency_value(name: str, text: str, codes: Collection[str]) -> Value:
    """A currency as its ISO code, from a code, a sign or a short name; ``codes`` are common ones."""
    known = " ".join(
        f"WHEN {literal(code)} THEN CAST({literal(code)} AS {CURRENCY})" for code in sorted(codes)
    )
    quick = f"CASE {text} {known} END" if codes else f"CAST(NULL AS {CURRENCY})"
    value = f"COALESCE({quick_of(name)}, CAST({odd(name)}({text}) AS {CURRENCY}))"
    return Value(quick, "NULL", value, CURRENCY, is_present(text), "'bad_currency'")


def read_currency_cell(text: str | None) -> str | None:
    """The ISO code that a cell means."""
    return None if text is None else read_currency(text)


def currency_beside_cell(text: str | None) -> str | None:
    """The currency whose sign stands in the cell of an amount."""
    return None if text is None else currency_beside(text)


@dataclass(frozen=True, slots=True)
class DatePlan:
    """How the dates of one column are read.

    ``patterns`` (strptime) fit most values and are tried first, in order; with ``zoned`` they end
    with a zone. ``day_first`` decides values such as 03/04/2024, ``dots_day_first`` those such as
    03.04.2024; ``decided`` tells whether the map or the values said so. ``strict`` takes only the
    patterns, ``only`` only these families of :class:`WrittenMoment` (all, when empty), because the
    map said so. ``family`` is how most values are written.
    """

    patterns: tuple[str, ...] = ()
    zoned: bool = False
    day_first: bool = True
    dots_day_first: bool = True
    decided: bool = True
    strict: bool = False
    only: frozenset[str] = frozenset()
    family: str = ""


@dataclass(slots=True)
class MomentReader:
    """Reads the moments that the engine does not; answers in microseconds UTC.

    ``families`` counts in which other ways they were written, ``shown`` whether the values that
    could not be read put the day or the month first.
    """

    plan: DatePlan
    zone: str
    families: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    _known: dict[str, tuple[int | None, str]] = field(default_factory=dict)

    def __call__(self, text: str | None) -> int | None:
        """Microseconds UTC, ``None`` for no moment."""
        if text is None or text.strip() in MISSING:
            return None
        if text not in self._known:
            if len(self._known) >= _CACHED:
                self._known.clear()
            self._known[text] = self._read(text)
        us, family = self._known[text]
        if us is None:
            self.shown[family] += 1
        elif family:
            self.families[family] += 1
        return us

    def _read(self, text: str) -> tuple[int | None, str]:
        moment = _by_patterns(text, self.plan) if self.plan.strict else self._thorough(text)
        if moment is None:
            return None, order_evidence(text)
        return moment.utc_us(ZoneInfo(self.zone)), moment.family

    def _thorough(self, text: str) -> WrittenMoment | None:
        plan = self.plan
        moment = read_moment(text, day_first=plan.day_first, dots_day_first=plan.dots_day_first)
        return None if moment is not None and plan.only and moment.family not in plan.only else moment


def _by_patterns(text: str, plan: DatePlan) -> WrittenMoment | None:
    """What a pattern of the map reads in other digits than 0-9."""
    for pattern in plan.patterns:
        try:
            moment = datetime.strptime(latin_digits(text).strip(), pattern)
        except ValueError:
            continue
        offset = moment.utcoffset()
        local = moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        offset_us = None if offset is None else offset // timedelta(microseconds=1)
        return WrittenMoment(local // timedelta(microseconds=1), offset_us, "")
    return None


def moment_value(name: str, text: str, reader: MomentReader) -> Value:
    """Microseconds UTC; a moment without a zone is one of the reader's zone."""
    tries = [f"EPOCH_US(TRY_STRPTIME({text}, {literal(pattern)}))" for pattern in reader.plan.patterns]
    quick = f"COALESCE({', '.join(tries)}, NULL)" if tries else "CAST(NULL AS BIGINT)"
    held = quick_of(name)
    moment = held if reader.plan.zoned else f"{held} - {offset_sql(held, reader.zone)}"
    # Years far off are left to the reader: they may be Persian.
    near = f"CASE WHEN {held} >= {EARLIEST_US} AND {held} < {LATEST_US} THEN {moment} END"
    found = f"COALESCE({near}, {odd(name)}({text}))"
    return Value(quick, found, _within(found_of(name)), "BIGINT", is_present(text), _fault(found_of(name)))


def day_value(name: str, text: str, reader: MomentReader) -> Value:
    """The number of the local day, whatever time stands beside it."""
    moment = moment_value(name, text, replace(reader, zone="UTC"))
    return replace(moment, value=f"CAST({moment.value} // {DAY} AS INTEGER)", type="INTEGER")


def native_moment(name: str, native: str, kind: str, zone: str) -> Value:
    """Microseconds UTC of a column that holds dates or timestamps (Parquet)."""
    with_zone = "TIME ZONE" in kind
    local = f"EPOCH_US({native})" if with_zone else f"EPOCH_US(TRY_CAST({native} AS TIMESTAMP))"
    held = quick_of(name)
    moment = held if with_zone else f"{held} - {offset_sql(held, zone)}"
    within, fault = _within(found_of(name)), _fault(found_of(name))
    return Value(local, moment, within, "BIGINT", f"{native} IS NOT NULL", fault)


def native_day(name: str, native: str) -> Value:
    """The number of the day of a column that holds dates or timestamps (Parquet)."""
    held = quick_of(name)
    days = f"CAST({_within(held)} // {DAY} AS INTEGER)"
    return Value(
        f"EPOCH_US(TRY_CAST({native} AS TIMESTAMP))", days, "INTEGER", f"{native} IS NOT NULL", _fault(held)
    )


def _within(moment: str) -> str:
    return f"CASE WHEN {moment} >= {EARLIEST_US} AND {moment} < {LATEST_US} THEN {moment} END"


def _fault(moment: str) -> str:
    return (
        f"CASE WHEN {moment} < {EARLIEST_US} THEN 'date_before_1970' "
        f"WHEN {moment} >= {LATEST_US} THEN 'date_after_2200' ELSE 'bad_date' END"
    )


def odd(name: str, what: str = "value") -> str:
    """The function of the connection that reads what the engine does not."""
    return quoted(f"odd {what} of {name}")


def register(
    connection: duckdb.DuckDBPyConnection, name: str, function: Callable[[str | None], Any], answer: str
) -> None:
    """Make ``function`` of one text known to the connection under ``name`` (as :func:`odd` gives it)."""
    plain = name[1:-1].replace('""', '"')
    connection.create_function(plain, function, ["VARCHAR"], answer, null_handling="special")  # type: ignore[call-overload]


def register_types(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the types for codes of currencies and of rejects known to the connection."""
    connection.execute(f"CREATE TYPE {CURRENCY} AS ENUM ({_listed(CURRENCIES | {NO_CURRENCY})})")
    connection.execute(f"CREATE TYPE {REJECT} AS ENUM ({_listed(REASONS)})")


def _choose(text: str, words: Collection[tuple[Collection[str], str]], otherwise: str) -> str:
    """An answer for each of some words, else ``otherwise``.

    Not with IN: the engine makes a join of a long list, and a join loses the order of the rows,
    by which they are numbered.
    """
    cases = " ".join(f"WHEN {literal(word)} THEN {answer}" for some, answer in words for word in sorted(some))
    return f"CASE {text} {cases} ELSE {otherwise} END"


def _listed(words: Collection[str]) -> str:
    return ", ".join(literal(word) for word in sorted(words))


def offset_sql(local: str, zone: str) -> str:
    """What to take from local microseconds to get UTC, as a search tree over the zone's changes."""
    starts, offsets = local_offsets(zone)
    return _tree(local, starts, offsets)


def _tree(local: str, starts: tuple[int, ...], offsets: tuple[int, ...]) -> str:
    if not starts:
        return str(offsets[0])
    middle = len(starts) // 2
    left = _tree(local, starts[:middle], offsets[: middle + 1])
    right = _tree(local, starts[middle + 1 :], offsets[middle + 1 :])
    return f"CASE WHEN {local} < {starts[middle]} THEN {left} ELSE {right} END"


@cache
def local_offsets(zone: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """From which local moments on a zone has which offset, both in microseconds.

    One offset more than starts: the first holds before the first start. A change counts from the
    later of the two local times it stands between, so that times that the change leaves out take
    the offset before it, and times that come twice are the first.
    """
    info = ZoneInfo(zone)
    starts: list[int] = []
    offsets = [_offset(info, EARLIEST_US - DAY)]
    for at in range(EARLIEST_US - DAY, LATEST_US + DAY, DAY):
        after = _offset(info, at + DAY)
        if after != offsets[-1]:
            starts.append(_change_between(info, at, at + DAY) + max(offsets[-1], after))
            offsets.append(after)
    return tuple(starts), tuple(offsets)


def _offset(info: ZoneInfo, at_us: int) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
    offset = moment.astimezone(info).utcoffset() or timedelta()
    return round(offset.total_seconds()) * SECOND


def _change_between(info: ZoneInfo, low: int, high: int) -> int:
    """The second at which the offset changes, between two moments that differ in it."""
    before = _offset(info, low)
    seconds = range(low // SECOND, high // SECOND + 1)
    return (
        seconds[bisect_right(seconds, 0, key=lambda at: int(_offset(info, at * SECOND) != before))] * SECOND
    )
