"""The engine's quick readings and the thorough readers say the same (A1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.domain.imports import MapOptions
from holdfast.domain.written_dates import WrittenMoment, read_moment
from holdfast.engines.exact import minor_units, six_places
from holdfast.engines.parsing import NumberReader, local_offsets, offset_sql
from holdfast.engines.parsing_plans import plan_dates, plan_numbers
from holdfast.engines.staging_source import LineNumbers

ZONES = ["UTC", "Europe/Berlin", "Asia/Tehran", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu"]
local_times = st.integers(0, 7_200_000_000).map(lambda seconds: seconds * 1_000_000)


def ask(sql: str) -> list[tuple[object, ...]]:
    import duckdb

    with duckdb.connect() as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=10, deadline=None)
@given(st.lists(local_times, min_size=1, max_size=50))
def test_the_search_tree_of_a_zone_is_the_zone(zone: str, times: list[int]) -> None:
    edges = [start + step for start in local_offsets(zone)[0][:40] for step in (-1, 0, -1_800_000_000)]
    asked = times + [edge for edge in edges if edge >= 0]
    answers = ask(f"SELECT l - ({offset_sql('l', zone)}) FROM (SELECT unnest({asked}) AS l)")
    assert [row[0] for row in answers] == [WrittenMoment(at, None, "").utc_us(ZoneInfo(zone)) for at in asked]


moments = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30)).map(lambda at: at.replace(microsecond=0))
FORMATS = [
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S+0330", "%d/%m/%Y %H:%M",
    "%d.%m.%Y", "%Y%m%d", "%b %d, %Y", "%d-%b-%Y", "%Y/%m/%d %H:%M", "%m/%d/%Y %I:%M:%S %p", "%d-%m-%Y",
]  # fmt: skip


@pytest.mark.parametrize("pattern", FORMATS)
@settings(max_examples=10, deadline=None)
@given(st.lists(moments, min_size=1, max_size=20))
def test_the_quick_pattern_reads_what_the_reader_reads(pattern: str, times: list[datetime]) -> None:
    # One value that decides the order, as a real column has.
    texts = [at.strftime(pattern) for at in (datetime(2024, 1, 31, 10, 20), *times)]
    plan = plan_dates(texts, MapOptions())
    assert plan.patterns
    tries = ", ".join(f"EPOCH_US(TRY_STRPTIME(t, '{found}'))" for found in plan.patterns)
    quick = ask(f"SELECT COALESCE({tries}, NULL) FROM (SELECT unnest({texts}) AS t)")
    for text, (us,) in zip(texts, quick, strict=True):
        moment = read_moment(text, day_first=plan.day_first)
        assert moment is not None
        assert us is None or us == moment.local_us - ((moment.offset_us or 0) if plan.zoned else 0)


def test_a_plan_of_the_map_is_strict_and_of_values_is_not() -> None:
    assert plan_dates(["2024-01-31"], MapOptions(date_format="%d.%m.%Y")).strict
    assert plan_dates(["1/2/2024"], MapOptions(date_format="month-first")).patterns == ("%m/%d/%Y",)
    assert plan_dates(["1/2/2024"], MapOptions(), day_first=False).patterns == ("%m/%d/%Y",)
    assert plan_dates([None, "N/A", "soon"], MapOptions()).patterns == ()
    assert plan_numbers(["1.234"], MapOptions()).decided is False
    assert plan_numbers(["1.234"], MapOptions(decimal=",")).decimal == ","


amounts = st.decimals(-(10**9), 10**9, places=6, allow_nan=False, allow_infinity=False)


@settings(max_examples=60, deadline=None)
@given(amounts, amounts, st.sampled_from([0, 2, 3]))
def test_money_is_exact_and_halves_go_to_the_even_neighbour(a: Decimal, b: Decimal, digits: int) -> None:
    sql = minor_units('"a" * "b"', ["a", "b"], digits)
    [(minor,)] = ask(f"SELECT {sql} FROM (SELECT {a:f}::DECIMAL(18,6) AS a, {b:f}::DECIMAL(18,6) AS b)")
    exact = int((a * b).scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    assert minor == (exact if abs(exact) < 2**63 else None)


@pytest.mark.parametrize(
    ("text", "cents"), [("0.005", 0), ("0.015", 2), ("2.675", 268), ("-0.025", -2), ("1.005", 100)]
)
def test_ties_are_even(text: str, cents: int) -> None:
    assert ask(f"SELECT {minor_units('a', [], 2)} FROM (SELECT {text}::DECIMAL(18,6) AS a)") == [(cents,)]


@settings(max_examples=40, deadline=None)
@given(amounts, amounts)
def test_computed_columns_keep_six_places(a: Decimal, b: Decimal) -> None:
    sql = six_places('"a" - "b" * 2', ["a", "b"])
    assert ask(f"SELECT {sql} FROM (SELECT {a:f}::DECIMAL(18,6) AS a, {b:f}::DECIMAL(18,6) AS b)") == [
        (a - b * 2,)
    ]


def test_a_reader_of_numbers_knows_too_large_from_none() -> None:
    reader = NumberReader(".", 6, 18)
    assert reader("1,234.5") == Decimal("1234.5")
    assert (reader("1234567890123"), reader.met_large, reader.fault("1234567890123")) == (None, True, "large")
    assert (reader("five"), reader.fault("five")) == (None, "bad")
    assert reader(None) is None and reader(" n/a ") is None


@given(
    st.integers(1, 3),
    st.lists(st.integers(1, 60), max_size=12, unique=True),
    st.integers(1, 40),
)
def test_line_numbers_skip_what_is_missing(first: int, missing: list[int], rows: int) -> None:
    gaps = tuple(sorted(line for line in missing if line >= first))
    there = [line for line in range(first, 200) if line not in gaps]
    numbers = LineNumbers(first, gaps)
    assert [numbers.of_row(row) for row in range(rows)] == there[:rows]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(2, 60), max_size=12, unique=True))
def test_line_numbers_in_sql_are_the_same(missing: list[int]) -> None:
    import duckdb

    numbers = LineNumbers(2, tuple(sorted(missing)))
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {numbers.sql(connection, 'i')} FROM range(40) t(i)").fetchall()
    assert [row[0] for row in found] == [numbers.of_row(row) for row in range(40)]


def test_offsets_begin_with_that_of_1970() -> None:
    starts, offsets = local_offsets("Europe/Berlin")
    assert len(offsets) == len(starts) + 1
    assert offsets[0] == timedelta(hours=1) // timedelta(microseconds=1)
    assert local_offsets("UTC") == ((), (0,))
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=starts[0]) > datetime(
        1979, 1, 1, tzinfo=UTC
    )
