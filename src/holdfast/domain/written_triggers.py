"""What begins a play, as JSON: ``{"signal": "gone_quiet"}``, ``{"date": "renewal_date", "days": -30}`` ..."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, get_args

from holdfast.domain import plays as p
from holdfast.domain.dashboards import Every
from holdfast.domain.feasts import FEASTS
from holdfast.domain.schedules import LAST_DAY
from holdfast.domain.texts import Text
from holdfast.domain.written_values import Written, bad_play, in_reach

EVERY: tuple[Every, ...] = get_args(Every)
COLUMNS = ("code", "product", "source")
"""By what the events of a trigger are told apart."""

MOST_VALUES = 100
FURTHEST_DAYS = 3_650

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_NINE = 9 * 60


def parse(written: object, at: str) -> p.Trigger:
    """The trigger of what JSON holds; refuses (``bad_play``) what is none."""
    trigger = Written.of(written, at)
    named = [key for key in _READ if key in trigger.values]
    if len(named) != 1:
        raise bad_play(Text("a trigger names one of {known}", known=list(_READ)), at)
    return _READ[named[0]](trigger)


def as_json(trigger: p.Trigger) -> dict[str, Any]:
    """What :func:`parse` reads the same trigger from."""
    match trigger:
        case p.SignalRaised(key, strength):
            return {"signal": key, "strength": strength} if strength else {"signal": key}
        case p.RiskAbove(risk):
            return {"risk": risk}
        case p.HealthBelow(health):
            return {"health": health}
        case p.SegmentMoved(key, entered):
            return {"segment_entered" if entered else "segment_left": key}
        case p.EventHappened(name, where):
            told = {column: list(values) for column, values in where.items()}
            return {"event": name, "where": told} if told else {"event": name}
        case p.ByHand():
            return {"by_hand": True}
        case p.Broadcast(at, feast):
            return {"broadcast": {"feast": feast} if feast else {"at": at}}
        case _:
            return _timed_as_json(trigger)


def _timed_as_json(trigger: p.DateComes | p.OnSchedule) -> dict[str, Any]:
    if isinstance(trigger, p.OnSchedule):
        return {"schedule": {"every": trigger.every, "on": trigger.on, "at": clock(trigger.minute)}}
    told: dict[str, Any] = {"date": trigger.trait, "days": trigger.days, "at": clock(trigger.minute)}
    return {**told, "yearly": True} if trigger.yearly else told


def clock(minute: int) -> str:
    """A minute of the day as it is written: 540 is 09:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def minute_of(written: Written, key: str) -> int:
    """The minute of the day of a time that is written like 09:00."""
    found = _TIME.fullmatch(written.words(key, 5, default="09:00"))
    if found is None:
        raise bad_play(Text("{key} takes a time like 09:00", key=key), written.at)
    return int(found[1]) * 60 + int(found[2])


def _signal(trigger: Written) -> p.Trigger:
    trigger.only({"signal", "strength"})
    return p.SignalRaised(trigger.words("signal", 100), trigger.number("strength", 0, 1, default=0.0))


def _risk(trigger: Written) -> p.Trigger:
    trigger.only({"risk"})
    return p.RiskAbove(trigger.number("risk", 0, 1))


def _health(trigger: Written) -> p.Trigger:
    trigger.only({"health"})
    return p.HealthBelow(trigger.whole("health", 1, 100))


def _segment(key: str) -> Callable[[Written], p.Trigger]:
    def read(trigger: Written) -> p.Trigger:
        trigger.only({key})
        return p.SegmentMoved(trigger.words(key, 100), key == "segment_entered")

    return read


def _event(trigger: Written) -> p.Trigger:
    trigger.only({"event", "where"})
    where = Written.of(trigger.values.get("where") or {}, f"{trigger.at}.where")
    where.only(COLUMNS)
    told = {column: _values(where, column) for column in where.values}
    return p.EventHappened(trigger.words("event", 200), told)


def _values(where: Written, column: str) -> tuple[str, ...]:
    values = where.list(column, MOST_VALUES)
    if not values or not all(isinstance(each, str) and each.strip() for each in values):
        raise bad_play(Text("{option} takes words or a list of them", option=column), where.at)
    return tuple(each.strip() for each in values)


def _date(trigger: Written) -> p.Trigger:
    trigger.only({"date", "days", "at", "yearly"})
    yearly = trigger.values.get("yearly", False)
    if not isinstance(yearly, bool):
        raise bad_play(Text("{key} takes true or false", key="yearly"), trigger.at)
    days = trigger.whole("days", -FURTHEST_DAYS, FURTHEST_DAYS, default=0)
    return p.DateComes(trigger.words("date", 100), days, minute_of(trigger, "at"), yearly)


def _schedule(trigger: Written) -> p.Trigger:
    trigger.only({"schedule"})
    schedule = Written.of(trigger.get("schedule"), f"{trigger.at}.schedule")
    schedule.only({"every", "on", "at"})
    every = schedule.one_of("every", EVERY)
    least, most = {"day": (0, 0), "week": (0, 6), "month": (1, LAST_DAY)}[every]
    on = schedule.whole("on", least, most, default=least)
    return p.OnSchedule(every, on, minute_of(schedule, "at"))  # type: ignore[arg-type]


def _by_hand(trigger: Written) -> p.Trigger:
    trigger.only({"by_hand"})
    if trigger.values["by_hand"] is not True:
        raise bad_play(Text("{test} takes true", test="by_hand"), trigger.at)
    return p.ByHand()


def _broadcast(trigger: Written) -> p.Trigger:
    trigger.only({"broadcast"})
    told = Written.of(trigger.get("broadcast"), f"{trigger.at}.broadcast")
    told.only({"at", "feast"})
    if told.values.get("feast"):
        if told.values.get("at"):
            raise bad_play(Text("it says either {one} or {other}", one="at", other="feast"), told.at)
        return p.Broadcast(feast=told.one_of("feast", tuple(FEASTS)))
    at = told.words("at", 40, default="")
    try:
        return p.Broadcast(in_reach(datetime.fromisoformat(at)).isoformat(timespec="minutes") if at else None)
    except ValueError as error:
        why = Text("{key} takes a moment like 2026-03-01T09:00", key="at")
        raise bad_play(why, f"{trigger.at}.broadcast") from error


_READ: dict[str, Callable[[Written], p.Trigger]] = {
    "signal": _signal,
    "risk": _risk,
    "health": _health,
    "segment_entered": _segment("segment_entered"),
    "segment_left": _segment("segment_left"),
    "event": _event,
    "date": _date,
    "schedule": _schedule,
    "by_hand": _by_hand,
    "broadcast": _broadcast,
}
