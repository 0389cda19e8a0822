"""The truth about plays: the company against its twin that nobody approached."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from holdfast.simulate.effects import TrueEffect, true_effect
from holdfast.simulate.people import Response
from holdfast.simulate.scenario import usual_scenario
from holdfast.simulate.touches import Touch
from holdfast.simulate.world import World

pytestmark = pytest.mark.long

DAYS, CALLED_ON, HORIZON = 130, 60, 60


def two_worlds(*, called_each: int) -> tuple[World, World, np.ndarray[Any, Any]]:
    """A company of which every other customer is called every so many days, and its twin."""
    world, twin = (World(usual_scenario(seed=11, customers=900, days=DAYS)) for _ in range(2))
    called = np.array([], np.int64)
    for day in range(DAYS):
        touches: list[Touch] = []
        if day >= CALLED_ON and (day - CALLED_ON) % called_each == 0:
            if not len(called):
                called = np.sort(world.people.person[world.people.present()])[::2].astype(np.int64)
            touches = [Touch("call", int(person)) for person in called]
        world.step(touches=touches)
        twin.step()
    return world, twin, called


@pytest.fixture(scope="module")
def lived() -> tuple[World, World, np.ndarray[Any, Any]]:
    return two_worlds(called_each=5)


def test_g7_the_twin_says_what_calls_did(lived: tuple[World, World, np.ndarray[Any, Any]]) -> None:
    world, twin, called = lived
    response = dict(zip(world.people.person.tolist(), world.people.response.tolist(), strict=True))

    def of(kind: Response | None) -> TrueEffect:
        some = np.array(
            [each for each in called.tolist() if kind is None or response[each] == kind], np.int64
        )
        return true_effect(world, twin, some, np.full(len(some), CALLED_ON), HORIZON)

    everybody = of(None)
    assert everybody.people == len(called)
    assert everybody.difference == (everybody.left - everybody.would_have_left) / len(called)
    persuadable, dog = of(Response.PERSUADABLE), of(Response.SLEEPING_DOG)
    assert persuadable.left < persuadable.would_have_left
    assert dog.left > dog.would_have_left
    assert of(Response.LOST_CAUSE).difference == 0
    others = np.setdiff1d(world.people.person, called).astype(np.int64)
    alone = true_effect(world, twin, others, np.full(len(others), CALLED_ON), HORIZON)
    assert alone.left == alone.would_have_left > 0, "nobody else's life changes"


def test_who_has_not_been_followed_long_enough_does_not_count(
    lived: tuple[World, World, np.ndarray[Any, Any]],
) -> None:
    world, twin, _ = lived
    person = world.people.person[:50].astype(np.int64)
    assert true_effect(world, twin, person, np.full(50, DAYS - HORIZON + 1), HORIZON).people == 0
    none = true_effect(world, twin, person[:0], person[:0], HORIZON)
    assert none.difference is None
    twin.step()
    with pytest.raises(ValueError, match="twin"):
        true_effect(world, twin, person, np.zeros(50, np.int64), HORIZON)
