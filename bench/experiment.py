"""Whether proof keeps its word: plays drawn from outcomes, without an effect and with a planted one.

Every play has 30 days of enrolment; each customer has a risk known before and the margin of the year
before, leaves or stays, and brings a heavy-tailed margin. Nothing else of a company is drawn. Looked at daily
means :func:`holdfast.learning.experiment.judge` once a day on all who have been followed to the end by then.
The ordinary interval looked at daily is the rival: what a page without always-valid intervals would claim.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import sqrt
from pathlib import Path

import numpy as np

from bench.measuring import Line
from holdfast.learning.experiment import (
    Enrolled,
    Estimate,
    Plan,
    Verdict,
    balance,
    detectable_effect,
    difference,
    judge,
    strata_of,
    sums_of,
)
from holdfast.learning.experiment_estimates import ALPHA, ALPHA_EARLY

SEED = 7
TREATED = 0.8
BASE, AFTER = 0.12, 0.08
DAYS = 30
POWER = 0.9
"""What the number of customers is chosen for; the goal is to show the effect in 80 %."""

CAP = 150_000.0
"""Margins count up to this: the 99th percentile of the year before, fixed before the play."""

_LEVELS = np.array([0.1, 0.2, 0.35, 0.5, 0.65, 0.85, 1.1, 1.45, 1.95, 2.85])
RISKS = BASE * _LEVELS / _LEVELS.mean()
"""The risk of leaving of ten groups of customers, equally many; their mean is ``BASE``."""


@dataclass(frozen=True)
class Play:
    """The lines of one play by day, and the truth that was planted: differences in leaving and margin."""

    days: list[list[Enrolled]]
    left: float
    margin: float


def run(size: str, folder: Path) -> list[Line]:
    """1,000 plays without effect, 200 with one (and 2,000 looked at only at their end); large: 4 times."""
    times = 4 if size == "large" else 1
    planned = customers_needed()
    return [
        *_without_effect(1_000 * times, 2_000),
        *_with_effect(200 * times, planned),
        *_at_the_end(2_000 * times, planned),
        *_unbalanced(200 * times, 2_000),
    ]


def customers_needed() -> int:
    """So many customers show the planted effect with ``POWER``, without covariates."""
    return next(
        n
        for n in range(1_000, 20_000, 100)
        if (detectable_effect(n, 1 - TREATED, BASE, power=POWER) or 1.0) <= BASE - AFTER
    )


def play(chance: np.random.Generator, customers: int, after: float) -> Play:
    """A play of about so many customers in which ``after`` of the treated leave instead of ``BASE``."""
    n = int(chance.poisson(customers * 1.1))
    on = np.sort(chance.integers(0, DAYS, n))
    risk = RISKS[chance.integers(0, len(RISKS), n)]
    taste = chance.normal(size=n)
    treated = chance.random(n) < TREATED
    left = chance.random(n) < risk * np.where(treated, after / BASE, 1.0)
    earned = np.exp(9.5 + 0.6 * taste + 0.8 * chance.normal(size=n))
    margin = np.where(left, 0.0, np.minimum(earned, CAP))
    before = np.column_stack([risk - BASE, np.exp(0.6 * taste) - np.exp(0.18)])
    days = []
    for day in range(DAYS):
        lines = [
            _line(day, arm, left[rows], margin[rows], before[rows])
            for arm in (True, False)
            if len(rows := np.flatnonzero((on == day) & (treated == arm)))
        ]
        days.append(lines)
    return Play(days, after - BASE, (BASE - after) * _mean_margin())


@cache
def _mean_margin() -> float:
    """What a customer who stays brings, known to a part in a thousand."""
    chance = np.random.default_rng(1)
    return float(np.minimum(np.exp(9.5 + chance.normal(size=4_000_000)), CAP).mean())


def _line(day: int, arm: bool, left: np.ndarray, margin: np.ndarray, before: np.ndarray) -> Enrolled:
    return Enrolled(
        date(2025, 1, 1) + timedelta(days=day),
        "treated" if arm else "held_out",
        TREATED,
        sums_of(left, before),
        sums_of(margin, before),
    )


def looks(drawn: Play, planned: int) -> Iterator[tuple[list[Enrolled], bool]]:
    """What is known day by day, days before added up; and whether the planned end came that day."""
    before: dict[str, Enrolled] = {}
    seen, over, kept = 0, False, []
    for lines in drawn.days:
        for line in lines:
            known = before.get(line.arm)
            before[line.arm] = line if known is None else _added(known, line)
            seen += line.left.n
        ends = not over and seen >= planned
        yield [*kept, *before.values()], ends
        if ends:
            # What came up to the end stays apart from what comes after it.
            over, kept, before = True, list(before.values()), {}


def _added(known: Enrolled, line: Enrolled) -> Enrolled:
    assert known.margin is not None
    assert line.margin is not None
    return Enrolled(line.on, line.arm, line.probability, known.left + line.left, known.margin + line.margin)


def _without_effect(plays: int, planned: int) -> list[Line]:
    plan, chance = Plan(planned, 0.03), np.random.default_rng((SEED, 1))
    wrong = dict.fromkeys(("end", "margin", "any", "any margin", "verdict", "peeking", "groups"), 0)
    spent, told = 0.0, 0
    for _ in range(plays):
        ever: set[str] = set()
        for rows, ends in looks(play(chance, planned, BASE), planned):
            started = time.process_time()
            found = judge(rows, plan)
            spent, told = spent + time.process_time() - started, told + 1
            ever |= _claims(found, rows, ends)
        for name in ever:
            wrong[name] += 1
    title = f"{plays:,} plays without effect, seed {SEED}:"
    rival = wrong["peeking"] / plays
    early, end = ALPHA_EARLY, ALPHA - ALPHA_EARLY
    return [
        _rate(f"{title} claimed at the planned end", wrong["end"], plays, end),
        _rate(f"{title} the same of the margin", wrong["margin"], plays, end),
        _rate(f"{title} claimed at any time, daily", wrong["any"], plays, early, rival),
        _rate(f"{title} the same of the margin", wrong["any margin"], plays, early),
        _rate(f"{title} verdict on any day", wrong["verdict"], plays, ALPHA, rival),
        _rate(f"{title} groups doubted on any day", wrong["groups"], plays, 0.002),
        Line("A verdict from sums of two arms and two outcomes", spent / told * 1e3, "ms CPU"),
    ]


def _claims(found: Verdict, rows: list[Enrolled], ends: bool) -> set[str]:
    """What is claimed on one day of a play without effect: each is wrong."""
    told = {
        "any": _sign(found.left_any_time),
        "any margin": _sign(found.margin_any_time),
        "verdict": found.kind in ("helps", "harms"),
        "groups": found.balance.problem is not None,
        "peeking": _sign(difference(strata_of(rows, "left"), "share", ALPHA)),
        "end": ends and _sign(found.left_at_end),
        "margin": ends and _sign(found.margin_at_end),
    }
    return {name for name, claimed in told.items() if claimed}


def _sign(found: object) -> bool:
    return isinstance(found, Estimate) and found.sign != 0


def _with_effect(plays: int, planned: int) -> list[Line]:
    plan, chance = Plan(planned, 0.03), np.random.default_rng((SEED, 2))
    shown = early = ever = covered = missed = 0
    for _ in range(plays):
        drawn, held, ended, clear = play(chance, planned, AFTER), True, False, False
        for rows, ends in looks(drawn, planned):
            found = judge(rows, plan)
            held &= _holds(found.left_any_time, drawn.left)
            clear |= found.kind == "helps" and not ended and not ends
            if ends:
                ended = True
                shown += found.kind == "helps"
                covered += _holds(found.left_at_end, drawn.left)
                early += clear
        ever += held
        missed += not ended
    assert not missed
    title = f"{plays} plays, {BASE:.0%} to {AFTER:.0%}, {planned:,} customers, seed {SEED}:"
    return [
        Line(
            f"{title} shown at the end",
            shown / plays * 100,
            "%",
            goal="at least 80",
            met=shown >= 0.8 * plays,
        ),
        Line(f"{title} shown on some day before", early / plays * 100, "%"),
        _kept(f"{title} truth inside at the end", covered, plays, 1 - ALPHA + ALPHA_EARLY),
        _kept(f"{title} truth inside on all days", ever, plays, 1 - ALPHA_EARLY),
    ]


def _holds(found: object, truth: float) -> bool:
    return not isinstance(found, Estimate) or found.low <= truth <= found.high


def _at_the_end(plays: int, planned: int) -> list[Line]:
    """Only the one look, of many more plays: how well intervals cover."""
    chance, level = np.random.default_rng((SEED, 3)), 1 - ALPHA + ALPHA_EARLY
    left = margin = shown = 0
    for _ in range(plays):
        drawn = play(chance, planned, AFTER)
        rows = [line for day in drawn.days for line in day]
        found = difference(strata_of(rows, "left"), "share", 1 - level)
        money = difference(strata_of(rows, "margin"), "amount", 1 - level)
        left += _holds(found, drawn.left)
        margin += _holds(money, drawn.margin)
        shown += _sign(found)
    title = f"{plays:,} plays, {BASE:.0%} to {AFTER:.0%}, one look, seed {SEED}:"
    return [
        _kept(f"{title} truth inside", left, plays, level),
        _kept(f"{title} true margin inside", margin, plays, level),
        Line(f"{title} shown", shown / plays * 100, "%", goal="at least 80", met=shown >= 0.8 * plays),
    ]


def _unbalanced(plays: int, planned: int) -> list[Line]:
    """A third of the held out are lost on the way: the groups are doubted."""
    chance, doubted = np.random.default_rng((SEED, 4)), 0
    for _ in range(plays):
        days = play(chance, planned, BASE).days
        rows = [line for day in days for line in day if line.arm == "treated" or line.on.day % 3]
        lots = strata_of(rows, "left")
        doubted += balance(lots).problem == "sizes"
    title = f"{plays} plays, a third of the held out lost:"
    return [
        Line(f"{title} doubted", doubted / plays * 100, "%", goal="at least 99", met=doubted >= 0.99 * plays)
    ]


def _rate(name: str, wrong: int, plays: int, stated: float, rival: float | None = None) -> Line:
    share = wrong / plays
    ratio = rival / share if rival is not None and share else None
    floor = f"rarer than an ordinary interval daily ({rival:.0%})" if rival is not None else ""
    return Line(
        name, share * 100, "%", floor, ratio, f"at most {stated:.1%}", share <= stated + _noise(stated, plays)
    )


def _kept(name: str, inside: int, plays: int, stated: float) -> Line:
    share = inside / plays
    return Line(
        name, share * 100, "%", goal=f"at least {stated:.0%}", met=share >= stated - _noise(stated, plays)
    )


def _noise(stated: float, plays: int) -> float:
    """What chance adds to a rate that is exactly as stated, in 1 of 100 benches."""
    return 2.33 * sqrt(stated * (1 - stated) / plays)
