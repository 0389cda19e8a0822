"""What a play was worth: those it reached against those held out, by the lines of the two arms.

A customer counts once, by the first entry, in the arm that was drawn, and only once the horizon of the
workspace has passed since then. What was worth knowing, and after how many customers the one look is due,
follows from how many left before the play began: what came of the play has no say in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from holdfast.domain.arms import Arm
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.period import date_of, day_number
from holdfast.learning import experiment
from holdfast.learning.experiment import Enrolled, Plan, Proposal, Stratum, Sums, Verdict
from holdfast.services.act.plays import define
from holdfast.settings import Settings
from holdfast.store import plays_counted
from holdfast.store.plays import KeptPlay
from holdfast.store.plays_counted import Entered

USUAL_RATE = 0.1
"""The share that leaves within the horizon, where too little is known of the past."""

WORTHWHILE = 0.2
"""Which part of those who leave a play has to keep, for that to be worth knowing."""

LEAST_WORTHWHILE = 0.01
MOST_CUSTOMERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict on a play, with what it rests on.

    ``followed`` and ``left`` count by arm those whose horizon is over; ``entered`` all who entered.
    """

    verdict: Verdict
    plan: Plan
    horizon_days: int
    entered: int
    followed: dict[Arm, int]
    left: dict[Arm, int]
    cost: Money


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a play could show: of ``customers`` in a year, of whom ``base_rate`` leave when nothing is done.

    ``detectable`` is the smallest fall that the share held out shows, ``None``: none.
    """

    customers: int
    base_rate: float
    hold_out: float
    detectable: float | None
    proposal: Proposal


def proof(settings: Settings, play: KeptPlay, now: datetime) -> Proof | None:
    """The proof of a play by now; ``None`` before it was launched, or where it never held anybody out."""
    if play.launched_us is None or play.running is None:
        return None
    ready = define.ready_of(define.version_of(settings, play, play.running))
    lines = _lines(settings, play, now)
    if not ready.play.hold_out and all(each.probability >= 1 for each in lines):
        return None
    today = day_number(settings.now(now).astimezone(settings.zone).date())
    horizon = settings.risk.horizon_days
    over = [each for each in lines if each.day + horizon < today]
    plan = _plan(settings, play, ready.play.hold_out or 1 - lines[-1].probability)
    verdict = experiment.judge(
        [_enrolled(each) for each in over], plan, settings.currency or NO_CURRENCY, _strata(lines)
    )
    return Proof(
        verdict,
        plan,
        horizon,
        sum(each.customers for each in lines),
        {arm: sum(each.customers - each.left_before for each in over if each.arm == arm) for arm in _ARMS},
        {arm: sum(each.left for each in over if each.arm == arm) for arm in _ARMS},
        Money(sum(each.cost_minor for each in lines), settings.currency or NO_CURRENCY),
    )


_ARMS: tuple[Arm, ...] = ("treated", "held_out")


def prospect(settings: Settings, hold_out: float, customers: int, now: datetime) -> Prospect | None:
    """What a play that reaches ``customers`` in a year could show; ``None`` where it holds nobody out."""
    if not 0 < hold_out < 1:
        return None
    base = _base_rate(settings, settings.now(now))
    return Prospect(
        customers,
        base,
        hold_out,
        experiment.detectable_effect(customers, hold_out, base),
        experiment.propose_holdout(customers, base, worthwhile(base)),
    )


def worthwhile(base_rate: float) -> float:
    """The smallest fall in the share that leaves that is worth knowing."""
    return min(base_rate, max(LEAST_WORTHWHILE, base_rate * WORTHWHILE))


def _lines(settings: Settings, play: KeptPlay, now: datetime) -> list[Entered]:
    ahead = settings.now(now).astimezone(settings.zone).utcoffset() or timedelta()
    return plays_counted.entered_by_day(
        settings,
        play.id,
        horizon_days=settings.risk.horizon_days,
        zone_us=int(ahead.total_seconds()) * 1_000_000,
        currency=settings.currency or NO_CURRENCY,
    )


def _plan(settings: Settings, play: KeptPlay, hold_out: float) -> Plan:
    assert play.launched_us is not None  # noqa: S101  (asked for before)
    base = _base_rate(settings, datetime.fromtimestamp(play.launched_us / 1_000_000, UTC))
    closed = play.state == "ended"
    return Plan(_needed(round(hold_out, 6), round(base, 6)), worthwhile(base), closed=closed)


def _base_rate(settings: Settings, before: datetime) -> float:
    """The share of customers that left in the horizon before a moment."""
    end = day_number(before.astimezone(settings.zone).date())
    found = plays_counted.share_lost(settings, end - settings.risk.horizon_days, end)
    return found if found is not None and 0 < found < 1 else USUAL_RATE


@lru_cache(maxsize=256)
def _needed(hold_out: float, base_rate: float) -> int:
    """After how many customers a fall worth knowing is shown, by doubling and halving."""
    share, wanted = min(max(hold_out, 0.01), 0.99), worthwhile(base_rate)

    def shown(customers: int) -> bool:
        seen = experiment.detectable_effect(customers, share, base_rate)
        return seen is not None and seen <= wanted

    low, high = 0, 100
    while not shown(high) and high < MOST_CUSTOMERS:
        low, high = high, high * 2
    while high - low > max(1, high // 100):
        middle = (low + high) // 2
        low, high = (low, middle) if shown(middle) else (middle, high)
    return min(high, MOST_CUSTOMERS)


def _enrolled(line: Entered) -> Enrolled:
    cost = float(line.cost_minor) if line.arm == "treated" else 0.0
    could_leave = line.customers - line.left_before
    sums = Sums(could_leave, float(line.left), float(line.left))
    return Enrolled(on=date_of(line.day), arm=line.arm, probability=line.probability, left=sums, cost=cost)


def _strata(lines: Sequence[Entered]) -> tuple[Stratum, ...]:
    """Everybody who entered, by the chance of being treated, for the check of the groups."""
    return experiment.strata_of([_enrolled(each) for each in lines], "left")
