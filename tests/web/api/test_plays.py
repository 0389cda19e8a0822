"""G1 through the API: plays are kept, launched, tried dry, rehearsed; enrolments and grants are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from holdfast.settings import Settings
from holdfast.store import sql
from playing import a_play, after, go, launched
from services.act.people import known
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_rights import person
from web.pages.test_plays import entered

Make = Callable[..., Program]
PLAY = a_play(
    goal={"event": "Order Completed", "days": 30},
    steps=[*a_play()["steps"], {"id": "p", "do": "points", "amount": 50, "reason": "late", "whom": ""}],
)


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def test_g1_a_play_is_made_launched_and_walked(program: Make, served: Settings) -> None:
    ann = known(served)
    call = program("admin", acts_for=person(served, "manager"))
    made = said(call("POST", "/plays", {"content": PLAY}), 201)
    assert (made["key"], made["state"], made["number"]) == ("hello", "draft", 1)
    problem(call("POST", "/plays", {"content": PLAY}), 422, "key_taken")
    problem(call("POST", "/plays", {"content": {"key": "x"}}), 422, "bad_play")
    changed = said(call("PUT", "/plays/hello", {"content": PLAY | {"title": "Hi"}, "number": 1}))
    assert (changed["number"], changed["title"]) == (2, "Hi")
    problem(call("PUT", "/plays/hello", {"content": PLAY, "number": 1}), 409, "moved_on")
    assert said(call("GET", "/plays/hello/problems"))["items"] == []
    (version,) = said(call("GET", "/plays/hello/versions"))["items"]
    assert version["content"]["title"] == "Hi"
    problem(call("POST", "/plays/hello/enrolments", {"customer_ids": [ann]}), 409, "not_running")
    assert said(call("POST", "/plays/hello/launch", {"number": 2}))["outcome"] == "running"
    body = {"customer_ids": [ann]}
    assert said(call("POST", "/plays/hello/enrolments", body)) == {"treated": 1, "held_out": 0}
    problem(call("POST", "/plays/hello/enrolments", {"customer_ids": [999_999]}), 404, "no_such_customer")
    go(served, datetime.now(UTC))
    (one,) = said(call("GET", "/plays/hello/enrolments?state=under_way"))["items"]
    assert (one["customer_id"], one["arm"], one["step"]) == (ann, "treated", "")
    told = said(call("GET", f"/enrolments/{one['id']}"))
    assert [(each["step"], each["what"]) for each in told["steps"]] == [("hi", "did"), ("p", "did")]
    assert [each["play"] for each in said(call("GET", f"/customers/{ann}/enrolments"))["items"]] == ["hello"]
    (grant,) = said(call("GET", f"/customers/{ann}/grants"))["items"]
    assert (grant["kind"], grant["amount"], grant["state"]) == ("points", 50, "open")
    booked = said(call("POST", f"/customers/{ann}/grants/{grant['id']}", {"state": "booked"}))
    assert booked["items"][0]["state"] == "booked"
    for path, body, state in (("pause", None, "paused"), ("resume", None, "running"), ("end", {}, "ended")):
        assert said(call("POST", f"/plays/hello/{path}", body))["state"] == state
    problem(call("DELETE", "/plays/hello"), 409, "was_launched")
    assert sql.read("SELECT COUNT(*) FROM touch WHERE key LIKE 'play:%%'", ()) == [(1,)]


def test_g1_dry_runs_rehearsals_and_rules(program: Make, served: Settings) -> None:
    call = program("admin", acts_for=person(served, "manager"))
    said(call("POST", "/plays", {"content": PLAY}), 201)
    assert said(call("POST", "/plays/hello/dry-run"))["about"] == 0
    past = said(call("POST", "/plays/hello/rehearsal", {"days": 30}))
    assert (past["entered"], past["steps"], past["goals"]) == (0, {}, 0)
    problem(call("POST", "/plays/hello/launch/withdraw", {"number": 1}), 409, "not_asked")
    assert {each["name"] for each in said(call("GET", "/plays/steps"))["items"]} >= {
        "message",
        "wait",
        "branch",
    }
    rules = {"hold_out": 0.05, "approve_above": 50}
    assert said(call("PUT", "/plays/rules", rules)) == rules == said(call("GET", "/plays/rules"))
    costs = {"costs": {"sms": 7.0, "task": 400.0}}
    assert said(call("PUT", "/plays/costs", costs)) == costs == said(call("GET", "/plays/costs"))
    assert call("PUT", "/plays/costs", {"costs": {"sms": -1}}).status_code == 422
    assert [each["key"] for each in said(call("GET", "/plays"))["items"]] == ["hello"]
    assert call("DELETE", "/plays/hello").status_code == 204
    problem(call("GET", "/plays/hello"), 404, "no_such_play")


def test_g1_who_may_not_decide_may_not_launch(program: Make, served: Settings) -> None:
    said(program("admin", acts_for=person(served, "manager"))("POST", "/plays", {"content": PLAY}), 201)
    analyst = program("write", acts_for=person(served, "analyst"))
    problem(analyst("POST", "/plays/hello/launch", {"number": 1}), 403, "not_allowed")
    assert program("read")("POST", "/plays", {"content": PLAY}).status_code == 403


def test_whether_a_play_helps_is_told_with_what_it_rests_on(program: Make, served: Settings) -> None:
    call = program("admin", acts_for=person(served, "manager"))
    said(call("POST", "/plays", {"content": PLAY}), 201)
    assert said(call("GET", "/plays/hello/proof"))["verdict"] == "none"
    play, _ = launched(served, PLAY | {"purpose": "marketing", "hold_out": 0.5}, after(days=-300))
    entered(served, play, count=1_000, left={"treated": 20, "held_out": 90})
    told = said(call("GET", "/plays/hello/proof"))
    assert (told["verdict"], told["treated"]["left"], told["held_out"]["left"]) == ("helps", 20, 90)
    assert told["low"] < told["difference"] < told["high"] < 0
    always = told["left_any_time"]
    assert always["level"] == 0.99 and always["low"] < always["difference"] < always["high"]
    assert told["groups"]["problem"] is None and told["groups"]["held_out"] > 400
    assert (told["as_of"], told["profit"], told["truth"]) == (None, None, None), "no run has counted yet"
    assert told["sentences"][0].startswith("It helps: ")


def test_g1_plays_that_make_no_sense_are_refused_with_their_place(program: Make, served: Settings) -> None:
    call = program("admin", acts_for=person(served, "manager"))
    ways = [{"share": 60, "steps": []}, {"share": 60, "steps": []}]
    many = [{"id": f"s{number}", "do": "end"} for number in range(201)]
    for odd, place in (
        ({"steps": [{"id": "w", "do": "wait", "days": 0}]}, "play.steps[0]"),
        ({"steps": [{"id": "w", "do": "wait", "at": "²:30"}]}, "play.steps[0].at"),
        ({"steps": [{"id": "s", "do": "split", "paths": ways}]}, "play.steps[0].paths"),
        ({"steps": many}, "play.steps[200]"),
        ({"steps": [{"id": "p", "do": "points", "amount": -50, "reason": "x"}]}, "play.steps[0]"),
        ({"budget": {"touches": 0}}, "play.budget"),
        ({"hold_out": 1.01}, "play"),
        ({"trigger": {"broadcast": {"at": "0001-01-01T00:00+14:00"}}}, "play.trigger.broadcast"),
    ):
        told = problem(call("POST", "/plays", {"content": PLAY | odd}), 422, "bad_play")
        assert f"at {place}:" in json.dumps(told), odd
    title = "\u202bنوروز\u202c — 你好"
    assert said(call("POST", "/plays", {"content": PLAY | {"title": title}}), 201)["title"] == title
    assert call("POST", "/plays", {"content": PLAY | {"key": "x", "title": "\ud83d"}}).status_code in (
        400,
        422,
    )
    everybody = PLAY | {"key": "all", "purpose": "marketing", "hold_out": 1}
    said(call("POST", "/plays", {"content": everybody}), 201)
    told = problem(call("POST", "/plays/all/launch", {"number": 1}), 409, "cannot_launch")
    assert "Everybody is held out" in json.dumps(told)
    assert call("PUT", "/plays/rules", {"hold_out": 1, "approve_above": 50}).status_code == 422
