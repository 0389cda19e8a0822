"""What keeps a play from being launched: it never ends, holds all out, begins itself through others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from holdfast.domain.play_checks import Changing, changing, circle, late, problems
from holdfast.domain.written_expressions import parse as rule
from holdfast.domain.written_plays import parse

PLAY: dict[str, Any] = {
    "key": "a",
    "title": "A",
    "trigger": {"segment_entered": "one"},
    "steps": [{"id": "s", "do": "change_trait", "trait": "tier", "value": "gold"}],
    "goal": {"event": "Order Completed", "days": 30},
    "exits": ["left"],
}
CREDIT = {"id": "c", "do": "credit", "amount": 1_000, "currency": "EUR", "reason": "late"}
SEGMENTS = {
    "one": rule({"trait": "tier", "is": "gold"}),
    "two": rule({"all": [{"segment": "one"}, {"trait": "plan", "known": True}]}),
    "three": rule({"trait": "city", "known": True}),
}


@pytest.mark.parametrize(
    ("change", "code", "stops"),
    [
        ({"hold_out": 1}, "all_held_out", True),
        ({"hold_out": 0.6}, "many_held_out", False),
        ({"hold_out": 0}, "nobody_held_out", False),
        ({"purpose": "service", "hold_out": 0.1}, "service_held_out", True),
        ({"goal": None, "exits": []}, "no_end", True),
        ({"goal": None}, "no_goal", False),
        ({"trigger": {"event": "Play Ended"}}, "circle", True),
        ({"trigger": {"event": "Touch Would Send"}}, "circle", True),
        ({"budget": {"amount_minor": 999, "currency": "EUR"}, "steps": [CREDIT]}, "over_budget", True),
        ({"budget": {"amount_minor": 9_999, "currency": "USD"}, "steps": [CREDIT]}, "other_currency", True),
        ({"trigger": {"schedule": {"every": "day"}}}, "enters_once", False),
        (
            {"steps": [{"id": "x", "do": "split", "paths": [{"share": 100, "steps": []}]}]},
            "empty_paths",
            False,
        ),
    ],
)
def test_g1_what_is_wrong_is_named(change: dict[str, Any], code: str, stops: bool) -> None:
    assert [each.code for each in problems(parse(PLAY))] == []
    found = {each.code: each.stops for each in problems(parse({**PLAY, **change}))}
    assert found.get(code) is stops


def test_service_holds_nobody_out_by_itself() -> None:
    assert parse({**PLAY, "purpose": "service"}).hold_out == 0
    assert parse(PLAY).hold_out == 0.1


def test_a_budget_that_can_pay_is_no_problem() -> None:
    enough = {"budget": {"amount_minor": 1_000, "currency": "EUR"}, "steps": [CREDIT]}
    assert problems(parse({**PLAY, **enough})) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"ends_on": "2026-10-04"}, []),
        ({"ends_on": "2026-10-03"}, [("over_already", True)]),
        ({"trigger": {"broadcast": {"at": "2026-10-04T02:46"}}}, []),
        ({"trigger": {"broadcast": {"at": "2026-10-04T01:59"}}}, [("moment_past", False)]),
        ({"trigger": {"broadcast": {"at": "2026-10-03T15:46+00:00"}}}, []),
        ({"trigger": {"broadcast": {"at": "2026-10-03T15:44+00:00"}}}, [("moment_past", False)]),
        (
            {"trigger": {"broadcast": {"at": "2026-10-06T09:00"}}, "ends_on": "2026-10-05"},
            [("over_before", True)],
        ),
    ],
)
def test_days_and_moments_that_are_past_are_said(
    change: dict[str, Any], found: list[tuple[str, bool]]
) -> None:
    zone = ZoneInfo("Australia/Lord_Howe")  # clocks went from 02:00 to 02:30 a moment ago
    now = datetime(2026, 10, 3, 15, 45, tzinfo=UTC)
    assert [(each.code, each.stops) for each in late(parse({**PLAY, **change}), now, zone)] == found


def test_g1_loops_over_events_that_follow_from_messages_are_found_where_customers_enter_again() -> None:
    writes = {"steps": [{"id": "m", "do": "message", "content": {"en": {"subject": "a", "text": "b"}}}]}
    begun = {"trigger": {"event": "Message Delivered"}, "re_entry": {"after_days": 1}}
    own = changing(parse({**PLAY, **writes, **begun}))
    assert circle(own, [], SEGMENTS) == ("a", "a")
    assert circle(changing(parse({**PLAY, **writes, **begun, "re_entry": {"never": True}})), [], {}) == ()
    assert circle(changing(parse({**PLAY, **begun})), [], {}) == (), "it writes nothing"
    opened = {**PLAY, **writes, **begun, "trigger": {"event": "Email Opened"}}
    assert circle(changing(parse(opened)), [], {}) == (), "that is for the customer to do"
    marks = changing(parse({**PLAY, **begun, "key": "b"}))
    answers = changing(parse({**PLAY, **writes}))
    assert circle(marks, [answers], SEGMENTS) == ("b", "a", "b"), "one marks whom the other writes to"


def test_g1_loops_over_traits_and_segments_are_found_and_their_way_is_told() -> None:
    own = changing(parse(PLAY))
    assert (own.changes, own.begins_by, own.event, own.writes) == (frozenset({"tier"}), "one", "", False)
    assert circle(own, [], SEGMENTS) == ("a", "a")
    first = Changing("a", frozenset({"plan"}), "one")
    second = Changing("b", frozenset({"tier"}), "two")
    assert circle(first, [second], SEGMENTS) == ("a", "b", "a")
    assert circle(first, [Changing("b", frozenset({"city"}), "two")], SEGMENTS) == ()
    assert circle(Changing("a", frozenset({"tier"}), "three"), [second], SEGMENTS) == ()
