"""The turn of foreseeing: training when due, alarms, scores, and reasons where there are none (D1-D5)."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brought import bring
from commands import call
from holdfast import store
from holdfast.domain.period import date_of
from holdfast.domain.refusals import Refusal
from holdfast.learning.members import SplineLogit
from holdfast.learning.risk import RiskClassifier
from holdfast.services.foresee import reading, versions
from holdfast.services.foresee.loop import Foreseen, foresee
from holdfast.services.keep.export import export
from holdfast.services.progress import Silent
from holdfast.settings import RiskSettings, Settings, read_settings
from holdfast.store.standings import Standings, save_standings
from services.foresee.made_panels import TODAY, MadeHistory, chance, panel

DAY = date_of(TODAY)


def turn(settings: Settings, history: Any, on: date = DAY) -> Foreseen:
    return foresee(settings, history, as_of=on, now_us=1, progress=Silent())


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One past date and the fastest member are enough for tests of when and what, not of how well."""
    monkeypatch.setattr("holdfast.services.foresee.training.REPLAYED", 1)
    monkeypatch.setattr(
        RiskClassifier, "_members", lambda _, categories: {"additive": SplineLogit(categories)}
    )


def people(settings: Settings) -> Settings:
    """Two hundred customers in the list, numbered from 1."""
    bring(settings, {f"c{n}": {"name": f"Customer {n}"} for n in range(1, 201)})
    units = np.arange(1, 201)
    nothing = [0] * 200
    told = Standings(units, ["active"] * 200, nothing, nothing, [None] * 200, nothing, nothing, nothing)
    save_standings(settings, told)
    return settings


@pytest.fixture
def base(workspace: Settings) -> Settings:
    return people(workspace)


@pytest.fixture(scope="module")
def foreseen(_blank_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after one turn, for tests that only look."""
    folder = tmp_path_factory.mktemp("foreseen") / "workspace"
    shutil.copytree(_blank_workspace, folder)
    turn(people(read_settings(folder)), MadeHistory(panel(units=400)))
    return folder


@pytest.fixture
def seen(foreseen: Path) -> Settings:
    settings = read_settings(foreseen)
    store.connect(settings)
    return settings


def test_d1_everybody_present_is_scored_with_drivers_value_and_time(seen: Settings) -> None:
    base = seen
    found = reading.at_risk(base, top=20)
    assert (found.total, found.model, found.as_of, found.horizon_days) == (200, "1", DAY, 90)
    first = found.rows[0]
    assert 0 < first.risk < 1
    assert first.value_at_risk_minor == round(first.risk * first.value_minor)
    assert 1 <= len(first.drivers) <= 5
    assert first.likely_from is not None
    assert first.likely_to is not None
    assert DAY <= first.likely_from < first.likely_to <= DAY + timedelta(days=90)
    assert found.next is not None
    following = reading.at_risk(base, top=20, after=found.next)
    assert following.rows[0].value_at_risk_minor <= found.rows[-1].value_at_risk_minor
    assert not {row.unit_id for row in found.rows} & {row.unit_id for row in following.rows}


def test_risks_are_calibrated_and_rank_by_the_truth(seen: Settings) -> None:
    now = MadeHistory(panel()).standing(TODAY).table
    truth = dict(zip(now.unit_id.tolist(), chance(now).tolist(), strict=True))
    rows = reading.at_risk(seen, top=200).rows
    said = np.array([row.risk for row in rows])
    real = np.array([truth[row.unit_id] for row in rows])
    assert abs(said.mean() - real.mean()) < 0.04
    assert np.corrcoef(said, real)[0, 1] > 0.8


def test_one_customer_has_a_history_and_a_reason_where_there_is_no_risk(seen: Settings) -> None:
    found = reading.customer_risk(seen, 7)
    assert found.latest is not None
    assert found.history == ((DAY, found.latest.risk),)
    assert 0 < found.base_risk < 1
    assert reading.customer_risk(seen, 9_999).reason is not None


def test_filters_go_by_cause_and_risk(seen: Settings) -> None:
    everybody = reading.at_risk(seen, top=500).rows
    risky = reading.at_risk(seen, top=500, least_risk=0.3).rows
    assert {row.unit_id for row in risky} == {row.unit_id for row in everybody if row.risk >= 0.3}
    by_service = reading.at_risk(seen, top=500, cause="service")
    assert 0 < by_service.total < 200
    assert reading.at_risk(seen, search="Customer 171").total == 1
    assert reading.at_risk(seen, after="nonsense").rows[0] == everybody[0]


def test_before_the_first_run_and_without_losses_there_is_a_reason(base: Settings) -> None:
    assert reading.at_risk(base).reason is not None
    assert reading.customer_risk(base, 1).reason is not None
    done = turn(base, MadeHistory(panel(level=-30)))
    assert done.scored == 0
    assert str(done.reason) == "Not enough data: 0 losses are known so far, a model needs 10."
    assert reading.at_risk(base).reason == done.reason
    assert reading.model_cards(base) == ()


def test_a_history_shorter_than_the_horizon_gives_a_reason_and_no_error(base: Settings) -> None:
    history = MadeHistory(panel())
    history.made = replace(history.made, moments=())
    done = turn(base, history)
    assert done.scored == 0
    assert "60 days" in str(done.reason)


def test_nobody_present_gives_a_reason(base: Settings) -> None:
    assert turn(base, MadeHistory(panel(), present=0)).reason is not None


def test_few_losses_are_said_on_the_card(base: Settings) -> None:
    turn(base, MadeHistory(panel(units=100, level=-4.5)))
    (card,) = reading.model_cards(base)
    assert any("losses are known" in str(note) for note in card.notes)


def test_training_waits_until_it_is_due(base: Settings) -> None:
    history = MadeHistory(panel())
    done = turn(base, history)
    assert (done.scored, done.version, done.trained, done.reason) == (200, 1, True, None)
    assert not turn(base, history, DAY + timedelta(days=1)).trained
    assert turn(base, history, DAY + timedelta(days=28)).trained
    shorter = replace(base, risk=RiskSettings(horizon_days=30))
    assert turn(shorter, MadeHistory(panel(horizon=30)), DAY + timedelta(days=29)).trained
    fixed = replace(base, lost=replace(base.lost, rule="fixed", after_days=60))
    assert turn(fixed, history, DAY + timedelta(days=30)).trained
    assert [card.version for card in reading.model_cards(base)] == [4, 3, 2, 1]


def test_a_lost_or_changed_file_is_not_loaded(base: Settings) -> None:
    history = MadeHistory(panel())
    turn(base, history)
    path = base.models / "1" / "model.pickle"
    path.write_bytes(path.read_bytes() + b"x")
    assert versions.load(base, 1) is None
    with pytest.raises(Refusal, match="no version 1"):
        reading.roll_back(base, 1)
    assert turn(base, history, DAY + timedelta(days=1)).version == 2


def test_a_worse_challenger_does_not_replace_the_champion(base: Settings) -> None:
    good = panel(units=400)
    turn(base, MadeHistory(good))
    draw = np.random.default_rng(5)
    old = good.table.at_day < good.moments[-1]
    left = good.left.copy()
    left[old] = draw.permutation(left[old])  # what it could learn from says nothing any more
    later = tuple(day + 28 for day in good.moments)
    worse = replace(
        good, left=left, moments=later, table=replace(good.table, at_day=good.table.at_day + np.int32(28))
    )
    done = turn(base, MadeHistory(worse), DAY + timedelta(days=28))
    assert (done.version, done.trained) == (1, True)
    cards = reading.model_cards(base)
    assert [(card.version, card.role) for card in cards] == [(2, "challenger"), (1, "champion")]
    assert "worse than version 1" in str(cards[0].notes[-1])


def test_going_back_to_a_version_lasts_until_training_is_due(base: Settings) -> None:
    history = MadeHistory(panel())
    turn(base, history)
    turn(base, history, DAY + timedelta(days=28))
    assert versions.champion(base).version == 2  # type: ignore[union-attr]
    reading.roll_back(base, 1)
    assert turn(base, history, DAY + timedelta(days=29)).version == 1
    assert reading.at_risk(base).model == "1"


def test_only_some_versions_are_kept(base: Settings) -> None:
    history = MadeHistory(panel(units=60))
    turn(base, history)
    (card,) = reading.model_cards(base)
    model = versions.load(base, 1)
    for _ in range(versions.KEPT + 1):
        versions.save(base, model, card)
    kept = [card.version for card in reading.model_cards(base)]
    assert kept == list(range(versions.KEPT + 2, 2, -1))
    assert sorted(path.name for path in base.models.iterdir()) == sorted(map(str, kept))


def test_d5_the_alarm_sounds_when_customers_change_and_is_silent_when_they_do_not(base: Settings) -> None:
    history = MadeHistory(panel(units=400))
    assert not turn(base, history).drift_alarm
    history.shift = 1.5
    assert turn(base, history, DAY + timedelta(days=1)).drift_alarm
    (card,) = reading.model_cards(base)
    assert card.drift is not None
    assert card.drift.population_alarm
    assert card.drift.features[0].name == "days_since_activity"
    assert card.drift.expected is not None


def test_the_card_is_read_back_as_it_was_written(seen: Settings) -> None:
    (card,) = reading.model_cards(seen)
    assert card.role == "champion"
    assert (card.rows, len(card.moments)) == (2_000, 5)
    assert card.units == 400
    assert 0.6 < (card.grade["auc"] or 0) < 1
    assert card.graded_on == date_of(panel().moments[-1])
    assert sum(each.rows for each in card.curve) == 400
    assert [each.importance for each in card.features] == sorted(
        (each.importance for each in card.features), reverse=True
    )
    assert {each.name for each in card.features} == {
        "days_since_activity",
        "orders_later_part",
        "open_tickets",
        "plan",
    }


def test_d4_training_makes_a_backtest_too(seen: Settings) -> None:
    found = reading.last_backtest(seen)
    assert found is not None
    assert found.reason is None
    assert found.total is not None
    assert len(found.moments) == 2
    assert set(found.differences) == {"recency", "health"}
    assert found.differences["recency"].estimate > 0
    assert sum(moment.rows for moment in found.moments) == found.total.rows


def test_criteria_show_their_consequence(seen: Settings) -> None:
    assert reading.read_criteria(seen) == reading.Criteria()
    reading.save_criteria(seen, reading.Criteria(0.4, 0.2, 2.0))
    rows = reading.at_risk(seen, top=500).rows
    risky = [row.risk for row in rows if row.risk >= 0.4]
    (found,) = reading.consequences(seen, [0.4])
    assert (found.customers, found.hours) == (len(risky), 2.0 * len(risky))
    assert found.expected_right == pytest.approx(sum(risky))
    for wrong in (reading.Criteria(0.2, 0.4), reading.Criteria(1.5, 0.4), reading.Criteria(0.5, 0.4, -1)):
        with pytest.raises(Refusal) as refused:
            reading.save_criteria(seen, wrong)
        assert refused.value.code == "bad_criteria"


def test_all_risks_are_exported_with_their_reasons(seen: Settings, tmp_path: Path) -> None:
    report = export(seen, "risks", tmp_path / "risks.csv")
    assert report.rows == 200
    with report.file.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    first = reading.at_risk(seen, top=1).rows[0]
    assert rows[0]["name"] == first.name
    assert float(rows[0]["risk"]) == first.risk
    assert rows[0]["driver_1"] == str(first.drivers[0].words)


def test_what_raises_a_risk_is_told_before_what_lowers_it(seen: Settings) -> None:
    for row in reading.at_risk(seen, top=200).rows:
        raising = [driver.effect > 0 for driver in row.drivers]
        assert raising == sorted(raising, reverse=True)


def test_the_commands_answer_what_the_pages_read(seen: Settings) -> None:
    listed = call("at-risk", "--top", "3", "--json", "--workspace", seen.folder).json
    assert listed["model"] == "1"
    assert [row["name"] for row in listed["customers"]] == [
        row.name for row in reading.at_risk(seen, top=3).rows
    ]
    first = listed["customers"][0]
    assert first["drivers"][0].keys() == {"driver", "effect", "words", "cause"}
    one = call("customer", first["customer"], "--json", "--workspace", seen.folder)
    assert one.json["risk"]["risk"] == first["risk"]
    assert first["name"] in call("at-risk", "--workspace", seen.folder).out
