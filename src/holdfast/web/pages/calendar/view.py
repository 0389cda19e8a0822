"""``/act/calendar``: what is on each day of a month, the issues of newsletters, dates of our own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from django.http import HttpResponse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from holdfast.domain.contact_calendar import ENTRY_KINDS, OWN_KINDS, Entry
from holdfast.domain.plays import STATES
from holdfast.domain.texts import Text
from holdfast.language import Reader, calendars
from holdfast.services.act.calendar.greetings import greetings
from holdfast.services.act.calendar.own import CHANNEL_WORDS
from holdfast.services.act.calendar.planned import Daily, planned
from holdfast.services.act.plays import issues
from holdfast.services.act.plays.define import ready_of
from holdfast.settings import Settings
from holdfast.store import plays, segments, templates
from holdfast.web.access import EXPORTERS, READERS, may, only
from holdfast.web.figures import country_name
from holdfast.web.pages.dashboards.view import weekdays
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.work_words import Typed

FURTHEST = timedelta(days=3 * 366)
_OWN = {str(code): words for code, words in OWN_KINDS.items()}
_STATES = {str(code): words for code, words in STATES.items()}


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """Something on a day: what it is, of which play, to how many, and what is still needed."""

    kind: str
    title: str
    key: str
    own_id: str
    facts: str
    note: str
    pressing: bool


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day on which there is something."""

    name: str
    weekday: str
    today: bool
    entries: list[ShownEntry]


@dataclass(frozen=True, slots=True)
class ShownIssue:
    """A coming day of a newsletter, and the template that it says ("": none)."""

    day: str
    written: str
    template: str


@dataclass(frozen=True, slots=True)
class ShownNewsletter:
    """A newsletter with its coming days."""

    key: str
    title: str
    issues: list[ShownIssue]


@only(READERS)
@require_safe
def contact_calendar(request: Request) -> HttpResponse:
    """One month of the reader's calendar."""
    return calendar_page(request)


def calendar_page(request: Request, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The page; ``wrong`` says what could not be kept."""
    workspace, reader, now = request.workspace, request.reader, datetime.now(UTC)
    today = workspace.now(now).astimezone(workspace.zone).date()
    first, last = _month(_asked(request.GET.get("on", ""), today), reader)
    found = planned(workspace, first, last, reader.code, now)
    making = may(request.user, EXPORTERS)
    return show(
        request,
        "calendar/calendar.html",
        status=status,
        place="outbox",
        wrong=wrong,
        month=reader.month(first),
        here=first.isoformat(),
        before=(first - timedelta(days=1)).isoformat() if first > today - FURTHEST else "",
        after=(last + timedelta(days=1)).isoformat() if last < today + FURTHEST else "",
        sentence=_sentence(found.entries, reader),
        days=_days(found.entries, today, _lost(workspace, now), reader),
        daily=[_daily(each, reader) for each in found.daily],
        undated=reader.say(_undated(found.undated)) if found.undated else "",
        newsletters=_newsletters(request, now),
        messages=_messages(request) if making else [],
        own_kinds=[(code, reader.say(words)) for code, words in OWN_KINDS.items()],
        segments=[(each.key, each.title) for each in segments.listed(workspace)],
        today=today.isoformat(),
        typed=Typed(request.POST.dict()),
        may_make=making,
    )


def _asked(written: str, today: date) -> date:
    """The day that an address asks for; today where it asks for none, or for one that is years away."""
    try:
        on = date.fromisoformat(written)
    except ValueError:
        return today
    return on if abs(on - today) <= FURTHEST + timedelta(days=31) else today


def _month(on: date, reader: Reader) -> tuple[date, date]:
    """The first and the last day of the month of the reader's calendar."""
    calendar = calendars.calendar(reader.calendar or reader.language.calendar)
    month = calendar.period_of(on, "month")
    return month.start, month.end - timedelta(days=1)


def _sentence(entries: tuple[Entry, ...], reader: Reader) -> Markup:
    """How often something goes, and how much of it needs something before."""
    going = [each for each in entries if each.key and each.kind != "own"]
    needed = sum(each.pressing for each in going)
    said = [
        Text("{n} sending is planned in this month.", "{n} sendings are planned in this month.", n=len(going))
    ]
    if needed:
        said.append(
            Text(
                "{n} of them needs something before its day.",
                "{n} of them need something before their days.",
                n=needed,
            )
        )
    return Markup(" ").join(reader.say_html(each, strong=("n",)) for each in said)


def _lost(workspace: Settings, now: datetime) -> dict[str, int]:
    """Who unsubscribed by greetings or complained within a year, by the key of the play."""
    return {each.key: each.unsubscribed + each.complaints for each in greetings(workspace, now)}


def _days(entries: tuple[Entry, ...], today: date, lost: dict[str, int], reader: Reader) -> list[ShownDay]:
    names = dict(weekdays(reader))
    noted: set[tuple[str, str]] = set()
    return [
        ShownDay(
            reader.day(day, year=False),
            names[day.weekday()],
            day == today,
            [_once(_entry(each, lost.get(each.key, 0), reader), noted) for each in there],
        )
        for day, there in groupby(entries, key=lambda each: each.day)
    ]


def _once(shown: ShownEntry, noted: set[tuple[str, str]]) -> ShownEntry:
    """The entry with what is to be known of it, said on the first of its days only."""
    if not shown.key or (shown.key, shown.note) not in noted:
        noted.add((shown.key, shown.note))
        return shown
    return replace(shown, note="")


def _entry(each: Entry, lost: int, reader: Reader) -> ShownEntry:
    own = each.kind == "own"
    kind = reader.say(_OWN.get(each.state, ENTRY_KINDS[each.kind]) if own else ENTRY_KINDS[each.kind])
    return ShownEntry(
        kind,
        each.title,
        "" if own else each.key,
        each.key if own else "",
        " · ".join(_facts(each, lost, reader)),
        "" if each.note is None else reader.say(each.note),
        each.pressing,
    )


def _facts(each: Entry, lost: int, reader: Reader) -> list[str]:
    found = []
    if each.countries:
        found.append(reader.list_of(country_name(code, reader.code) for code in each.countries))
    if each.customers is not None:
        found.append(reader.say(Text("{n} customer", "{n} customers", n=each.customers)))
    if each.channel in CHANNEL_WORDS and each.channel:
        found.append(reader.say(CHANNEL_WORDS[each.channel]))
    if lost:
        found.append(
            reader.say(
                Text("cost {n} unsubscription in a year", "cost {n} unsubscriptions in a year", n=lost)
            )
        )
    if each.state in _STATES and each.state != "running":
        found.append(reader.say(_STATES[each.state]))
    return found


def _daily(each: Daily, reader: Reader) -> tuple[str, str, str]:
    return (
        each.key,
        each.title,
        reader.say(Text("today for {n} customer", "today for {n} customers", n=each.customers)),
    )


def _undated(count: int) -> Text:
    return Text(
        "{n} running play goes by what happens; nobody knows its days before.",
        "{n} running plays go by what happens; nobody knows their days before.",
        n=count,
    )


def _newsletters(request: Request, now: datetime) -> list[ShownNewsletter]:
    workspace, reader = request.workspace, request.reader
    latest = {each.play_id: each for each in plays.latest(workspace)}
    found = []
    for each in plays.listed(workspace):
        play = ready_of(latest[each.id]).play
        if each.state == "ended" or not issues.is_newsletter(play):
            continue
        coming = issues.coming(workspace, each, play, now)
        shown = [
            ShownIssue(reader.day(one.day), one.day.isoformat(), one.issue.template if one.issue else "")
            for one in coming
        ]
        found.append(ShownNewsletter(each.key, each.title, shown))
    return found


def _messages(request: Request) -> list[tuple[str, str]]:
    """The published messages of which an issue can be made."""
    return [
        (each.key, each.title)
        for each in templates.listed(request.workspace)
        if each.kind == "message" and each.published is not None
    ]
