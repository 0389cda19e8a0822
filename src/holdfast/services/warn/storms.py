"""Whether what a signal raises on a day is a storm: one cause, very many customers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from holdfast.analytics.storms import is_storm, usual_number
from holdfast.store import episodes, episodes_reading, storms

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.episodes import Changes

EARLIER_DAYS = 28
"""The days before by which a day is judged."""


def apply(
    settings: Settings, key: str, changes: Changes, day: int, *, now_us: int, present_us: int
) -> list[int]:
    """Write what a look found of a signal on a day, as one storm where it is one; the ids that began.

    Called again with more customers of the same day, it counts those of before too. What is no news is of no
    storm: it did not happen on that day.
    """
    storm_id = _storm(settings, key, changes, day, now_us, present_us)
    begun = replace(changes.begun, storm_id=storm_id)
    found = episodes.apply(settings, key, replace(changes, begun=begun), now_us=now_us, present_us=present_us)
    if storm_id is not None and found:
        storms.count(settings, storm_id)
    return found


def _storm(
    settings: Settings, key: str, changes: Changes, day: int, now_us: int, present_us: int
) -> int | None:
    news = int((~changes.begun.quiet).sum())
    if not news:
        return None
    storm_id = storms.of_day(settings, key, day)
    if storm_id is not None:
        return storm_id
    since = storms.known_since(settings, key)
    if since is None:
        return None
    first = max(since, day - EARLIER_DAYS)
    by_day = episodes_reading.begun_by_day(settings, key, since_day=first, until_day=day + 1)
    earlier = [by_day.get(each, 0) for each in range(first, day)]
    number = by_day.get(day, 0) + news
    if not is_storm(number, earlier):
        return None
    return storms.raise_storm(
        *(settings, key, day),
        customers=number,
        usual=usual_number(earlier),
        now_us=now_us,
        present_us=present_us,
    )
