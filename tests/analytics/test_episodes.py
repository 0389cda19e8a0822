"""Episodes: once each, with a pause after, and the same however often a day is asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from holdfast.analytics.episodes import NEVER, Kept, Replay, step

Marks = NDArray[np.bool_]
Lived = list[tuple[int, int, int]]
"""Unit, first day, last day."""

DAYS, CUSTOMERS = 24, 3
SAID = st.lists(
    st.lists(st.sampled_from(("holds", "over", "between")), min_size=CUSTOMERS, max_size=CUSTOMERS),
    min_size=DAYS,
    max_size=DAYS,
)


def marks(row: list[str], word: str) -> Marks:
    return np.array([each == word for each in row])


class Table:
    """Episodes as a database keeps them."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[int, int, int, bool]] = {}

    def kept(self) -> Kept:
        ids = sorted(self.rows)
        columns = [np.array([self.rows[each][at] for each in ids], np.int64) for at in range(3)]
        by_person = np.array([self.rows[each][3] for each in ids], bool)
        return Kept(np.array(ids, np.int64), *columns, by_person)

    def ask(self, day: int, row: list[str], cooldown: int) -> None:
        kept, units = self.kept(), np.arange(CUSTOMERS)
        found = step(kept, units, marks(row, "holds"), marks(row, "over"), day, cooldown)
        for place in found.begins.tolist():
            self.rows[len(self.rows)] = (place, day, NEVER, False)
        for place, (began, ended) in (
            *((at, (None, day)) for at in found.ends.tolist()),
            *((at, (None, NEVER)) for at in found.opens.tolist()),
            *((at, (day, None)) for at in found.earlier.tolist()),
        ):
            unit, first, last, person = self.rows[int(kept.id[place])]
            self.rows[int(kept.id[place])] = (
                unit,
                first if began is None else began,
                last if ended is None else ended,
                person,
            )

    def lived(self) -> Lived:
        return sorted(row[:3] for row in self.rows.values() if row[2] != row[1])


def replayed(said: list[list[str]], cooldown: int) -> Lived:
    replay = Replay(np.arange(CUSTOMERS), cooldown)
    for day, row in enumerate(said):
        replay.day(day, marks(row, "holds"), marks(row, "over"))
    return sorted(zip(*(each.tolist() for each in replay.episodes()), strict=True))


def one(words: str, cooldown: int = 2) -> Lived:
    """One customer's days: h holds, o over, - neither."""
    told = {"h": "holds", "o": "over", "-": "between"}
    return [each for each in replayed([[told[word], "-", "-"] for word in words], cooldown) if each[0] == 0]


def test_an_episode_goes_on_until_it_is_over() -> None:
    assert one("-h--hh-o-") == [(0, 1, 7)]
    assert one("hh") == [(0, 0, NEVER)]
    assert one("o-o") == []


def test_none_begins_in_the_pause_after_one() -> None:
    assert one("hohhh") == [(0, 0, 1), (0, 4, NEVER)]
    assert one("hohhh", cooldown=0) == [(0, 0, 1), (0, 2, NEVER)]


@settings(deadline=None)
@given(SAID, st.integers(0, 5))
def test_a_day_asked_at_its_end_makes_what_a_replay_makes(said: list[list[str]], cooldown: int) -> None:
    table = Table()
    for day, row in enumerate(said):
        table.ask(day, row, cooldown)
        table.ask(day, row, cooldown)
    assert table.lived() == replayed(said, cooldown)


@settings(deadline=None)
@given(SAID, SAID, st.integers(0, 5), st.randoms(use_true_random=False))
def test_what_is_asked_in_between_changes_nothing_in_the_end(
    said: list[list[str]], between: list[list[str]], cooldown: int, chance: object
) -> None:
    table = Table()
    for day, (row, early) in enumerate(zip(said, between, strict=True)):
        table.ask(day, early, cooldown)
        table.ask(day, list(reversed(early)), cooldown)
        table.ask(day, row, cooldown)
    assert table.lived() == replayed(said, cooldown)


@settings(deadline=None)
@given(SAID, SAID, st.integers(0, 5))
def test_a_night_that_comes_after_the_next_day_began_sets_it_right(
    said: list[list[str]], between: list[list[str]], cooldown: int
) -> None:
    """Live looks of a day may come before the night that decides the day before."""
    table = Table()
    for day, (row, early) in enumerate(zip(said, between, strict=True)):
        table.ask(day, early, cooldown)
        if day:
            table.ask(day - 1, said[day - 1], cooldown)
        table.ask(day, row, cooldown)
    table.ask(DAYS - 1, said[-1], cooldown)
    assert table.lived() == replayed(said, cooldown)


def test_what_a_person_ended_is_not_opened_again() -> None:
    table = Table()
    table.ask(3, ["holds", "-", "-"], 2)
    table.rows[0] = (0, 3, 4, True)
    for day in (4, 5, 6):
        table.ask(day, ["holds", "-", "-"], 2)
    assert table.lived() == [(0, 3, 4)]
    table.ask(7, ["holds", "-", "-"], 2)
    assert table.lived() == [(0, 3, 4), (0, 7, NEVER)]


def test_others_are_left_alone() -> None:
    table = Table()
    table.ask(1, ["holds", "holds", "holds"], 2)
    kept = table.kept()
    found = step(kept, np.array([1]), np.array([False]), np.array([True]), 2, 2)
    assert kept.unit[found.ends].tolist() == [1]
    nobody = step(kept, np.empty(0, np.int64), np.zeros(0, bool), np.zeros(0, bool), 2, 2)
    assert [len(each) for each in (nobody.begins, nobody.ends, nobody.opens, nobody.earlier)] == [0] * 4


@pytest.mark.parametrize("cooldown", [0, 14])
def test_state_based_rules_are_cheap(cooldown: int) -> None:
    """A customer-day of the state machine takes far less than a microsecond."""
    from time import process_time

    size, days = 50_000, 20
    chance = np.random.default_rng(1)
    replay = Replay(np.arange(size), cooldown)
    said = [(chance.random(size) < 0.05, chance.random(size) < 0.1) for _ in range(days)]
    began = process_time()
    for day, (holds, over) in enumerate(said):
        replay.day(day, holds, over & ~holds)
    assert (process_time() - began) / (size * days) < 1e-6
