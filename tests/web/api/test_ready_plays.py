"""G1 through the API: the library of ready plays is read, and a play of it taken over as a draft."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from holdfast.services.act.plays import library
from holdfast.settings import Settings
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_rights import person

Make = Callable[..., Program]
KEY = "rescue_failed_payment"


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def test_g1_a_ready_play_is_taken_over_once(program: Make, served: Settings) -> None:
    call = program("admin", acts_for=person(served, "manager"))
    listed = said(call("GET", "/ready-plays"))["items"]
    assert [each["key"] for each in listed] == [each.key for each in library.every()]
    (one,) = [each for each in listed if each["key"] == KEY]
    assert (one["signal"], one["meets"], one["taken"]) == ("payment_failed", ["C8"], False)
    assert said(call("GET", f"/ready-plays/{KEY}"))["content"]["trigger"] == {"signal": "payment_failed"}
    made = said(call("POST", f"/ready-plays/{KEY}"), 201)
    assert (made["key"], made["state"], made["title"]) == (KEY, "draft", one["title"])
    assert said(call("GET", f"/plays/{KEY}/problems"))["items"] != [], "fields that nobody has are told"
    assert not any(each["stops"] for each in said(call("GET", f"/plays/{KEY}/problems"))["items"])
    (one,) = [each for each in said(call("GET", "/ready-plays"))["items"] if each["key"] == KEY]
    assert one["taken"]
    problem(call("POST", f"/ready-plays/{KEY}"), 422, "key_taken")


def test_who_only_reads_takes_nothing_over(program: Make, served: Settings) -> None:
    call = program("admin", acts_for=person(served, "read_only"))
    problem(call("POST", f"/ready-plays/{KEY}"), 403, "not_allowed")
    problem(call("GET", "/ready-plays/nothing"), 404, "no_such_ready_play")
