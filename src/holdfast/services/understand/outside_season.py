"""Season, trend and holidays in what customers buy: with the public holidays of each country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from holdfast.domain.period import date_of
from holdfast.learning.outside import ALPHA, Factor, against, season, usual_of
from holdfast.learning.subgroups import corrected
from holdfast.services.understand.feast_days import public_holidays
from holdfast.services.understand.outside_days import Days

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_MONTHS = 24
"""With less than two years a season cannot be told from a trend."""

MOST_FEASTS = 15
_FEWEST_BOUGHT = 200
_BEFORE, _AFTER = 14, 7


@dataclass(frozen=True, slots=True)
class Feast:
    """What a public holiday of a country does to buying: ``before`` it (two weeks), or on it and after.

    ``seen`` is how often it was; ``chance`` is corrected for all holidays that were looked at.
    """

    country: str
    name: str
    before: bool
    seen: int
    times: Factor
    chance: float


def months_of(found: Days) -> tuple[Mapping[int, Factor], Factor | None]:
    """The months of the year in what is bought for each customer, and the trend; none before two years."""
    on = [date_of(found.first_day + place) for place in range(len(found.present))]
    number = np.array([12 * each.year + each.month for each in on], np.int64)
    counts, place = np.unique(number, return_inverse=True)
    size = np.bincount(place) if len(number) else np.zeros(0)
    whole = np.flatnonzero(size >= 28)
    if len(whole) < FEWEST_MONTHS or found.bought[""].sum() < _FEWEST_BOUGHT:
        return {}, None
    bought, exposure = np.bincount(place, found.bought[""]), np.bincount(place, found.present)
    middle = np.bincount(place, np.arange(len(number))) / size
    month = (counts - 1) % 12 + 1
    told = [np.asarray(each[whole], np.float64) for each in (bought, exposure, middle)]
    return season(told[0], told[1], month[whole], told[2])


def feasts(found: Days) -> tuple[Feast, ...]:
    """Holidays before or after which a country buys more or less beyond chance, the clearest first."""
    told: list[tuple[str, str, bool, int, Factor, float]] = []
    when: dict[tuple[str, str, bool], set[int]] = {}
    normal = NormalDist()
    for code, counts in found.bought.items():
        if code and counts.sum() >= _FEWEST_BOUGHT:
            usual = usual_of(counts)
            rest = (counts - usual) / np.sqrt(np.maximum(usual, 1))
            spread = max(1.0, float((np.median(np.abs(rest)) / normal.inv_cdf(0.75)) ** 2))
            for name, places in _holidays(code, found.first_day, len(counts)).items():
                for before in (True, False):
                    days = _days(places, before, len(counts))
                    when[code, name, before] = set(days.tolist())
                    times = against(float(counts[days].sum()), float(usual[days].sum()), spread)
                    width = log(times.high / times.low) / (2 * normal.inv_cdf(0.975))
                    chance = 2 * normal.cdf(-abs(log(times.times)) / width)
                    told.append((code, name, before, len(places), times, chance))
    chances = corrected([each[-1] for each in told])
    kept = [
        Feast(*each[:-1], chance)
        for each, chance in zip(told, chances, strict=True)
        if chance is not None and chance <= ALPHA
    ]
    taken: dict[str, set[int]] = {}
    apart = []
    for each in sorted(kept, key=lambda one: (one.chance, -abs(log(one.times.times)))):
        # Of feasts that lie together the clearest is told.
        own = when[each.country, each.name, each.before]
        if len(own & taken.setdefault(each.country, set())) * 2 <= len(own):
            taken[each.country] |= own
            apart.append(each)
    return tuple(apart[:MOST_FEASTS])


def _days(places: list[int], before: bool, length: int) -> NDArray[np.int64]:
    offsets = range(-_BEFORE, 0) if before else range(_AFTER)
    chosen = {place + offset for place in places for offset in offsets if 0 <= place + offset < length}
    return np.array(sorted(chosen), np.int64)


def _holidays(code: str, first_day: int, length: int) -> dict[str, list[int]]:
    """The public holidays of a country, by their first day; none of a country that is not known."""
    found: dict[str, list[int]] = {}
    for place, name in public_holidays(code, first_day, length).items():
        mine = found.setdefault(name, [])
        # Of a feast of several days the first one counts.
        if not mine or place - mine[-1] > 30:
            mine.append(place)
    return found
