"""Signals and early warnings through the API: what they say, what one says of them, whose they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdfast.services.collect.care import owners
from holdfast.services.collect.care.who import who
from holdfast.services.warn.catalogue import delivered
from holdfast.settings import Settings
from holdfast.store import portfolio
from web import warned
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_rights import person

FAILED, OVERDUE = "payment_failed", "overdue"
Make = Callable[..., Program]
RULE = {"event": "Order Completed", "days": 30, "at_most": 0}


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


@pytest.fixture
def units(served: Settings) -> dict[str, int]:
    return warned.company(served)


def test_signals_are_listed_explained_and_set(program: Make, served: Settings) -> None:
    call = program("admin", acts_for=person(served, "manager"))
    items = {each["key"]: each for each in said(call("GET", "/signals"))["items"]}
    assert set(items) == set(delivered())
    assert items[FAILED]["code"] == "C8"
    name = items[FAILED]["settings"][0]["name"]
    changed = said(call("PUT", f"/signals/{FAILED}/settings", {"on": False, "settings": {name: 2}}))
    assert (changed["on"], changed["settings"][0]["value"]) == (False, 2)
    assert said(call("GET", f"/signals/{FAILED}"))["settings"][0]["delivered"] != 2
    problem(
        call("PUT", f"/signals/{FAILED}/settings", {"settings": {name: 99_999}}), 422, "bad_signal_setting"
    )
    problem(call("GET", "/signals/singing"), 404, "no_such_signal")


def test_a_signal_of_ones_own_is_built_and_taken_away(program: Make, served: Settings) -> None:
    call = program("write", acts_for=person(served, "analyst"))
    made = said(call("POST", "/signals", {"title": "No orders", "rule": RULE}), 201)
    assert made["own"]
    assert made["code"] == ""
    here = f"/signals/{made['key']}"
    assert said(call("PUT", here, {"title": "Silence", "rule": RULE}))["title"] == "Silence"
    problem(call("POST", "/signals", {"title": "Silence", "rule": RULE}), 422, "bad_title")
    assert call("DELETE", here).status_code == 204
    problem(call("GET", here), 404, "no_such_signal")


def test_c0_a_signal_tells_its_storms_to_who_may_see_everybody(
    program: Make, served: Settings, units: dict[str, int]
) -> None:
    number = warned.storm(served, FAILED, 1_204, days_ago=200)
    warned.storm(served, FAILED, 77, days_ago=400)
    agent = program("read", acts_for=person(served, "agent"))
    (storm,) = said(agent("GET", f"/signals/{FAILED}"))["storms"]
    assert (storm["id"], storm["customers"], storm["usual"]) == (number, 1_204, 2.0)
    listed = {each["key"]: each["storms"] for each in said(agent("GET", "/signals"))["items"]}
    assert (listed[FAILED], listed[OVERDUE]) == ([storm], [])
    portfolio.decide(served, portfolio.Decided(frozenset({"agent"})))
    assert said(agent("GET", f"/signals/{FAILED}"))["storms"] == []


def test_a_tile_of_warnings_tells_whom_to_call_first(
    program: Make, served: Settings, units: dict[str, int]
) -> None:
    warned.warn(served, FAILED, *units.values())
    warned.warn(served, OVERDUE, units["ioana"])
    warned.storm(served, FAILED, 1_204)
    maker = program("write", acts_for=person(served, "manager"))
    made = said(maker("POST", "/dashboards", {"title": "Monday", "shared": True, "empty": True}), 201)["id"]
    said(maker("POST", f"/dashboards/{made}/tiles", {"kind": "warnings", "rows": 2}), 201)
    (tile,) = said(maker("GET", f"/dashboards/{made}/results"))["tiles"]
    told = [(each["customer_id"], each["signal"]) for each in tile["warnings"]]
    assert told == [(units["tariq"], FAILED), (units["ioana"], OVERDUE), (units["ioana"], FAILED)]
    assert [each["customers"] for each in tile["storms"]] == [1_204]
    portfolio.decide(served, portfolio.Decided(frozenset({"agent"})))
    (tile,) = said(program("read", acts_for=person(served, "agent"))("GET", f"/dashboards/{made}/results"))[
        "tiles"
    ]
    assert (tile["warnings"], tile["storms"]) == ([], [])


def test_episodes_are_walked_narrowed_and_said_something_of(
    program: Make, served: Settings, units: dict[str, int]
) -> None:
    warned.warn(served, FAILED, *units.values())
    (late,) = warned.warn(served, OVERDUE, units["ioana"], days_ago=2)
    call = program("write", acts_for=person(served, "agent"))
    first = said(call("GET", "/episodes?limit=3"))
    rest = said(call("GET", f"/episodes?limit=3&after={first['next']}"))
    ids = [each["id"] for each in (*first["items"], *rest["items"])]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 4
    assert rest["next"] is None
    (mine,) = said(call("GET", f"/episodes?signal={OVERDUE}&customer_id={units['ioana']}"))["items"]
    assert (mine["id"], mine["state"], mine["value_at_risk"]["amount_minor"]) == (late, "open", 90_000)
    until = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    assert said(call("PATCH", f"/episodes/{late}", {"snoozed_until": until}))["state"] == "snoozed"
    assert said(call("PATCH", f"/episodes/{late}", {"wake": True}))["state"] == "open"
    assert said(call("PUT", f"/episodes/{late}/right", {"right": False}))["right"] is False
    assert said(call("PUT", f"/episodes/{late}/right", {"right": None}))["right"] is None
    assert said(call("PATCH", f"/episodes/{late}", {"settled": True}))["state"] == "ended"
    problem(call("PATCH", f"/episodes/{late}", {"settled": True}), 409, "episode_over")
    problem(call("PATCH", f"/episodes/{ids[0]}", {"snoozed_until": "2001-01-01"}), 422, "bad_moment")
    problem(call("GET", "/episodes/999999"), 404, "not_found")


def test_episodes_of_others_are_not_there_for_who_sees_only_their_own(
    program: Make, served: Settings, units: dict[str, int]
) -> None:
    from holdfast.store.models import User

    numbers = warned.warn(served, FAILED, units["ioana"], units["tariq"])
    agent = person(served, "agent")
    me = User.objects.get(email=agent).pk
    owners.set_owner(served, who(served, units["ioana"]), me, by="x@example.com", now_us=1)
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    call = program("write", acts_for=agent)
    (mine,) = said(call("GET", "/episodes"))["items"]
    assert mine["customer_id"] == units["ioana"]
    (other,) = set(numbers) - {mine["id"]}
    problem(call("GET", f"/episodes/{other}"), 404, "not_found")
    problem(call("PUT", f"/episodes/{other}/right", {"right": True}), 404, "not_found")
    problem(call("GET", f"/episodes?customer_id={units['tariq']}"), 404, "not_found")


def test_who_may_only_read_sets_nothing(program: Make, served: Settings, units: dict[str, int]) -> None:
    (number,) = warned.warn(served, FAILED, units["ioana"])
    call = program("read", acts_for=person(served, "manager"))
    assert call("PUT", f"/episodes/{number}/right", {"right": True}).status_code == 403
    assert call("POST", "/signals", {"title": "x", "rule": RULE}).status_code == 403
    assert call("PUT", f"/signals/{FAILED}/settings", {}).status_code == 403


def test_n2_who_builds_and_sets_signals_on_the_pages_replays_them(program: Make, served: Settings) -> None:
    """A replay looks at every customer: whoever sees only their own must not ask by a rule who left."""
    agent = program("write", acts_for=person(served, "agent"))
    problem(agent("POST", "/signals/replay", {"title": "x", "rule": RULE}), 403, "not_allowed")
    analyst = program("write", acts_for=person(served, "analyst"))
    problem(analyst("POST", f"/signals/{FAILED}/replay", {}), 403, "not_allowed")
    problem(analyst("POST", "/signals/replay", {"title": "x", "rule": RULE}), 422, "no_run_yet")


def test_health_comes_with_the_risk(program: Make, served: Settings, units: dict[str, int]) -> None:
    from holdfast.store.models import RiskScore, RiskScoring

    RiskScore.objects.filter(unit_id=units["ioana"]).update(dimensions='{"use": 1.0, "money": 0.0}')
    RiskScoring.objects.create(
        id=1, as_of_day=20_000, horizon_days=90, model_version=1, base_risk=0.1, computed_us=1
    )
    health = said(program("read")("GET", f"/customers/{units['ioana']}/risk"))["health"]
    assert health["score"] == pytest.approx(60)
    assert health["average"] == pytest.approx(90)
    assert health["dimensions"]["use"] < health["dimensions"]["money"] == pytest.approx(90)
    assert health["change"] is None
    assert health["own"] is None
