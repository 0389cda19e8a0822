"""What could be learnt from a panel at a past day (D4)."""

from __future__ import annotations

import numpy as np

from holdfast.analytics.snapshot import FeatureTable
from holdfast.analytics.terms import OPEN
from holdfast.analytics.undecided import Silences
from holdfast.services.foresee.panels import Panel

DAY, GRACE, HORIZON = 300, 100, 90


def panel() -> Panel:
    """Two customers on day 100 and on day 300: both silent since day 110; only the first came back, on 350.

    The rhythm of the first had become slower by then, so that for today it never left.
    """
    units = np.array([1, 2, 1, 2], np.int64)
    at_day = np.array([100, 100, DAY, DAY], np.int32)
    last_day = np.array([95, 95, 110, 110], np.int32)
    latest_day = np.array([350, 110, 350, 110], np.int32)
    silences = Silences(
        units, at_day, last_day, latest_day, np.full(4, GRACE), np.full(4, 20.0), 0.2, end_day=900
    )
    left, departed = np.array([False, True, True, True]), np.array([OPEN, 110, 350, 110], np.int32)
    table = FeatureTable(units, at_day, {}, ())
    mature = at_day + np.int32(HORIZON + GRACE)
    return Panel(table, left, departed, HORIZON, (100, DAY), np.zeros(4, np.int64), mature, 0, silences)


def test_d4_a_past_day_does_not_know_who_came_back_later() -> None:
    known = panel().known_by(DAY)
    assert known.table.at_day.tolist() == [100, 100]
    # On day 300 both had been silent for longer than was allowed.
    assert known.left.tolist() == [True, True]
    assert known.departed_day.tolist() == [110, 110]
    assert panel().known_by(900).left.tolist() == [False, True, True, True]


def test_a_day_learns_only_from_horizons_that_were_over() -> None:
    assert len(panel().known_by(189)) == 0
    assert len(panel().known_by(DAY)) == 2
