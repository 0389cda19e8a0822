"""How much each day counted in a whole company: weekdays, holidays, seasons, an outage, a day without data.

Told by many customers at once, each against the own mean, so that neither growth nor losses nor one giant
move it. What a customer does is then compared with what such days usually bring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Doubles = NDArray[np.float64]
    Marks = NDArray[np.bool_]

FEWEST_CUSTOMERS = 30
"""With fewer customers of habit a day of theirs says nothing about the company: every day counts 1."""

FEWEST_ACTIVE = 3
"""Active days from which a customer has a mean to compare a day with."""

SURE_SILENCE = 12.0
"""Days on which nothing came count as days without data where so many events were to be expected of them."""

_WEEK = 7
_PRIOR = 30.0
"""Events that weigh as much as a day's own number: a day with few is drawn towards its weekday."""

_MOST = 5.0
_MOST_WEIGHT = 2.0
_STAYS = 2.0
_NO_DATA = 0.02


def day_weights(counts: NDArray[np.integer]) -> Doubles:
    """The weight of each day, 1 on the mean, 0 without data, from ``counts`` of customers x days."""
    days = counts.shape[1]
    active = (counts > 0).sum(axis=1)
    told = counts[active >= FEWEST_ACTIVE]
    if len(told) < FEWEST_CUSTOMERS:
        return np.ones(days)
    came, expected = _totals(told)
    if not came.sum() or not expected.sum():
        return np.ones(days)
    with_data = np.ones(days, bool)
    for _ in range(2):  # days without data say nothing about weekdays, so these are measured again
        weekday, scale = _weekdays(came, expected, with_data)
        with_data = ~_without_data(came, expected * scale * weekday)
    usual = expected * scale
    weights = (came + _PRIOR * weekday) / (usual + _PRIOR)
    weights[~with_data] = 0.0
    mean = weights[with_data].mean() if with_data.any() else 1.0
    found: Doubles = weights / mean
    return found


def _totals(counts: NDArray[np.integer]) -> tuple[Doubles, Doubles]:
    """What came each day, and what was to come if every day were alike, in events of equal customers.

    A customer is there from the day after the first active one until twice the usual gap after the last.
    A day of one counts five times the own mean at most, and nobody for more than two events a day.
    """
    days = counts.shape[1]
    there = _there(counts)
    kept = counts * there
    mean = kept.sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    some = mean > 0
    kept, there, mean = kept[some], there[some], mean[some]
    cut = np.minimum(kept, np.maximum(_MOST * mean, 3.0)[:, None])
    weight = np.minimum(mean, _MOST_WEIGHT)
    came = (weight / mean) @ cut
    return came.astype(np.float64).reshape(days), (weight @ there).reshape(days)


def _there(counts: NDArray[np.integer]) -> Marks:
    days = counts.shape[1]
    happened = counts > 0
    first = happened.argmax(axis=1)
    last = days - 1 - happened[:, ::-1].argmax(axis=1)
    gap = (last - first) / np.maximum(happened.sum(axis=1) - 1, 1)
    day = np.arange(days)[None, :]
    found: Marks = (day > first[:, None]) & (day <= (last + np.ceil(_STAYS * gap))[:, None])
    return found


def _weekdays(came: Doubles, expected: Doubles, with_data: Marks) -> tuple[Doubles, float]:
    """Each day's weekday against the mean, and what ``expected`` must be multiplied with."""
    scale = came[with_data].sum() / max(expected[with_data].sum(), 1e-9)
    place = np.arange(len(came)) % _WEEK
    own = np.bincount(place[with_data], came[with_data], _WEEK)
    usual = np.bincount(place[with_data], expected[with_data], _WEEK) * scale
    weekday = (own + _PRIOR) / (usual + _PRIOR)
    return weekday[place], float(scale)


def _without_data(came: Doubles, expected: Doubles) -> Marks:
    """Runs of days on which (nearly) nothing came, of which far more was to be expected."""
    empty = came <= _NO_DATA * expected
    edges = np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]]).astype(np.int8)))
    marks = np.zeros(len(came), bool)
    for start, stop in edges.reshape(-1, 2):
        marks[start:stop] = expected[start:stop].sum() >= SURE_SILENCE
    return marks
