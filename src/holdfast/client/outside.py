"""Outside factors told apart from own faults, and the log of outside events.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class DayHoliday(TypedDict):
    """A public holiday of a country, in the caller's language where it is known: on the day, or (``eve``)
    the

    next.
    """

    country: str
    name: str
    eve: bool


class HolidayEffect(TypedDict):
    """What a public holiday does to buying in a country: in the two weeks before, or on it and after."""

    country: str
    name: str
    before: bool
    seen: int
    times: Times
    chance: float


class MonthOfYear(TypedDict):
    """How a month of the year (1-12) differs from the mean one in what is bought for each customer."""

    month: int
    times: Times


class OutsideEvent(TypedDict):
    """An event of the log; ``review`` is what was decided because of it, "" before that."""

    id: int
    title: str
    start: str
    until: str | None
    country: str
    made_by: str
    review: str
    reviewed_by: str


class OutsideFactors(TypedDict):
    """What the last nightly run found; ``trend`` is from year to year, null before two years of data."""

    as_of: str | None
    days: list[UnusualDay]
    weeks: list[WeeksOfLosses]
    causes: list[WeeksOfCause]
    months: list[MonthOfYear]
    trend: Times | None
    holidays: list[HolidayEffect]
    summary: str


class Times(TypedDict):
    """By what something multiplies a count, with its 95 % interval."""

    times: float
    low: float
    high: float


class UnusualCount(TypedDict):
    """An event of which far more or fewer customers had one than usual on a day."""

    event: str
    came: int
    usual: float
    times: Times


class UnusualDay(TypedDict):
    """A day unlike the others; ``kind`` is "failed" (ours), "did" (we changed something), "feast" (a
    public

    holiday, or the day before) or "open".
    """

    day: str
    kind: str
    counts: list[UnusualCount]
    holidays: list[DayHoliday]


class WavePart(TypedDict):
    """Of ``of`` losses whose cause is known ``named`` have an origin (ours, market, own_life): a share
    from

    ``low`` to ``high``, at other times ``usual``.
    """

    origin: str
    named: int
    of: int
    low: float
    high: float
    usual: float


class WeeksOfCause(TypedDict):
    """Weeks in which a cause was named ``came`` times, ``times`` as often as its usual part of the losses;

    ``country`` null for the whole company. ``origin`` is ours, market or own_life.
    """

    start: str
    end: str
    cause: str
    origin: str
    country: str | None
    came: int
    times: Times
    chance: float


class WeeksOfLosses(TypedDict):
    """Weeks in which more left than was to be expected by how long customers had been there.

    ``sort`` is "contract" or "silent", ``country`` null for the whole company. ``origin`` is "ours",
    "outside" (somebody noted it), "country" (only there) or "open"; ``beside`` are unusual days nearby.
    """

    start: str
    end: str
    sort: str
    country: str | None
    lost: int
    times: Times
    chance: float
    origin: str
    parts: list[WavePart]
    beside: list[str]


class OutsideArea:
    """Outside factors told apart from own faults, and the log of outside events."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_outside_factors(self) -> OutsideFactors:
        """Get days and weeks unlike the others, season and holidays, and whose they look to be."""
        return cast("OutsideFactors", self._connection.ask("GET", "/outside"))

    def list_outside_events(self, *, limit: int | None = None) -> Iterator[OutsideEvent]:
        """List the log of outside events, in the order in which they were noted."""
        return self._connection.pages("/outside/events", {"limit": limit})

    def note_outside_event(
        self,
        *,
        title: str,
        start: str,
        until: str | LeftOut | None = LEFT_OUT,
        country: str | LeftOut = LEFT_OUT,
    ) -> OutsideEvent:
        """Note an outside event in the log."""
        return cast(
            "OutsideEvent",
            self._connection.ask(
                "POST",
                "/outside/events",
                body={"title": title, "start": start, "until": until, "country": country},
            ),
        )

    def delete_outside_event(self, event_id: int) -> None:
        """Take an event out of the log."""
        self._connection.ask("DELETE", f"/outside/events/{event_id}")

    def review_outside_event(self, event_id: int, *, review: str) -> OutsideEvent:
        """Keep what was decided when the strategy was looked at because of an event."""
        return cast(
            "OutsideEvent",
            self._connection.ask("PUT", f"/outside/events/{event_id}/review", body={"review": review}),
        )
