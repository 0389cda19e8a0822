"""Plays as a tree and as JSON: written as they were read, what is wrong is said with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from holdfast.domain import plays as p
from holdfast.domain.refusals import Refusal
from holdfast.domain.written_plays import as_json, parse, read_play

RULE = {"trait": "plan", "is": "gold"}
FULL: dict[str, Any] = {
    "key": "rescue_failed_payment",
    "title": "Rescue a failed payment",
    "description": "Ask kindly for another card.",
    "purpose": "service",
    "topic": "offers",
    "priority": 8,
    "trigger": {"signal": "payment_failed", "strength": 0.3},
    "audience": {"fact": "state", "is": "active"},
    "steps": [
        {"id": "s1", "do": "wait", "days": 2},
        {
            "id": "b",
            "do": "branch",
            "paths": [
                {"when": RULE, "steps": [{"id": "call", "do": "task", "title": "Call"}]},
                {"happened": "Payment Succeeded", "steps": [{"id": "over", "do": "end"}]},
            ],
            "else": [{"id": "mail", "do": "message", "content": {"en": {"subject": "a", "text": "b"}}}],
        },
        {
            "id": "c",
            "do": "split",
            "paths": [
                {"share": 50, "steps": []},
                {"share": 50, "steps": [{"id": "p", "do": "points", "amount": 5}]},
            ],
        },
        {"id": "last", "do": "end"},
    ],
    "goal": {"event": "Payment Succeeded", "days": 14},
    "exits": ["left", {"event": "Subscription Cancelled"}, {"segment": "staff"}],
    "re_entry": {"after_days": 90},
    "budget": {"per": "month", "amount_minor": 50_000, "currency": "EUR", "touches": 500},
    "hold_out": 0.1,
    "ends_on": "2027-01-31",
    "follow_days": 60,
}
TRIGGERS: list[dict[str, Any]] = [
    {"signal": "gone_quiet"},
    {"risk": 0.6},
    {"health": 40},
    {"segment_entered": "best"},
    {"segment_left": "best"},
    {"event": "Order Completed", "where": {"code": ["a", "b"]}},
    {"date": "renewal_date", "days": -30, "at": "08:15"},
    {"date": "birthday", "days": 0, "at": "09:00", "yearly": True},
    {"schedule": {"every": "week", "on": 2, "at": "09:00"}},
    {"by_hand": True},
    {"broadcast": {"at": None}},
    {"broadcast": {"at": "2026-03-01T09:00"}},
]


def test_a_play_is_written_as_it_was_read() -> None:
    assert as_json(parse(FULL)) == FULL
    assert parse(as_json(parse(FULL))) == parse(FULL) == read_play(json.dumps(FULL))


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda each: next(iter(each)))
def test_every_trigger_is_written_as_it_was_read(trigger: dict[str, Any]) -> None:
    assert as_json(parse({**FULL, "trigger": trigger}))["trigger"] == trigger


def test_a_path_that_ends_goes_on_behind_its_step() -> None:
    places = p.places(parse(FULL))
    assert places["s1"].behind == "b"
    assert places["b"].into == ("call", "over", "mail") and places["b"].behind == "c"
    assert places["call"].behind == places["mail"].behind == "c"
    assert places["c"].into == ("last", "p"), "a path without steps leads behind at once"
    assert places["p"].behind == "last" and places["last"].behind == ""
    assert places["b"].next_of(1) == "over" and places["b"].next_of(None) == "c"
    assert [step.id for step in p.steps_of(parse(FULL))] == list(
        ["s1", "b", "call", "over", "mail", "c", "p", "last"]
    )


def test_what_a_play_listens_to() -> None:
    play = parse(FULL)
    assert p.events_in(play) == {"Payment Succeeded", "Subscription Cancelled"}
    assert len(list(p.rules_in(play))) == 3


def _with(path: str, value: object) -> dict[str, Any]:
    """FULL with another value at ``path``."""
    found: Any = json.loads(json.dumps(FULL))
    *way, last = [int(each) if each.isdigit() else each for each in path.split(".")]
    inner = found
    for each in way:
        inner = inner[each]
    inner[last] = value
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("colour", "red", "play"),
        ("key", "Über", "play.key"),
        ("title", "", "play"),
        ("title", "half of a letter: \ud83d", "play"),
        ("purpose", "spam", "play"),
        ("priority", 10, "play"),
        ("hold_out", 1.5, "play"),
        ("ends_on", "soon", "play.ends_on"),
        ("follow_days", 3, "play"),
        ("trigger", {"signal": "a", "risk": 0.5}, "play.trigger"),
        ("trigger", {"event": "Ordered", "where": {"colour": ["red"]}}, "play.trigger.where"),
        ("trigger", {"schedule": {"every": "month", "on": 31}}, "play.trigger.schedule"),
        ("trigger", {"broadcast": {"at": "soon"}}, "play.trigger.broadcast"),
        ("trigger", {"broadcast": {"at": "9999-12-31T23:59"}}, "play.trigger.broadcast"),
        ("ends_on", "0001-01-01", "play.ends_on"),
        ("hold_out", float("nan"), "play"),
        ("steps", [], "play.steps"),
        ("steps.3.id", "s1", "play.steps[3].id"),
        ("steps.0.paths", [], "play.steps[0]"),
        ("steps.1.paths.0.when", {"trait": "plan"}, "play.steps[1].paths[0].when"),
        ("steps.1.paths.0.happened", "X", "play.steps[1].paths[0]"),
        ("steps.2.paths.0.share", 49, "play.steps[2].paths"),
        ("goal", {"days": 3}, "play.goal"),
        ("exits.0", "bored", "play.exits[0]"),
        ("exits.2", {"any": [{"segment": ""}]}, "play.exits[2].any[0]"),
        ("re_entry", {"never": False}, "play.re_entry"),
        ("budget", {"per": "all"}, "play.budget"),
        ("budget", {"amount_minor": 5}, "play.budget.currency"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(path: str, value: object, place: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(_with(path, value))
    assert refused.value.code == "bad_play"
    assert refused.value.found.values["place"] == place


def test_200_steps_are_a_play_and_one_more_is_none() -> None:
    steps = [{"id": f"s{number}", "do": "end"} for number in range(201)]
    assert len(p.places(parse({**FULL, "steps": steps[:200]}))) == 200
    with pytest.raises(Refusal, match="at most 200 steps"):
        parse({**FULL, "steps": steps})


def test_titles_are_right_to_left_and_come_back_as_they_were() -> None:
    title = "\u200fنوروز\u200f: «یک هدیه»\u200e 2026"
    assert as_json(parse({**FULL, "title": title}))["title"] == title


def test_what_is_no_json_is_refused() -> None:
    for written in ("{", "[]", "[" * 100_000):
        with pytest.raises(Refusal, match="cannot be used at play"):
            read_play(written)
