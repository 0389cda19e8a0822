"""The contact calendar: what goes to whom on which day, issues of newsletters, plans of segments.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class CalendarEntry(TypedDict):
    """Something on a day; ``key`` is that of a play, the number of a date of one's own, else empty.

    ``customers`` is to how many it goes by what is known today, null where that is not known.
    ``pressing`` says that something has to be done before the day, ``note`` what.
    """

    day: str
    kind: str
    title: str
    key: str
    channel: str
    customers: int | None
    state: str
    note: str
    pressing: bool
    countries: list[str]


class ContactCalendar(TypedDict):
    """What is on the days; ``daily`` plays look at everybody each day, ``undated`` go by what happens."""

    items: list[CalendarEntry]
    daily: list[str]
    undated: int


class ContactPlan(TypedDict):
    """What segments hear, and how far the plan is kept by what is ahead."""

    hears: list[SegmentHears]
    plan: list[PlanLine]


class GreetingCost(TypedDict):
    """What a play of greetings came to in a year; ``share`` of messages by which somebody unsubscribed or

    complained, with the bounds of its interval of 95 %, null while fewer than 30 were sent.
    """

    key: str
    title: str
    sent: int
    unsubscribed: int
    complaints: int
    share: float | None
    low: float | None
    high: float | None


class GreetingCosts(TypedDict):
    """Every play of greetings that was launched."""

    items: list[GreetingCost]


class NewsletterIssue(TypedDict):
    """A coming day of a newsletter, and the template that it says, null for none."""

    day: str
    template: str | None


class NewsletterIssues(TypedDict):
    """The coming days of a newsletter."""

    items: list[NewsletterIssue]


class OwnDateMade(TypedDict):
    """The number of a date of one's own."""

    id: int


class PlanLine(TypedDict):
    """That a segment is to hear of us by a channel ("": any) once in so many days; of how many it is kept."""

    id: int
    segment: str
    channel: str
    every_days: int
    customers: int
    reached: int


class SegmentHears(TypedDict):
    """What a segment ("": everybody) hears in the next 30 days, by channel ("": the best one)."""

    segment: str
    customers: int
    by_channel: dict[str, int]
    nothing: int
    too_much: int


class ContactCalendarArea:
    """The contact calendar: what goes to whom on which day, issues of newsletters, plans of segments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_contact_calendar(self, *, since: str, until: str) -> ContactCalendar:
        """See what goes to how many customers on which day."""
        return cast(
            "ContactCalendar",
            self._connection.ask("GET", "/contact-calendar", query={"since": since, "until": until}),
        )

    def add_own_date(
        self,
        *,
        kind: str,
        title: str,
        day: str,
        until: str | LeftOut | None = LEFT_OUT,
        segment: str | LeftOut = LEFT_OUT,
    ) -> OwnDateMade:
        """Enter a date of one's own."""
        return cast(
            "OwnDateMade",
            self._connection.ask(
                "POST",
                "/contact-calendar/dates",
                body={"kind": kind, "title": title, "day": day, "until": until, "segment": segment},
            ),
        )

    def drop_own_date(self, date_id: int) -> None:
        """Take a date of one's own away."""
        self._connection.ask("DELETE", f"/contact-calendar/dates/{date_id}")

    def get_contact_plan(self) -> ContactPlan:
        """See who hears too much or nothing in the next 30 days, and how far the plan of segments is kept."""
        return cast("ContactPlan", self._connection.ask("GET", "/contact-plan"))

    def set_contact_plan(
        self, *, segment: str, every_days: int, channel: str | LeftOut = LEFT_OUT, if_match: str | None = None
    ) -> ContactPlan:
        """Decide how often a segment is to hear of us by a channel."""
        return cast(
            "ContactPlan",
            self._connection.ask(
                "PUT",
                "/contact-plan",
                body={"segment": segment, "channel": channel, "every_days": every_days},
                if_match=if_match,
            ),
        )

    def drop_contact_plan(self, line_id: int) -> None:
        """Take a line of the plan away."""
        self._connection.ask("DELETE", f"/contact-plan/{line_id}")

    def list_greetings(self) -> GreetingCosts:
        """See what greetings cost: who unsubscribed by one, who reported one as spam."""
        return cast("GreetingCosts", self._connection.ask("GET", "/greetings"))

    def list_issues(self, key: str) -> NewsletterIssues:
        """List the coming days of a newsletter, and what it says on them."""
        return cast("NewsletterIssues", self._connection.ask("GET", f"/plays/{quote(key, safe='')}/issues"))

    def set_issue(self, key: str, day: str, *, template: str) -> NewsletterIssues:
        """Decide what a newsletter says on a day."""
        return cast(
            "NewsletterIssues",
            self._connection.ask(
                "PUT",
                f"/plays/{quote(key, safe='')}/issues/{quote(day, safe='')}",
                body={"template": template},
            ),
        )
