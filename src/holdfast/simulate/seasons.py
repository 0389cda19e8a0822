"""How much more or less people buy on a day: weekdays and the feasts of their country."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from holdfast.simulate.arrays import Floats
from holdfast.simulate.countries import Country, countries

_CHINESE_NEW_YEAR = {
    2020: (1, 25),
    2021: (2, 12),
    2022: (2, 1),
    2023: (1, 22),
    2024: (2, 10),
    2025: (1, 29),
    2026: (2, 17),
    2027: (2, 6),
    2028: (1, 26),
    2029: (2, 13),
    2030: (2, 3),
    2031: (1, 23),
    2032: (2, 11),
    2033: (1, 31),
    2034: (2, 19),
    2035: (2, 8),
}


def buying_factors(on: date) -> Floats:
    """For each country, how much its people buy on this day against an ordinary one (around 1)."""
    return np.array([_weekday(country, on) * season_factor(country, on) for country in countries()])


def season_factor(country: Country, on: date) -> float:
    """The seasons alone, without the weekday: 1 on an ordinary day."""
    factor = 1.0
    for season in country.seasons:
        factor *= _SEASONS[season](on)
    return factor


def _weekday(country: Country, on: date) -> float:
    return country.weekdays[on.weekday()] * 7 / sum(country.weekdays)


def _christmas(on: date) -> float:
    if (on.month, on.day) >= (12, 25) or (on.month, on.day) <= (1, 2):
        return 0.6
    if (on.month, on.day) >= (11, 25) and on.month >= 11:
        return 1.5
    return 1.0


def _new_year(on: date) -> float:
    if on.month == 12 and on.day >= 10:
        return 1.4
    return 0.6 if on.month == 1 and on.day <= 7 else 1.0


def _nowruz(on: date) -> float:
    if on.month == 3 and on.day < 20:
        return 1.6
    return 0.5 if date(on.year, 3, 20) <= on <= date(on.year, 4, 2) else 1.0


def _nauryz(on: date) -> float:
    return 1.3 if on.month == 3 and 14 <= on.day <= 23 else 1.0


def _chinese_new_year(on: date) -> float:
    if on.year not in _CHINESE_NEW_YEAR:
        return 1.0
    feast = date(on.year, *_CHINESE_NEW_YEAR[on.year])
    if feast - timedelta(days=21) <= on < feast:
        return 1.5
    return 0.5 if feast <= on < feast + timedelta(days=6) else 1.0


_SEASONS: dict[str, Callable[[date], float]] = {
    "christmas": _christmas,
    "new_year": _new_year,
    "nowruz": _nowruz,
    "nauryz": _nauryz,
    "chinese_new_year": _chinese_new_year,
}
