"""What a play was worth: those it reached against those held out, by the lines of the two arms.

A customer counts once, by the first entry, in the arm that was drawn, and only once the follow-up of the play
has passed since then. What was worth knowing, and after how many customers the one look is due, follows from
how many left before the play began: what came of the play has no say in it. The lines are those that the last
run counted; before there was one, nobody's margin is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from holdfast.domain.arms import Arm
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.period import date_of, day_number
from holdfast.learning import experiment
from holdfast.learning.experiment import Enrolled, Plan, Proposal, Sums, Verdict
from holdfast.services.act.plays import define
from holdfast.services.prove import counting
from holdfast.services.prove.counting import Line
from holdfast.settings import Settings
from holdfast.store import plays_counted, plays_proved
from holdfast.store.plays import KeptPlay
from holdfast.store.plays_counted import Entered
from holdfast.store.plays_proved import KeptProof

if TYPE_CHECKING:
    from holdfast.services.collect.demo import Planted

WORTHWHILE = 0.2
"""Which part of those who leave a play has to keep, for that to be worth knowing."""

LEAST_WORTHWHILE = 0.01
MOST_CUSTOMERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict on a play, with what it rests on.

    ``followed`` and ``left`` count by arm those whose follow-up is over, and who had not left before they
    entered; ``entered`` all who entered. ``cost`` is what was spent on all of them. What was before ``as_of``
    counts; ``None``: no run has counted it yet. ``money`` says whether margins are known. ``planted`` is the
    truth, which only a demo company knows.
    """

    verdict: Verdict
    plan: Plan
    horizon_days: int
    entered: int
    followed: dict[Arm, int]
    left: dict[Arm, int]
    cost: Money
    as_of: date | None = None
    money: bool = False
    planted: Planted | None = None


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
    from holdfast.services.collect.demo import planted

    if play.launched_us is None or play.running is None:
        return None
    ready = define.ready_of(define.version_of(settings, play, play.running))
    kept = plays_proved.kept(settings, play.id)
    lines = _counted_now(settings, play, now) if kept is None else counting.lines_of(kept)
    if not ready.play.hold_out and all(each.sums.probability >= 1 for each in lines):
        return None
    decided = kept or counting.begun(settings, play)
    plan = _plan(play, decided, ready.play.hold_out or 1 - lines[-1].sums.probability)
    over = [each.sums for each in lines if each.over]
    currency = settings.currency or NO_CURRENCY
    entered = experiment.strata_of([each.sums for each in lines], "left")
    return Proof(
        experiment.judge(over, plan, currency, entered),
        plan,
        decided.follow_days,
        sum(each.entered for each in lines),
        {arm: sum(each.left.n for each in over if each.arm == arm) for arm in _ARMS},
        {arm: round(sum(each.left.y for each in over if each.arm == arm)) for arm in _ARMS},
        Money(round(sum(each.sums.cost for each in lines)), currency),
        None if kept is None else date_of(kept.as_of_day),
        kept is not None and bool(kept.content["money"]),
        planted(settings, play.key),
    )


_ARMS: tuple[Arm, ...] = ("treated", "held_out")


def prospect(settings: Settings, hold_out: float, customers: int, now: datetime) -> Prospect | None:
    """What a play that reaches ``customers`` in a year could show; ``None`` where it holds nobody out."""
    if not 0 < hold_out < 1:
        return None
    base = counting.base_rate(settings, settings.now(now), settings.risk.horizon_days)
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


def _counted_now(settings: Settings, play: KeptPlay, now: datetime) -> list[Line]:
    """The lines of a play that no run has counted yet, without margins."""
    today = day_number(settings.now(now).astimezone(settings.zone).date())
    days = counting.begun(settings, play).follow_days
    found = plays_counted.entered_by_day(
        settings,
        play.id,
        horizon_days=days,
        zone_us=counting.zone_us(settings, now),
        currency=settings.currency or NO_CURRENCY,
    )
    return [Line(each.customers, _enrolled(each), each.day + days < today) for each in found]


def _plan(play: KeptPlay, decided: KeptProof, hold_out: float) -> Plan:
    base = decided.base_rate
    return Plan(_needed(round(hold_out, 6), round(base, 6)), worthwhile(base), closed=play.state == "ended")


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
