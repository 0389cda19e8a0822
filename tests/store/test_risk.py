from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from brought import bring, subject
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import risk, sql
from holdfast.store.at_risk import RiskFilter, ScoredPage, Sort, list_at_risk, one_at_risk
from holdfast.store.risk import ModelRow, Score, Scoring
from holdfast.store.standings import Standings, save_standings

MONDAY = 18_260  # 2019-12-30
SCORING = Scoring(MONDAY, 90, 1, 0.1, None, 5)


def score(unit: int, probability: float, value: int = 1_000, cause: str = "use") -> Score:
    at_risk = round(probability * value)
    drivers = json.dumps([["orders_28", 0.4, 0, 2]])
    return Score(unit, probability, value, at_risk, MONDAY + 5, MONDAY + 20, drivers, cause)


@pytest.fixture
def listed(base: Settings) -> Settings:
    """Ann (RO), Bob (RO), Cid (DE) and Dan (DE, dormant) in the customer list."""
    names = {"a": "Ann", "b": "Bob", "c": "Cid", "d": "Dan"}
    countries = [("a", "country", "RO", 0), ("b", "country", "RO", 0), ("c", "country", "DE", 0)]
    bring(
        base,
        {key: {"name": name} for key, name in names.items()},
        traits=[*countries, ("d", "country", "DE", 0)],
    )
    units = [subject(base, key) for key in names]
    states = ["active", "active", "active", "dormant"]
    nothing = [0] * len(units)
    save_standings(base, Standings(units, states, nothing, nothing, [None] * 4, nothing, nothing, nothing))
    return base


def save(settings: Settings, risks: dict[str, float], day: int = MONDAY, **other: Any) -> int:
    rows = [score(subject(settings, key), value, **other) for key, value in risks.items()]
    return risk.save_scores(settings, rows, replace(SCORING, as_of_day=day))


def names(page: ScoredPage) -> list[str]:
    return [row.name for row in page.rows]


def page(settings: Settings, sort: Sort = "value_at_risk", **wanted: Any) -> ScoredPage:
    return list_at_risk(settings, RiskFilter(**wanted), sort)


def test_only_what_changed_is_written_and_who_left_goes(listed: Settings) -> None:
    told = {"a": 0.5, "b": 0.2, "c": 0.9}
    assert save(listed, told) == 3
    assert save(listed, told) == 0
    assert save(listed, {"a": 0.5, "b": 0.3}) == 2
    assert names(page(listed)) == ["Ann", "Bob"]
    assert one_at_risk(listed, subject(listed, "c")) is None


def test_filters_search_and_sorts(listed: Settings) -> None:
    save(listed, {"a": 0.5, "b": 0.2, "c": 0.9, "d": 0.4})
    assert names(page(listed)) == ["Cid", "Ann", "Dan", "Bob"]
    assert names(page(listed, "risk")) == ["Cid", "Ann", "Dan", "Bob"]
    assert names(page(listed, "name")) == ["Ann", "Bob", "Cid", "Dan"]
    assert names(page(listed, country="RO")) == ["Ann", "Bob"]
    assert names(page(listed, state="active", least_risk=0.4)) == ["Cid", "Ann"]
    assert names(page(listed, search="da")) == ["Dan"]
    assert names(page(listed, cause="money")) == []
    assert page(listed, least_risk=0.4).matching == 3


@pytest.mark.parametrize("sort", ["value_at_risk", "risk", "name"])
@pytest.mark.parametrize("few", [2_000, 0])
def test_pages_follow_each_other_by_key(
    listed: Settings, monkeypatch: pytest.MonkeyPatch, sort: Sort, few: int
) -> None:
    monkeypatch.setattr("holdfast.store.at_risk.FEW", few)
    save(listed, {"a": 0.5, "b": 0.5, "c": 0.9, "d": 0.4})
    for wanted in (RiskFilter(), RiskFilter(least_risk=0.1), RiskFilter(country="RO")):
        whole = list_at_risk(listed, wanted, sort)
        seen: list[str] = []
        after = None
        while True:
            some = list_at_risk(listed, wanted, sort, after=after, limit=1)
            seen += names(some)
            assert some.matching == len(whole.rows)
            if not some.more:
                break
            after = (some.rows[-1].sort_value(sort), some.rows[-1].unit_id)
        assert seen == names(whole)


def test_history_keeps_changes_of_a_point_and_the_first_of_each_week(listed: Settings) -> None:
    for day, value in enumerate([0.500, 0.505, 0.512, 0.512, 0.512, 0.512, 0.512, 0.512, 0.40]):
        save(listed, {"a": value}, MONDAY + day)
    kept = risk.history(listed, subject(listed, "a"))
    assert kept == [(MONDAY, 0.5), (MONDAY + 2, 0.512), (MONDAY + 7, 0.512), (MONDAY + 8, 0.4)]
    save(listed, {"a": 0.3}, MONDAY + 8)
    assert risk.history(listed, subject(listed, "a"))[-1] == (MONDAY + 8, 0.3)


def test_the_risk_of_a_week_ago_stands_beside(listed: Settings) -> None:
    unit = subject(listed, "a")

    def week_ago() -> float | None:
        found = one_at_risk(listed, unit)
        assert found is not None
        return found.week_ago

    save(listed, {"a": 0.5}, MONDAY)
    assert week_ago() is None
    save(listed, {"a": 0.7}, MONDAY + 8)
    assert week_ago() == 0.5
    save(listed, {"a": 0.7}, MONDAY + 60)
    assert week_ago() is None


def test_a_reason_takes_the_risks_away_and_keeps_their_history(listed: Settings) -> None:
    save(listed, {"a": 0.5})
    reason = Text("{n} loss", "{n} losses", n=3)
    risk.note_reason(listed, replace(SCORING, model_version=None, base_risk=None, reason=reason))
    assert page(listed).rows == ()
    found = risk.last_scoring(listed)
    assert found is not None
    assert str(found.reason) == "3 losses"
    assert len(risk.history(listed, subject(listed, "a"))) == 1


def test_versions_have_one_champion(base: Settings) -> None:
    for version in (1, 2):
        card = {"rows": version, "note": Text("Small.")}
        risk.save_model(base, ModelRow(version, "champion", "ab", MONDAY, 90, 7, card))
    assert [(each.version, each.role) for each in risk.models(base)] == [(2, "champion"), (1, "retired")]
    risk.set_champion(base, 1)
    risk.set_card(base, 1, {"rows": 5})
    assert [(each.version, each.role) for each in risk.models(base)] == [(2, "retired"), (1, "champion")]
    assert risk.models(base)[1].card == {"rows": 5}
    risk.forget_models(base, [2])
    assert [each.version for each in risk.models(base)] == [1]


def test_backtests_and_criteria_are_kept(base: Settings) -> None:
    assert risk.last_backtest(base) is None
    risk.save_backtest(base, {"auc": 0.8}, made_day=1, now_us=2)
    risk.save_backtest(base, {"auc": 0.9}, made_day=2, now_us=3)
    assert risk.last_backtest(base) == {"auc": 0.9}
    assert risk.criteria(base) is None
    for hours in (0.5, 0.75):
        risk.save_criteria(base, 0.5, 0.2, hours, now_us=4)
    assert risk.criteria(base) == (0.5, 0.2, 0.75)


def test_what_acting_from_a_threshold_means(listed: Settings) -> None:
    save(listed, {"a": 0.5, "b": 0.2, "c": 0.9})
    assert risk.totals_from(listed, [0.5, 0.95, 0.0]) == [
        (2, pytest.approx(1.4), 1_400),
        (0, 0, 0),
        (3, pytest.approx(1.6), 1_600),
    ]
    assert risk.totals_from(listed, []) == []


def test_no_write_holds_the_lock_for_long(base: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [score(unit, (unit % 997) / 1_000) for unit in range(1, 20_001)]
    longest, write = 0.0, sql.write

    def timed(statement: str, values: Any = ()) -> int:
        nonlocal longest
        began = time.process_time()
        written = write(statement, values)
        if "staged" not in statement.split("FROM")[0]:
            longest = max(longest, time.process_time() - began)
        return written

    monkeypatch.setattr(sql, "write", timed)
    assert risk.save_scores(base, rows, SCORING) == 20_000
    again = [replace(row, risk=row.risk / 2) for row in rows]
    assert risk.save_scores(base, again, replace(SCORING, as_of_day=MONDAY + 8)) == 20_000
    assert longest < 0.1
