"""What plays do on which day ahead, and to whom: those whose day is known before it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from holdfast.domain import plays as p
from holdfast.domain.arms import below
from holdfast.domain.expression import Looked, as_day
from holdfast.domain.moments import microseconds
from holdfast.domain.schedules import next_after
from holdfast.services.act.plays.enrolling import arm_draw, held_out_of_all
from holdfast.services.act.plays.feasts import feast_days
from holdfast.services.act.plays.issues import is_newsletter
from holdfast.services.act.plays.written import Ready, kept
from holdfast.services.collect.segments.leaves import Asked, asked
from holdfast.services.collect.segments.rules import rules_of
from holdfast.store import plays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.domain.contact_calendar import EntryKind
    from holdfast.settings import Settings
    from holdfast.store.plays import KeptPlay

    Marks = NDArray[np.bool_]
    Places = NDArray[np.int64]

STATES = ("running", "paused", "draft")
"""Plays that may still do something."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A play ahead. ``whom`` marks its audience; ``on`` is the place in ``days`` of each customer's own day,
    where the play goes by a date of theirs (-1: none).
    """

    found: KeptPlay
    ready: Ready
    days: tuple[date, ...]
    whom: Marks
    on: Places | None = None

    @property
    def kind(self) -> EntryKind:
        """As what it stands in the calendar."""
        play = self.ready.play
        if play.topic == "greetings":
            return "greeting"
        news = play.topic == "news" and isinstance(play.trigger, p.OnSchedule) and self.channel != "call"
        if news or is_newsletter(play):
            return "newsletter"
        if isinstance(play.trigger, p.Broadcast):
            return "broadcast"
        return "schedule" if isinstance(play.trigger, p.OnSchedule) else "date"

    @property
    def channel(self) -> str:
        """The channel of its first message, "" where the best one is taken or there is none."""
        for step in p.steps_of(self.ready.play):
            if step.do == "call":
                return "call"
            if self.ready.step(step.id).touches:
                named = getattr(self.ready.options[step.id], "channel", "best")
                return "" if named == "best" else str(named)
        return ""

    @property
    def reaches(self) -> bool:
        """Whether a customer hears of it at all."""
        return any(
            step.do == "call" or self.ready.step(step.id).touches for step in p.steps_of(self.ready.play)
        )

    def customers(self, place: int) -> int:
        """To how many it goes on the day of a place."""
        return int(self.whom.sum() if self.on is None else (self.on == place).sum())


@dataclass(frozen=True, slots=True)
class Looking:
    """The customers, the days that are looked at (both included), and the plays of which something is known.

    ``daily`` are plays that look at everybody every day; ``undated`` counts those that go by what happens.
    """

    customers: Asked
    since: date
    until: date
    plays: tuple[Ahead, ...]
    daily: tuple[Ahead, ...]
    undated: int


@contextmanager
def looking(settings: Settings, since: date, until: date, now: datetime) -> Iterator[Looking]:
    """The plays that do something from ``since`` to ``until``, of those days that are not past."""
    today = settings.now(now).astimezone(settings.zone).date()
    since = max(since, today)
    there = _there(settings)
    with asked(settings, microseconds(now), rules_of(settings)) as customers:
        dated_ones = [(each, ready) for each, ready in there if isinstance(ready.play.trigger, _DATED)]
        customers.begin(ready.play.audience for _, ready in dated_ones if ready.play.audience is not None)
        known = [_ahead(settings, customers, each, ready, since, until, now) for each, ready in dated_ones]
        daily = tuple(each for each in known if _is_daily(each.ready.play))
        dated = tuple(each for each in known if each.days and each not in daily)
        undated = sum(
            each.state == "running" and not isinstance(ready.play.trigger, _DATED) for each, ready in there
        )
        yield Looking(customers, since, until, dated, daily, undated)


_DATED = (p.Broadcast, p.OnSchedule, p.DateComes)


def _there(settings: Settings) -> list[tuple[KeptPlay, Ready]]:
    """Every play that may still do something, by the version that enrols, of a draft the one written."""
    running = {play.id: version for play, version in plays.running(settings)}
    latest = {version.play_id: version for version in plays.latest(settings)}
    found = []
    for each in plays.listed(settings):
        version = running.get(each.id) or latest.get(each.id)
        if each.state in STATES and version is not None:
            found.append((each, kept(version.id, version.made_us, version.written)))
    return found


def _is_daily(play: p.Play) -> bool:
    return isinstance(play.trigger, p.OnSchedule) and play.trigger.every == "day"


def _ahead(
    settings: Settings,
    customers: Asked,
    found: KeptPlay,
    ready: Ready,
    since: date,
    until: date,
    now: datetime,
) -> Ahead:
    play, trigger = ready.play, ready.play.trigger
    assert isinstance(trigger, _DATED)  # noqa: S101
    whom = customers.everyone if play.audience is None else customers.meets(play.audience)
    whom = whom & _touched(settings, play, customers.units)
    if play.ends_on is not None:
        until = min(until, play.ends_on)
    if isinstance(trigger, p.DateComes):
        days = tuple(_each(since, until))
        return Ahead(found, ready, days, whom, _own_days(customers, trigger, days, whom))
    return Ahead(found, ready, tuple(_days(settings, found, trigger, since, until, now)), whom)


def _touched(settings: Settings, play: p.Play, units: Places) -> Marks:
    """Who is not held out of a play, or of all."""
    held = np.asarray(arm_draw(settings, play.key).of(units) < below(play.hold_out))
    return ~held & ~held_out_of_all(settings, play, units)


def _each(since: date, until: date) -> Iterator[date]:
    for number in range((until - since).days + 1):
        yield since + timedelta(days=number)


def _days(
    settings: Settings,
    found: KeptPlay,
    trigger: p.Broadcast | p.OnSchedule,
    since: date,
    until: date,
    now: datetime,
) -> list[date]:
    """On which days it goes to its audience."""
    if isinstance(trigger, p.Broadcast) and trigger.feast:
        return [day for day, feast in feast_days(since, until) if feast == trigger.feast]
    if isinstance(trigger, p.Broadcast):
        if trigger.at is None or plays.cursor(settings, found.id, "broadcast") is not None:
            return []
        at = datetime.fromisoformat(trigger.at)
        day = (at if at.tzinfo is None else at.astimezone(settings.zone)).date()
        return [day] if since <= day <= until else []
    days: list[date] = []
    midnight = datetime.combine(since, datetime.min.time(), settings.zone)
    at = max(settings.now(now), midnight - timedelta.resolution)  # what goes at midnight is of that day
    while True:
        at = next_after(at, trigger.every, trigger.on, trigger.minute, settings.zone)
        if at.date() > until:
            return days
        days.append(at.date())


def _own_days(customers: Asked, trigger: p.DateComes, days: tuple[date, ...], whom: Marks) -> Places:
    """The place of the day on which it begins for each customer, -1 for none."""
    column = customers.trait(Looked("trait", trigger.trait))
    first = places_of(getattr(column, "words", ()), days, trigger.days, yearly=trigger.yearly)
    place = getattr(column, "place", np.full(len(whom), -1))
    known = np.append(first, -1)[place]  # -1 is the last: nothing is known
    return np.where(whom, known, -1)


def places_of(words: tuple[str, ...], days: tuple[date, ...], later: int = 0, *, yearly: bool) -> Places:
    """For each word that names a day, the place among ``days`` of the day ``later`` days after it."""
    exact = {day: place for place, day in enumerate(days)}
    of_year: Mapping[tuple[int, int], int] = {
        ((day - timedelta(days=later)).month, (day - timedelta(days=later)).day): place
        for place, day in reversed(list(enumerate(days)))
    }
    found = np.full(len(words), -1, np.int64)
    for number, word in enumerate(words):
        said = as_day(word)
        if said is None:
            continue
        if yearly:
            leapling = (said.month, said.day) == (2, 29) and (2, 29) not in of_year
            found[number] = of_year.get((2, 28) if leapling else (said.month, said.day), -1)
        else:
            found[number] = exact.get(said + timedelta(days=later), -1)
    return found
