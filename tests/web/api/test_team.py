"""The team through the API (M1, M2): outcomes, value at risk, handing over, report, scripts, practice."""

from __future__ import annotations

from collections.abc import Callable

from brought import subject
from holdfast.settings import Settings
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_reports import said
from web.api.test_rights import person

Make = Callable[..., Program]


def test_m1_a_call_is_made_with_a_script_ended_and_tried_again(program: Make, served: Settings) -> None:
    call = program("write", acts_for=person(served, "manager"))
    unit = subject(served, "c1")
    new = {"title": "Call", "kind": "call", "customer_id": unit, "script": "check_in"}
    task = said(call("POST", "/tasks", new), 201)
    assert task["script"] == "check_in"
    problem(call("POST", "/tasks", new | {"script": "no_such"}), 404, "no_such_script")
    at = f"/tasks/{task['id']}"
    problem(call("POST", f"{at}/came", {"outcome": "sold"}), 422, "does_not_fit")
    ended = said(call("POST", f"{at}/came", {"outcome": "bad_day", "try_again_days": 2, "minutes": 3}))
    assert (ended["task"]["outcome"], ended["task"]["minutes"]) == ("bad_day", 3)
    again = said(call("GET", f"/tasks/{ended['again_id']}"))
    assert (again["state"], again["script"]) == ("open", "check_in")
    problem(call("POST", f"{at}/came", {"outcome": "reached"}), 409, "moved_on")
    listed = said(call("GET", "/tasks?sort=value_at_risk&state=snoozed"))
    assert [each["id"] for each in listed["items"]] == [ended["again_id"]]


def test_m1_work_is_handed_over_and_reported(program: Make, served: Settings) -> None:
    call = program("write", acts_for=person(served, "manager"))
    agent = person(served, "agent")
    found = {each["name"]: each["person_id"] for each in said(call("GET", "/team/workload"))["items"]}
    taker = next(number for name, number in found.items() if name == agent or number is not None)
    task = said(call("POST", "/tasks", {"title": "Call", "kind": "call"}), 201)["id"]
    given = said(call("POST", f"/tasks/{task}/hand-over", {"owner_id": taker, "note": "Mornings"}))
    assert given["owner_id"] == taker
    history = said(call("GET", f"/tasks/{task}/history"))["items"]
    assert (history[-1]["what"], history[-1]["text"]) == ("assigned", "Mornings")
    other = next(number for number in found.values() if number not in (taker, None))
    handed = said(call("POST", "/team/hand-over", {"from_id": taker, "to_id": other}))
    assert handed == {"tasks": 1, "cases": 0}
    problem(call("POST", "/team/hand-over", {"from_id": taker, "to_id": taker}), 404, "no_such_person")
    said(call("POST", f"/tasks/{task}/came", {"outcome": "helped"}))
    (week,) = said(call("GET", "/team/report"))["weeks"]
    said(call("POST", "/tasks", {"title": "Write", "kind": "message"}), 201)
    assert said(call("POST", "/team/share-out")) == {"tasks": 1}
    assert said(call("POST", "/team/share-out")) == {"tasks": 0}
    assert (week["calls_and_visits"], week["spoken"], week["outcomes"]) == (1, 1, {"helped": 1})
    problem(program("write", acts_for=agent)("GET", "/team/report"), 403, "not_allowed")


def test_m2_scripts_and_practice_are_kept_through_the_api(program: Make, served: Settings) -> None:
    call = program("write", acts_for=person(served, "manager"))
    assert [each["key"] for each in said(call("GET", "/scripts"))["items"]][:2] == ["apology", "check_in"]
    words = {"language": "en", "title": "Sorry", "text": "I am sorry", "number": 0}
    assert said(call("PATCH", "/scripts/apology", words))["number"] == 1
    problem(call("PATCH", "/scripts/apology", words), 409, "moved_on")
    assert call("DELETE", "/scripts/apology").status_code == 204
    problem(call("DELETE", "/scripts/apology"), 404, "not_found")
    made = said(call("POST", "/scripts", {"language": "en", "title": "Open house", "text": "Come in"}), 201)
    assert said(call("GET", f"/scripts/{made['key']}"))["words"]["en"]["text"] == "Come in"
    problem(call("GET", "/scripts/nothing"), 404, "not_found")
    asked = {"title": "How long?", "choices": ["30 days", "14 days"], "right": 0}
    note = said(call("POST", "/team/practice", asked), 201)
    problem(call("POST", "/team/practice", asked | {"right": 5}), 422, "bad_question")
    assert said(call("GET", "/team/practice"))["items"] == [note]
    assert call("DELETE", f"/team/practice/{note['id']}").status_code == 204
