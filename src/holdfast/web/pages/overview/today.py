"""What waits for the reader today: only what their role may open, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from holdfast.domain.texts import Text
from holdfast.domain.work import end_of
from holdfast.services.foresee import reading
from holdfast.store import cases, duplicates, inbox, point_lists, quarantine, tasks, work
from holdfast.store.models import User
from holdfast.web.access import portfolio
from holdfast.web.pages.inbox.view import seen_by_reader
from holdfast.web.places import Place, exists, may_open
from holdfast.web.reading import Request
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


def today(request: Request) -> list[ShownDue]:
    """The lines of this reader; none where nothing waits."""
    say = request.reader.say
    return [
        ShownDue(say(due.words), say(due.below) if due.below else "", due.url, due.icon, due.late)
        for url_name, kind in _KINDS
        if _is_open(request, url_name)
        for due in kind(request)
    ]


def _is_open(request: Request, url_name: str) -> bool:
    place = Place(url_name, Text(""), Text(""), "")
    return exists(place) and may_open(request.user, place)


def _tasks(request: Request) -> Iterator[Due]:
    workspace, me = request.workspace, _person(request)
    now = present(workspace)
    found = tasks.counts(
        workspace,
        me,
        today_ends_us=end_of(now.astimezone(workspace.zone).date(), workspace.zone) + 1,
        now_us=_us(now),
        seen_by=work.seen_by(workspace, me, portfolio(request.user, workspace)),
    )
    late = found.mine_overdue
    if found.mine_today:
        words = Text("{n} task of yours is due", "{n} tasks of yours are due", n=found.mine_today)
        below = Text("{n} is late", "{n} are late", n=late) if late else Text("by the end of today")
        yield Due(words, below, reverse("tasks"), "check", late=bool(late))
    elif found.nobodys:
        words = Text("{n} task belongs to nobody", "{n} tasks belong to nobody", n=found.nobodys)
        yield Due(words, Text("Take one, or give it to somebody."), reverse("tasks"), "check")


def _cases(request: Request) -> Iterator[Due]:
    workspace, me = request.workspace, _person(request)
    found = cases.counts(workspace, work.seen_by(workspace, me, portfolio(request.user, workspace)))
    if found["nobodys"]:
        words = Text("{n} case has no owner", "{n} cases have no owner", n=found["nobodys"])
        yield Due(words, Text("Nobody answers for it yet."), reverse("cases"), "ticket")


def _conversations(request: Request) -> Iterator[Due]:
    found = inbox.counts(request.workspace, _person(request), seen_by_reader(request))
    if found["open"]:
        words = Text("{n} customer waits for an answer", "{n} customers wait for an answer", n=found["open"])
        below = Text("{n} is yours", "{n} are yours", n=found["mine"])
        yield Due(words, below, reverse("inbox"), "mail")


def _at_risk(request: Request) -> Iterator[Due]:
    """Those above the threshold from which the team acts; for who sees everybody: it counts all."""
    if portfolio(request.user, request.workspace) is not None:
        return
    criteria = reading.read_criteria(request.workspace)
    (acting,) = reading.consequences(request.workspace, [criteria.act_from])
    if acting.customers:
        words = Text(
            "{n} customer is above your threshold",
            "{n} customers are above your threshold",
            n=acting.customers,
        )
        below = Text("about {n} hour for all", "about {n} hours for all", n=round(acting.hours))
        url = f"{reverse('at_risk')}?least={round(100 * criteria.act_from)}"
        yield Due(words, below, url, "target")


def _contact_points(request: Request) -> Iterator[Due]:
    if portfolio(request.user, request.workspace) is not None:
        return
    counts = point_lists.kept_counts(request.workspace)
    if n := sum(counts.get(state, 0) for state in TO_MEND):
        words = Text("{n} contact point to mend", "{n} contact points to mend", n=n)
        yield Due(words, Text("An address came back, or there is none."), reverse("contact_points"), "phone")


def _quarantine(request: Request) -> Iterator[Due]:
    if n := quarantine.counted(request.workspace)[quarantine.WAITING]:
        words = Text("{n} event could not be understood", "{n} events could not be understood", n=n)
        yield Due(words, Text("Mend what they say, then take them in again."), reverse("quarantine"), "alert")


def _duplicates(request: Request) -> Iterator[Due]:
    if n := duplicates.count(request.workspace):
        words = Text("{n} pair may be the same customer", "{n} pairs may be the same customer", n=n)
        yield Due(words, Text("Say whether they are."), reverse("duplicates"), "people")


_KINDS: tuple[tuple[str, Callable[[Request], Iterator[Due]]], ...] = (
    ("tasks", _tasks),
    ("cases", _cases),
    ("inbox", _conversations),
    ("at_risk", _at_risk),
    ("contact_points", _contact_points),
    ("quarantine", _quarantine),
    ("duplicates", _duplicates),
)
"""By the page where it is done, the most urgent first."""


def _person(request: Request) -> int:
    return int(request.user.pk) if isinstance(request.user, User) else 0


def _us(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)
