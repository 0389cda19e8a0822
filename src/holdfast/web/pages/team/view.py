"""``/team``: what waits for each of our people, handing it over, sharing out what belongs to nobody."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.act.team import load
from holdfast.store.team import Load
from holdfast.web.access import DECIDERS, WRITERS, may, only
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.work_words import colleagues, email, person_id, refused, typed_number
from holdfast.web.workspace import present


@dataclass(frozen=True, slots=True)
class ShownLoad:
    """One line: who, their tasks, and how long the bar is, in parts of a hundred of the longest."""

    number: int | None
    name: str
    url: str
    load: Load
    bar: int
    note: str


@only(WRITERS)
@require_safe
def team(request: Request) -> HttpResponse:
    """Who has how much to do."""
    return _page(request)


@only(WRITERS)
@require_POST
def hand_over(request: Request) -> HttpResponse:
    """Give everything of somebody to a colleague: one's own, or anybody's for who decides."""
    giver = typed_number(request.POST, "from") or person_id(request)
    taker = typed_number(request.POST, "to")
    if giver != person_id(request) and not may(request.user, DECIDERS):
        raise PermissionDenied
    note, workspace = request.POST.get("note", ""), request.workspace
    try:
        done = load.hand_over(workspace, giver, taker or 0, note, by=email(request), now=present(workspace))
    except Refusal as refusal:
        return _page(request, refused(refusal, request.reader), status=422)
    said = Text(
        "Handed over: {tasks} and {cases}.",
        tasks=Text("{n} task", "{n} tasks", n=done.tasks),
        cases=Text("{n} case", "{n} cases", n=done.cases),
    )
    return say_next(HttpResponseRedirect(reverse("team")), request.reader.say(said))


@only(DECIDERS)
@require_POST
def share_out(request: Request) -> HttpResponse:
    """Give what belongs to nobody to those who have least to do."""
    shared = load.share_out(request.workspace, by=email(request), now=present(request.workspace))
    said = Text("{n} task was shared out.", "{n} tasks were shared out.", n=shared)
    return say_next(HttpResponseRedirect(reverse("team")), request.reader.say(said))


def _page(request: Request, wrong: str = "", *, status: int = 200) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    found = load.workload(workspace, present(workspace))
    most = max((each.load.open for each in found), default=0) or 1
    typed = request.POST
    return show(
        request,
        "team/team.html",
        status=status,
        place="tasks",
        tab="team",
        rows=[_shown(each, most, reader) for each in found],
        sentence=reader.say(_sentence(found)),
        people=colleagues(workspace),
        givers=[(each.load.person_id, each.name) for each in found if each.load.person_id is not None],
        me=person_id(request),
        may_decide=may(request.user, DECIDERS),
        nobodys=found[-1].load.open + found[-1].load.put_off,
        chosen=typed.get("from") or person_id(request),
        note=typed.get("note", ""),
        wrong=wrong,
    )


def _shown(loaded: load.Loaded, most: int, reader: Reader) -> ShownLoad:
    number = loaded.load.person_id
    name = loaded.name if number is not None else reader.gettext("nobody")
    gone = number is not None and not loaded.may_work
    return ShownLoad(
        number,
        name,
        f"{reverse('tasks')}?owner={number if number is not None else 'nobody'}",
        loaded.load,
        round(loaded.load.open * 100 / most),
        reader.gettext("does no such work any more") if gone else "",
    )


def _sentence(found: list[load.Loaded]) -> Text:
    """How evenly the work lies, and what belongs to nobody, in words."""
    said, nobodys = _lies(found), found[-1].load.open
    if not nobodys:
        return said
    more = Text("{n} task belongs to nobody", "{n} tasks belong to nobody", n=nobodys)
    return Text("{said} {more}.", said=said, more=more)


def _lies(found: list[load.Loaded]) -> Text:
    working = [each for each in found if each.may_work]
    total, late = sum(each.load.open for each in working), sum(each.load.late for each in found)
    if not total:
        return Text("Nobody has anything to do.")
    first = working[0]
    said = Text("{n} task waits, {late} late.", "{n} tasks wait, {late} late.", n=total, late=late)
    if len(working) < 2 or first.load.open * len(working) < 2 * total or first.load.open < 5:
        return said
    return Text("{said} {name} has more than twice the usual share.", said=said, name=first.name)
