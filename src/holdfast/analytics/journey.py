"""The way of a customer, step by step: how many go on from each step, how fast, and who stays behind.

A customer has taken a step when its event came, or that of any later step: who buys without signing up has
gone past signing up. Of those who reached a step, only the ones count of whom it can be told: who has had the
whole time of ``patience`` days to go on. What did not go on within it is lost at the step, for now.

Shares have Wilson's interval (:func:`holdfast.analytics.intervals.wilson`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.intervals import wilson
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Days = NDArray[np.float64]

FEWEST = 30
"""A step that fewer reached, or whose going on can be told of fewer, says nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way: the first of events of these ``names``; ``nth`` purchase where it is one."""

    key: str
    title: Text
    names: tuple[str, ...] = ()
    nth: int = 0


STEPS: tuple[Step, ...] = (
    Step("came", Text("First heard of")),
    Step("signed_up", Text("Signed up"), ("Signed Up", "Account Created")),
    Step("trial", Text("Began a trial"), ("Trial Started",)),
    Step("first_steps", Text("Took the first steps"), ("Onboarding Step Completed",)),
    Step("first_purchase", Text("Bought for the first time"), nth=1),
    Step("second_purchase", Text("Bought a second time"), nth=2),
    Step("third_purchase", Text("Bought a third time"), nth=3),
    Step("fourth_purchase", Text("Bought a fourth time"), nth=4),
)
"""The steps in their order; those of which a company has no events are left out."""

FUNNEL_END = "first_purchase"
"""Up to here the steps are the funnel to the first purchase."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a step is like.

    ``reached`` it in the time looked at; of ``told`` it can be said whether they went on, and ``went_on``
    did, within the patience; ``low`` and ``high`` bound the share **lost**. ``quarter_days``: after so many
    days a quarter, half and three quarters of those who went on had; ``None`` where too few did.
    """

    key: str
    reached: int
    told: int
    went_on: int
    low: float
    high: float
    quarter_days: tuple[int, int, int] | None

    @property
    def lost(self) -> int:
        """How many did not go on."""
        return self.told - self.went_on

    @property
    def share_lost(self) -> float | None:
        """The share that did not go on; ``None`` where too few can be told."""
        return self.lost / self.told if self.told >= FEWEST else None


def onward(days: Mapping[str, Days], keys: Sequence[str]) -> dict[str, Days]:
    """For each step the first day on which a later one was taken, ``nan`` where none was."""
    found: dict[str, Days] = {}
    later = np.full(len(next(iter(days.values()))), np.nan)
    for key in reversed(keys):
        found[key] = later
        later = np.fmin(later, days[key])
    return found


def stages(
    days: Mapping[str, Days], keys: Sequence[str], end_day: int, since_day: int, patience: int
) -> list[Stage]:
    """Each step but the last, of those who took it from ``since_day`` on and before ``end_day``.

    ``days`` hold for each customer the day on which the step was taken first, ``nan``: not yet.
    """
    after = onward(days, keys)
    return [_stage(key, days[key], after[key], end_day, since_day, patience) for key in keys[:-1]]


def _stage(key: str, taken: Days, after: Days, end_day: int, since_day: int, patience: int) -> Stage:
    # Who took a later step before this one did not stand here.
    reached = (taken >= since_day) & (taken < end_day) & ~(after < taken)
    told = reached & (taken + patience <= end_day)
    waited = (after - taken)[told]
    within = waited[waited <= patience]
    low, high = wilson(int(told.sum()) - len(within), int(told.sum()))
    quarters = None
    if len(within) >= FEWEST:
        quarters = tuple(round(float(each)) for each in np.quantile(within, (0.25, 0.5, 0.75)))
    return Stage(
        *(key, int(reached.sum()), int(told.sum()), len(within), low, high),
        None if quarters is None else (quarters[0], quarters[1], quarters[2]),
    )


def behind(taken: Days, after: Days, end_day: int, patience: int) -> NDArray[np.intp]:
    """Who took a step and has not gone on within the patience: the newest first."""
    stuck = np.flatnonzero((taken + patience <= end_day) & np.isnan(after))
    return stuck[np.argsort(-taken[stuck], kind="stable")]


def worst(found: Sequence[Stage]) -> Stage | None:
    """The step at which most customers are lost; ``None`` where none can be told."""
    able = [each for each in found if each.share_lost is not None]
    return max(able, key=lambda each: each.lost, default=None)


def funnel(
    days: Mapping[str, Days], keys: Sequence[str], end_day: int, since_day: int, patience: int
) -> list[tuple[str, int, int]]:
    """Of those who came from ``since_day`` on, how many had each step, or a later one, within the patience.

    (step, of whom it can be told, how many); the first step is everybody.
    """
    came = np.fmin.reduce([days[key] for key in keys])
    told = (came >= since_day) & (came + patience <= end_day)
    some = {key: np.fmin.reduce([days[each] for each in keys[place:]]) for place, key in enumerate(keys)}
    return [(key, int(told.sum()), int((told & (some[key] - came <= patience)).sum())) for key in keys]
