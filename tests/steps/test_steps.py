"""Every step: its options are read strictly, its form is whole, and it decides as it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from holdfast.domain import plays as p
from holdfast.domain.effects import AskTouch, Grant, MakeTask, Notify, SetTrait
from holdfast.domain.expression import Expression, Scalar
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.written_plays import parse
from holdfast.registry import parts
from holdfast.steps.contract import (
    Do,
    End,
    Go,
    Moment,
    Skip,
    Step,
    Wait,
    fields_of,
    options_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
STEPS: dict[str, Step] = {name: cast(Step, part.declared) for name, part in parts("steps").items()}
WRITTEN: dict[str, dict[str, Any]] = {
    "message": {"content": {"en": {"subject": "Hello", "text": "How are you?"}}},
    "survey": {"content": {"en": {"text": "Hello", "question": "How was it?"}}},
    "newsletter": {},
    "wait": {"days": 3},
    "branch": {},
    "split": {},
    "end": {},
    "task": {"title": "Look into it"},
    "call": {"title": "Ask why", "script": "Good morning"},
    "needs_assessment": {"title": "What is needed", "questions": "How often?"},
    "offer": {"amount": 10, "reason": "late"},
    "points": {"amount": 100, "reason": "late"},
    "extension": {"amount": 14, "reason": "late"},
    "credit": {"amount": 1_500, "currency": "EUR", "reason": "late"},
    "notify": {"title": "Look"},
    "change_trait": {"trait": "tier", "value": "gold"},
    "webhook": {"say": "pause_ads"},
}


@dataclass
class Customer:
    """A customer as a step sees one."""

    unit_id: int = 7
    language: str = "en"
    zone: tzinfo = BERLIN
    open_cases: int = 0
    rule: bool = False
    heard: Mapping[str, int] = field(default_factory=dict)
    traits: Mapping[str, Scalar] = field(default_factory=dict)
    channels: tuple[str, ...] = ("email", "phone")
    drawn: float = 0.5
    no_calls: bool = False

    def holds(self, rule: Expression) -> bool:
        return self.rule

    def happened(self, name: str, since_us: int) -> int | None:
        at = self.heard.get(name)
        return at if at is not None and at >= since_us else None

    def trait(self, name: str) -> Scalar | None:
        return self.traits.get(name)

    def reaches(self, channel: str) -> bool:
        return channel in self.channels

    def place(self, salt: str) -> float:
        return self.drawn


def us(*at: int) -> int:
    return microseconds(datetime(*at, tzinfo=UTC))  # type: ignore[misc,arg-type]


MONDAY = us(2026, 3, 2, 12)
HOUR, DAY = 3_600_000_000, 86_400_000_000


def decide(
    do: str, customer: Customer, now_us: int = MONDAY, step: p.PlayStep | None = None, **written: Any
) -> Any:
    found = STEPS[do]
    options = options_of(found, {**WRITTEN[do], **written}, "play.steps[0]")
    return found.decide(customer, options, Moment(now_us, MONDAY, MONDAY), step or p.PlayStep("s1", do))


def test_g1_every_step_has_an_example_here_and_a_whole_form() -> None:
    assert set(STEPS) == set(WRITTEN)
    for name, step in STEPS.items():
        assert step.name == name
        options_of(step, WRITTEN[name], "play.steps[0]")
        for each in fields_of(step):
            assert str(each.label), (name, each.name)
            assert (each.kind == "choice") == bool(each.choices)


@pytest.mark.parametrize(
    ("do", "written", "place"),
    [
        ("message", {"colour": "red"}, "at"),
        ("message", {"template": "both"}, "at"),
        ("message", {"content": {"en": {"subject": "x"}}}, "at.content.en"),
        ("message", {"channel": "pigeon"}, "at"),
        ("wait", {"days": 0}, "at"),
        ("wait", {"days": True}, "at"),
        ("wait", {"at": "25:00"}, "at.at"),
        ("wait", {"at": "²:30"}, "at.at"),
        ("wait", {"days": -1}, "at"),
        ("wait", {"until": {"trait": "a"}}, "at.until"),
        ("task", {"title": ""}, "at.title"),
        ("task", {"priority": 9}, "at"),
        ("credit", {"currency": "euro"}, "at.currency"),
        ("points", {"amount": -5}, "at"),
        (
            "message",
            {"content": {"en": {"subject": "x", "text": "half of a letter: \ud83d"}}},
            "at.content.en",
        ),
        ("offer", {"amount": 101}, "at"),
        ("notify", {"whom": ""}, "at.whom"),
        ("webhook", {"say": ""}, "at.say"),
        ("end", {"why": "because"}, "at"),
    ],
)
def test_g1_options_that_mean_nothing_are_refused_with_their_place(
    do: str, written: dict[str, Any], place: str
) -> None:
    with pytest.raises(Refusal) as refused:
        options_of(STEPS[do], {**WRITTEN[do], **written}, "at")
    assert refused.value.found.values["place"] == place


def test_a_message_takes_the_channels_that_reach_the_customer() -> None:
    done = decide("message", Customer(channels=("email", "telegram")))
    assert done == Do((AskTouch(("email", "telegram"), WRITTEN["message"]["content"]),))
    assert isinstance(decide("message", Customer(channels=("phone",))), Skip)
    assert isinstance(decide("message", Customer(channels=("email",)), channel="telegram"), Skip)


def test_waiting_ends_with_the_time_the_event_or_the_rule() -> None:
    assert decide("wait", Customer()) == Wait(MONDAY + 3 * DAY)
    assert isinstance(decide("wait", Customer(), MONDAY + 3 * DAY), Go)
    assert decide("wait", Customer(), event="Order Completed") == Wait(MONDAY + 3 * DAY, "Order Completed")
    for heard, goes in ((MONDAY - 1, False), (MONDAY, True)):
        found = decide("wait", Customer(heard={"Order Completed": heard}), event="Order Completed")
        assert isinstance(found, Go) is goes
    rule = {"trait": "plan", "is": "gold"}
    assert decide("wait", Customer(), until=rule) == Wait(MONDAY + DAY), "it asks again tomorrow"
    assert isinstance(decide("wait", Customer(rule=True), until=rule), Go)


def test_g1_waiting_for_an_hour_is_by_the_customers_clock_in_a_night_in_which_clocks_change() -> None:
    assert decide("wait", Customer(), days=0, at="09:00") == Wait(us(2026, 3, 3, 8)), "nine in Berlin"
    assert decide("wait", Customer(), days=26, at="02:30") == Wait(us(2026, 3, 29, 1, 30)), (
        "02:30 is skipped that night: as much later"
    )
    assert decide("wait", Customer(), days=26, hours=20, at="02:30") == Wait(us(2026, 3, 30, 0, 30))
    howe = Customer(zone=ZoneInfo("Australia/Lord_Howe"))  # clocks change by half an hour
    assert decide("wait", howe, days=215, at="02:15") == Wait(us(2026, 10, 3, 15, 45)), "02:15 is left out"
    assert decide("wait", howe, days=216, at="02:15") == Wait(us(2026, 10, 4, 15, 15))
    assert decide("wait", howe, days=397, at="01:45") == Wait(us(2027, 4, 3, 14, 45)), "and here twice"
    assert decide("wait", howe, days=398, at="01:45") == Wait(us(2027, 4, 4, 15, 15))
    assert decide("wait", Customer(), days=4, at="09:00", on="working") == Wait(us(2026, 3, 9, 8)), (
        "not on Saturday and Sunday"
    )
    assert decide("wait", Customer(), days=5, on="working") == Wait(us(2026, 3, 9, 12))


def _play(step: dict[str, Any]) -> p.PlayStep:
    return parse({"key": "k", "title": "t", "trigger": {"by_hand": True}, "steps": [step]}).steps[0]


def test_ways_part_by_rule_by_event_and_for_all_others() -> None:
    step = _play(
        {
            "id": "b",
            "do": "branch",
            "paths": [
                {"when": {"trait": "plan", "is": "gold"}, "steps": []},
                {"happened": "Message Received", "steps": []},
            ],
            "else": [],
        }
    )
    assert decide("branch", Customer(rule=True), step=step).path == 0
    assert decide("branch", Customer(heard={"Message Received": MONDAY + 1}), step=step).path == 1
    assert decide("branch", Customer(heard={"Message Received": MONDAY - 1}), step=step).path == 2


def test_a_split_takes_each_customer_by_their_place() -> None:
    paths = [{"share": share, "steps": []} for share in (30, 70)]
    step = _play({"id": "x", "do": "split", "paths": paths})
    for drawn, path in ((0.0, 0), (0.2999, 0), (0.3, 1), (0.9999, 1)):
        assert decide("split", Customer(drawn=drawn), step=step).path == path


def test_what_others_are_asked_to_do() -> None:
    ours = {each: cast(Do, decide(each, Customer())).effects for each in ("task", "call", "needs_assessment")}
    assert all(isinstance(effects[0], MakeTask) for effects in ours.values())
    assert isinstance(decide("call", Customer(channels=("email",))), Skip)
    by_hand = cast(Do, decide("call", Customer(channels=("email",)), no_number="write")).effects
    assert [each.kind for each in by_hand if isinstance(each, MakeTask)] == ["message"]
    for do, unit in (("points", "points"), ("extension", "days"), ("credit", "money"), ("offer", "percent")):
        (grant,) = decide(do, Customer()).effects
        assert isinstance(grant, Grant) and grant.unit == unit and grant.reason == "late"
        assert grant.task is not None and grant.task.kind == "offer"
    assert decide("credit", Customer()).effects[0].task.title == "15.00 EUR"
    assert decide("notify", Customer()).effects == (Notify("owner", "Look", ""),)
    assert decide("change_trait", Customer()).effects == (SetTrait("tier", "gold"),)
    assert isinstance(decide("change_trait", Customer(traits={"tier": "gold"})), Go)
    assert decide("end", Customer()) == End()
