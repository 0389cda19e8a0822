"""Who hears too much of us in the next 30 days, and who nothing: by the plays ahead and the contact rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from holdfast.domain.contact_calendar import AHEAD_DAYS, LONGEST_DAYS
from holdfast.domain.expression import Condition, Looked, Test
from holdfast.domain.moments import microseconds
from holdfast.domain.pressure import EVERY, Policy
from holdfast.services.act.calendar.ahead import Ahead, Looking, looking
from holdfast.services.act.plays.walking import DAY_US
from holdfast.store import contact_calendar, message_settings, segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.settings import Settings
    from holdfast.store.contact_calendar import Plan

    Marks = NDArray[np.bool_]
    Counts = NDArray[np.uint8]
    Whom = NDArray[np.bool_] | NDArray[np.int64]

EVERYBODY = ""
"""As the key of a segment: all customers."""


@dataclass(frozen=True, slots=True)
class Hears:
    """What a segment hears in the next 30 days: messages and calls by channel ("": the best one), to how many
    customers nothing goes, and to how many more than the contact rules let through.
    """

    segment_key: str
    title: str
    customers: int
    by_channel: dict[str, int]
    nothing: int
    too_much: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A line of the plan: of how many customers of the segment it is kept by what is ahead."""

    plan: Plan
    title: str
    customers: int
    reached: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """What every segment with a plan hears, and everybody; and how far each line of the plan is kept."""

    hears: tuple[Hears, ...]
    plan: tuple[Kept, ...]
    policy: Policy


def gaps(settings: Settings, now: datetime) -> Gaps:
    """What everybody and each segment with a plan hears; before consent, which is asked when it goes."""
    today = settings.now(now).astimezone(settings.zone).date()
    policy, lines = message_settings.contact_rules(settings), contact_calendar.plans(settings)
    titles = {each.key: each.title for each in segments.listed(settings)}
    with looking(settings, today, today + timedelta(days=LONGEST_DAYS - 1), now) as look:
        running = [each for each in look.plays if each.found.state == "running" and each.reaches]
        goes = [_Goes(settings, each, look, now) for each in running]
        keys = [EVERYBODY, *dict.fromkeys(each.segment_key for each in lines)]
        members = {key: _members(look, key) for key in keys}
        every = _by_day(goes, look)
        heard, full = every.any(axis=0), _too_much(policy, every)
        hears = tuple(
            Hears(
                key,
                titles.get(key, key),
                int(members[key].sum()),
                _by_channel(goes, members[key]),
                int((members[key] & ~heard).sum()),
                int((members[key] & full).sum()),
            )
            for key in keys
        )
        plan = tuple(_kept(each, titles, members[each.segment_key], goes) for each in lines)
    return Gaps(hears, plan, policy)


def _members(look: Looking, key: str) -> Marks:
    if key == EVERYBODY:
        return look.customers.everyone
    return look.customers.meets(Condition(Looked("segment", key), Test("met")))


class _Goes:
    """On which days ahead (0 is today) a play goes to whom; nobody enters sooner than they may again."""

    def __init__(self, settings: Settings, each: Ahead, look: Looking, now: datetime) -> None:
        self.channel = each.channel
        self.days: list[tuple[int, Whom]] = []
        again = each.ready.play.again_after_days
        wait = LONGEST_DAYS if again is None else again
        from_day = _may_enter(settings, each, look, now)
        for place, day in enumerate(each.days):
            offset = (day - look.since).days
            whom = each.whom if each.on is None else each.on == place
            whom = whom & (from_day <= offset)
            if whom.any():
                self.days.append((offset, _small(whom)))
                from_day = np.where(whom, offset + wait, from_day)

    def within(self, days: int) -> list[Whom]:
        """Who hears of it on each of the days within so many."""
        return [whom for offset, whom in self.days if offset < days]


def _small(whom: Marks) -> Whom:
    """The same customers by their places, where they are few: a birthday is that of few."""
    places = np.flatnonzero(whom)
    return places if len(places) * 8 < len(whom) else whom


def _may_enter(settings: Settings, each: Ahead, look: Looking, now: datetime) -> NDArray[np.int64]:
    """From which day ahead on each customer may enter a play (again)."""
    again, found = each.ready.play.again_after_days, np.zeros(len(look.customers.units), np.int64)
    if again == 0:
        return found
    present_us = microseconds(settings.now(now))
    since_us = 0 if again is None else present_us - again * DAY_US
    rows = contact_calendar.entered_since(settings, each.found.id, since_us)
    if rows:
        units, at_us = np.array(rows, np.int64).T
        place = look.customers.places(units)
        waits = LONGEST_DAYS if again is None else again - (present_us - at_us) // DAY_US
        found[place[place >= 0]] = np.broadcast_to(waits, place.shape)[place >= 0]
    return found


def _by_day(goes: list[_Goes], look: Looking) -> Counts:
    counts = np.zeros((AHEAD_DAYS, len(look.customers.units)), np.uint8)
    for each in goes:
        for offset, whom in each.days:
            if offset < AHEAD_DAYS:
                counts[offset][whom] += 1
    return counts


def _too_much(policy: Policy, counts: Counts) -> Marks:
    """To whom more is planned than the caps over all channels let through."""
    found = np.zeros(counts.shape[1], bool)
    for cap in policy.caps:
        if cap.channel != EVERY:
            continue
        length = {"day": 1, "week": 7, "month": AHEAD_DAYS}[cap.per]
        running = np.zeros(counts.shape[1], np.int64)
        for day in range(AHEAD_DAYS):
            running += counts[day]
            if day >= length:
                running -= counts[day - length]
            found |= running > cap.most
    return found


def _by_channel(goes: list[_Goes], members: Marks) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in goes:
        if times := sum(int(members[whom].sum()) for whom in each.within(AHEAD_DAYS)):
            found[each.channel] = found.get(each.channel, 0) + times
    return found


def _kept(line: Plan, titles: dict[str, str], members: Marks, goes: list[_Goes]) -> Kept:
    reached = np.zeros(len(members), bool)
    for each in goes:
        if line.channel in ("", each.channel):
            for whom in each.within(line.every_days):
                reached[whom] = True
    title = titles.get(line.segment_key, line.segment_key)
    return Kept(line, title, int(members.sum()), int((members & reached).sum()))
