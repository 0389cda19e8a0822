"""Risks in a table of somebody else's: of one moment, whole, under every id that a customer has."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from brought import bring, subject
from holdfast.connectors import sql_scores
from holdfast.domain.refusals import Refusal
from holdfast.services.foresee import write_back
from holdfast.services.foresee.reading import Criteria
from holdfast.settings import Settings
from holdfast.store import risk, score_targets, sql
from holdfast.store.risk import Score, Scoring
from holdfast.store.standings import Standings, save_standings

NOW = datetime(2026, 5, 17, 9, 30, tzinfo=UTC)
MONDAY = 20_500


class Target:
    """The database of somebody else."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection, connection:
                return connection.execute(statement).fetchall()
        import psycopg

        with psycopg.connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Target]:
    if request.param == "sqlite":
        path = tmp_path / "warehouse.db"
        path.touch()
        yield Target(f"sqlite:///{path}")
        return
    server = request.getfixturevalue("postgresql")
    yield Target(server.create(f"warehouse{abs(hash(str(tmp_path)))}"))


@pytest.fixture
def scored(base: Settings) -> Settings:
    """Ann and Bob with a risk each."""
    bring(base, {"a": {"name": "Ann"}, "b": {"name": "Bob"}})
    save(base, {"a": 0.75, "b": 0.2})
    return base


def save(settings: Settings, risks: dict[str, float]) -> None:
    units = [subject(settings, key) for key in risks]
    nothing = [0] * len(units)
    states, last = ["active"] * len(units), [None] * len(units)
    save_standings(settings, Standings(units, states, nothing, nothing, last, nothing, nothing, nothing))
    drivers = json.dumps([])
    rows = [
        Score(unit, value, 1_000, round(value * 1_000), None, None, drivers, "use")
        for unit, value in zip(units, risks.values(), strict=True)
    ]
    risk.save_scores(settings, rows, Scoring(MONDAY, 90, 3, 0.1, None, 5))


def _add(settings: Settings, target: Target, table: str = "holdfast_scores") -> None:
    write_back.add_target(settings, "warehouse", url=target.url, table=table, now=NOW)


def _rows(
    target: Target, columns: str = "customer_id, risk, band, value_at_risk, currency, model_version"
) -> Any:
    return target.run(f"SELECT {columns} FROM holdfast_scores ORDER BY namespace, customer_id")


def test_the_risks_of_now_stand_in_the_table(scored: Settings, target: Target) -> None:
    _add(scored, target)
    (written,) = write_back.write_back(scored, NOW)
    assert (written.rows, written.trouble) == (2, None)
    found = [(who, said, word, float(value), *rest) for who, said, word, value, *rest in _rows(target)]
    assert found == [("a", 0.75, "urgent", 7.5, "EUR", "3"), ("b", 0.2, "calm", 2.0, "EUR", "3")]
    kept = score_targets.listed(scored)[0]
    assert (kept.rows, kept.trouble, kept.last_us) == (2, None, int(NOW.timestamp() * 1_000_000))


def test_who_is_no_longer_scored_goes_and_the_rest_changes(scored: Settings, target: Target) -> None:
    _add(scored, target)
    write_back.write_back(scored, NOW)
    save(scored, {"b": 0.9})
    write_back.write_back(scored, NOW + timedelta(days=1))
    assert [row[:3] for row in _rows(target)] == [("b", 0.9, "urgent")]


def test_a_customer_of_several_ids_stands_under_each(scored: Settings, target: Target) -> None:
    unit = subject(scored, "a")
    sql.write("INSERT INTO subject (namespace, key) VALUES ('stripe', 'cus_1'), ('anonymous', 'x-1')")
    for key in ("cus_1", "x-1"):
        sql.write(
            "INSERT INTO identity_link (subject_id, unit_id, linked_us, reason, evidence, made_by) "
            "SELECT id, %s, 1, 'external', '', '' FROM subject WHERE key = %s",
            (unit, key),
        )
    _add(scored, target)
    write_back.write_back(scored, NOW)
    assert _rows(target, "namespace, customer_id, unit, risk") == [
        ("customer", "a", unit, 0.75),
        ("customer", "b", subject(scored, "b"), 0.2),
        ("stripe", "cus_1", unit, 0.75),
    ]


def test_nothing_half_written(scored: Settings, target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    _add(scored, target)
    write_back.write_back(scored, NOW)
    save(scored, {"a": 0.1, "b": 0.1})
    monkeypatch.setattr(write_back, "BATCH", 1)
    real = write_back._score

    def breaks(
        settings: Settings, row: Any, namespace: str, key: str, criteria: Criteria, now: datetime
    ) -> Any:
        if key == "b":
            raise ConnectionError("torn")
        return real(settings, row, namespace, key, criteria, now)

    with monkeypatch.context() as patched:
        patched.setattr(write_back, "_score", breaks)
        (written,) = write_back.write_back(scored, NOW + timedelta(hours=1))
    assert "ConnectionError" in str(written.trouble)
    assert [row[1] for row in _rows(target)] == [0.75, 0.2]
    assert score_targets.listed(scored)[0].rows == 2
    assert write_back.write_back(scored, NOW + timedelta(hours=2))[0].trouble is None
    assert [row[1] for row in _rows(target)] == [0.1, 0.1]


def test_a_table_of_somebody_else_is_left_alone(scored: Settings, target: Target) -> None:
    target.run("CREATE TABLE holdfast_scores (customer_id TEXT, mine TEXT)")
    with pytest.raises(Refusal) as refused:
        _add(scored, target)
    assert refused.value.code == "other_table"
    assert score_targets.listed(scored) == []


def test_a_table_may_have_more_columns_than_ours(scored: Settings, target: Target) -> None:
    _add(scored, target)
    target.run("ALTER TABLE holdfast_scores ADD COLUMN note TEXT")
    assert write_back.write_back(scored, NOW)[0].rows == 2


@pytest.mark.parametrize("table", ["a b", "x; DROP TABLE y", "", "a.b.c", "1a", 'a"b'])
def test_names_that_are_no_tables_are_refused(scored: Settings, tmp_path: Path, table: str) -> None:
    with pytest.raises(Refusal) as refused:
        sql_scores.write(f"sqlite:///{tmp_path / 'x.db'}", table, None)
    assert refused.value.code == "bad_table"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://x/y", "unknown_database"),
        ("sqlite:////nowhere/x.db", "database_unreachable"),
        ("postgresql://nobody@127.0.0.1:1/x", "database_unreachable"),
    ],
)
def test_databases_that_cannot_be_written_are_refused(scored: Settings, url: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        write_back.add_target(scored, "warehouse", url=url, table="t", now=NOW)
    assert refused.value.code == code


def test_a_target_that_is_gone_is_its_own_trouble(scored: Settings, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).touch()
        write_back.add_target(scored, name, url=f"sqlite:///{tmp_path / name}", table="t", now=NOW)
    (tmp_path / "one").unlink()
    one, two = write_back.write_back(scored, NOW)
    assert "There is no file" in str(one.trouble)
    assert (two.rows, two.trouble) == (2, None)
    with pytest.raises(Refusal):
        write_back.write_back(scored, NOW, only="three")


def test_the_address_is_sealed(scored: Settings, target: Target) -> None:
    _add(scored, target)
    assert target.url not in str(sql.read("SELECT * FROM score_target"))
    assert score_targets.url_of(scored, score_targets.listed(scored)[0]) == target.url


def test_before_anybody_is_scored_the_table_is_empty(workspace: Settings, target: Target) -> None:
    _add(workspace, target)
    assert write_back.write_back(workspace, NOW)[0].rows == 0
    assert _rows(target) == []


@pytest.mark.parametrize(
    ("probability", "word"),
    [(0.1, "calm"), (0.25, "watch"), (0.375, "high"), (0.5, "urgent"), (1.0, "urgent")],
)
def test_bands_are_those_of_the_pages(probability: float, word: str) -> None:
    from holdfast.domain.bands import BANDS
    from holdfast.web.pages.at_risk.words import band_of

    criteria = Criteria(act_from=0.5, watch_from=0.25)
    assert write_back.band(probability, criteria) == word
    assert BANDS[band_of(probability, criteria) - 1] == word
