"""What waits for the reader today: only what their role may open, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from holdfast.domain.moments import microseconds
from holdfast.domain.period import day_number
from holdfast.domain.texts import Text
from holdfast.domain.work import end_of
from holdfast.services.foresee.reading import Criteria
from holdfast.store import work
from holdfast.store.waiting import Counted, Kind, Whose, waiting
from holdfast.web.access import portfolio
from holdfast.web.places import may_open
from holdfast.web.reading import Request
from holdfast.web.work_words import person_id
from holdfast.web.workspace import present

TO_MEND = ("bounced", "missing")
"""States of contact points through which nobody is reached."""


@dataclass(frozen=True, slots=True)
class Due:
    """One line: what waits and how much of it, what helps, and where; ``late`` is past its time."""

    words: Text
    below: Text | None
    url: str
    icon: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class ShownDue:
    """A line as it is written."""

    words: str
    below: str
    url: str
    icon: str
    late: bool


EVERYBODYS: frozenset[Kind] = frozenset({"at_risk", "contact_points"})
"""Counted over all customers: only for who sees all of them."""


def today(request: Request, criteria: Criteria) -> list[ShownDue]:
    """The lines of this reader; none where nothing waits. ``criteria`` say from which risk the team acts."""
    workspace, say = request.workspace, request.reader.say
    theirs = portfolio(request.user, workspace)
    kinds = [
        kind for kind in _LINES if may_open(request.user, kind) and (theirs is None or kind not in EVERYBODYS)
    ]
    now, me = present(workspace), person_id(request)
    day = now.astimezone(workspace.zone).date()
    found = waiting(
        workspace,
        kinds,
        Whose(
            me,
            work.seen_by(workspace, me, theirs),
            day_number(day),
            end_of(day, workspace.zone) + 1,
            microseconds(now),
            criteria.act_from,
        ),
    )
    return [
        ShownDue(say(due.words), say(due.below) if due.below else "", due.url, due.icon, due.late)
        for kind in kinds
        if (due := _LINES[kind](found[kind], criteria)) is not None
    ]


def _tasks(found: Counted, criteria: Criteria) -> Due | None:
    due, late, nobodys = found["today"], found["late"], found["nobodys"]
    if due:
        words = Text("{n} task of yours is due", "{n} tasks of yours are due", n=due)
        below = Text("{n} is late", "{n} are late", n=late) if late else Text("by the end of today")
        return Due(words, below, reverse("tasks"), "check", late=bool(late))
    if nobodys:
        words = Text("{n} task belongs to nobody", "{n} tasks belong to nobody", n=nobodys)
        return Due(words, Text("Take one, or give it to somebody."), reverse("tasks"), "check")
    return None


def _warned(found: Counted, criteria: Criteria) -> Due | None:
    if not (n := found["customers"]):
        return None
    words = Text("{n} customer has a new early warning", "{n} customers have new early warnings", n=n)
    return Due(words, Text("Since yesterday: whom to call first, and why."), reverse("today"), "clock")


def _cases(found: Counted, criteria: Criteria) -> Due | None:
    if not (n := found["nobodys"]):
        return None
    words = Text("{n} case has no owner", "{n} cases have no owner", n=n)
    return Due(words, Text("Nobody answers for it yet."), reverse("cases"), "ticket")


def _conversations(found: Counted, criteria: Criteria) -> Due | None:
    if not (n := found["open"]):
        return None
    words = Text("{n} customer waits for an answer", "{n} customers wait for an answer", n=n)
    return Due(words, Text("{n} is yours", "{n} are yours", n=found["mine"]), reverse("inbox"), "mail")


def _at_risk(found: Counted, criteria: Criteria) -> Due | None:
    """Those above the threshold from which the team acts."""
    if not (n := found["all"]):
        return None
    words = Text("{n} customer is above your threshold", "{n} customers are above your threshold", n=n)
    hours = round(n * criteria.hours_per_customer)
    url = f"{reverse('at_risk')}?least={round(100 * criteria.act_from)}"
    return Due(words, Text("about {n} hour for all", "about {n} hours for all", n=hours), url, "target")


def _contact_points(found: Counted, criteria: Criteria) -> Due | None:
    if (n := sum(max(found.get(state, 0), 0) for state in TO_MEND)) <= 0:
        return None
    words = Text("{n} contact point to mend", "{n} contact points to mend", n=n)
    return Due(words, Text("An address came back, or there is none."), reverse("contact_points"), "phone")


def _quarantine(found: Counted, criteria: Criteria) -> Due | None:
    if not (n := found["all"]):
        return None
    words = Text("{n} event could not be understood", "{n} events could not be understood", n=n)
    return Due(words, Text("Mend what they say, then take them in again."), reverse("quarantine"), "alert")


def _duplicates(found: Counted, criteria: Criteria) -> Due | None:
    if not (n := found["all"]):
        return None
    words = Text("{n} pair may be the same customer", "{n} pairs may be the same customer", n=n)
    return Due(words, Text("Say whether they are."), reverse("duplicates"), "people")


_LINES: dict[Kind, Callable[[Counted, Criteria], Due | None]] = {
    "tasks": _tasks,
    "today": _warned,
    "cases": _cases,
    "inbox": _conversations,
    "at_risk": _at_risk,
    "contact_points": _contact_points,
    "quarantine": _quarantine,
    "duplicates": _duplicates,
}
"""By the page where it is done, the most urgent first."""
