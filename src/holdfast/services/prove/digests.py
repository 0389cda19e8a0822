"""Digests: a dashboard by mail, every day, week or month, by the clock of who reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args
from zoneinfo import ZoneInfo

from holdfast.domain.dashboards import Every
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.schedules import LAST_DAY, next_after
from holdfast.domain.texts import Text
from holdfast.settings import Settings, is_timezone

if TYPE_CHECKING:
    from holdfast.store.dashboards import Dashboard
    from holdfast.store.digests import Digest, Reader

MOST_READERS = 50
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def make(
    settings: Settings,
    dashboard: Dashboard,
    *,
    every: str,
    day: int,
    at: str,
    quiet: bool,
    people: Sequence[int],
    by: str,
    now: datetime | None = None,
) -> int:
    """Let a dashboard come by mail to some of our people; the digest's number.

    ``at`` is a time of their day ("08:00"), by the clock each chose, else the company's. Refuses what is no
    time or day ("bad_schedule"), nobody ("no_readers"), who may not sign in ("no_such_person"), and readers
    to whom a private dashboard is not shown ("private").
    """
    from holdfast.store import digests

    new = _digest(dashboard.id, every, day, at, quiet, by)
    actual = now or datetime.now(UTC)
    return digests.add(
        settings, new, _readers(settings, dashboard, new, people, actual), now_us=microseconds(actual)
    )


def change(
    settings: Settings,
    dashboard: Dashboard,
    digest_id: int,
    *,
    every: str,
    day: int,
    at: str,
    quiet: bool,
    people: Sequence[int],
    now: datetime | None = None,
) -> None:
    """Let a digest of a dashboard come at another time, or to other people. Refuses like :func:`make`."""
    from holdfast.store import digests

    wanted = replace(_digest(dashboard.id, every, day, at, quiet, ""), id=digest_id)
    readers = _readers(settings, dashboard, wanted, people, now or datetime.now(UTC))
    digests.change(settings, wanted, readers)


def end(settings: Settings, dashboard: Dashboard, digest_id: int) -> None:
    """Let a digest not come any more."""
    from holdfast.store import digests

    digests.delete(settings, digest_id, dashboard.id)


def clock_of(settings: Settings, person_id: int) -> str:
    """The time zone by which somebody gets digests: that of those they get already, else the company's."""
    from holdfast.store import digests

    theirs = digests.of_person(settings, person_id)
    return theirs[0][0].zone if theirs else settings.timezone


def choose_clock(settings: Settings, person_id: int, zone: str, *, now: datetime | None = None) -> None:
    """Let all digests of a person go by another clock. Refuses what is no time zone ("bad_zone")."""
    from holdfast.store import digests

    if not is_timezone(zone):
        raise Refusal(
            "bad_zone",
            found=Text("{zone} is no time zone.", zone=zone[:60]),
            expected=Text("A name like Europe/Dublin."),
            remedy=Text("Choose one of the list."),
        )
    actual = now or datetime.now(UTC)
    theirs = digests.of_person(settings, person_id)
    moved = {each.digest.id: _next_us(each.digest, actual, zone) for each, _ in theirs}
    digests.move_clock(settings, person_id, zone, moved)


def next_us(reader: Reader, now: datetime) -> int:
    """When a reader's digest comes after ``now``."""
    return _next_us(reader.digest, now, reader.zone)


def _readers(
    settings: Settings, dashboard: Dashboard, digest: Digest, people: Sequence[int], now: datetime
) -> dict[int, tuple[str, int]]:
    """Who gets it: by which clock, and when first."""
    from holdfast.store import owners

    chosen = list(dict.fromkeys(people))
    if not 1 <= len(chosen) <= MOST_READERS:
        raise Refusal(
            "no_readers",
            found=Text("{n} person was chosen.", "{n} people were chosen.", n=len(chosen)),
            expected=Text("One to {most} people.", most=MOST_READERS),
            remedy=Text("Choose who is to get it."),
        )
    if missing := [each for each in chosen if owners.person_by_id(settings, each) is None]:
        raise Refusal(
            "no_such_person",
            found=Text("Nobody signs in as {wanted}.", wanted=str(missing[0])),
            expected=Text("Somebody who signs in to these pages."),
            remedy=Text("Choose somebody else; nothing was changed."),
        )
    if not dashboard.shared and any(each != dashboard.person_id for each in chosen):
        raise Refusal(
            "private",
            found=Text("The dashboard is shown to its maker only."),
            expected=Text("A dashboard that is shared, for other readers."),
            remedy=Text("Share it first, or send it to yourself alone."),
        )
    zones = {each: clock_of(settings, each) for each in chosen}
    return {each: (zone, _next_us(digest, now, zone)) for each, zone in zones.items()}


def _digest(dashboard_id: int, every: str, day: int, at: str, quiet: bool, by: str) -> Digest:
    from holdfast.store.digests import Digest

    written = _TIME.fullmatch(at)
    last = {"day": 31, "week": 6, "month": LAST_DAY}.get(every, -1)
    if written is None or not 0 <= day <= last:
        raise Refusal(
            "bad_schedule",
            found=Text(
                "{every} {day} {at} is no time at which something can come again.",
                every=every[:20],
                day=day,
                at=at[:20],
            ),
            expected=Text(
                "Every day, week or month, a day from 1 to {last} of the month, and a time like 08:00.",
                last=LAST_DAY,
            ),
            remedy=Text("Choose a day that every month has, and a time of day."),
        )
    hours, minutes = map(int, written.groups())
    return Digest(0, dashboard_id, every, day, hours * 60 + minutes, quiet, by)


def _next_us(digest: Digest, now: datetime, zone: str) -> int:
    every: Every = next(each for each in get_args(Every) if each == digest.every)
    return microseconds(next_after(now, every, digest.day, digest.minute, ZoneInfo(zone)))
