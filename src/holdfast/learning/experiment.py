"""What a play was worth: treated against held out, in customers and in money.

**For whom.** For the page of a play, which hands over sums, and for an analyst with a notebook and nothing
beside it: only numpy and scipy are needed. Rows become sums with :func:`sums_of`, sums of both arms an
answer with :func:`difference` (one look, at the end that was planned) and :func:`always_valid` (as many looks
as one likes); :func:`balance` says whether the groups are what the draw makes; :func:`judge` does all of it,
in words.

>>> import numpy as np
>>> chance = np.random.default_rng(8)
>>> risk = chance.beta(2, 12, 4_000)                  # known before: a risk of leaving
>>> treated = chance.random(4_000) < 0.8              # one of five is held out
>>> left = chance.random(4_000) < risk * np.where(treated, 0.6, 1.0)
>>> before = (risk - risk.mean())[:, None]
>>> lot = Stratum(0.8, sums_of(left[treated], before[treated]), sums_of(left[~treated], before[~treated]))
>>> found = difference([lot], "share")
>>> print(f"{found.difference:+.3f} ({found.low:+.3f} to {found.high:+.3f})")
-0.052 (-0.078 to -0.028)
>>> balance([lot]).problem is None
True

**How the verdict keeps its word.** Of ``alpha``, the chance to claim an effect where there is none,
``alpha_early`` goes to the always-valid interval and the rest to the one look at the planned end. So a play
without effect is called helpful or harmful, on whichever days somebody looks, with a chance of ``alpha`` at
most (as far as the normal approximation goes: ``python -m bench experiment`` prints how far).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.texts import Text
from holdfast.learning.experiment_balance import Balance, balance
from holdfast.learning.experiment_estimates import (
    ALPHA,
    ALPHA_EARLY,
    Estimate,
    Kind,
    NotKnown,
    always_valid,
    difference,
)
from holdfast.learning.experiment_power import (
    LONGEST_WEEKS,
    Proposal,
    detectable_difference,
    detectable_effect,
    propose_holdout,
    weeks_more,
)
from holdfast.learning.experiment_sums import Enrolled, Stratum, Sums, customers_of, strata_of, sums_of
from holdfast.learning.experiment_words import (
    cannot_tell_words,
    early_words,
    harms_words,
    heavy_words,
    helps_words,
    left_out_words,
    money_words,
    no_difference_words,
    not_over_words,
)

__all__ = [
    "Balance",
    "Enrolled",
    "Estimate",
    "NotKnown",
    "Plan",
    "Profit",
    "Proposal",
    "Stratum",
    "Sums",
    "Verdict",
    "always_valid",
    "balance",
    "detectable_difference",
    "detectable_effect",
    "difference",
    "judge",
    "propose_holdout",
    "strata_of",
    "sums_of",
    "weeks_more",
]

VerdictKind = Literal["helps", "harms", "no_difference", "cannot_tell", "imbalance", "not_enough"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided before the play began, and must not follow from what came of it.

    ``customers`` is how many are to be followed to the end before the one look; ``worthwhile`` the
    smallest fall in the share that leaves that is worth knowing (0.02: two points). ``alpha`` and
    ``alpha_early``: see the top of this module. ``closed`` once nobody else will enter: the one look then
    comes when all who entered are followed to the end, be they fewer than planned.
    """

    customers: int
    worthwhile: float
    alpha: float = ALPHA
    alpha_early: float = ALPHA_EARLY
    closed: bool = False

    def __post_init__(self) -> None:
        if self.customers < 1 or not 0 < self.worthwhile < 1:
            raise ValueError(
                "a plan counts customers from 1 and holds a fall between 0 and 1 for worth while; "
                f"got {self.customers} and {self.worthwhile}"
            )
        if not 0 < self.alpha_early < self.alpha < 0.5:
            raise ValueError(
                f"0 < alpha_early < alpha < 0.5 is needed; got {self.alpha_early} and {self.alpha}"
            )


@dataclass(frozen=True, slots=True)
class Profit:
    """The margin that the treated brought beyond the held out, less ``cost``, with its interval."""

    amount: Money
    low: Money
    high: Money
    cost: Money
    level: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a play: the ``kind`` for programs, ``sentences`` for people, and every figure behind.

    ``at_end`` figures are of the customers up to the planned end and unknown before; ``any_time`` ones
    of all so far. ``margin_*`` and ``profit`` are ``None`` where no margin was given. ``weeks`` is about
    how long it takes to tell, ``None`` where it is told, or never will be.
    """

    kind: VerdictKind
    sentences: tuple[Text, ...]
    left_at_end: Estimate | NotKnown
    left_any_time: Estimate | NotKnown
    margin_at_end: Estimate | NotKnown | None
    margin_any_time: Estimate | NotKnown | None
    profit: Profit | None
    balance: Balance
    weeks: int | None = None


def judge(
    rows: Sequence[Enrolled],
    plan: Plan,
    currency: str = NO_CURRENCY,
    entered: Sequence[Stratum] = (),
) -> Verdict:
    """The verdict on a play from its lines per arm and day, in any order.

    ``entered`` are the strata of everybody who entered, for the check of the groups, and for the end of a
    play that is closed; without it, those followed to the end are everybody.
    """
    needed = _needed(rows, plan, entered)
    at_end = _until_end(rows, needed)
    early = _Look(rows, plan, end=False)
    end = None if at_end is None else _Look(at_end, plan, end=True)
    not_yet = NotKnown("not_over", not_over_words(_customers(rows), needed))
    left_at_end = end.left if end else not_yet
    groups = balance(entered or strata_of(rows, "left"))
    speaks = _speaker(end, early)
    kind = _kind(speaks.left, plan, groups)
    weeks = _weeks(rows, plan, early.left, needed, over=end is not None) if kind == "cannot_tell" else None
    money = speaks.profit(currency)
    return Verdict(
        kind,
        _sentences(kind, speaks, groups, weeks, money, closed=plan.closed and end is not None),
        left_at_end,
        early.left,
        None if early.margin is None else end.margin if end else not_yet,
        early.margin,
        money,
        groups,
        weeks,
    )


class _Look:
    """What some of the lines say, at the planned end or at any time."""

    def __init__(self, rows: Sequence[Enrolled], plan: Plan, *, end: bool) -> None:
        self.end, self.plan = end, plan
        strata = strata_of(rows, "left")
        told = {stratum.probability for stratum in strata if stratum.both}
        self.cost = sum(row.cost for row in rows if row.chance in told)
        self.left = self._estimate(strata, "share")
        margin = any(row.margin is not None and row.margin.n for row in rows)
        self.margin = self._estimate(strata_of(rows, "margin"), "amount") if margin else None

    def _estimate(self, strata: Sequence[Stratum], kind: Kind) -> Estimate | NotKnown:
        if self.end:
            return difference(strata, kind, self.plan.alpha - self.plan.alpha_early)
        return always_valid(strata, kind, self.plan.customers, self.plan.alpha_early)

    @property
    def sign(self) -> int:
        return self.left.sign if isinstance(self.left, Estimate) else 0

    def profit(self, currency: str) -> Profit | None:
        """Incremental margin of the treated, less what was spent on them."""
        if not isinstance(self.margin, Estimate):
            return None
        whole = self.margin.times(self.margin.customers[0])
        amount, low, high = (
            Money(round(each - self.cost), currency) for each in (whole.difference, whole.low, whole.high)
        )
        return Profit(amount, low, high, Money(round(self.cost), currency), whole.level)


def _speaker(end: _Look | None, early: _Look) -> _Look:
    """Whose word counts: the planned end has it, unless only all customers together are clear."""
    if end is None or isinstance(end.left, NotKnown):
        return early
    return early if early.sign and not end.sign else end


def _kind(found: Estimate | NotKnown, plan: Plan, groups: Balance) -> VerdictKind:
    if groups.problem:
        return "imbalance"
    if isinstance(found, NotKnown):
        return "not_enough"
    if found.sign:
        return "helps" if found.sign < 0 else "harms"
    small = -plan.worthwhile <= found.low and found.high <= plan.worthwhile
    return "no_difference" if small else "cannot_tell"


def _sentences(
    kind: VerdictKind,
    look: _Look,
    groups: Balance,
    weeks: int | None,
    money: Profit | None,
    *,
    closed: bool,
) -> tuple[Text, ...]:
    if groups.warning is not None:
        return (groups.warning,)
    found = look.left
    if isinstance(found, NotKnown):
        return (found.reason,)
    said = list(_told(kind, found, weeks, closed))
    if kind in ("helps", "harms") and not look.end and not closed:
        said.append(early_words())
    if money is not None:
        said.append(money_words(money.amount, money.low, money.high))
    if isinstance(look.margin, Estimate) and look.margin.heavy:
        said.append(heavy_words(look.margin))
    if found.left_out:
        said.append(left_out_words(found.left_out))
    return tuple(said)


def _told(kind: VerdictKind, found: Estimate, weeks: int | None, closed: bool) -> tuple[Text, ...]:
    if kind == "helps":
        return (helps_words(found),)
    if kind == "harms":
        return (harms_words(found),)
    if kind == "no_difference":
        return (no_difference_words(found),)
    return cannot_tell_words(found, weeks, closed)


def _needed(rows: Sequence[Enrolled], plan: Plan, entered: Sequence[Stratum]) -> int:
    """How many are to be followed before the one look: as planned, or all there are once nobody else enters.

    Looking whenever some more of them have been followed would be many looks, each with its own error.
    """
    if not plan.closed:
        return plan.customers
    return min(plan.customers, customers_of(entered) if entered else _customers(rows))


def _until_end(rows: Sequence[Enrolled], needed: int) -> Sequence[Enrolled] | None:
    """The lines up to the day on which so many had been followed, or ``None`` before."""
    seen = 0
    ordered = sorted(rows, key=lambda row: row.on)
    for place, row in enumerate(ordered):
        if place and seen >= needed and row.on > ordered[place - 1].on:
            return ordered[:place]
        seen += row.left.n
    return ordered if ordered and seen >= needed else None


def _weeks(
    rows: Sequence[Enrolled], plan: Plan, found: Estimate | NotKnown, needed: int, *, over: bool
) -> int | None:
    """About how many more weeks: to the planned end, and after it until the always-valid interval tells."""
    if (plan.closed and over) or isinstance(found, NotKnown):
        return None
    days = (max(row.on for row in rows) - min(row.on for row in rows)).days + 1
    per_week = _customers(rows) / max(1.0, days / 7)
    if over:
        return weeks_more(found, plan.worthwhile, plan.customers, per_week)
    weeks = ceil((needed - _customers(rows)) / per_week)
    return weeks if weeks <= LONGEST_WEEKS else None


def _customers(rows: Sequence[Enrolled]) -> int:
    return sum(row.left.n for row in rows)
