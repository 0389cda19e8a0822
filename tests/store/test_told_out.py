"""What webhooks are told, in the transaction of what happened (N2), on both databases."""

from __future__ import annotations

import json
from typing import Any

import pytest

from holdfast.domain import bands
from holdfast.domain.announcements import KINDS
from holdfast.services.foresee.reading import Criteria
from holdfast.settings import Settings
from holdfast.store import (
    cases,
    export_files,
    personal,
    rescored,
    risk,
    segments,
    sql,
    tasks,
    told_out,
    webhooks_out,
    work,
)
from holdfast.store.risk import Score, Scoring
from store.test_rescored import DAY, looked, three

__all__ = ["three"]

NOW_US = 1_764_000_000_000_000


def wanted(settings: Settings, *kinds: str) -> int:
    made = webhooks_out.add(settings, "CRM", "https://crm.example/hook", kinds or ("*",), by="", now_us=1)
    assert made is not None
    return made[0].id


def told(settings: Settings) -> list[dict[str, Any]]:
    return [json.loads(body) for (body,) in sql.read("SELECT body FROM webhook_message ORDER BY id")]


def test_the_usual_thresholds_are_those_of_the_criteria() -> None:
    assert (Criteria().act_from, Criteria().watch_from) == bands.USUAL
    assert [bands.band_of(risk, 0.5, 0.25) for risk in (0.0, 0.25, 0.375, 0.5, 1.0)] == [
        *bands.BANDS[:3],
        "urgent",
        "urgent",
    ]


def test_a_risk_that_crosses_a_threshold_is_told_by_the_worker(three: tuple[Settings, list[int]]) -> None:
    base, units = three
    wanted(base)
    assert rescored.save(base, looked(base, {units[0]: 2}, read_us=NOW_US))
    assert rescored.save(base, looked(base, {units[0]: 2}, read_us=NOW_US + 1))  # the same once more
    (message,) = told(base)
    assert message["type"] == "risk.changed_band"
    (change,) = message["data"]["changes"]
    assert change == {
        "customer_id": units[0],
        "id": "customer:a",
        "band": "urgent",
        "former_band": "calm",
        "risk": 0.5,
        "former_risk": 0.1,
        "value_at_risk": {"amount_minor": 5, "currency": base.currency},
    }
    assert sql.read("SELECT channel, purpose, state FROM touch") == [("webhook", "staff", "waiting")]


def test_and_by_the_nightly_run_in_one_message(three: tuple[Settings, list[int]]) -> None:
    base, units = three
    wanted(base, "risk.changed_band")
    risks = zip(units, (0.3, 0.1, 0.9), strict=True)
    scores = [Score(unit, each, 10, 1, None, None, "[]", "") for unit, each in risks]
    risk.save_scores(base, scores, Scoring(DAY + 1, 90, 1, 0.1, None, NOW_US))
    (message,) = told(base)
    assert [(each["id"], each["band"]) for each in message["data"]["changes"]] == [
        ("customer:a", "watch"),
        ("customer:c", "urgent"),
    ]


def test_what_nobody_wants_is_not_written(three: tuple[Settings, list[int]]) -> None:
    base, units = three
    webhooks_out.enable(base, wanted(base), False, now_us=2)
    webhooks_out.add(base, "Tasks only", "https://t.example/", ["task.made"], by="", now_us=1)
    assert rescored.save(base, looked(base, {units[0]: 2}, read_us=NOW_US))
    assert told(base) == [] and sql.read("SELECT 1 FROM touch") == []


def test_who_enters_and_leaves_a_segment_is_told(three: tuple[Settings, list[int]]) -> None:
    base, units = three
    wanted(base)
    made = segments.save(base, "gold", "Gold", {"fact": "orders", "at_least": 3}, now_us=1)
    segments.apply(base, made, units, [], day=1, now_us=NOW_US, moved=False)  # the rule came to be
    segments.apply(base, made, [], [units[0]], day=1, now_us=NOW_US)
    segments.apply(base, made, [units[0], units[1]], [], day=1, now_us=NOW_US)
    left, entered = (each["data"] for each in told(base))
    assert left == {
        "segment": {"key": "gold", "title": "Gold"},
        "entered": [],
        "left": [{"customer_id": units[0], "id": "customer:a"}],
    }
    assert [each["id"] for each in entered["entered"]] == ["customer:a"]  # b was in it


def test_tasks_and_cases_are_told_when_they_are_made_and_over(three: tuple[Settings, list[int]]) -> None:
    base, units = three
    wanted(base)
    task, _ = tasks.add(
        base, tasks.NewTask("Call Ann", subject_id=units[0], key="k"), by="niamh", now_us=NOW_US
    )
    tasks.add(base, tasks.NewTask("Call Ann", subject_id=units[0], key="k"), by="niamh", now_us=NOW_US)
    done = work.Done("finished")
    assert tasks.change(base, task, {"state": "done", "outcome": "helped"}, done, by="niamh", now_us=NOW_US)
    case, _ = cases.add(base, cases.NewCase(units[0], "It broke"), by="niamh", now_us=NOW_US)
    assert cases.change(base, case, {"state": "closed"}, work.Done("closed"), by="niamh", now_us=NOW_US)
    assert [each["type"] for each in told(base)] == ["task.made", "task.done", "case.opened", "case.closed"]
    assert told(base)[1]["data"]["outcome"] == "helped"
    assert {each["type"] for each in told(base)} <= KINDS.keys()


def test_what_is_told_of_somebody_is_erased_with_them(three: tuple[Settings, list[int]]) -> None:
    base, units = three
    wanted(base)
    for unit in units[:2]:
        tasks.add(base, tasks.NewTask("Call", subject_id=unit), by="", now_us=NOW_US)
    for table, holding in personal.holdings().items():
        if table.startswith("webhook"):
            personal.delete(table, holding, [units[0]])
    (left,) = told(base)
    assert left["data"]["customer_id"] == units[1]
    assert len(sql.read("SELECT 1 FROM webhook_delivery")) == 1
    assert sql.read("SELECT unit_id FROM webhook_about") == [(units[1],)]


def test_it_stands_or_falls_with_what_happened(three: tuple[Settings, list[int]]) -> None:
    base, units = three
    wanted(base)
    with pytest.raises(RuntimeError), sql.short_write():
        tasks.add(base, tasks.NewTask("Call Ann", subject_id=units[0]), by="", now_us=NOW_US)
        raise RuntimeError("what was begun is taken back")
    assert told(base) == [] and sql.read("SELECT 1 FROM touch") == []


def test_other_systems_hear_who_was_erased_and_what_can_be_fetched(base: Settings) -> None:
    wanted(base)
    told_out.customers_erased(base, [7, 8], now_us=NOW_US)
    number = export_files.ask(base, 1, "customers", {}, "csv", now_us=1)
    export_files.finish(base, number, stored="x", rows=3, size=90, now_us=NOW_US, ends_us=NOW_US)
    erased, ready = told(base)
    assert (erased["type"], erased["data"]) == ("customer.erased", {"customer_ids": [7, 8]})
    assert (ready["type"], ready["data"]["rows"], ready["data"]["format"]) == ("export.ready", 3, "csv")


def test_old_messages_are_forgotten(base: Settings) -> None:
    made = wanted(base)
    webhooks_out.tell_one(base, made, "webhook.tried", {}, now_us=1)
    kept = webhooks_out.tell_one(base, made, "webhook.tried", {}, now_us=NOW_US)
    assert webhooks_out.forget_before(base, NOW_US) == 1
    assert [each.id for each in webhooks_out.deliveries(base, made)] == [kept]
    assert webhooks_out.outgoing(base, kept, now_us=NOW_US) is not None
    assert webhooks_out.outgoing(base, 99, now_us=NOW_US) is None
