"""A play rehearsed on the past year: who would have entered when, who not and why, what it would have cost.

What began the play then is read as it was known then: warnings are asked of each past day anew, events that
were heard of late begin nothing. Audience and exits are asked of the customers of now, which the rehearsal
says: what a rule would have said on a past day is not kept.
"""

from __future__ import annotations

from calendar import isleap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np

from holdfast.domain import plays as p
from holdfast.domain.arms import arm_of
from holdfast.domain.expression import Looked, as_day
from holdfast.domain.moments import microseconds
from holdfast.domain.period import date_of, day_number
from holdfast.services.act.plays import triggers
from holdfast.services.act.plays.enrolling import arm_draw, everybody_in, sift
from holdfast.services.act.plays.feasts import GREETED_AT, feast_days
from holdfast.services.act.plays.past_ways import PastSteps, past_steps
from holdfast.services.act.plays.walking import DAY_US
from holdfast.services.act.plays.written import Ready
from holdfast.settings import Settings

YEAR = 364
SAMPLE = 1_000
"""Warnings are asked anew of so many customers, every third day; the figures are scaled up."""

SAMPLE_STEP = 3
SHOWN = 200
"""Entries that are told one by one."""

KNOWN_WITHIN_US = DAY_US
"""What was heard of later than this after it happened begins no play."""


class Began(NamedTuple):
    """That something would have begun the play for a customer at a moment."""

    at_us: int
    unit_id: int


@dataclass(frozen=True, slots=True)
class Entry:
    """That a customer would have entered; ``arm`` as it would have been drawn."""

    unit_id: int
    at_us: int
    arm: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would have come of it, from ``since`` to ``until``.

    ``entered`` counts entries, ``customers`` different ones, ``without`` says how often not, by why. By month
    in ``months``. ``touches`` and ``money_minor`` are what the longest way would have cost at most.
    ``scale`` above 1: it was asked of a part of the customers only, and every figure is scaled up by it.
    ``steps`` tells who would have come to which step, where that was asked for.
    """

    since: date
    until: date
    began: int
    entered: int
    customers: int
    held_out: int
    without: Mapping[str, int]
    months: Mapping[str, int]
    touches: int
    money_minor: int
    tasks: int
    scale: float
    shown: tuple[Entry, ...]
    steps: PastSteps | None = None


def rehearse(
    settings: Settings, ready: Ready, now: datetime, *, days: int = YEAR, with_steps: bool = False
) -> Rehearsal:
    """Rehearse a play on the last ``days``; ``with_steps`` also takes who would have entered through it."""
    until = settings.now(now).astimezone(settings.zone).date()
    since = until - timedelta(days=days)
    past = _Past(settings, since, until, now)
    found, scale = _began(settings, ready, past)
    found = sorted(found)
    units = np.array(sorted({each.unit_id for each in found}), np.int64)
    sifted = sift(settings, ready.play, units, now)
    may = set(sifted.units.tolist())
    inside = [each for each in found if each.unit_id in may]
    entered = list(_once(ready.play, inside))
    draw, held = arm_draw(settings, ready.play.key), ready.play.hold_out
    entries = [Entry(each.unit_id, each.at_us, arm_of(draw, each.unit_id, held)) for each in entered]
    treated = [(each.unit_id, each.at_us) for each in entries if each.arm == "treated"]
    steps = past_steps(settings, ready, treated, past.to_us, now) if with_steps else None
    touches, money, tasks = longest_way(ready)
    whole = _scaled(scale)
    without = Counter(sifted.without)
    without["again"] = len(inside) - len(entered)
    return Rehearsal(
        since,
        until,
        whole(len(found)),
        whole(len(entries)),
        whole(len({each.unit_id for each in entries})),
        whole(len(entries) - len(treated)),
        {why: whole(number) for why, number in without.items() if number},
        {month: whole(number) for month, number in sorted(_months(settings, entries).items())},
        whole(len(treated) * touches),
        whole(len(treated) * money),
        whole(len(treated) * tasks),
        scale,
        tuple(entries[-SHOWN:]),
        None if steps is None else steps.times(scale),
    )


def longest_way(ready: Ready) -> tuple[int, int, int]:
    """(messages and calls, money in minor units, tasks) of the way through a play that has most of each."""

    def of(steps: Sequence[p.PlayStep]) -> tuple[int, int, int]:
        touches = money = tasks = 0
        for step in steps:
            touches += step.do in ("message", "survey")
            money += ready.options[step.id].amount if step.do == "credit" else 0
            tasks += step.do in ("task", "call", "needs_assessment", "credit", "offer", "points", "extension")
            ways = [of(path.steps) for path in step.paths]
            touches += max((way[0] for way in ways), default=0)
            money += max((way[1] for way in ways), default=0)
            tasks += max((way[2] for way in ways), default=0)
        return touches, money, tasks

    return of(ready.play.steps)


def _scaled(scale: float) -> Callable[[int], int]:
    return lambda number: round(number * scale)


def _once(play: p.Play, began: Iterable[Began]) -> Iterator[Began]:
    """Those who would have entered: nobody twice, or again after the days. Ways are taken as short ones."""
    last: dict[int, int] = {}
    for each in began:
        before = last.get(each.unit_id)
        again = play.again_after_days
        if before is None or (again is not None and each.at_us - before >= again * DAY_US):
            last[each.unit_id] = each.at_us
            yield each


def _months(settings: Settings, entries: Iterable[Entry]) -> Counter[str]:
    found: Counter[str] = Counter()
    for each in entries:
        on = datetime.fromtimestamp(each.at_us / 1_000_000, settings.zone).date()
        found[f"{on.year}-{on.month:02}"] += 1
    return found


@dataclass(frozen=True, slots=True)
class _Past:
    """The stretch that is rehearsed, in days of the workspace."""

    settings: Settings
    since: date
    until: date
    now: datetime

    @property
    def from_us(self) -> int:
        """Its first moment."""
        return self.at(self.since, 0)

    @property
    def to_us(self) -> int:
        """The moment after its last."""
        return self.at(self.until, 0)

    def at(self, on: date, minute: int) -> int:
        """A minute of a day."""
        moment = datetime(on.year, on.month, on.day, minute // 60, minute % 60, tzinfo=self.settings.zone)
        return int(moment.timestamp()) * 1_000_000


def _began(settings: Settings, ready: Ready, past: _Past) -> tuple[list[Began], float]:
    trigger = ready.play.trigger
    if isinstance(trigger, p.SignalRaised):
        return _signals(settings, trigger, past)
    read = _READ.get(type(trigger))
    return ([], 1.0) if read is None else (read(ready.play, past), 1.0)


def _signals(settings: Settings, trigger: p.SignalRaised, past: _Past) -> tuple[list[Began], float]:
    """Each past day asked anew, of a part of the customers."""
    from holdfast.services.warn.catalogue import listed
    from holdfast.services.warn.replay import past_days, replay
    from holdfast.services.warn.sample import sampled

    known = {each.signal.name: each for each in listed(settings)}
    if trigger.key not in known:
        return [], 1.0
    with sampled(settings, SAMPLE, past.now) as sample:
        most = (past.until - past.since).days
        (found,) = replay(sample, [known[trigger.key].tuned], past_days(sample, most)[::SAMPLE_STEP])
        began = [
            Began(past.at(date_of(int(day)), 0) + DAY_US, int(unit))
            for unit, day in zip(found.unit.tolist(), found.began.tolist(), strict=True)
        ]
        return began, max(1.0, sample.customers / max(1, len(sample.units)))


def _moves(play: p.Play, past: _Past) -> list[Began]:
    from holdfast.store import plays_past

    trigger = play.trigger
    assert isinstance(trigger, p.SegmentMoved)  # noqa: S101
    rows = plays_past.segment_moves(past.settings, trigger.key, trigger.entered, past.from_us, past.to_us)
    return [Began(at_us, unit) for unit, at_us in rows]


def _events(play: p.Play, past: _Past) -> list[Began]:
    """Events by one query; those that were heard of late begin nothing."""
    from holdfast.analytics.emit import emit
    from holdfast.analytics.spec import Column, Compare, Every, Literal, Query, columns, equals
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.visible import finished_events
    from holdfast.store import readers

    trigger = play.trigger
    assert isinstance(trigger, p.EventHappened)  # noqa: S101
    where = Every(
        (
            equals("name", trigger.name),
            Compare(Column("at_us"), ">=", Literal(past.from_us)),
            Compare(Column("at_us"), "<", Literal(past.to_us)),
        )
    )
    wanted = ("subject_id", "at_us", "known_us", "code", "product_id", "source")
    query = Query("events", columns(*wanted), where=where)
    with EmbeddedEngine(temp=past.settings.measured) as engine:
        found = engine.columns(emit(query, engine.dialect), {"events": finished_events(past.settings)})
    links = readers.unit_links(past.settings, as_of_us=None)
    unit_of = dict(zip(links.subject_id.tolist(), links.unit_id.tolist(), strict=True))
    rows = zip(*(np.ma.asarray(found[name]).tolist() for name in wanted), strict=True)
    return [
        Began(int(at_us), unit_of.get(int(subject), int(subject)))
        for subject, at_us, known_us, code, product, source in rows
        if known_us - at_us <= KNOWN_WITHIN_US
        and triggers.fits(
            {"code": code or "", "product": product or "", "source": source or ""}, trigger.where
        )
    ]


def _risks(play: p.Play, past: _Past) -> list[Began]:
    from holdfast.store import plays_past

    risk = triggers.threshold(past.settings, play.trigger)
    rows = plays_past.crossings(past.settings, risk, day_number(past.since), day_number(past.until))
    return [Began(past.at(date_of(day), 0), unit) for unit, day in rows]


def _dates(play: p.Play, past: _Past) -> list[Began]:
    """By what the trait says now, on the days on which the play would have begun."""
    from holdfast.analytics.segment_columns import Words
    from holdfast.services.collect.segments.leaves import asked

    trigger = play.trigger
    assert isinstance(trigger, p.DateComes)  # noqa: S101
    with asked(past.settings, microseconds(past.now), {}) as customers:
        column, units = customers.trait(Looked("trait", trigger.trait)), customers.units
        assert isinstance(column, Words)  # noqa: S101
        days = [_days_of(as_day(word), trigger, past) for word in column.words]
        rows = zip(units.tolist(), column.place.tolist(), strict=True)
        return [
            Began(past.at(on, trigger.minute), int(unit))
            for unit, place in rows
            if place >= 0
            for on in days[place]
        ]


def _days_of(said: date | None, trigger: p.DateComes, past: _Past) -> list[date]:
    if said is None:
        return []
    years = range(past.since.year - 1, past.until.year + 2) if trigger.yearly else (said.year,)
    found = []
    for year in years:
        leapling = (said.month, said.day) == (2, 29) and not isleap(year)
        on, later = said.replace(year=year, day=28 if leapling else said.day), timedelta(days=trigger.days)
        if past.since - later <= on < past.until - later:  # 9999-12-31 has no day behind it
            found.append(on + later)
    return found


def _times(play: p.Play, past: _Past) -> list[Began]:
    """The audience of now at each time."""
    from holdfast.domain.schedules import next_after

    units = everybody_in(past.settings, play.audience, past.now).tolist()
    trigger = play.trigger
    if isinstance(trigger, p.Broadcast) and trigger.feast:
        days = feast_days(past.since, past.until)
        on = [past.at(day, GREETED_AT.hour * 60) for day, feast in days if feast == trigger.feast]
        return [Began(at_us, unit) for at_us in on if at_us < past.to_us for unit in units]
    if isinstance(trigger, p.Broadcast):
        return [Began(past.to_us - 1, unit) for unit in units]
    assert isinstance(trigger, p.OnSchedule)  # noqa: S101
    found: list[Began] = []
    at = datetime.fromtimestamp(past.from_us / 1_000_000, past.settings.zone)
    while True:
        at = next_after(at, trigger.every, trigger.on, trigger.minute, past.settings.zone)
        if microseconds(at) >= past.to_us:
            return found
        if play.again_after_days is None and found:
            return found
        found += [Began(microseconds(at), unit) for unit in units]


_READ: Mapping[type[Any], Callable[[p.Play, _Past], list[Began]]] = {
    p.SegmentMoved: _moves,
    p.EventHappened: _events,
    p.RiskAbove: _risks,
    p.HealthBelow: _risks,
    p.DateComes: _dates,
    p.OnSchedule: _times,
    p.Broadcast: _times,
}
