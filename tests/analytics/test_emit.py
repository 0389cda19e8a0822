"""The language of questions means the same in Python, on DuckDB and on Spark (N5)."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import reference
from holdfast.analytics import spec
from holdfast.analytics.emit import emit
from holdfast.analytics.spec import Column, Count, CountDistinct, Greatest, Least, Literal, Query, Sum
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.spark import SparkEngine
from holdfast.engines.tables import Rows

TYPES = {"who": "BIGINT", "at": "BIGINT", "amount": "BIGINT", "name": "VARCHAR", "known": "BIGINT"}
NAMES = ["order", "refund", "trial:gold", "Trial:x", "it's", "back\\slash", "émile", ""]
A, AT, NAME = Column("amount"), Column("at"), Column("name")


def _table(seed: int, size: int = 60) -> list[dict[str, Any]]:
    chance = random.Random(seed)

    def maybe(value: Any) -> Any:
        return None if chance.random() < 0.15 else value

    return [
        {
            "who": chance.randrange(8),
            "at": chance.randrange(-300, 900) * 1_000_000_000_000 + chance.randrange(10),
            "amount": maybe(chance.randrange(-5_000_000_000, 5_000_000_000)),
            "name": maybe(chance.choice(NAMES)),
            "known": chance.randrange(1000),
        }
        for _ in range(size)
    ]


LINKS = [{"subject": 1, "unit": 100}, {"subject": 3, "unit": 100}, {"subject": 4, "unit": None}]

EXPRESSIONS: dict[str, spec.Expression] = {
    "column": A,
    "number": Literal(-7),
    "wide_number": Literal(9_000_000_000_000_000),
    "text": Literal("it's a \\ text"),
    "truth": Literal(True),
    "nothing": Literal(None),
    "plus": spec.Arithmetic("+", A, Literal(3)),
    "minus_nested": spec.Arithmetic("-", Literal(1), spec.Arithmetic("-", A, Literal(2))),
    "times": spec.Arithmetic("*", spec.Arithmetic("+", Column("who"), Literal(2)), Literal(-3)),
    "down_to_the_day": spec.WholeDivision(AT, 86_400_000_000),
    "down_by_three": spec.WholeDivision(spec.Arithmetic("-", Column("who"), Literal(5)), 3),
    "quarter_of_sum": spec.WholeDivision(spec.Arithmetic("+", A, Column("who")), 4),
    **{
        f"compare {sign}": spec.Compare(A, sign, Literal(1000))  # type: ignore[arg-type]
        for sign in ("=", "<>", "<", "<=", ">", ">=")
    },
    "one_of": spec.OneOf(NAME, ("order", "it's", "back\\slash")),
    "one_of_numbers": spec.OneOf(Column("who"), (1, 5)),
    "one_of_none": spec.OneOf(NAME, ()),
    "starts": spec.StartsWith(NAME, "trial:"),
    "starts_wide": spec.StartsWith(NAME, "ém"),
    "missing": spec.Missing(A),
    "every": spec.Every((spec.equals("who", 3), spec.Compare(A, ">", Literal(0)))),
    "every_of_none": spec.Every(()),
    "some": spec.Some((spec.Missing(NAME), spec.Compare(A, ">", Literal(0)))),
    "some_of_none": spec.Some(()),
    "some_in_every": spec.Every((spec.Some((spec.equals("who", 3), spec.equals("who", 4))), spec.Missing(A))),
    "not": spec.Not(spec.Compare(A, ">", Literal(0))),
    "not_every": spec.Not(spec.Every((spec.equals("who", 3), spec.Missing(NAME)))),
    "window": spec.Window(
        AT, Literal(0), Literal(500_000_000_000_000), known=Column("known"), as_of=Literal(700)
    ),
    "open_window": spec.Window(AT),
    "choice": spec.Choice(
        ((spec.equals("name", "order"), Literal(1)), (spec.Compare(A, "<", Literal(0)), Column("who"))),
        Literal(0),
    ),
    "one_band": spec.Bands(AT, (), (5,)),
    "bands": spec.Bands(AT, (-5_000_000_000_000, 0, 7, 100_000_000_000_000), (-2, -1, 0, 1, 2)),
    "even_bands": spec.Bands(AT, tuple(range(-(10**14), 7 * 10**14, 10**14)), tuple(range(-2, 7))),
    "nearly_even_bands": spec.Bands(AT, (0, 10, 20, 30, 41), (0, 1, 2, 3, 4, 5)),
    "or": spec.Or(A, Literal(0)),
    "lookup": spec.Lookup("links", "subject", "unit", Column("who"), Column("who")),
    "lookup_of_sum": spec.Lookup(
        "links", "subject", "unit", spec.Arithmetic("+", Column("who"), Literal(1)), Literal(-1)
    ),
}

POSITIVE = spec.Compare(A, ">", Literal(0))
QUERIES: dict[str, Query] = {
    "rows": Query("events", spec.columns("who", "amount"), where=POSITIVE),
    "one_group": Query(
        "events",
        aggregates={
            "all": Count(),
            "positive": Count(POSITIVE),
            "kinds": CountDistinct(NAME),
            "positive_kinds": CountDistinct(NAME, POSITIVE),
            "sum": Sum(A),
            "positive_sum": Sum(A, POSITIVE),
            "least": Least(A),
            "last_order": Greatest(AT, spec.equals("name", "order")),
        },
    ),
    "nothing_left": Query(
        "events",
        aggregates={"n": Count(), "sum": Sum(A), "least": Least(A), "kinds": CountDistinct(NAME)},
        where=spec.Compare(Column("who"), ">", Literal(99)),
    ),
    "no_group_left": Query(
        "events",
        spec.columns("who"),
        {"n": Count()},
        where=spec.Compare(Column("who"), ">", Literal(99)),
    ),
    "by_period_and_cohort": Query(
        "events",
        {
            "unit": EXPRESSIONS["lookup"],
            "period": spec.Bands(AT, (0, 10**14, 3 * 10**14), (-1, 0, 1, 2)),
        },
        {"n": Count(), "sum": Sum(A)},
        where=EXPRESSIONS["window"],
    ),
    "whole_history": Query("events", {"period": Literal(0), **spec.columns("who")}, {"n": Count()}),
    "constant_group": Query("events", {"period": Literal(0)}, {"n": Count()}),
    "key_named_like_a_column": Query("events", {"amount": spec.Or(A, Literal(0))}, {"n": Count()}),
    "grouped_again": Query(
        Query("events", spec.columns("who"), {"spent": Sum(A)}),
        {"rich": spec.Compare(Column("spent"), ">", Literal(0))},
        {"people": Count(), "sum": Sum(Column("spent"))},
    ),
}


def _sorted(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: tuple((cell is None, str(type(cell)), cell) for cell in row))


def _tables(rows: list[dict[str, Any]]) -> dict[str, Rows]:
    return {
        "events": Rows({name: [row[name] for row in rows] for name in TYPES}, TYPES),
        "links": Rows(
            {name: [row[name] for row in LINKS] for name in ("subject", "unit")},
            {"subject": "BIGINT", "unit": "BIGINT"},
        ),
    }


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with EmbeddedEngine(temp=tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_n5_duckdb_evaluates_each_expression_as_python_does(name: str, duckdb: EmbeddedEngine) -> None:
    rows = _table(seed=1)
    query = Query("events", {**spec.columns("who", "at"), "found": EXPRESSIONS[name]})
    expected = reference.answer(query, {"events": rows, "links": LINKS})
    assert _sorted(duckdb.rows(emit(query, "duckdb"), _tables(rows))) == _sorted(expected)


@pytest.mark.parametrize("name", QUERIES)
def test_n5_duckdb_answers_each_query_as_python_does(name: str, duckdb: EmbeddedEngine) -> None:
    rows = _table(seed=2)
    expected = reference.answer(QUERIES[name], {"events": rows, "links": LINKS})
    assert _sorted(duckdb.rows(emit(QUERIES[name], "duckdb"), _tables(rows))) == _sorted(expected)


def test_n5_spark_evaluates_each_expression_as_duckdb_does(
    spark: Any, duckdb: EmbeddedEngine, tmp_path: Path
) -> None:
    rows = _table(seed=3, size=200)
    query = Query("events", {**spec.columns("who", "at"), **EXPRESSIONS})
    with SparkEngine(temp=tmp_path, session=spark) as engine:
        there = engine.rows(emit(query, "spark"), _tables(rows))
    here = duckdb.rows(emit(query, "duckdb"), _tables(rows))
    assert _sorted(there) == _sorted(here)


def test_n5_spark_answers_each_query_as_duckdb_does(
    spark: Any, duckdb: EmbeddedEngine, tmp_path: Path
) -> None:
    tables = _tables(_table(seed=4, size=200))
    with SparkEngine(temp=tmp_path, session=spark) as engine:
        for name, query in QUERIES.items():
            there = engine.rows(emit(query, "spark"), tables)
            assert _sorted(there) == _sorted(duckdb.rows(emit(query, "duckdb"), tables)), name


def test_a_fingerprint_is_equal_exactly_for_equal_texts(
    spark: Any, duckdb: EmbeddedEngine, tmp_path: Path
) -> None:
    rows = [row for row in _table(seed=5) if row["name"] is not None]
    query = Query("events", {"name": NAME, "print": spec.Fingerprint(NAME)})
    with SparkEngine(temp=tmp_path, session=spark) as engine:
        for one in (duckdb, engine):
            pairs = set(one.rows(emit(query, one.dialect), _tables(rows)))
            assert len(pairs) == len({name for name, _ in pairs}) == len({mark for _, mark in pairs})


@given(
    numbers=st.lists(st.integers(-2_000, 2_000), min_size=1, max_size=30),
    first=st.integers(-500, 500),
    width=st.integers(1, 300),
    count=st.integers(1, 12),
)
@settings(max_examples=40, deadline=None)
def test_bands_of_one_width_are_the_same_bands(
    numbers: list[int], first: int, width: int, count: int, duckdb: EmbeddedEngine
) -> None:
    bounds = tuple(first + width * at for at in range(count))
    query = Query("events", {"amount": A, "band": spec.Bands(A, bounds, tuple(range(-1, count)))})
    expected = [(n, sum(n >= bound for bound in bounds) - 1) for n in numbers]
    found = duckdb.rows(emit(query, "duckdb"), {"events": Rows({"amount": numbers})})
    assert Counter(found) == Counter(expected)


@given(
    numbers=st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=30),
    bounds=st.lists(st.integers(-(10**15), 10**15), unique=True, max_size=20).map(sorted),
    by=st.integers(1, 10**12),
)
@settings(max_examples=40, deadline=None)
def test_bands_and_whole_division_hold_for_any_numbers(
    numbers: list[int], bounds: list[int], by: int, duckdb: EmbeddedEngine
) -> None:
    bands = spec.Bands(A, tuple(bounds), tuple(range(len(bounds) + 1)))
    query = Query("events", {"amount": A, "band": bands, "whole": spec.WholeDivision(A, by)})
    expected = [(n, sum(n >= bound for bound in bounds), n // by) for n in numbers]
    found = duckdb.rows(emit(query, "duckdb"), {"events": Rows({"amount": numbers})})
    assert Counter(found) == Counter(expected)


def test_what_makes_no_sense_is_refused_when_it_is_declared() -> None:
    with pytest.raises(ValueError, match="2 bounds make 3 bands"):
        spec.Bands(A, (1, 2), (0, 1))
    with pytest.raises(ValueError, match="rise"):
        spec.Bands(A, (2, 1), (0, 1, 2))
    with pytest.raises(ValueError, match="keys, aggregates or both"):
        Query("events")
    with pytest.raises(ValueError, match="positive"):
        emit(Query("events", {"x": spec.WholeDivision(A, 0)}), "duckdb")
    with pytest.raises(LookupError, match="there are: duckdb, spark"):
        emit(Query("events", {"x": A}), "postgres")


def test_the_sql_reads_as_one_would_write_it() -> None:
    query = Query(
        "events",
        spec.columns("who"),
        {"n": Count(), "spent": Sum(A, POSITIVE)},
        where=spec.equals("name", "order"),
    )
    assert emit(query, "duckdb") == (
        'SELECT "t"."who" AS "who", COUNT(*) AS "n", '
        'COALESCE(SUM(CASE WHEN "t"."amount" > 0 THEN "t"."amount" END), 0) AS "spent" '
        'FROM "events" AS "t" WHERE "t"."name" = \'order\' GROUP BY 1'
    )
