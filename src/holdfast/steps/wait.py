"""Step ``wait``: for some days, until a rule holds, until an hour of the day, or for an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from holdfast.domain.expression import Expression
from holdfast.domain.moments import microseconds
from holdfast.domain.plays import PlayStep
from holdfast.domain.schedules import next_after
from holdfast.domain.texts import Text
from holdfast.steps.contract import Decision, Go, Moment, Step, View, Wait, field_of

_DAY_US = 86_400_000_000
_HOUR_US = 3_600_000_000
_ANY_DAY, _WORKING = "any", "working"


@dataclass(frozen=True, slots=True)
class Options:
    """How long: a time, and what may end it sooner."""

    days: int = field_of(Text("Days"), Text("At most so many."), 0, kind="number", most=730)
    hours: int = field_of(Text("Hours"), None, 0, kind="number", most=23)
    event: str = field_of(
        Text("For an event"), Text("It goes on as soon as this is heard of the customer."), kind="event"
    )
    until: Expression | None = field_of(  # noqa: RUF009
        Text("Until a rule holds"), Text("It is asked once a day."), None, kind="rule"
    )
    at: str = field_of(
        Text("Until an hour of the day"), Text("Like 09:00, by the clock of the customer, after the days.")
    )
    on: Literal["any", "working"] = field_of(
        Text("On"),
        None,
        "any",
        kind="choice",
        names={"any": Text("any day"), "working": Text("Monday to Friday")},
    )


def _check(options: Options) -> Mapping[str, Text]:
    if not (options.days or options.hours or options.at):
        return {"": Text("it says how long: {keys}", keys=["days", "hours", "at"])}
    if options.at and _minute(options.at) is None:
        return {"at": Text("{key} takes a time like 09:00", key="at")}
    return {}


def _minute(written: str) -> int | None:
    hour, _, minute = written.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2):
        return None
    return int(hour) * 60 + int(minute) if int(hour) < 24 and int(minute) < 60 else None


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    over_us = at.reached_us + options.days * _DAY_US + options.hours * _HOUR_US
    if options.event and view.happened(options.event, at.reached_us) is not None:
        return Go(because=Text("It was heard: {event}.", event=options.event))
    if options.until is not None and view.holds(options.until):
        return Go(because=Text("The rule holds now."))
    if options.at or options.on == _WORKING:
        over_us = _clock(view, options, over_us)
    if at.now_us >= over_us:
        return Go(because=Text("The time is over."))
    if options.until is not None:
        over_us = min(over_us, at.now_us + _DAY_US)
    return Wait(over_us, options.event)


def _clock(view: View, options: Options, from_us: int) -> int:
    """The first moment from then on at the hour and on the day that is wanted."""
    begin = datetime.fromtimestamp(from_us / 1_000_000, UTC)
    minute = _minute(options.at) if options.at else None
    found = begin if minute is None else next_after(begin - timedelta(seconds=1), "day", 0, minute, view.zone)
    while options.on == _WORKING and found.astimezone(view.zone).weekday() >= 5:
        local = found.astimezone(view.zone)
        found = next_after(found, "day", 0, local.hour * 60 + local.minute, view.zone)
    return max(from_us, microseconds(found))


STEP = Step(
    name="wait",
    title=Text("Wait"),
    meaning=Text("Go on after some time, at an hour that suits, or as soon as something happens."),
    options=Options,
    decide=_decide,
    listens=lambda options: (options.event,) if options.event else (),
    check=_check,
)
