"""Issues of newsletters: which message a play says on which day, planned in the contact calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from holdfast.domain.moments import microseconds
from holdfast.domain.period import date_of, day_number
from holdfast.domain.plays import OnSchedule, Play, steps_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.schedules import next_after
from holdfast.domain.texts import Text
from holdfast.services.act.messages.writing import no_such_template
from holdfast.store import contact_calendar, plays, templates

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.contact_calendar import Issue
    from holdfast.store.plays import KeptPlay

STEP = "newsletter"
COMING = 6
"""So many coming days of a newsletter are planned ahead."""

_VALID_DAYS = {"day": 0, "week": 6, "month": 27}


@dataclass(frozen=True, slots=True)
class Coming:
    """A day on which a newsletter goes out, and its issue, where one is planned."""

    day: date
    issue: Issue | None


def is_newsletter(play: Play) -> bool:
    """Whether a play says an issue of its own each time."""
    return any(step.do == STEP for step in steps_of(play))


def template_on(settings: Settings, play: Play, entered_us: int) -> str | None:
    """What a newsletter says to whom it came to at a moment; ``None`` where nothing is planned for then.

    An issue is that of the days up to the next one: who is late by a day gets it still.
    """
    found = plays.by_key(settings, play.key)
    if found is None:
        return None
    day = day_number(datetime.fromtimestamp(entered_us / 1_000_000, UTC).astimezone(settings.zone).date())
    every = play.trigger.every if isinstance(play.trigger, OnSchedule) else "month"
    planned = contact_calendar.issues(settings, day - _VALID_DAYS[every], day, found.id)
    return planned[-1].template if planned else None


def coming(settings: Settings, found: KeptPlay, play: Play, now: datetime) -> list[Coming]:
    """The next days on which a newsletter goes, and what is planned; without a schedule what is planned."""
    today = settings.now(now).astimezone(settings.zone).date()
    planned = contact_calendar.issues(settings, day_number(today), day_number(today) + 400, found.id)
    of = {date_of(each.day): each for each in planned}
    days = set(of)
    if isinstance(play.trigger, OnSchedule):
        at = settings.now(now)
        for _ in range(COMING):
            at = next_after(at, play.trigger.every, play.trigger.on, play.trigger.minute, settings.zone)
            days.add(at.astimezone(settings.zone).date())
    return [Coming(day, of.get(day)) for day in sorted(days)]


def plan(settings: Settings, found: KeptPlay, on: date, template: str, *, by: str, now: datetime) -> None:
    """Decide what a newsletter says on a day; "" takes it away again.

    Refuses a day that is past ("day_is_past") or far ("day_too_far"), and a template that is not published
    ("no_such_template").
    """
    today = settings.now(now).astimezone(settings.zone).date()
    if on < today:
        raise _wrong_day("day_is_past", Text("{day} is past.", day=on))
    if on > today + timedelta(days=366):
        raise _wrong_day("day_too_far", Text("{day} is more than a year away.", day=on))
    if not template:
        contact_calendar.drop_issue(settings, found.id, day_number(on))
        return
    there = templates.published(settings, [template]).get(template)
    if there is None or there.kind != "message":
        raise no_such_template(template)
    contact_calendar.keep_issue(
        settings, found.id, day_number(on), template, by=by, now_us=microseconds(settings.now(now))
    )


def _wrong_day(code: str, why: Text) -> Refusal:
    return Refusal(
        code,
        found=why,
        expected=Text("A day from today on, within a year."),
        remedy=Text("Choose another day; nothing was changed."),
    )
