"""F5, F7, F8, H5 through the API: a change is entered, corrected, its play made; what came of it is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from holdfast.settings import Settings
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_rights import person
from web.history import Happened, Person, bring, unit_of
from web.pages.test_customers import stand

Make = Callable[..., Program]
EFFECT = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
ANA = Person("c-1", "Ana Popescu", (Happened("2024-03-11T08:00", "Signed Up"),))


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content) if answer.content else None


def test_f7_a_change_is_entered_and_its_play_made(program: Make, served: Settings) -> None:
    bring(served, ANA)
    stand(unit_of("c-1"), "Ana Popescu", country="RO", yearly_minor=12_000)
    call = program("admin", acts_for=person(served, "manager"))
    rule = said(call("GET", "/change-proposal?kind=process"))["rule"]
    assert rule["fact"] == "state"
    body = {"kind": "process", "title": "Another office", "effect_on": EFFECT, "rule": rule}
    made = said(call("POST", "/changes", body), 201)
    change = made["change"]
    assert (change["key"], change["concerned"]) == ("another-office", 1)
    assert change["yearly"]["amount_minor"] == 12_000
    assert (change["stage"], change["days_late"]) == ("entered", 0)
    assert made["customer_ids"] == [unit_of("c-1")]
    words = {"en": {"what_changes": "You find us in another street."}}
    changed = said(call("PUT", "/changes/another-office", body | {"words": words}))
    assert changed["change"]["words"] == words
    play = said(call("POST", "/changes/another-office/play"), 201)
    assert (play["key"], play["state"]) == ("change_another-office", "draft")
    found = said(call("POST", "/changes/another-office/find"))
    assert found["change"]["stage"] == "prepared"
    assert [each["key"] for each in said(call("GET", "/changes"))["items"]] == ["another-office"]
    assert found["later"] == 0
    problem(call("POST", "/changes/another-office/tell-later"), 422, "nobody_later")
    assert call("DELETE", "/changes/another-office").status_code in (200, 204)
    problem(call("GET", "/changes/another-office"), 404, "no_such_change")


def test_what_is_wrong_is_said_and_who_reads_enters_nothing(program: Make, served: Settings) -> None:
    call = program("admin", acts_for=person(served, "manager"))
    problem(call("POST", "/changes", {"kind": "price", "title": "More"}), 422, "bad_change")
    reads = program("admin", acts_for=person(served, "read_only"))
    problem(reads("POST", "/changes", {"kind": "fix", "title": "Mended"}), 403, "not_allowed")
    assert said(reads("GET", "/changes"))["items"] == []
