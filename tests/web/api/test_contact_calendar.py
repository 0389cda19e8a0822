"""G4, G5: the contact calendar in the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import playing
from holdfast.domain.blocks import Block, Content
from holdfast.domain.written_expressions import parse
from holdfast.services.act.messages import templates as acts
from holdfast.services.collect.segments import define
from holdfast.settings import Settings
from playing import a_play
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_contact_rules import said

Make = Callable[..., Program]
NOW = datetime.now(UTC)
BY: dict[str, Any] = {"by": "niamh@example.com", "now_us": 5}


def test_g4_issues_and_dates_are_planned_and_seen_in_the_calendar(program: Make, served: Settings) -> None:
    trigger = {"schedule": {"every": "month", "on": 10, "at": "10:00"}}
    written = a_play(key="letter", trigger=trigger, steps=[{"id": "i", "do": "newsletter"}])
    playing.launched(served, written, NOW)
    template = acts.make(served, "Tea time", "message", "en", **BY)
    body = template.draft.with_content("en", Content("Tea", "", (Block("text", words="Brew."),)))
    acts.publish(served, acts.keep(served, template, body, **BY), **BY)
    call = program("write")
    first = said(call("GET", "/plays/letter/issues"))["items"][0]
    assert first["template"] is None
    at = f"/plays/letter/issues/{first['day']}"
    assert said(call("PUT", at, {"template": template.key}))["items"][0]["template"] == template.key
    problem(call("PUT", "/plays/letter/issues/2020-01-01", {"template": template.key}), 422, "day_is_past")
    problem(call("PUT", at, {"template": "none"}), 404, "no_such_template")
    day = date.fromisoformat(first["day"])
    made = said(
        call("POST", "/contact-calendar/dates", {"kind": "event", "title": "Fair", "day": str(day)}), 201
    )
    seen = said(call("GET", f"/contact-calendar?since={day}&until={day}"))["items"]
    assert [(each["kind"], each["title"], each["note"]) for each in seen if each["kind"] != "holiday"] == [
        ("own", "Fair", ""),
        ("newsletter", "Say hello", "Issue: Tea time"),
    ]
    assert call("DELETE", f"/contact-calendar/dates/{made['id']}").status_code == 204
    problem(call("DELETE", f"/contact-calendar/dates/{made['id']}"), 404, "not_found")
    late = day + timedelta(days=200)
    problem(call("GET", f"/contact-calendar?since={day}&until={late}"), 422, "bad_days")
    problem(program("read")("PUT", at, {"template": ""}), 403, "wrong_scope")


def test_g4_g5_plans_and_costs_of_greetings_are_read(program: Make, served: Settings) -> None:
    define.create(served, "Some", parse({"fact": "orders", "at_least": 2}), made_by="", now_us=1, key="some")
    playing.launched(served, a_play(key="xmas", title="Xmas", topic="greetings"), NOW)
    call = program("write")
    (line,) = said(call("PUT", "/contact-plan", {"segment": "some", "every_days": 14}))["plan"]
    assert (line["channel"], line["every_days"], line["reached"]) == ("", 14, 0)
    problem(call("PUT", "/contact-plan", {"segment": "none", "every_days": 14}), 422, "bad_plan")
    assert call("DELETE", f"/contact-plan/{line['id']}").status_code == 204
    assert said(call("GET", "/contact-plan"))["plan"] == []
    (cost,) = said(call("GET", "/greetings"))["items"]
    assert (cost["key"], cost["sent"], cost["share"]) == ("xmas", 0, None)
