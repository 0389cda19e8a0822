"""Do customers look different from those a model learnt from? An alarm that knows how they always change.

Two dates of one company never look alike: a mailing went out on the eve of one and a month before the
other, December buys more than March, a young company grows. A test that takes customers for
independent draws finds all of that, and would sound at every company on every day. So a feature has
*moved* only when it

* differs from **each** of the dates that the model learnt from, beyond chance (the largest of the p values
  counts: an intersection-union test, whose false alarms are no more frequent than those of any of its
  parts; Berger 1982, Multiparameter hypothesis testing and acceptance sampling), all features together,
* by more than a shift that is too small to matter, and
* by clearly more than it moved before over as long a time: the alarm's own measure, taken at every past
  date against the dates that would have been learnt from by then.

What moves by itself once a date, such as the days since the last mailing, is thus no alarm; a company
that has changed a lot is told only of what changes more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.learning.drift import FALSE_ALARM_RATE, LEAST_SHIFT, population_drift

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.services.foresee.risk_model import Examples

    Columns = Mapping[str, NDArray[Any]]

WATCHED = 20
"""So many features at most are watched: those that weigh most in the model."""

_CLEARLY = 2.0
"""Of so few past dates the largest shift is easily passed by chance; twice of it is not."""

_ROWS = 1_000
"""So many customers of each date stand for it: a shift of the size that matters shows in a few hundred."""


@dataclass(frozen=True)
class Moved:
    """How far a feature is from the nearest date learnt from (population stability index), and whether
    that means something.
    """

    name: str
    psi: float
    alarm: bool


@dataclass(frozen=True)
class Watch:
    """Customers of every date learnt from, and by how much each feature moved before (``usual``)."""

    dates: tuple[Columns, ...]
    usual: Mapping[str, float]

    def moved(self, now: Columns) -> tuple[Moved, ...]:
        """Every watched feature that the company still has, the one that moved furthest first."""
        names = [name for name in self.usual if name in now]
        told = _nearest(self.dates, {name: now[name] for name in names})
        rate = FALSE_ALARM_RATE / max(1, len(names))
        found = [
            Moved(name, psi, p_value <= rate and psi >= max(LEAST_SHIFT, _CLEARLY * self.usual[name]))
            for name, (psi, p_value) in told.items()
        ]
        return tuple(sorted(found, key=lambda each: (not each.alarm, -each.psi)))


def watch(told: Examples, names: Sequence[str], today: int, seed: int) -> Watch:
    """Watch the features ``names`` from ``today`` on, against the dates in ``told``."""
    draw = np.random.default_rng(seed)
    days = np.unique(told.at_day)
    dates = [_customers(told, names, np.flatnonzero(told.at_day == day), draw) for day in days.tolist()]
    behind = today - int(days[-1])
    usual = dict.fromkeys(names, 0.0)
    for place, day in enumerate(days.tolist()):
        learnt = [dates[at] for at in np.flatnonzero(days <= day - behind).tolist()]
        for name, (psi, _) in (_nearest(learnt, dates[place]) if learnt else {}).items():
            usual[name] = max(usual[name], psi)
    return Watch(tuple(dates), usual)


def _customers(
    told: Examples, names: Sequence[str], rows: NDArray[np.intp], draw: np.random.Generator
) -> dict[str, NDArray[Any]]:
    some = draw.choice(rows, _ROWS, replace=False) if len(rows) > _ROWS else rows
    return {name: told.columns[name][some] for name in names}


def _nearest(dates: Sequence[Columns], now: Columns) -> dict[str, tuple[float, float]]:
    """Per feature the index to the nearest of the dates, and the largest p value of all."""
    found: dict[str, tuple[float, float]] = {}
    for date in dates:
        for each in population_drift({name: date[name] for name in now}, now).features:
            psi, p_value = found.get(each.name, (np.inf, 0.0))
            found[each.name] = min(psi, each.psi), max(p_value, each.p_value)
    return found
