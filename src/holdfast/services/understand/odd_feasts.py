"""Which public holidays an unusual day of the company is, or the day before: named, not guessed.

A company of many countries has a holiday somewhere on every third day. So one is named only where its
country buys unlike its usual self on that day too, in the direction of the whole company, or where half of
the company's customers are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from holdfast.learning.outside import usual_of
from holdfast.services.understand.feast_days import public_holidays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.services.understand.outside_days import Days

    Doubles = NDArray[np.float64]

_NORMAL = NormalDist()
_BEYOND = _NORMAL.inv_cdf(0.975)
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class DayFeast:
    """A public holiday of a country, English ``name``: on the day itself, or (``eve``) on the next."""

    country: str
    name: str
    eve: bool


@dataclass(frozen=True, slots=True)
class _Country:
    feasts: Mapping[int, str]
    usual: Doubles
    moved: Doubles


class Calendars:
    """The public holidays of the countries in which a company sells, beside what each buys."""

    def __init__(self, found: Days) -> None:
        length = len(found.present)
        self._usual = usual_of(found.bought[""])
        self._of = {
            code: _Country(
                public_holidays(code, found.first_day, length + 1), usual_of(counts), _moved(counts)
            )
            for code, counts in found.bought.items()
            if code
        }

    def on(self, place: int, *, more: bool, failed: bool) -> tuple[DayFeast, ...]:
        """The holidays of the day at ``place``, on which ``more`` or less than usual was done.

        Where something of ours ``failed`` as well every country is unlike itself: there one is named only
        if half of the customers have it.
        """
        found = []
        for code, each in self._of.items():
            name, eve = each.feasts.get(place), False
            if name is None:
                name, eve = each.feasts.get(place + 1), True
            moved = float(each.moved[place]) * (1 if more else -1) > _BEYOND
            half = each.usual[place] >= _HALF * max(float(self._usual[place]), 1.0)
            if name is not None and (half or (moved and not failed)):
                found.append(DayFeast(code, name, eve))
        return tuple(sorted(found, key=lambda each: (each.eve, each.name, each.country)))


def _moved(counts: Doubles) -> Doubles:
    """How far each day is from its usual, in spreads of a usual day."""
    out = 2 * (np.sqrt(counts + 0.375) - np.sqrt(usual_of(counts) + 0.375))
    spread = max(1.0, float(np.median(np.abs(out))) / _NORMAL.inv_cdf(0.75))
    found: Doubles = out / spread
    return found
