"""The contact calendar: what goes to whom on which day, issues of newsletters, plans of segments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from msgspec import Meta

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.calendar import own
from holdfast.services.act.calendar.gaps import gaps
from holdfast.services.act.calendar.greetings import greetings
from holdfast.services.act.calendar.planned import planned
from holdfast.services.act.plays import define, issues
from holdfast.store import contact_calendar
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import EXPORTERS
from holdfast.web.api.contract import Answered, Asked, Call, Id, not_here, operation

MOST_DAYS = 100

Key = Annotated[str, Meta(min_length=1, max_length=80)]


class CalendarDays(Asked, kw_only=True, frozen=True):
    """Which days: both count, a hundred at most."""

    since: date
    until: date


class CalendarEntry(Answered, frozen=True):
    """Something on a day; ``key`` is that of a play, the number of a date of one's own, else empty.

    ``customers`` is to how many it goes by what is known today, null where that is not known. ``pressing``
    says that something has to be done before the day, ``note`` what.
    """

    day: date
    kind: str
    title: str
    key: str
    channel: str
    customers: int | None
    state: str
    note: str
    pressing: bool
    countries: list[str]


class ContactCalendar(Answered, frozen=True):
    """What is on the days; ``daily`` plays look at everybody each day, ``undated`` go by what happens."""

    items: list[CalendarEntry]
    daily: list[str]
    undated: int


class IssueWanted(Asked, kw_only=True, frozen=True):
    """What a newsletter says on a day: the key of a published template; empty for none any more."""

    template: Annotated[str, Meta(max_length=80)]


class NewsletterIssue(Answered, frozen=True):
    """A coming day of a newsletter, and the template that it says, null for none."""

    day: date
    template: str | None


class NewsletterIssues(Answered, frozen=True):
    """The coming days of a newsletter."""

    items: list[NewsletterIssue]


class OwnDateWanted(Asked, kw_only=True, frozen=True):
    """A date of one's own: event, education or other; ``until`` is its last day, else it is one day."""

    kind: str
    title: Annotated[str, Meta(min_length=1, max_length=200)]
    day: date
    until: date | None = None
    segment: Annotated[str, Meta(max_length=80)] = ""


class OwnDateMade(Answered, frozen=True):
    """The number of a date of one's own."""

    id: int


class SegmentHears(Answered, frozen=True):
    """What a segment ("": everybody) hears in the next 30 days, by channel ("": the best one)."""

    segment: str
    customers: int
    by_channel: dict[str, int]
    nothing: int
    too_much: int


class PlanLine(Answered, frozen=True):
    """That a segment is to hear of us by a channel ("": any) once in so many days; of how many it is kept."""

    id: int
    segment: str
    channel: str
    every_days: int
    customers: int
    reached: int


class ContactPlan(Answered, frozen=True):
    """What segments hear, and how far the plan is kept by what is ahead."""

    hears: list[SegmentHears]
    plan: list[PlanLine]


class PlanWanted(Asked, kw_only=True, frozen=True):
    """That a segment is to hear of us once in so many days at least, by a channel ("": any)."""

    segment: Key
    channel: Annotated[str, Meta(max_length=20)] = ""
    every_days: Annotated[int, Meta(ge=1, le=92)]


class GreetingCost(Answered, frozen=True):
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


class GreetingCosts(Answered, frozen=True):
    """Every play of greetings that was launched."""

    items: list[GreetingCost]


@operation("GET", "/contact-calendar", scope=READ)
def get_contact_calendar(call: Call, query: CalendarDays) -> ContactCalendar:
    """See what goes to how many customers on which day."""
    if not timedelta(0) <= query.until - query.since < timedelta(days=MOST_DAYS):
        raise Refusal(
            "bad_days",
            found=Text("From {since} to {until}.", since=query.since, until=query.until),
            expected=Text("At most {n} days, the last not before the first.", n=MOST_DAYS),
            remedy=Text("Ask for fewer days."),
        )
    found = planned(call.settings, query.since, query.until, call.reader.code, call.actual)
    return ContactCalendar(
        items=[
            CalendarEntry(
                day=each.day,
                kind=each.kind,
                title=each.title,
                key=each.key,
                channel=each.channel,
                customers=each.customers,
                state=each.state,
                note="" if each.note is None else call.say(each.note),
                pressing=each.pressing,
                countries=list(each.countries),
            )
            for each in found.entries
        ],
        daily=[each.key for each in found.daily],
        undated=found.undated,
    )


@operation("POST", "/contact-calendar/dates", scope=WRITE, roles=EXPORTERS, status=201)
def add_own_date(call: Call, body: OwnDateWanted) -> OwnDateMade:
    """Enter a date of one's own."""
    days = (body.day, body.until or body.day)
    number = own.add_date(
        call.settings, body.kind, body.title, days, body.segment, by=call.by, now=call.actual
    )
    return OwnDateMade(id=number)


@operation("DELETE", "/contact-calendar/dates/{date_id}", scope=WRITE, roles=EXPORTERS)
def drop_own_date(call: Call, date_id: Id) -> None:
    """Take a date of one's own away."""
    if not contact_calendar.drop_date(call.settings, date_id):
        raise not_here("date", date_id)


@operation("GET", "/plays/{key}/issues", scope=READ)
def list_issues(call: Call, key: Key) -> NewsletterIssues:
    """List the coming days of a newsletter, and what it says on them."""
    found = define.find(call.settings, key)
    play = define.ready_of(define.version_of(call.settings, found, found.number)).play
    return NewsletterIssues(
        items=[
            NewsletterIssue(day=each.day, template=None if each.issue is None else each.issue.template)
            for each in issues.coming(call.settings, found, play, call.actual)
        ]
    )


@operation("PUT", "/plays/{key}/issues/{day}", scope=WRITE, roles=EXPORTERS)
def set_issue(call: Call, key: Key, day: date, body: IssueWanted) -> NewsletterIssues:
    """Decide what a newsletter says on a day."""
    found = define.find(call.settings, key)
    issues.plan(call.settings, found, day, body.template, by=call.by, now=call.actual)
    return list_issues(call, key)


@operation("GET", "/contact-plan", scope=READ)
def get_contact_plan(call: Call) -> ContactPlan:
    """See who hears too much or nothing in the next 30 days, and how far the plan of segments is kept."""
    found = gaps(call.settings, call.actual)
    return ContactPlan(
        hears=[
            SegmentHears(
                segment=each.segment_key,
                customers=each.customers,
                by_channel=each.by_channel,
                nothing=each.nothing,
                too_much=each.too_much,
            )
            for each in found.hears
        ],
        plan=[
            PlanLine(
                id=each.plan.id,
                segment=each.plan.segment_key,
                channel=each.plan.channel,
                every_days=each.plan.every_days,
                customers=each.customers,
                reached=each.reached,
            )
            for each in found.plan
        ],
    )


@operation("PUT", "/contact-plan", scope=WRITE, roles=EXPORTERS)
def set_contact_plan(call: Call, body: PlanWanted) -> ContactPlan:
    """Decide how often a segment is to hear of us by a channel."""
    own.keep_plan(call.settings, body.segment, body.channel, body.every_days, by=call.by, now=call.actual)
    return get_contact_plan(call)


@operation("DELETE", "/contact-plan/{line_id}", scope=WRITE, roles=EXPORTERS)
def drop_contact_plan(call: Call, line_id: Id) -> None:
    """Take a line of the plan away."""
    if not contact_calendar.drop_plan(call.settings, line_id):
        raise not_here("line of the plan", line_id)


@operation("GET", "/greetings", scope=READ)
def list_greetings(call: Call) -> GreetingCosts:
    """See what greetings cost: who unsubscribed by one, who reported one as spam."""
    return GreetingCosts(
        items=[
            GreetingCost(
                key=each.key,
                title=each.title,
                sent=each.sent,
                unsubscribed=each.unsubscribed,
                complaints=each.complaints,
                share=each.share[0] if each.share else None,
                low=each.share[1] if each.share else None,
                high=each.share[2] if each.share else None,
            )
            for each in greetings(call.settings, call.actual)
        ]
    )
