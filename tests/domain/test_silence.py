from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.silence import LONGER_THAN_HABIT, SHORTEST_DAYS, Silence, silences, usual_days


def test_a_habit_needs_three_days_of_buying() -> None:
    assert usual_days([]) is usual_days([1]) is usual_days([1, 9, 9]) is None
    assert usual_days([1, 10, 19, 30]) == 9


def test_a3_a_silence_longer_than_the_habit_is_seen_also_when_it_lasts_until_today() -> None:
    days = [0, 9, 18, 50, 59]
    assert silences(days, today=100) == [Silence(18, 50, 9.0), Silence(59, 100, 9.0, goes_on=True)]
    assert silences(days, today=60) == [Silence(18, 50, 9.0)]
    assert silences([1, 300], today=900) == []


@given(st.lists(st.integers(0, 2000), max_size=30), st.integers(0, 2500))
def test_silences_are_long_and_without_a_purchase(days: list[int], today: int) -> None:
    habit = usual_days(days)
    for silence in silences(days, today=today):
        assert habit is not None
        assert silence.days > max(SHORTEST_DAYS, LONGER_THAN_HABIT * habit)
        assert not [day for day in days if silence.start < day < silence.end and day <= today]
