"""The steps of a rehearsed play: who would have come where, as what happened then lets one say.

Each who would have entered is taken through the steps in the time of then: waits pass, and events are heard
when they happened. Rules, traits and addresses are those of now: what they were is not kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from holdfast.services.act.plays.known import Customer, Wanted, known
from holdfast.services.act.plays.tick import split_draw
from holdfast.services.act.plays.walking import Purse, Way, walk
from holdfast.services.act.plays.written import Ready
from holdfast.settings import Settings
from holdfast.store.plays_walking import Walker

MOST = 1_000
"""Of more entries so many, drawn by chance, go through the steps, and the counts are scaled up."""

AT_ONCE = 500
_LOOKS = 1_000
"""A wait that asks a rule each day is looked at so often at most."""


@dataclass(frozen=True, slots=True)
class PastSteps:
    """How many went through each step, how many were at it in the end, and how many met the goal."""

    through: Mapping[str, int]
    here: Mapping[str, int]
    goals: int

    def times(self, scale: float) -> PastSteps:
        """The same of so many times as many customers."""
        return PastSteps(_scaled(self.through, scale), _scaled(self.here, scale), round(self.goals * scale))


@dataclass(frozen=True, slots=True)
class _Then(Customer):
    """A customer as they were heard of until a moment."""

    until_us: int = 0

    def happened(self, name: str, since_us: int) -> int | None:
        """When an event was first heard of since then, if that was by now."""
        found = Customer.happened(self, name, since_us)
        return found if found is not None and found <= self.until_us else None


def past_steps(
    settings: Settings, ready: Ready, entries: Sequence[tuple[int, int]], to_us: int, now: datetime
) -> PastSteps:
    """Take (customer, when they entered) through the steps until ``to_us``."""
    some = _drawn(entries)
    scale = len(entries) / len(some) if some else 1.0
    since_us = min((at_us for _, at_us in some), default=to_us)
    wanted = Wanted(ready.rules, ready.listens, since_us, ready.play.topic)
    draw = split_draw(settings, ready.play.key)
    through: Counter[str] = Counter()
    here: Counter[str] = Counter()
    goals = 0
    for start in range(0, len(some), AT_ONCE):
        part = some[start : start + AT_ONCE]
        customers = known(settings, {unit for unit, _ in part}, wanted, draw, now)
        for unit, at_us in part:
            if (customer := customers.get(unit)) is None:
                continue
            last = None
            for last in _ways(ready, customer, at_us, to_us):
                through.update(one.step_id for one in last.walked.happened if one.what != "held")
            if last is not None:
                goals += last.walked.why == "goal"
                here[last.walked.step if last.walked.state is None else ""] += 1
    del here[""]
    return PastSteps(through, here, goals).times(scale)


def _drawn(entries: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """All, or some of many by chance, the same ones each time."""
    if len(entries) <= MOST:
        return list(entries)
    chosen = np.random.default_rng(0).choice(len(entries), MOST, replace=False)
    return [entries[place] for place in sorted(chosen.tolist())]


def _scaled(counted: Mapping[str, int], scale: float) -> dict[str, int]:
    return {step: round(number * scale) for step, number in counted.items()}


def _ways(ready: Ready, customer: Customer, entered_us: int, to_us: int) -> Iterator[Way]:
    """Each look at one customer from when they entered: when they were due, or something was heard."""
    heard = sorted(
        at_us for name in ready.listens for at_us in customer.moments.get((customer.unit_id, name), ())
    )
    unit, at_us = customer.unit_id, entered_us
    walker = Walker(
        *(-unit, 0, 0, unit, unit, "treated", entered_us, ready.first, entered_us, entered_us, "", None)
    )
    for _ in range(_LOOKS):
        way = walk(ready, walker, _then(customer, at_us), Purse(None, 0, 0, None), at_us)
        yield way
        walked = way.walked
        later = bisect_right(heard, at_us)
        next_us = min(walked.due_us, heard[later]) if later < len(heard) else walked.due_us
        if walked.state is not None or next_us >= to_us:
            return
        walker = replace(walker, step=walked.step, reached_us=walked.reached_us, due_us=walked.due_us)
        at_us = max(next_us, at_us + 1)


def _then(customer: Customer, until_us: int) -> _Then:
    told = {name: getattr(customer, name) for name in Customer.__dataclass_fields__}
    if customer.declined_us is not None and customer.declined_us > until_us:
        told["declined_us"] = None
    return _Then(**told, until_us=until_us)
