"""What a touch does is what is planted, found again by living two lives with the same chance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from companies import live, lives
from holdfast.simulate.arrays import Floats, Ints
from holdfast.simulate.mood import leave_hazard, waver_hazard
from holdfast.simulate.people import Kind, Response, Stage, customer_id
from holdfast.simulate.scenario import usual_scenario
from holdfast.simulate.touches import EFFECTS, KINDS, LIMITS, MATCH, OFFERS, Touch
from holdfast.simulate.world import World

SCENARIO = usual_scenario(seed=11, customers=6_000, days=240)
DAY, HORIZON = 150, 60


@pytest.fixture(scope="module")
def pair() -> tuple[World, World, Ints]:
    """Two lives of one company, 60 days after everyone present was called in the second of them."""
    alone, called = World(SCENARIO), World(SCENARIO)
    live(alone, DAY)
    live(called, DAY)
    rows = np.flatnonzero(called.people.present() & (called.people.kind != Kind.WHOLESALE))
    called.step(touches=[Touch("call", customer_id(int(p))) for p in called.people.person[rows]])
    live(called, HORIZON - 1)
    live(alone, HORIZON)
    return alone, called, rows


def lost(world: World, rows: Ints) -> Floats:
    """1 for each row who left from DAY on, else 0."""
    losses = world.ledger.read("losses")
    gone = losses["person"][(losses["day"] >= DAY) & (losses["day"] < DAY + HORIZON)]
    return np.isin(world.people.person[rows], gone).astype(float)


def expected_to_leave(world: World, rows: Ints, effect: float) -> Floats:
    """Probability that each leaves within the horizon, by the planted rates: content people begin to
    waver, wavering ones leave or recover, day by day, with the hazards times ``exp(effect)`` fading.
    """
    scenario, people = world.scenario, world.people
    content = (people.stage[rows] == Stage.CONTENT).astype(float)
    wavering = (people.stage[rows] == Stage.WAVERING).astype(float)
    left = np.zeros(len(rows))
    grievance = people.grievance[rows].copy()
    for day in range(HORIZON):
        factor = math.exp(effect * 0.5 ** (day / scenario.touch_half_life))
        grievance *= 0.5 ** (1 / scenario.grievance_half_life)
        leaves = 1 - math.exp(-scenario.leaves_per_day * factor)
        recovers = (1 - leaves) * (1 - math.exp(-scenario.recovers_per_day))
        wavers = 1 - np.exp(-(people.base_hazard[rows] + grievance) * factor)
        begins, goes, back = content * wavers, wavering * leaves, wavering * recovers
        content, wavering, left = content - begins + back, wavering + begins - goes - back, left + goes
    return left


@pytest.mark.parametrize("response", [Response.PERSUADABLE, Response.SLEEPING_DOG])
def test_the_paired_effect_is_the_planted_one(pair: tuple[World, World, Ints], response: Response) -> None:
    alone, called, rows = pair
    rows = rows[called.people.response[rows] == response]
    difference = lost(called, rows) - lost(alone, rows)
    before = World(SCENARIO)
    live(before, DAY)
    effect = float(EFFECTS[response]) * KINDS["call"]
    planted = expected_to_leave(before, rows, effect) - expected_to_leave(before, rows, 0.0)
    error = difference.std() * math.sqrt(len(rows))
    assert abs(difference.sum() - planted.sum()) < 3 * error + 0.15 * abs(planted.sum())
    assert np.sign(difference.sum()) == np.sign(planted.sum())
    assert abs(difference.sum()) > 2 * error, "the effect must show in so many customers"


@pytest.mark.parametrize("response", [Response.SURE_THING, Response.LOST_CAUSE])
def test_sure_things_and_lost_causes_do_as_they_would_anyway(
    pair: tuple[World, World, Ints], response: Response
) -> None:
    alone, called, rows = pair
    rows = rows[called.people.response[rows] == response]
    # The call itself tires a few very impatient people: at most one in a thousand differs.
    assert np.abs(lost(called, rows) - lost(alone, rows)).mean() < 0.002


def test_hazards_are_multiplied_by_the_planted_factor_and_fade() -> None:
    alone, called = World(SCENARIO), World(SCENARIO)
    live(alone, 60)
    live(called, 60)
    rows = np.flatnonzero(called.people.present() & (called.people.response == Response.PERSUADABLE))
    called.step(touches=[Touch("call", int(p)) for p in called.people.person[rows]])
    alone.step()
    still = rows[called.people.present()[rows] & alone.people.present()[rows]]
    for hazard in (waver_hazard, leave_hazard):
        ratio = hazard(_today(called), still) / hazard(_today(alone), still)
        assert np.allclose(np.median(ratio), math.exp(EFFECTS[Response.PERSUADABLE]))
    live(called, 30)
    assert np.allclose(called.people.approached[still], EFFECTS[Response.PERSUADABLE] / 2, atol=1e-9)


def test_an_answer_to_what_weighs_on_someone_works_better() -> None:
    world = World(SCENARIO)
    live(world, 120)
    people = world.people
    waver = np.flatnonzero((people.stage == Stage.WAVERING) & (people.response == Response.PERSUADABLE))
    touches, expected = [], []
    for turn, row in enumerate(waver.tolist()):
        matches = turn % 2 == 0
        offer = next(name for name, (_, g) in OFFERS.items() if (_group(world, row) in g) == matches)
        touches.append(Touch("email", int(people.person[row]), offer=offer))
        weight = (KINDS["email"] + OFFERS[offer][0]) * (MATCH if matches else 1.0)
        expected.append(EFFECTS[Response.PERSUADABLE] * weight)
    assert len(waver) >= 4
    world.step(touches=touches)
    assert np.allclose(people.approached[waver], expected)


def test_touches_never_go_beyond_their_limits() -> None:
    world = World(usual_scenario(seed=2, customers=300, days=100))
    live(world, 60)
    everyone = [int(person) for person in world.people.person]
    world.step(touches=[Touch("call", person) for person in everyone for _ in range(6)])
    assert world.people.approached.min() == LIMITS[0]
    assert world.people.approached.max() <= LIMITS[1]


def test_a_discount_is_used_once_and_a_pause_moves_the_bill() -> None:
    world = World(usual_scenario(seed=2, customers=400, days=100))
    live(world, 60)
    people = world.people
    row = int(np.flatnonzero((people.plan == 1) & (people.next_bill > 65))[0])
    due, monthly = int(people.next_bill[row]), int(people.monthly[row])
    person = int(people.person[row])
    world.step(touches=[Touch("email", person, offer="pause", value=5)])
    assert people.next_bill[row] == due + 5
    world.step(touches=[Touch("email", person, offer="discount", value=0.25)])
    days = live(world, due + 6 - 62)
    bills = [
        (table["amount"][i], table["status"][i])
        for day in days
        if "payments" in day.tables
        for table in [day.tables["payments"]]
        for i in range(len(table["amount"]))
        if table["customer"][i] == customer_id(person)
    ]
    assert bills[0][0] == round(monthly * 0.75)
    assert people.discount[row] == 0.0


@pytest.mark.parametrize(
    ("touch", "error", "words"),
    [
        (Touch("telepathy", 1), ValueError, "no touch is called 'telepathy'"),
        (Touch("call", 1, offer="soul"), ValueError, "no offer is called 'soul'"),
        (Touch("call", 1, strength=-1), ValueError, "from 0 up"),
        (Touch("call", "C999999"), LookupError, "nobody is called C999999"),
        (Touch("call", "Fred"), ValueError, "'Fred' is no customer id"),
    ],
)
def test_a_touch_that_cannot_be_is_refused_and_changes_nothing(
    touch: Touch, error: type[Exception], words: str
) -> None:
    world = World(usual_scenario(seed=2, customers=50, days=30))
    live(world, 10)
    with pytest.raises(error, match=words):
        world.step(touches=[Touch("call", 0), touch])
    assert not world.people.approached.any()


def test_common_chance_leaves_the_shop_of_the_untouched_alone() -> None:
    alone, called = World(SCENARIO), World(SCENARIO)
    live(alone, 30)
    live(called, 30)
    first = called.step(touches=[Touch("email", 5)])
    others = {customer_id(person) for person in range(1_000) if person != 5}
    assert lives([first, *live(called, 10)], others) == lives(live(alone, 11), others)


def _group(world: World, row: int) -> str:
    from holdfast.simulate.causes import CAUSES

    return CAUSES[int(world.people.cause[row])].group


def _today(world: World):  # type: ignore[no-untyped-def]
    from holdfast.simulate.diary import Diary
    from holdfast.simulate.today import Today

    return Today(world.scenario, world.people, Diary(), world.ledger, world.day, np.ones(6))
