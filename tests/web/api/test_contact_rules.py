"""G3: contact rules and pauses of customers in the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from holdfast.settings import Settings
from holdfast.store import sql
from services.act.people import NOW_US, known, touch
from web.api.conftest import Program
from web.api.test_calls import problem

Make = Callable[..., Program]


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


RULES: dict[str, Any] = {
    "caps": [{"channel": "", "per": "week", "most": 2}],
    "quiet": [{"channel": "email", "start": "22:30", "end": "07:00", "service": False}],
    "floor_days": None,
    "weekends": True,
    "holidays": False,
    "service_counts": False,
    "lapse_days": 10,
}


def test_g3_contact_rules_are_read_tried_and_decided(program: Make, served: Settings) -> None:
    from holdfast.store import outbox

    admin = program("admin")
    assert said(admin("GET", "/contact-rules"))["caps"][0] == {"channel": "", "per": "day", "most": 1}
    for number in range(3):
        outbox.ask(served, touch(known(served), key=f"m{number}"), now_us=NOW_US)
    sql.write("UPDATE touch SET state = 'sent', changed_us = %s", (NOW_US,))
    plain = RULES | {"quiet": [], "holidays": True}
    tried = said(admin("POST", "/contact-rules/try", plain))
    assert tried == {"messages": 3, "held": 1, "because": {"cap": 1}}
    assert said(admin("PUT", "/contact-rules", RULES)) == RULES
    assert said(admin("GET", "/contact-rules")) == RULES
    assert said(admin("GET", "/contact-rules/months"))["items"][0]["sent"] == 3
    twice = RULES | {"caps": [*RULES["caps"], *RULES["caps"]]}
    problem(admin("PUT", "/contact-rules", twice), 422, "bad_rules")
    problem(admin("PUT", "/contact-rules", RULES | {"lapse_days": 0}), 422, "does_not_fit")
    problem(program("write")("PUT", "/contact-rules", RULES), 403, "wrong_scope")


def test_g3_offers_to_a_customer_pause_and_go_again(program: Make, served: Settings) -> None:
    call, ann = program("write"), known(served)
    at = f"/customers/{ann}/pause"
    assert said(call("GET", at))["until"] is None
    until = date.today() + timedelta(days=20)
    paused = said(call("PUT", at, {"until": until.isoformat(), "why": "on holiday"}))
    assert paused["until"].startswith(until.isoformat())
    assert (paused["asked"], paused["why"]) == (True, "on holiday")
    problem(call("PUT", at, {"until": "2020-01-01"}), 422, "bad_day")
    assert said(call("DELETE", at))["until"] is None
    problem(program("read")("DELETE", at), 403, "wrong_scope")
