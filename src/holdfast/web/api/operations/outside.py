"""Outside factors told apart from own faults, and the log of outside events."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated

from msgspec import Meta

from holdfast.learning.outside import Factor
from holdfast.services.understand import outside as found_outside
from holdfast.services.understand import outside_causes, outside_log
from holdfast.services.understand import outside_words as words
from holdfast.services.understand.feast_days import name_of
from holdfast.store import outside_notes
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import DECIDERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import Answered, Asked, Call, Id, Page, Paging, not_here, operation

Title = Annotated[str, Meta(min_length=1, max_length=outside_log.LONGEST_TITLE)]
Decided = Annotated[str, Meta(min_length=1, max_length=outside_log.LONGEST_REVIEW)]


class Times(Answered, frozen=True):
    """By what something multiplies a count, with its 95 % interval."""

    times: float
    low: float
    high: float


class UnusualCount(Answered, frozen=True):
    """An event of which far more or fewer customers had one than usual on a day."""

    event: str
    came: int
    usual: float
    times: Times


class DayHoliday(Answered, frozen=True):
    """A public holiday of a country, in the caller's language where it is known: on the day, or (``eve``) the
    next.
    """

    country: str
    name: str
    eve: bool


class UnusualDay(Answered, frozen=True):
    """A day unlike the others; ``kind`` is "failed" (ours), "did" (we changed something), "feast" (a public
    holiday, or the day before) or "open".
    """

    day: date
    kind: str
    counts: list[UnusualCount]
    holidays: list[DayHoliday]


class WavePart(Answered, frozen=True):
    """Of ``of`` losses whose cause is known ``named`` have an origin (ours, market, own_life): a share from
    ``low`` to ``high``, at other times ``usual``.
    """

    origin: str
    named: int
    of: int
    low: float
    high: float
    usual: float


class WeeksOfLosses(Answered, frozen=True):
    """Weeks in which more left than was to be expected by how long customers had been there.

    ``sort`` is "contract" or "silent", ``country`` null for the whole company. ``origin`` is "ours",
    "outside" (somebody noted it), "country" (only there) or "open"; ``beside`` are unusual days nearby.
    """

    start: date
    end: date
    sort: str
    country: str | None
    lost: int
    times: Times
    chance: float
    origin: str
    parts: list[WavePart]
    beside: list[date]


class WeeksOfCause(Answered, frozen=True):
    """Weeks in which a cause was named ``came`` times, ``times`` as often as its usual part of the losses;
    ``country`` null for the whole company. ``origin`` is ours, market or own_life.
    """

    start: date
    end: date
    cause: str
    origin: str
    country: str | None
    came: int
    times: Times
    chance: float


class MonthOfYear(Answered, frozen=True):
    """How a month of the year (1-12) differs from the mean one in what is bought for each customer."""

    month: int
    times: Times


class HolidayEffect(Answered, frozen=True):
    """What a public holiday does to buying in a country: in the two weeks before, or on it and after."""

    country: str
    name: str
    before: bool
    seen: int
    times: Times
    chance: float


class OutsideFactors(Answered, frozen=True):
    """What the last nightly run found; ``trend`` is from year to year, null before two years of data."""

    as_of: date | None
    days: list[UnusualDay]
    weeks: list[WeeksOfLosses]
    causes: list[WeeksOfCause]
    months: list[MonthOfYear]
    trend: Times | None
    holidays: list[HolidayEffect]
    summary: str


class OutsideEvent(Answered, frozen=True):
    """An event of the log; ``review`` is what was decided because of it, "" before that."""

    id: int
    title: str
    start: date
    until: date | None
    country: str
    made_by: str
    review: str
    reviewed_by: str


class OutsideEventWanted(Asked, kw_only=True, frozen=True):
    """What happened, from when until when, in which country (two letters; "": everywhere)."""

    title: Title
    start: date
    until: date | None = None
    country: Annotated[str, Meta(max_length=2)] = ""


class StrategyReview(Asked, kw_only=True, frozen=True):
    """What was decided when the strategy was looked at."""

    review: Decided


@operation("GET", "/outside", scope=READ)
def get_outside_factors(call: Call) -> OutsideFactors:
    """Get days and weeks unlike the others, season and holidays, and whose they look to be."""
    found = found_outside.read(call.settings)
    if found is None:
        nobody = call.say(words.NOBODY_LOOKED)
        return OutsideFactors(
            as_of=None, days=[], weeks=[], causes=[], months=[], trend=None, holidays=[], summary=nobody
        )
    by_cause = outside_causes.read(call.settings)
    log = outside_notes.noted(call.settings)
    return OutsideFactors(
        as_of=found.day,
        days=[_day(each, call.reader.code) for each in found.odd],
        weeks=[_weeks(each, found_outside.origin_of(each, found, log), by_cause) for each in found.waves],
        causes=[_cause(each) for each in by_cause.named],
        months=[MonthOfYear(month=month, times=_times(each)) for month, each in found.months.items()],
        trend=None if found.trend is None else _times(found.trend),
        holidays=[
            HolidayEffect(
                country=each.country,
                name=name_of(each.name, each.country, call.reader.code),
                before=each.before,
                seen=each.seen,
                times=_times(each.times),
                chance=each.chance,
            )
            for each in found.feasts
        ],
        summary=call.say(words.summary(found)),
    )


@operation("GET", "/outside/events", scope=READ)
def list_outside_events(call: Call, query: Paging) -> Page[OutsideEvent]:
    """List the log of outside events, in the order in which they were noted."""
    log = sorted(outside_notes.noted(call.settings), key=lambda each: each.id)
    return cursors.page_of(call, query, log, kind=int, place=lambda each: each.id, show=_event)


@operation("POST", "/outside/events", scope=WRITE, roles=DECIDERS, status=201)
def note_outside_event(call: Call, body: OutsideEventWanted) -> OutsideEvent:
    """Note an outside event in the log."""
    number = outside_log.note_event(
        *(call.settings, body.title, body.start, body.until, body.country), by=call.by, now_us=call.actual_us
    )
    return _one(call, number)


@operation("PUT", "/outside/events/{event_id}/review", scope=WRITE, roles=DECIDERS)
def review_outside_event(call: Call, event_id: Id, body: StrategyReview) -> OutsideEvent:
    """Keep what was decided when the strategy was looked at because of an event."""
    _one(call, event_id)
    outside_log.review(call.settings, event_id, body.review, by=call.by, now_us=call.actual_us)
    return _one(call, event_id)


@operation("DELETE", "/outside/events/{event_id}", scope=WRITE, roles=DECIDERS)
def delete_outside_event(call: Call, event_id: Id) -> None:
    """Take an event out of the log."""
    _one(call, event_id)
    outside_log.remove(call.settings, event_id)


def _one(call: Call, number: int) -> OutsideEvent:
    found = next((each for each in outside_notes.noted(call.settings) if each.id == number), None)
    if found is None:
        raise not_here("outside event", number)
    return _event(found)


def _event(each: outside_notes.Noted) -> OutsideEvent:
    return OutsideEvent(
        id=each.id,
        title=each.title,
        start=each.start,
        until=each.until,
        country=each.country,
        made_by=each.made_by,
        review=each.review,
        reviewed_by=each.reviewed_by,
    )


def _day(each: found_outside.Odd, language: str) -> UnusualDay:
    counts = [
        UnusualCount(
            event=mark.name,
            came=mark.came,
            usual=mark.usual,
            times=Times(times=mark.times, low=mark.low, high=mark.high),
        )
        for mark in each.marks
    ]
    feasts = [
        DayHoliday(country=one.country, name=name_of(one.name, one.country, language), eve=one.eve)
        for one in each.feasts
    ]
    return UnusualDay(day=each.day, kind=each.kind, counts=counts, holidays=feasts)


def _cause(each: outside_causes.NamedMore) -> WeeksOfCause:
    return WeeksOfCause(
        start=each.start,
        end=each.end,
        cause=each.cause,
        origin=each.origin,
        country=each.country or None,
        came=each.came,
        times=Times(times=each.times, low=each.low, high=each.high),
        chance=each.chance,
    )


def _weeks(each: found_outside.Wave, origin: str, by_cause: outside_causes.ByCause) -> WeeksOfLosses:
    return WeeksOfLosses(
        start=each.start,
        end=each.end,
        sort=each.sort,
        country=each.country or None,
        lost=each.lost,
        times=Times(times=each.times, low=each.low, high=each.high),
        chance=each.chance,
        origin=origin,
        parts=[WavePart(**asdict(part)) for part in by_cause.parts_of(each)],
        beside=list(each.beside),
    )


def _times(each: Factor) -> Times:
    return Times(times=each.times, low=each.low, high=each.high)
