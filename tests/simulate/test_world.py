"""The company steps day by day, can be stopped and resumed, and nobody's life depends on another's."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies import live, lives
from holdfast.simulate.arrivals import people_by
from holdfast.simulate.people import Kind, Stage
from holdfast.simulate.scenario import usual_scenario
from holdfast.simulate.touches import Touch
from holdfast.simulate.world import World

SCENARIO = usual_scenario(seed=7, customers=400, days=150)
DAYS = 90


@cache
def straight_through() -> dict[str, list[tuple[str, object]]]:
    """Every life of the company, lived without a stop."""
    return lives(live(World(SCENARIO), DAYS))


def test_the_same_seed_gives_the_same_company() -> None:
    assert lives(live(World(SCENARIO), DAYS)) == straight_through()


def test_another_seed_gives_another_company() -> None:
    other = usual_scenario(seed=8, customers=400, days=150)
    assert lives(live(World(SCENARIO), 60)) != lives(live(World(other), 60))


@settings(max_examples=5, deadline=None)
@given(st.integers(1, DAYS - 1))
def test_a_company_resumed_goes_on_as_if_it_had_never_stopped(tmp_path_factory, stop: int) -> None:
    path: Path = tmp_path_factory.mktemp("saved") / "world.npz"
    world = World(SCENARIO)
    before = live(world, stop)
    world.save(path)
    resumed = World.load(path)
    assert lives(before + live(resumed, DAYS - stop)) == straight_through()
    for name, column in world.people.columns().items():
        assert resumed.people.columns()[name].dtype == column.dtype, name


@settings(max_examples=5, deadline=None)
@given(st.sets(st.integers(0, 399), min_size=1, max_size=60))
def test_everyone_lives_the_same_life_among_few_as_among_all(people: set[int]) -> None:
    chosen = np.array(sorted(people))
    ids = {f"C{person:06d}" for person in people}
    alone = lives(live(World(SCENARIO, people=chosen), DAYS))
    assert alone == {customer: life for customer, life in straight_through().items() if customer in ids}


def test_a_touch_changes_nobody_but_the_one_touched() -> None:
    touched, untouched = World(SCENARIO), World(SCENARIO)
    live(touched, 100)
    live(untouched, 100)
    customers = [f"C{person:06d}" for person in range(0, 200, 3)]
    first = touched.step(touches=[Touch("call", c, offer="discount", value=0.3) for c in customers])
    others = {f"C{person:06d}" for person in range(400)} - set(customers)
    with_touch = lives([first, *live(touched, 40)], only=others)
    assert with_touch == lives(live(untouched, 41), only=others)


def test_the_day_given_must_be_the_next() -> None:
    world = World(SCENARIO)
    world.step(0)
    with pytest.raises(ValueError, match="the next day is 1, not 5"):
        world.step(5)


def test_after_the_planned_days_people_keep_coming_at_the_same_pace() -> None:
    scenario = usual_scenario(customers=7_300, days=730)
    planned = people_by(scenario, 729)
    later = people_by(scenario, 729 + 60) - planned
    last = planned - people_by(scenario, 729 - 60)
    assert planned == 7_300
    assert abs(later / last - 1.0) < 0.2  # the later days fall before Christmas


def test_the_company_has_everyone_it_should() -> None:
    """A10, B2: prospects who never buy, casual visitors, shop buyers, subscribers, a wholesale buyer."""
    world = World(usual_scenario(seed=3, customers=2_000, days=200))
    live(world, 200)
    people = world.people
    assert len(people) == 2_000
    shares = np.bincount(people.kind, minlength=5) / len(people)
    assert 0.05 < shares[Kind.PROSPECT] < 0.09
    assert 0.06 < shares[Kind.CASUAL] < 0.11
    assert 0.38 < shares[Kind.SHOP] < 0.48
    assert 0.35 < shares[Kind.SUBSCRIBER] < 0.46
    assert (people.kind == Kind.WHOLESALE).sum() == 1
    assert (people.stage[people.kind == Kind.PROSPECT] == Stage.NOT_YET).all()
    assert (people.orders[people.stage == Stage.DONE] == 1).all()
    assert people.twin.any()
    assert people.orders[0] > 600


def test_cost_grows_no_faster_than_the_company() -> None:
    def seconds(customers: int) -> float:
        world = World(usual_scenario(seed=1, customers=customers, days=40))
        begun = time.process_time()
        live(world, 40)
        return time.process_time() - begun

    seconds(500)
    small, large = seconds(5_000), seconds(20_000)
    assert large < 4 * small * 1.5 + 0.3
