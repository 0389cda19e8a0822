"""What begins plays: looked for since the last look, for all running plays together.

Each trigger is read from what the rest of the product keeps (episodes, moves of segments, the ingest log,
risks, traits); what is read twice enrols nobody twice, so a look that was cut short is begun anew.
"""

from __future__ import annotations

import logging
from calendar import isleap
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from holdfast.domain import plays as p
from holdfast.domain.bands import USUAL
from holdfast.domain.expression import Looked, as_day
from holdfast.domain.moments import microseconds
from holdfast.domain.period import date_of, day_number
from holdfast.domain.schedules import next_after
from holdfast.services.act.plays.enrolling import enrol, everybody_in
from holdfast.services.act.plays.feasts import next_greeting
from holdfast.services.act.plays.written import Ready, readable
from holdfast.settings import Settings
from holdfast.store import due_work, plays, plays_triggers, plays_walking, risk
from holdfast.store.linked import walk
from holdfast.store.members import members
from holdfast.store.plays import KeptPlay, KeptVersion
from holdfast.store.plays_enrolling import Enrolled
from holdfast.store.plays_triggers import Heard

DAY_US = 86_400_000_000
LATE_DAYS = 3
"""Days that were missed (no worker ran) are made up for, at most so many."""

THRESHOLDS_EVERY_US = 60_000_000
"""So often everybody is asked who crossed a threshold."""

LOG = "log_row"
"""The source of events: all plays read it together (play 0), one by itself where its look failed."""

_log = logging.getLogger("holdfast.worker")


@dataclass(frozen=True, slots=True)
class Running:
    """A running play, ready to enrol."""

    play: KeptPlay
    version: KeptVersion
    ready: Ready

    @property
    def trigger(self) -> p.Trigger:
        """What begins it."""
        return self.ready.play.trigger


def running(settings: Settings) -> list[Running]:
    """Every running play by the version that enrols."""
    return [
        Running(play, version, ready)
        for play, version in plays.running(settings)
        if (ready := readable(version.id, version.made_us, version.written)) is not None
    ]


def begin_due(settings: Settings, now: datetime) -> Enrolled:
    """Enrol everybody of whom a play begins now, wake who waits for what was heard, end what is over."""
    under_way = plays.walking(settings)
    if not under_way:
        return Enrolled()
    done, there = Enrolled(), running(settings)
    log = _heard(settings, there, listening(settings, under_way), now)
    for each in there:
        try:
            done += _begin(settings, each, log, now)
        except due_work.NOT_THEIRS:
            raise
        except Exception:
            _log.exception("the trigger of the play %s cannot be looked at", each.play.key)
    if log.end != log.after:  # written only where it moved, for a write is a write
        plays.put_cursor(settings, 0, LOG, log.end)
    return done


def _begin(settings: Settings, each: Running, log: Log, now: datetime) -> Enrolled:
    if _is_over(settings, each, now):
        return Enrolled()
    if isinstance(each.trigger, p.EventHappened):
        return _by_events(settings, each, log, now)
    look = _LOOKS.get(type(each.trigger))
    return Enrolled() if look is None else look(settings, each, now)


def _is_over(settings: Settings, each: Running, now: datetime) -> bool:
    """End a play whose day is past: nobody enters any more, who is under way goes on."""
    last = each.ready.play.ends_on
    today = settings.now(now).astimezone(settings.zone).date()
    if last is None or today <= last:
        return False
    plays.set_state(settings, each.play, "ended", why="over", now_us=microseconds(settings.now(now)))
    return True


def listening(settings: Settings, under_way: Sequence[KeptPlay]) -> dict[int, frozenset[str]]:
    """Play to the events that its customers may wait for, in every version by which some may be under way."""
    found: dict[int, frozenset[str]] = {}
    for version in plays.launched_versions(settings, [each.id for each in under_way]):
        ready = readable(version.id, version.made_us, version.written)
        heard = frozenset[str]() if ready is None else ready.listens
        found[version.play_id] = found.get(version.play_id, frozenset()) | heard
    return found


@dataclass(frozen=True, slots=True)
class Log:
    """What the ingest log brought that plays listen to, from ``after`` (``None``: never read) to ``end``.

    ``behind`` says from where plays have to read it by themselves: their last look at it failed. Nothing
    that happened before ``since_us`` begins a play.
    """

    heard: Sequence[Heard]
    after: int | None
    end: int
    behind: Mapping[int, int]
    since_us: int


def _heard(
    settings: Settings, there: Sequence[Running], listens: Mapping[int, frozenset[str]], now: datetime
) -> Log:
    """What the log brought since the last look; who waits for some of it is due now."""
    present_us = microseconds(settings.now(now))
    names = {name for each in listens.values() for name in each}
    names |= {each.trigger.name for each in there if isinstance(each.trigger, p.EventHappened)}
    cursors = plays_triggers.cursors(settings, LOG)
    after = cursors.pop(0, None)
    begin = plays_triggers.log_end(settings) if after is None else after
    found, end = _events(settings, names, begin, present_us - DAY_US)
    for play_id, wanted in listens.items():
        fitting = {one.subject_id for one in found if one.name in wanted}
        if fitting:
            plays_walking.wake(settings, play_id, fitting, now_us=present_us)
    return Log(found, after, end, cursors, present_us - DAY_US)


def _events(settings: Settings, names: Collection[str], after: int, since_us: int) -> tuple[list[Heard], int]:
    """Events of the log, each of the customer to whom it belongs now, and how far it was read."""
    found, end = plays_triggers.log_events(settings, names, after, since_us=since_us)
    units = _units_of(settings, {each.subject_id for each in found}) if found else {}
    return [replace(each, subject_id=units.get(each.subject_id, each.subject_id)) for each in found], end


def _units_of(settings: Settings, subjects: set[int]) -> dict[int, int]:
    """Subject to the customer it belongs to now."""
    if settings.unit == "person":
        return walk(subjects).unit
    return members(settings, subjects).unit_of


def _by_events(settings: Settings, each: Running, log: Log, now: datetime) -> Enrolled:
    """Enrol by what was heard. Where that fails, the play reads it by itself until it works, or is late."""
    trigger, begun = each.trigger, log.behind.get(each.play.id)
    assert isinstance(trigger, p.EventHappened)  # noqa: S101
    heard, end = log.heard, log.end
    if begun is not None:
        heard, end = _events(settings, {trigger.name}, begun, log.since_us)
    since_us = each.version.launched_us or 0
    fitting = [
        one
        for one in heard
        if one.name == trigger.name and one.at_us >= since_us and fits(one.columns, trigger.where)
    ]
    found = {one.subject_id: one.number for one in fitting}
    try:
        done = enrol(settings, each.play, each.version, each.ready, found, {"event": trigger.name}, now)
    except due_work.NOT_THEIRS:
        raise
    except Exception:
        plays.put_cursor(settings, each.play.id, LOG, fitting[0].number - 1)
        raise
    if begun is not None and end < log.end:
        plays.put_cursor(settings, each.play.id, LOG, end)
    elif begun is not None:
        plays_triggers.forget_cursor(settings, each.play.id, LOG)
    return done


def fits(columns: Mapping[str, str], where: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether an event is one that a trigger asks for."""
    return all(
        columns.get(name, "").casefold() in {each.casefold() for each in values}
        for name, values in where.items()
    )


def _since(settings: Settings, each: Running, source: str) -> int:
    found = plays.cursor(settings, each.play.id, source)
    return plays_triggers.ends(settings)[source] if found is None else found


def _signals(settings: Settings, each: Running, now: datetime) -> Enrolled:
    trigger = each.trigger
    assert isinstance(trigger, p.SignalRaised)  # noqa: S101
    after = _since(settings, each, "episode")
    found, end = plays_triggers.episodes(settings, trigger.key, trigger.strength, after)
    return _enrolled(settings, each, "episode", dict(found), {"signal": trigger.key}, after, end, now)


def _moves(settings: Settings, each: Running, now: datetime) -> Enrolled:
    trigger = each.trigger
    assert isinstance(trigger, p.SegmentMoved)  # noqa: S101
    after = _since(settings, each, "segment_move")
    found, end = plays_triggers.segment_moves(settings, trigger.key, trigger.entered, after)
    reason = {"segment_entered" if trigger.entered else "segment_left": trigger.key}
    return _enrolled(settings, each, "segment_move", dict(found), reason, after, end, now)


def _enrolled(
    settings: Settings,
    each: Running,
    source: str,
    found: Mapping[int, int],
    reason: Mapping[str, Any],
    after: int,
    end: int,
    now: datetime,
) -> Enrolled:
    """Enrol, then remember how far it was read: whoever is killed between the two enrols nobody twice."""
    done = enrol(settings, each.play, each.version, each.ready, found, reason, now)
    if end != after:
        plays.put_cursor(settings, each.play.id, source, end)
    return done


def _thresholds(settings: Settings, each: Running, now: datetime) -> Enrolled:
    present_us = microseconds(now)
    last = plays.cursor(settings, each.play.id, "threshold")
    if last is not None and present_us < last + THRESHOLDS_EVERY_US:
        return Enrolled()
    risk_from = threshold(settings, each.trigger)
    crossed = plays_triggers.crossed(settings, each.play.id, risk_from)
    done = Enrolled()
    if last is None:  # who was above when it was launched crossed nothing
        while len(crossed) == plays_triggers.MOST:
            plays_triggers.note_above(settings, each.play.id, crossed)
            crossed = plays_triggers.crossed(settings, each.play.id, risk_from)
    else:
        reason = {"risk": round(risk_from, 4)}
        found = dict.fromkeys(crossed, present_us // 1_000_000)
        done = enrol(settings, each.play, each.version, each.ready, found, reason, now)
    plays_triggers.note_above(settings, each.play.id, crossed)
    plays.put_cursor(settings, each.play.id, "threshold", present_us)
    return done


def threshold(settings: Settings, trigger: p.Trigger) -> float:
    """The risk from which on a play begins; health is another way to write it."""
    if isinstance(trigger, p.RiskAbove):
        return trigger.risk
    assert isinstance(trigger, p.HealthBelow)  # noqa: S101
    from holdfast.domain.health import Scale

    decided = risk.criteria(settings)
    act_from, watch_from = decided[:2] if decided else USUAL
    return Scale(watch_from, act_from).risk_below(trigger.health)


def _dates(settings: Settings, each: Running, now: datetime) -> Enrolled:
    trigger = each.trigger
    assert isinstance(trigger, p.DateComes)  # noqa: S101
    local = settings.now(now).astimezone(settings.zone)
    today = day_number(local.date())
    last = today if local.hour * 60 + local.minute >= trigger.minute else today - 1
    seen = plays.cursor(settings, each.play.id, "date")
    if seen is None:
        seen = last
        plays.put_cursor(settings, each.play.id, "date", last)
    done = Enrolled()
    for day in range(max(seen, last - LATE_DAYS) + 1, last + 1):
        about = date_of(day) - timedelta(days=trigger.days)
        found = dict.fromkeys(with_date(settings, trigger, about, now), day)
        reason = {"date": trigger.trait, "on": about.isoformat()}
        done += enrol(settings, each.play, each.version, each.ready, found, reason, now)
        plays.put_cursor(settings, each.play.id, "date", day)
    return done


def with_date(settings: Settings, trigger: p.DateComes, on: date, now: datetime) -> list[int]:
    """Whose trait names this day; with ``yearly`` of any year (29 February falls on 28 in other years)."""
    from holdfast.analytics.segment_columns import Words
    from holdfast.services.collect.segments.leaves import asked

    with asked(settings, microseconds(now), {}) as customers:
        column = customers.trait(Looked("trait", trigger.trait))
        assert isinstance(column, Words)  # noqa: S101
        fitting = [place for place, word in enumerate(column.words) if _is_day(word, on, trigger.yearly)]
        if not fitting:
            return []
        import numpy as np

        return [int(unit) for unit in customers.units[np.isin(column.place, fitting)]]


def _is_day(word: str, on: date, yearly: bool) -> bool:
    day = as_day(word)
    if day is None:
        return False
    if not yearly:
        return day == on
    leapling = (day.month, day.day) == (2, 29) and (on.month, on.day) == (2, 28) and not isleap(on.year)
    return leapling or (day.month, day.day) == (on.month, on.day)


def _schedules(settings: Settings, each: Running, now: datetime) -> Enrolled:
    trigger = each.trigger
    assert isinstance(trigger, p.OnSchedule)  # noqa: S101
    present = settings.now(now)
    last = plays.cursor(settings, each.play.id, "schedule")
    if last is None:
        last = microseconds(present)
        plays.put_cursor(settings, each.play.id, "schedule", last)
    begun = present - timedelta(microseconds=microseconds(present) - last)
    comes = next_after(begun, trigger.every, trigger.on, trigger.minute, settings.zone)
    if comes > present:
        return Enrolled()
    return _everybody(settings, each, {"schedule": comes.isoformat()}, "schedule", microseconds(present), now)


def _feast(settings: Settings, each: Running, feast: str, now: datetime) -> Enrolled:
    """Each year on the day of the feast; one that passed while no worker ran is not made up for."""
    present = settings.now(now)
    last = plays.cursor(settings, each.play.id, "feast")
    if last is None:
        last = microseconds(present)
        plays.put_cursor(settings, each.play.id, "feast", last)
    begun = present - timedelta(microseconds=microseconds(present) - last)
    comes = next_greeting(feast, begun.astimezone(settings.zone)).replace(tzinfo=settings.zone)
    if comes > present:
        return Enrolled()
    if present - comes > timedelta(days=1):  # a greeting on another day is none
        plays.put_cursor(settings, each.play.id, "feast", microseconds(present))
        return Enrolled()
    return _everybody(settings, each, {"broadcast": True}, "feast", microseconds(present), now)


def _broadcast(settings: Settings, each: Running, now: datetime) -> Enrolled:
    trigger = each.trigger
    assert isinstance(trigger, p.Broadcast)  # noqa: S101
    if trigger.feast:
        return _feast(settings, each, trigger.feast, now)
    if plays.cursor(settings, each.play.id, "broadcast") is not None:
        return Enrolled()
    present = settings.now(now)
    if trigger.at is not None:
        at = datetime.fromisoformat(trigger.at)
        if (at if at.tzinfo else at.replace(tzinfo=settings.zone)) > present:
            return Enrolled()
    return _everybody(settings, each, {"broadcast": True}, "broadcast", microseconds(present), now)


def _everybody(
    settings: Settings, each: Running, reason: Mapping[str, Any], source: str, position: int, now: datetime
) -> Enrolled:
    cause = day_number(settings.now(now).astimezone(settings.zone).date())
    units = everybody_in(settings, each.ready.play.audience, now).tolist()
    found = dict.fromkeys(units, cause)
    done = enrol(settings, each.play, each.version, each.ready, found, reason, now)
    plays.put_cursor(settings, each.play.id, source, position)
    return done


_LOOKS: Mapping[type[Any], Callable[[Settings, Running, datetime], Enrolled]] = {
    p.SignalRaised: _signals,
    p.SegmentMoved: _moves,
    p.RiskAbove: _thresholds,
    p.HealthBelow: _thresholds,
    p.DateComes: _dates,
    p.OnSchedule: _schedules,
    p.Broadcast: _broadcast,
}
