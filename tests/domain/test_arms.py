"""Who is held out: the same in Python, numpy and SQL, and in the share that was asked for."""

from __future__ import annotations

import sqlite3

import numpy as np

from holdfast.domain.arms import PRIME, arm_of, below, draw_of

UNITS = [0, 1, 2, 17, 999_983, PRIME - 1, PRIME, PRIME + 1, 2**40 + 12_345]


def test_python_numpy_and_sql_draw_the_same() -> None:
    draw = draw_of("workspace", "rescue")
    plain = [draw.of(unit) for unit in UNITS]
    assert draw.of(np.array(UNITS, np.int64)).tolist() == plain
    values = ", ".join(f"({unit})" for unit in UNITS)
    asked = f"SELECT {draw.sql('u.column1', '%')} FROM (VALUES {values}) u"
    assert [each for (each,) in sqlite3.connect(":memory:").execute(asked)] == plain
    assert all(0 <= each < PRIME for each in plain)
    assert all(0 <= draw.place(unit) < 1 for unit in UNITS)


def test_the_share_that_is_held_out_is_the_one_asked_for() -> None:
    units = np.arange(200_000, dtype=np.int64)
    for play in ("a", "b", "c"):
        drawn = draw_of("workspace", play).of(units)
        held = float((drawn < below(0.1)).mean())
        assert abs(held - 0.1) < 4 * np.sqrt(0.1 * 0.9 / len(units))
    assert arm_of(draw_of("workspace", "a"), 5, 0) == "treated"
    assert arm_of(draw_of("workspace", "a"), 5, 1) == "held_out"


def test_two_plays_and_two_workspaces_draw_apart() -> None:
    units = np.arange(100_000, dtype=np.int64)
    one, other = draw_of("workspace", "a").of(units) / PRIME, draw_of("workspace", "b").of(units) / PRIME
    assert abs(float(np.corrcoef(one, other)[0, 1])) < 0.02
    assert draw_of("workspace", "a") != draw_of("elsewhere", "a") != draw_of("elsewhere", "a", "again")
