"""What tasks and cases have in common on pages: when they are due, whose they are, what happened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any

from django.core.exceptions import BadRequest
from django.urls import reverse

from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.outcomes import CALL_OUTCOMES
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.work import (
    CASE_OUTCOMES,
    DROP_REASONS,
    NORMAL,
    PRIORITY_NAMES,
    TASK_OUTCOMES,
    end_of,
    is_whole_day,
)
from holdfast.language import Reader, clock_time
from holdfast.services.act.work_edits import Edit
from holdfast.services.foresee import reading
from holdfast.settings import Settings
from holdfast.store import identity_live, inbox, owners, work
from holdfast.store.models import User
from holdfast.store.work import About, Change, SeenBy, seen_by
from holdfast.web.access import WRITERS, may, may_see_named, portfolio
from holdfast.web.masking import masks
from holdfast.web.pages.at_risk.words import ShownRisk, shown_risk
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.reading import Request

if TYPE_CHECKING:
    from holdfast.store.cases import Case
    from holdfast.store.inbox import ShownCustomer
    from holdfast.store.tasks import Task

OUTCOMES: dict[str, Text] = {
    **{str(code): words for code, words in CALL_OUTCOMES.items()},
    **TASK_OUTCOMES,
    **DROP_REASONS,
    **CASE_OUTCOMES,
}


@dataclass(frozen=True, slots=True)
class ShownDue:
    """When something is due: in a few words, for machines, and whether it is late or due today."""

    words: str
    moment: str
    late: bool
    today: bool


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """The customer something is about; ``at_risk`` is the money that goes with them, "" where none is."""

    url: str
    name: str
    risk: ShownRisk | None
    at_risk: str = ""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A line of a history; ``quote`` is what was written."""

    words: str
    quote: str
    when: str
    moment: str
    comment: bool


def at(moment_us: int, zone: tzinfo) -> datetime:
    """Microseconds as a moment on the company's clock."""
    return datetime.fromtimestamp(moment_us / 1_000_000, UTC).astimezone(zone)


def shown_due(due_us: int | None, now: datetime, zone: tzinfo, reader: Reader) -> ShownDue | None:
    """When something is due, as people say it: "today", "2 days late", "16 Nov"."""
    if due_us is None:
        return None
    due, here = at(due_us, zone), now.astimezone(zone)
    days = (due.date() - here.date()).days
    late = due < here
    if late and days < 0:
        said = reader.say(Text("{n} day late", "{n} days late", n=-days))
    elif days in _NEAR:
        said = reader.say(_NEAR[days])
    else:
        said = reader.day(due.date(), year=due.year != here.year, short=True)
    if not is_whole_day(due_us, zone) and days >= 0:
        said = reader.say(Text("{day}, {time}", day=said, time=clock_time(due, reader.code)))
    return ShownDue(said, due.isoformat(), late, days == 0)


_NEAR: dict[int, Text] = {0: Text("today"), 1: Text("tomorrow")}


def priority_words(priority: int, reader: Reader) -> str:
    """A priority; "" for the usual one."""
    return "" if priority == NORMAL else reader.say(PRIORITY_NAMES[priority])


def choices(texts: Mapping[Any, Text], reader: Reader) -> list[tuple[str, str]]:
    """Code and words of each, for a field to choose from."""
    return [(code, reader.say(words)) for code, words in texts.items()]


def priorities(reader: Reader) -> list[tuple[int, str]]:
    """Every priority with its name."""
    return [(number, reader.say(words)) for number, words in enumerate(PRIORITY_NAMES)]


def colleagues(workspace: Settings) -> list[tuple[int, str]]:
    """Who can be given work."""
    return [(person.id, person.name or person.email) for person in owners.people(workspace)]


def whose(request: Request) -> SeenBy | None:
    """What of the work this reader may see; ``None`` for all."""
    return seen_by(request.workspace, person_id(request), portfolio(request.user, request.workspace))


def customers(request: Request, subjects: Collection[int | None]) -> dict[int, ShownPerson]:
    """The customers with these ids: the same few statements however many."""
    workspace, reader = request.workspace, request.reader
    wanted = {each for each in subjects if each is not None}
    if not wanted:
        return {}
    unit_of = identity_live.units_of(workspace, wanted)
    known = inbox.customers(workspace, set(unit_of.values()))
    criteria, hide = reading.read_criteria(workspace), masks(request)
    return {
        subject: _person(
            unit_of[subject], known.get(unit_of[subject]), criteria, hide.shown, workspace, reader
        )
        for subject in wanted
    }


def _person(
    unit_id: int,
    found: ShownCustomer | None,
    criteria: reading.Criteria,
    hide: Callable[..., str],
    workspace: Settings,
    reader: Reader,
) -> ShownPerson:
    at_risk = found.at_risk_minor if found is not None else None
    name = hide("name", found.name) if found and found.name else ""
    return ShownPerson(
        reverse("customer", args=[unit_id]),
        name or reader.say(Text("Customer {id}", id=str(unit_id))),
        shown_risk(found.risk, criteria, reader) if found is not None and found.risk is not None else None,
        reader.money(Money(at_risk, workspace.currency or NO_CURRENCY), 0) if at_risk else "",
    )


def history(changes: Iterable[Change], zone: tzinfo, reader: Reader) -> list[ShownChange]:
    """What happened with a task or a case, the newest first."""
    shown = []
    for each in changes:
        moment = at(each.at_us, zone)
        quote = each.text if each.what != "named" else ""
        shown.append(
            ShownChange(
                reader.say(_said(each, zone, reader)),
                quote,
                reader.moment(moment),
                moment.isoformat(),
                each.what == "commented",
            )
        )
    return shown[::-1]


def _said(change: Change, zone: tzinfo, reader: Reader) -> Text:
    who = change.made_by
    if change.what in _PLAIN:
        return Text(_PLAIN[change.what].msgid, person=who)
    return _WORDS[change.what](change, zone, reader)


_PLAIN: dict[str, Text] = {
    "made": Text("{person} made it"),
    "reopened": Text("{person} opened it again"),
    "waiting": Text("{person} waits for the customer"),
    "closed": Text("{person} closed it"),
    "commented": Text("{person} wrote"),
}


def _assigned(change: Change, zone: tzinfo, reader: Reader) -> Text:
    if not change.became:
        return Text("{person} took it away from {who}", person=change.made_by, who=change.was)
    return Text("{person} gave it to {who}", person=change.made_by, who=change.became)


def _due(change: Change, zone: tzinfo, reader: Reader) -> Text:
    if not change.became:
        return Text("{person} took the day away", person=change.made_by)
    due_us = int(change.became)
    when = at(due_us, zone)
    said = reader.day(when.date()) if is_whole_day(due_us, zone) else reader.moment(when)
    return Text("{person} made it due: {when}", person=change.made_by, when=said)


def _priority(change: Change, zone: tzinfo, reader: Reader) -> Text:
    return Text(
        "{person} made the priority {now}, before: {was}",
        person=change.made_by,
        now=PRIORITY_NAMES[int(change.became)],
        was=PRIORITY_NAMES[int(change.was)],
    )


def _named(change: Change, zone: tzinfo, reader: Reader) -> Text:
    return Text("{person} wrote it anew; before: {was}", person=change.made_by, was=change.was)


def _snoozed(change: Change, zone: tzinfo, reader: Reader) -> Text:
    if not change.became:
        return Text("{person} brought it back", person=change.made_by)
    until = reader.moment(at(int(change.became), zone))
    return Text("{person} put it off until {when}", person=change.made_by, when=until)


def _ended(change: Change, zone: tzinfo, reader: Reader) -> Text:
    return Text(
        _ENDED[change.what].msgid, person=change.made_by, outcome=OUTCOMES.get(change.became, change.became)
    )


_ENDED: dict[str, Text] = {
    "finished": Text("{person} finished it: {outcome}"),
    "dropped": Text("{person} dropped it: {outcome}"),
    "solved": Text("{person} solved it: {outcome}"),
}
_WORDS: dict[str, Callable[[Change, tzinfo, Reader], Text]] = {
    "assigned": _assigned,
    "due": _due,
    "priority": _priority,
    "named": _named,
    "snoozed": _snoozed,
    **dict.fromkeys(_ENDED, _ended),
}


def person_id(request: Request) -> int:
    """The number of who asks."""
    return int(request.user.pk) if isinstance(request.user, User) else 0


def email(request: Request) -> str:
    """Under which address who asks signs in."""
    return request.user.email if isinstance(request.user, User) else ""


def typed_due(request: Request) -> int | None:
    """The day, and perhaps the time, that a form says something is due; ``None`` where it says none.

    Refuses what is no day ("bad_moment").
    """
    day, hour = request.POST.get("due", "").strip(), request.POST.get("due_time", "").strip()
    if not day:
        return None
    zone = request.workspace.zone
    try:
        on = date.fromisoformat(day)
        if not hour:
            return end_of(on, zone)
        moment = datetime.combine(on, time.fromisoformat(hour), zone)
        return int(moment.timestamp()) * 1_000_000
    except (ValueError, OverflowError) as error:
        raise Refusal(
            "bad_moment",
            found=Text("{written} is no day with a time.", written=f"{day} {hour}".strip()[:40]),
            expected=Text("A day like 2026-11-16, and a time like 14:30 or none."),
            remedy=Text("Mend it, or leave it empty."),
        ) from error


def typed_priority(request: Request) -> int:
    """The priority that a form says, the usual one where it says none; -1, which is none, for no number."""
    written = request.POST.get("priority", str(NORMAL))
    return int(written) if is_number(written) else -1


def typed_edit(request: Request) -> Edit:
    """What the form that changes a task or case holds, all of it."""
    given = request.POST
    return Edit(
        title=given.get("title", ""),
        text=given.get("text", ""),
        priority=typed_priority(request),
        due_us=typed_due(request),
    )


def typed_number(given: Mapping[str, str], name: str) -> int | None:
    """The number of something that a form or an address names. Raises ``BadRequest`` for what is none."""
    written = given.get(name, "")
    if written and not is_number(written):
        raise BadRequest(f"{name}={written}")
    return int(written) if written else None


def field_day(due_us: int | None, zone: tzinfo) -> tuple[str, str]:
    """A moment as the browser's fields of a day and a time hold it."""
    if due_us is None:
        return "", ""
    due = at(due_us, zone)
    return due.date().isoformat(), "" if is_whole_day(due_us, zone) else due.strftime("%H:%M")


def shown_on_both(
    request: Request, about: About, found: Task | Case, wrong: str, typed: Mapping[str, str] | None
) -> dict[str, Any]:
    """What the page of a task and that of a case both show; what is not the reader's to see is left out."""
    workspace, reader = request.workspace, request.reader
    day, hour = field_day(found.due_us, workspace.zone)
    talk_id = found.conversation_id
    sees = talk_id is not None and may_see_named(request.user, {"conversation_id": talk_id})
    return {
        "day": day,
        "hour": hour,
        "history": history(work.history(workspace, about, found.id), workspace.zone, reader),
        "talk": inbox.conversation(workspace, talk_id) if talk_id is not None and sees else None,
        "priorities": priorities(reader),
        "people": colleagues(workspace),
        "may_write": may(request.user, WRITERS),
        "wrong": wrong,
        "typed": Typed(typed or {}),
    }


def leads_to(request: Request, about: About, number: int) -> str:
    """Where one goes on after a change: to the list where it is not theirs to see any more."""
    seen = may_see_named(request.user, {f"{about}_id": number})
    return reverse(about, args=[number]) if seen else reverse(f"{about}s")


class Typed(dict[str, str]):
    """What was typed into a form, for templates: "" for a field that was not sent."""

    def __missing__(self, name: str) -> str:
        return ""


def refused(refusal: Refusal, reader: Reader) -> str:
    """A refusal in a line."""
    return f"{reader.say(refusal.found)} {reader.say(refusal.remedy)}"
