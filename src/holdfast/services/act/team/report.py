"""What our people got done, week by week, and what became of the customers they spoke to.

Who is called is chosen, not drawn: that they stayed proves nothing about the call. The proof of a play does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from holdfast.analytics.intervals import wilson
from holdfast.domain.channels import SPOKEN
from holdfast.domain.moments import microseconds
from holdfast.domain.outcomes import CONTACTS
from holdfast.domain.period import day_number
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.team import DoneTask

WEEKS = 13
AFTER_DAYS = 30
"""So long a customer has to be followed after a call before it is said whether they stayed."""

LEAST = 20
"""With fewer customers nothing is said of their share."""


@dataclass(frozen=True, slots=True)
class Week:
    """What one person closed in the week that begins with ``monday``; ``contacts`` are calls and visits.

    ``spoken`` of these were answered; ``outcomes`` are counts by code.
    """

    by: str
    monday: date
    done: int
    dropped: int
    contacts: int
    spoken: int
    outcomes: Counter[str]
    minutes: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Of ``customers`` whom somebody spoke to at least 30 days ago, so many had not left 30 days later.

    ``low`` and ``high`` are ``None`` where there are too few to say anything.
    """

    by: str
    customers: int
    stayed: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """Weeks, the latest first, and what became of customers, by person and for all ("")."""

    weeks: tuple[Week, ...]
    kept: tuple[Kept, ...]


def report(settings: Settings, now: datetime, *, by: str = "", weeks: int = WEEKS) -> Report:
    """The report of the last ``weeks``, of one person where ``by`` (a mail address) names one."""
    from holdfast.store import team

    today = now.astimezone(settings.zone).date()
    monday = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
    begin = int(datetime.combine(monday, datetime.min.time(), settings.zone).timestamp()) * 1_000_000
    done = team.done(settings, since_us=begin, until_us=microseconds(now) + 1)
    if by:
        done = [each for each in done if each.by == by]
    return Report(tuple(_weeks(settings, done)), tuple(_kept(settings, done, today)))


def _weeks(settings: Settings, done: Sequence[DoneTask]) -> Iterable[Week]:
    groups: dict[tuple[date, str], list[DoneTask]] = {}
    for each in done:
        day = _day(settings, each.closed_us)
        groups.setdefault((day - timedelta(days=day.weekday()), each.by), []).append(each)
    for (monday, who), theirs in sorted(
        groups.items(), key=lambda item: (-item[0][0].toordinal(), item[0][1])
    ):
        contacts = [each for each in theirs if each.kind in CONTACTS and each.state == "done"]
        finished = [each for each in theirs if each.state == "done"]
        yield Week(
            who,
            monday,
            len(finished),
            len(theirs) - len(finished),
            len(contacts),
            sum(each.outcome in SPOKEN for each in contacts),
            Counter(each.outcome for each in contacts),
            sum(each.minutes or 0 for each in theirs),
        )


def _kept(settings: Settings, done: Sequence[DoneTask], today: date) -> Iterable[Kept]:
    from holdfast.store import identity_live, team

    spoken = [
        each
        for each in done
        if each.subject_id is not None
        and each.outcome in SPOKEN
        and (today - _day(settings, each.closed_us)).days >= AFTER_DAYS
    ]
    subjects = {each.subject_id for each in spoken if each.subject_id is not None}
    unit_of = identity_live.units_of(settings, subjects) if subjects else {}
    left = team.left_days(settings, list(set(unit_of.values())))
    first: dict[tuple[str, int], int] = {}
    for each in spoken:  # the latest first: what stays is the earliest talk with each customer
        unit = unit_of[each.subject_id or 0]
        for whose in ("", each.by):
            first[whose, unit] = day_number(_day(settings, each.closed_us))
    fates: dict[str, list[bool]] = {}
    for (whose, unit), day in first.items():
        gone = left.get(unit)
        if unit not in left or (gone is not None and gone <= day):
            continue  # nobody's customer yet, or lost before the talk
        fates.setdefault(whose, []).append(gone is None or gone > day + AFTER_DAYS)
    for whose, stayed in sorted(fates.items()):
        enough = len(stayed) >= LEAST
        low, high = wilson(sum(stayed), len(stayed)) if enough else (None, None)
        yield Kept(whose, len(stayed), sum(stayed), low, high)


def _day(settings: Settings, at_us: int) -> date:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC).astimezone(settings.zone).date()
