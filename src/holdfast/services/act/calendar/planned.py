"""What is on each day: what plays do, holidays, birthdays and anniversaries, dates of our own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from holdfast.domain.contact_calendar import BIRTHDAYS, Entry
from holdfast.domain.expression import Looked
from holdfast.domain.period import date_of, day_number
from holdfast.domain.plays import DateComes
from holdfast.domain.texts import Text
from holdfast.services.act.calendar.ahead import Ahead, Looking, looking, places_of
from holdfast.services.act.plays.issues import is_newsletter
from holdfast.services.understand.feast_days import name_of, public_holidays
from holdfast.store import contact_calendar, templates, trait_names

if TYPE_CHECKING:
    from holdfast.settings import Settings

COUNTRIES = 8
"""Holidays are those of so many countries, in which most customers live."""


@dataclass(frozen=True, slots=True)
class Daily:
    """A play that looks at everybody every day, and how many it is for today."""

    key: str
    title: str
    state: str
    customers: int


@dataclass(frozen=True, slots=True)
class Planned:
    """What is on the days asked for, in their order; ``undated`` running plays go by what happens."""

    entries: tuple[Entry, ...]
    daily: tuple[Daily, ...]
    undated: int


def planned(settings: Settings, since: date, until: date, language: str, now: datetime) -> Planned:
    """What is on the days from ``since`` to ``until``; of those that are past only what is the calendar's."""
    with looking(settings, since, until, now) as look:
        found = [entry for each in look.plays for entry in _of_play(settings, each)]
        found += _birthdays(settings, look)
        found += _anniversaries(settings, look)
        daily = tuple(
            Daily(each.found.key, each.found.title, each.found.state, int(each.whom.sum()))
            for each in look.daily
        )
        undated = look.undated
    found += _holidays(settings, since, until, language)
    found += _own(settings, since, until)
    found.sort(key=lambda each: (each.day, _ORDER.index(each.kind), each.title))
    return Planned(tuple(found), daily, undated)


_ORDER = (
    *("holiday", "own", "newsletter", "broadcast", "schedule", "greeting", "date", "birthday"),
    "anniversary",
)


def _of_play(settings: Settings, each: Ahead) -> Iterator[Entry]:
    issues = _issues(settings, each) if is_newsletter(each.ready.play) else None
    for place, day in enumerate(each.days):
        customers = each.customers(place)
        if each.on is not None and not customers:
            continue
        note, pressing = None, False
        if each.found.state == "draft":
            note, pressing = Text("Not launched yet: nothing goes."), True
        elif issues is not None:
            note, pressing = _issue_words(issues, each, day)
        yield Entry(
            day,
            each.kind,
            each.found.title,
            each.found.key,
            each.channel,
            customers,
            each.found.state,
            note,
            pressing,
        )


def _issues(settings: Settings, each: Ahead) -> dict[date, str]:
    """The titles of the issues of a newsletter, by day."""
    if not each.days:
        return {}
    first, last = day_number(each.days[0]) - 31, day_number(each.days[-1])
    found = contact_calendar.issues(settings, first, last, each.found.id)
    titles = {one.key: one.title for one in templates.listed(settings)}
    return {date_of(one.day): titles.get(one.template, one.template) for one in found}


def _issue_words(issues: dict[date, str], each: Ahead, day: date) -> tuple[Text, bool]:
    before = [other for other in each.days if other < day]
    from_day = max(before) + timedelta(days=1) if before else day - timedelta(days=27)
    titles = [title for on, title in sorted(issues.items()) if from_day <= on <= day]
    if titles:
        return Text("Issue: {title}", title=titles[-1]), False
    return Text("No issue is planned: nothing goes."), True


def _birthdays(settings: Settings, look: Looking) -> Iterator[Entry]:
    """How many have their birthday on each day, where no play greets them."""
    greeted = {
        each.ready.play.trigger.trait
        for each in look.plays
        if isinstance(each.ready.play.trigger, DateComes) and each.ready.play.trigger.yearly
    }
    there = set(trait_names.trait_names(settings))
    trait = next((each for each in BIRTHDAYS if each in there), None)
    if trait is None or trait in greeted or look.until < look.since:
        return
    days = tuple(look.since + timedelta(days=n) for n in range((look.until - look.since).days + 1))
    column = look.customers.trait(Looked("trait", trait))
    place = getattr(column, "place", None)
    if place is None:
        return
    on = np.append(places_of(tuple(column.words), days, yearly=True), -1)[place]  # type: ignore[union-attr]
    for number, count in sorted(Counter(on[on >= 0].tolist()).items()):
        note = Text("No play greets them.")
        yield Entry(days[number], "birthday", "", customers=count, note=note)


def _anniversaries(settings: Settings, look: Looking) -> Iterator[Entry]:
    """How many ordered for the first time on the day of a year before."""
    counts: Counter[date] = Counter()
    of_year = {
        (day.month, day.day): day
        for day in (look.since + timedelta(days=n) for n in range((look.until - look.since).days + 1))
    }
    for number, count in contact_calendar.first_days(settings):
        began = date_of(number)
        day = of_year.get((began.month, began.day))
        if day is not None and began.year < day.year:
            counts[day] += count
    for day, count in counts.items():
        yield Entry(day, "anniversary", "", customers=count)


def _holidays(settings: Settings, since: date, until: date, language: str) -> list[Entry]:
    """The public holidays of the countries in which most customers live, by what they are called."""
    of: dict[tuple[date, str], tuple[list[str], int]] = {}
    for code, customers in contact_calendar.countries(settings, COUNTRIES):
        days = public_holidays(code, day_number(since), (until - since).days + 1)
        for number, name in days.items():
            said = name_of(name, code, language)
            codes, count = of.get((since + timedelta(days=number), said), ([], 0))
            of[since + timedelta(days=number), said] = ([*codes, code], count + customers)
    return [
        Entry(day, "holiday", name, customers=count, countries=tuple(codes))
        for (day, name), (codes, count) in of.items()
    ]


def _own(settings: Settings, since: date, until: date) -> Iterator[Entry]:
    """Dates of our own, each on its first day that is asked for."""
    for each in contact_calendar.dates(settings, day_number(since), day_number(until)):
        day = max(date_of(each.day), since)
        note = None
        if each.until_day > each.day:
            note = Text("until {day}", day=date_of(each.until_day))
        yield Entry(day, "own", each.title, str(each.id), state=each.kind, note=note)
