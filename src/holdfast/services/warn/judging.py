"""What people say of episodes: snoozed until a day, right or wrong, over."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from holdfast.domain.moments import microseconds
from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.warn.reading import today
from holdfast.store import episodes_judged, episodes_reading

if TYPE_CHECKING:
    from holdfast.settings import Settings

MOST_DAYS = 365
"""So far ahead a warning may be put off."""


def snooze(settings: Settings, episode_id: int, until: date | None, *, by: str, now: datetime) -> None:
    """Show an open episode no more until a day (``None``: at once again). It stays open.

    Refuses a day that is none of the next :data:`MOST_DAYS` (``bad_moment``), and an episode that is over
    (``episode_over``) or that there is not (``no_such_episode``).
    """
    first = today(settings, now)
    if until is not None and not first < day_number(until) <= first + MOST_DAYS:
        raise Refusal(
            "bad_moment",
            found=Text("The warning is to be put off until {day}.", day=until),
            expected=Text("A day after today, within {n} days.", n=MOST_DAYS),
            remedy=Text("Choose another day; nothing was changed."),
        )
    day = None if until is None else day_number(until)
    if not episodes_judged.snooze(settings, episode_id, day, by=by):
        raise _not_open(settings, episode_id)


def judge(settings: Settings, episode_id: int, right: bool | None, *, by: str, now: datetime) -> None:
    """Note whether the warning was right (``None`` takes it back); open or over, the last word counts.

    Refuses ``no_such_episode``.
    """
    if not episodes_judged.judge(settings, episode_id, right, by=by, now_us=microseconds(now)):
        raise _not_open(settings, episode_id)


def end(settings: Settings, episode_id: int, *, by: str, now: datetime) -> None:
    """End an open episode: it is settled, whatever the numbers say; after its pause a new one may begin.

    Refuses ``episode_over`` and ``no_such_episode``.
    """
    if not episodes_judged.end(settings, episode_id, today(settings, now), by=by, now_us=microseconds(now)):
        raise _not_open(settings, episode_id)


def _not_open(settings: Settings, episode_id: int) -> Refusal:
    if episodes_reading.one(settings, episode_id) is None:
        return Refusal(
            "no_such_episode",
            found=Text("There is no warning with the number {number}.", number=str(episode_id)),
            expected=Text("The number of a warning that is listed."),
            remedy=Text("Look at the list of warnings."),
        )
    return Refusal(
        "episode_over",
        found=Text("This warning is over."),
        expected=Text("A warning that still holds."),
        remedy=Text("Look at the list of warnings."),
    )
