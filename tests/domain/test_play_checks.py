"""What keeps a play from being launched: it never ends, holds all out, begins itself through others."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.domain.play_checks import Changing, changing, circle, problems
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
        ({"trigger": {"schedule": {"every": "day"}}}, "enters_once", False),
        (
            {"steps": [{"id": "x", "do": "split", "paths": [{"share": 100, "steps": []}]}]},
            "empty_paths",
            False,
        ),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], code: str, stops: bool) -> None:
    assert [each.code for each in problems(parse(PLAY))] == []
    found = {each.code: each.stops for each in problems(parse({**PLAY, **change}))}
    assert found.get(code) is stops


def test_service_holds_nobody_out_by_itself() -> None:
    assert parse({**PLAY, "purpose": "service"}).hold_out == 0
    assert parse(PLAY).hold_out == 0.1


def test_circles_over_traits_and_segments_are_found_and_their_way_is_told() -> None:
    own = changing(parse(PLAY))
    assert own == Changing("a", frozenset({"tier"}), "one")
    assert circle(own, [], SEGMENTS) == ("a", "a")
    first = Changing("a", frozenset({"plan"}), "one")
    second = Changing("b", frozenset({"tier"}), "two")
    assert circle(first, [second], SEGMENTS) == ("a", "b", "a")
    assert circle(first, [Changing("b", frozenset({"city"}), "two")], SEGMENTS) == ()
    assert circle(Changing("a", frozenset({"tier"}), "three"), [second], SEGMENTS) == ()
