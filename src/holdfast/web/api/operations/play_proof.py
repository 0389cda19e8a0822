"""What a play was worth: those who were treated against those held out."""

from __future__ import annotations

from holdfast.domain.arms import Arm
from holdfast.learning.experiment import NotKnown
from holdfast.services.act.plays import define
from holdfast.services.prove.plays import Proof, proof
from holdfast.store.write_keys import READ
from holdfast.web.api.contract import Answered, Call, Money, operation
from holdfast.web.api.play_shapes import Key


class ProofArm(Answered, frozen=True):
    """One of the two groups: how many were followed to the end, and how many of them left."""

    followed: int
    left: int


class PlayProof(Answered, frozen=True):
    """The verdict on a play.

    ``verdict`` is helps, harms, no_difference, cannot_tell, imbalance or not_enough; ``none`` where the play
    was not launched, or holds nobody out. ``difference`` is that of the shares that left (below 0: fewer of
    the treated) with its bounds, of the planned end once it has come, before it of an interval that holds at
    any time; null where it is not clear yet. ``weeks`` is about how long it takes to tell.
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
    verdict = found.verdict
    seen = verdict.left_at_end if not isinstance(verdict.left_at_end, NotKnown) else verdict.left_any_time
    known = None if isinstance(seen, NotKnown) else seen
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
        credited=Money(found.cost.minor, found.cost.currency),
    )


def _arm(found: Proof, arm: Arm) -> ProofArm:
    return ProofArm(found.followed[arm], found.left[arm])
