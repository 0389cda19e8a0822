"""What people enter into the contact calendar: dates of our own, and how often a segment is to hear of us."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from holdfast.domain.contact_calendar import LONGEST_DAYS, OWN, OWN_KINDS
from holdfast.domain.moments import microseconds
from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.touch import TOUCH_CHANNELS
from holdfast.store import contact_calendar, segments

if TYPE_CHECKING:
    from holdfast.settings import Settings

LONGEST_TITLE = 200
FURTHEST = timedelta(days=3 * 366)
CHANNELS = ("", "email", "telegram", "chat", "sms", "whatsapp", "in_app", "call")
"""By which a segment may hear of us; "" is any."""

CHANNEL_WORDS = {
    "": Text("any way"),
    "call": Text("a call"),
    **{str(k): v for k, v in TOUCH_CHANNELS.items()},
}


def add_date(
    settings: Settings,
    kind: str,
    title: str,
    days: tuple[date, date],
    segment_key: str = "",
    *,
    by: str,
    now: datetime,
) -> int:
    """Enter a date of our own; its number. Refuses what is no such date ("bad_date")."""
    first, last = days
    today = settings.now(now).astimezone(settings.zone).date()
    title = " ".join(title.split())
    wrong = None
    if kind not in OWN:
        wrong = Text("{given} is none of {known}", given=kind[:40], known=", ".join(OWN_KINDS))
    elif not 0 < len(title) <= LONGEST_TITLE:
        wrong = Text("a title has 1 to {most} letters", most=LONGEST_TITLE)
    elif not today - FURTHEST <= first <= last <= today + FURTHEST:
        wrong = Text("the last day is before the first one, or years away")
    elif segment_key and segments.by_key(settings, segment_key) is None:
        wrong = Text("there is no segment {key}", key=segment_key[:80])
    if wrong is not None:
        raise _bad("bad_date", wrong)
    return contact_calendar.add_date(
        settings,
        kind,
        title,
        (day_number(first), day_number(last)),
        segment_key,
        by=by,
        now_us=microseconds(settings.now(now)),
    )


def keep_plan(
    settings: Settings, segment_key: str, channel: str, every_days: int, *, by: str, now: datetime
) -> None:
    """Decide how often a segment is to hear of us. Refuses what is no plan ("bad_plan")."""
    wrong = None
    if segments.by_key(settings, segment_key) is None:
        wrong = Text("there is no segment {key}", key=segment_key[:80])
    elif channel not in CHANNELS:
        wrong = Text("{given} is none of {known}", given=channel[:40], known=", ".join(CHANNELS[1:]))
    elif not 1 <= every_days <= LONGEST_DAYS:
        wrong = Text("the days are 1 to {most}", most=LONGEST_DAYS)
    if wrong is not None:
        raise _bad("bad_plan", wrong)
    contact_calendar.keep_plan(
        settings, segment_key, channel, every_days, by=by, now_us=microseconds(settings.now(now))
    )


def _bad(code: str, why: Text) -> Refusal:
    return Refusal(
        code,
        found=Text("That cannot be kept: {why}.", why=why),
        expected=Text("What the form asks for, each within its bounds."),
        remedy=Text("Mend it and try again; nothing was changed."),
    )
