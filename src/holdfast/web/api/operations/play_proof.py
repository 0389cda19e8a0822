"""What a play was worth: those who were treated against those held out."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from holdfast.domain.arms import Arm
from holdfast.domain.money import Money as Amount
from holdfast.learning.experiment import Estimate, NotKnown
from holdfast.services.act.plays import define
from holdfast.services.prove.play_words import leaving
from holdfast.services.prove.plays import Proof, proof
from holdfast.store import plays_proved
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import DECIDERS
from holdfast.web.api.contract import Answered, Asked, Call, Money, operation
from holdfast.web.api.play_shapes import Key


class ProofArm(Answered, frozen=True):
    """One of the two groups: how many were followed to the end, and how many of them left."""

    followed: int
    left: int


class ProofLook(Answered, frozen=True):
    """A difference of the treated and those held out with its interval, right in ``level`` of such plays.

    Shares that left, or margins a customer in minor units.
    """

    difference: float
    low: float
    high: float
    level: float
    treated: float
    held_out: float


class ProofGroups(Answered, frozen=True):
    """Whether the two groups are what the draw makes: ``problem`` is sizes, covariates or null.

    ``p_any_time`` is how odd their sizes are, looked at as often as one likes; ``covariates`` holds by how
    many standard deviations the treated lay above those held out before the play.
    """

    held_out: int
    expected_held_out: float
    p_any_time: float
    covariates: list[float]
    problem: str | None


class ProofProfit(Answered, frozen=True):
    """The margin that the treated brought beyond those held out, less what was spent on them."""

    amount: Money
    low: Money
    high: Money
    cost: Money
    level: float


class ProofTruth(Answered, frozen=True):
    """What only a demo company knows: how many of the treated left, and would have left without the play.

    ``margin_minor`` is by how much the margin of a customer was truly higher.
    """

    customers: int
    left: int
    would_have_left: int
    difference: float
    margin_minor: float


class PlayProof(Answered, frozen=True):
    """The verdict on a play.

    ``verdict`` is helps, harms, no_difference, cannot_tell, imbalance or not_enough; ``none`` where the play
    was not launched, or holds nobody out. ``difference`` is that of the shares that left (below 0: fewer of
    the treated) with its bounds, of the planned end once it has come, before it of an interval that holds at
    any time; null where it is not clear yet. ``weeks`` is about how long it takes to tell. ``as_of`` is the
    day up to which a run has counted, null before one has.
    """

    verdict: str
    sentences: list[str]
    horizon_days: int
    entered: int
    planned_customers: int
    worthwhile: float
    treated: ProofArm
    held_out: ProofArm
    difference: float | None
    low: float | None
    high: float | None
    weeks: int | None
    credited: Money | None
    as_of: date | None = None
    left_at_end: ProofLook | None = None
    left_any_time: ProofLook | None = None
    margin_at_end: ProofLook | None = None
    margin_any_time: ProofLook | None = None
    profit: ProofProfit | None = None
    groups: ProofGroups | None = None
    truth: ProofTruth | None = None


class PlayCosts(Answered, frozen=True):
    """What a message costs by channel, and a task done ("task"), in minor units of the currency."""

    costs: dict[str, float]


Price = Annotated[float, Meta(ge=0, le=1_000_000)]
CostName = Annotated[str, Meta(min_length=1, max_length=40)]


class PlayCostsSet(Asked, kw_only=True, frozen=True):
    """What a message costs by channel, and a task done ("task"), in minor units; what is missing costs 0."""

    costs: Annotated[dict[CostName, Price], Meta(max_length=40)]


@operation("GET", "/plays/costs", scope=READ)
def get_play_costs(call: Call) -> PlayCosts:
    """Get what reaching a customer costs: the proof of plays counts it."""
    return PlayCosts(plays_proved.costs(call.settings))


@operation("PUT", "/plays/costs", scope=WRITE, roles=DECIDERS)
def set_play_costs(call: Call, body: PlayCostsSet) -> PlayCosts:
    """Decide what reaching a customer costs; the next run counts with it."""
    plays_proved.set_costs(call.settings, body.costs)
    return get_play_costs(call)


@operation("GET", "/plays/{key}/proof", scope=READ)
def get_play_proof(call: Call, key: Key) -> PlayProof:
    """Say whether a play helps, by those who were held out."""
    found = proof(call.settings, define.find(call.settings, key), call.actual)
    if found is None:
        nobody = ProofArm(0, 0)
        horizon = call.settings.risk.horizon_days
        return PlayProof("none", [], horizon, 0, 0, 0.0, nobody, nobody, None, None, None, None, None)
    return _proof(call, found)


def _proof(call: Call, found: Proof) -> PlayProof:
    verdict, known = found.verdict, leaving(found)
    return PlayProof(
        verdict=verdict.kind,
        sentences=[call.say(each) for each in verdict.sentences],
        horizon_days=found.horizon_days,
        entered=found.entered,
        planned_customers=found.plan.customers,
        worthwhile=found.plan.worthwhile,
        treated=_arm(found, "treated"),
        held_out=_arm(found, "held_out"),
        difference=None if known is None else known.difference,
        low=None if known is None else known.low,
        high=None if known is None else known.high,
        weeks=verdict.weeks,
        credited=_money(found.cost),
        as_of=found.as_of,
        left_at_end=_look(verdict.left_at_end),
        left_any_time=_look(verdict.left_any_time),
        margin_at_end=_look(verdict.margin_at_end),
        margin_any_time=_look(verdict.margin_any_time),
        profit=_profit(found),
        groups=_groups(found),
        truth=_truth(found),
    )


def _look(found: Estimate | NotKnown | None) -> ProofLook | None:
    if not isinstance(found, Estimate):
        return None
    return ProofLook(found.difference, found.low, found.high, found.level, found.treated, found.held_out)


def _profit(found: Proof) -> ProofProfit | None:
    profit = found.verdict.profit
    if profit is None:
        return None
    amount, low, high, cost = map(_money, (profit.amount, profit.low, profit.high, profit.cost))
    return ProofProfit(amount, low, high, cost, profit.level)


def _groups(found: Proof) -> ProofGroups:
    groups = found.verdict.balance
    return ProofGroups(
        groups.held_out, groups.expected_held_out, groups.p_any_time, list(groups.covariates), groups.problem
    )


def _truth(found: Proof) -> ProofTruth | None:
    told = found.planted
    if told is None:
        return None
    return ProofTruth(told.customers, told.left, told.would_have_left, told.difference, told.margin)


def _money(amount: Amount) -> Money:
    return Money(amount.minor, amount.currency)


def _arm(found: Proof, arm: Arm) -> ProofArm:
    return ProofArm(found.followed[arm], found.left[arm])
