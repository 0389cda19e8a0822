"""What a replay was worth, in a word: honest where hardly anybody leaves or too little is known (C)."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from holdfast.analytics.churn import Ended
from holdfast.analytics.episodes import NEVER
from holdfast.analytics.panel import Stays
from holdfast.analytics.replayed import Replayed, worth
from holdfast.analytics.terms import OPEN

Whole = NDArray[np.int64]
CUSTOMERS, WARNED, DAYS, END = 60, 20, 28, 400


def stays(*left: int) -> Stays:
    """Customers under contract from day 0 on; those of ``left`` ended it on day 40."""
    unit = np.arange(CUSTOMERS, dtype=np.int64)
    gone = np.isin(unit, left)
    end = np.where(gone, 40, OPEN).astype(np.int64)
    ended = np.where(gone, int(Ended.CONTRACT), int(Ended.OPEN)).astype(np.int64)
    return Stays(unit, np.zeros_like(unit), end, ended, np.zeros_like(unit), ~gone, END)


def replay(warned: int = WARNED) -> Replayed:
    """Of the first customers it warned on day 10, for good."""
    unit = np.arange(warned, dtype=np.int64)
    units = np.arange(CUSTOMERS, dtype=np.int64)
    return Replayed(
        *(unit, np.full(warned, 10), np.full(warned, NEVER), units, range(DAYS)),
        warned_days=warned * (DAYS - 10),
        asked_days=CUSTOMERS * DAYS,
        quiet_weeks={7: units, 14: units[warned:], 21: units[warned:]},
    )


def no_grace(units: Whole, day: int) -> Whole:
    return np.zeros(len(units), np.int64)


@pytest.mark.parametrize(
    ("left", "warned", "verdict"),
    [
        ((), WARNED, "few_left"),
        (range(0, CUSTOMERS, 3), WARNED, "too_little"),
        ((*range(15), *range(30, 36)), WARNED, "earns_its_place"),
        ((), 5, "too_little"),
        ((), 0, "never"),
    ],
)
def test_the_verdict_says_what_can_be_said(left: tuple[int, ...], warned: int, verdict: str) -> None:
    found = worth(replay(warned), stays(*left), 90, no_grace)
    assert found.matured == warned
    assert found.verdict == verdict
