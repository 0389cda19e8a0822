"""G3: contact rules as JSON: what is written is read again, and what is no rule is said with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from domain.test_pressure import policies
from holdfast.domain.pressure import USUAL, Policy
from holdfast.domain.refusals import Refusal
from holdfast.domain.written_pressure import read, written


@settings(max_examples=30)
@given(policies)
def test_what_is_written_is_read_again(policy: Policy) -> None:
    once = {(cap.channel, cap.per): cap for cap in policy.caps}
    hours = tuple(each for each in policy.hours if each.quiet.from_minute != each.quiet.until_minute)
    plain = Policy(
        tuple(once.values()),
        hours,
        policy.floor_days,
        policy.weekends,
        policy.holidays,
        policy.service_counts,
        policy.lapse_days,
    )
    assert read(json.loads(json.dumps(written(plain)))) == plain
    assert read(written(USUAL)) == USUAL


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"caps": [{"channel": "pigeon", "per": "day", "most": 1}]}, "caps[0].channel"),
        ({"caps": [{"per": "year", "most": 1}]}, "caps[0].per"),
        ({"caps": [{"per": "day", "most": 0}]}, "caps[0].most"),
        ({"caps": [{"per": "day", "most": True}]}, "caps[0].most"),
        ({"caps": ["one a day"]}, "caps[0]"),
        ({"caps": [{"per": "day", "most": 1}, {"per": "day", "most": 2}]}, "caps"),
        ({"quiet": [{"channel": "email", "start": "8pm", "end": "08:00"}]}, "quiet[0].start"),
        ({"quiet": [{"channel": "email", "start": "20:00", "end": "24:00"}]}, "quiet[0].end"),
        ({"quiet": [{"channel": "email", "start": "20:00", "end": "20:00"}]}, "quiet[0]"),
        ({"quiet": [{"channel": "webhook", "start": "20:00", "end": "21:00"}]}, "quiet[0].channel"),
        ({"quiet": [7]}, "quiet[0]"),
        ({"floor_days": 0}, "floor_days"),
        ({"weekends": "no"}, "weekends"),
        ({"lapse_days": None}, "lapse_days"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_place(wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(wrong)
    assert refused.value.code == "bad_rules"
    assert str(refused.value.found).startswith(f"{place} cannot be")
