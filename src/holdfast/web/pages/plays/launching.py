"""``/act/plays/of/<key>/launch``: what there is to know before a play begins, and the button."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from holdfast.domain import plays as p
from holdfast.domain.play_checks import Problem
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.act.plays import checks, define, twice
from holdfast.services.act.plays.reach import reach
from holdfast.services.act.plays.written import Ready
from holdfast.services.prove import plays as proving
from holdfast.services.prove.plays import Prospect
from holdfast.store import plays as stored
from holdfast.store.plays import KeptPlay, KeptVersion
from holdfast.web.access import DECIDERS, only
from holdfast.web.pages.plays.view import page_of, there
from holdfast.web.reading import Request
from holdfast.web.work_words import email

MONTHS = 12


@only(DECIDERS)
@require_safe
def launching(request: Request, key: str) -> HttpResponse:
    """The page before a launch."""
    return launch_page(request, there(request, key))


def launch_page(request: Request, found: KeptPlay, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """What stops the launch, what is to be thought of, how many it reaches, what it can show."""
    workspace, reader, now = request.workspace, request.reader, datetime.now(UTC)
    version = define.version_of(workspace, found)
    ready = define.ready_of(version)
    problems = checks.problems(workspace, ready, now)
    stops = [each for each in problems if each.stops]
    customers = 0 if stops else reach(workspace, ready, now)
    return page_of(
        request,
        found,
        "plays/launch.html",
        status=status,
        here="play",
        wrong=wrong,
        stops=[_said(each, ready, reader) for each in stops],
        minded=[_said(each, ready, reader) for each in problems if not each.stops],
        reach=_reach(ready, customers, reader),
        shows=_shows(request, ready, customers, now),
        told_twice=[] if stops else _told_twice(request, found, ready),
        second=_second(workspace_most(request), version, customers, email(request), reader),
        **_standing(found, ready, reader),
    )


def _told_twice(request: Request, found: KeptPlay, ready: Ready) -> list[tuple[str, str]]:
    """(title, key) of the running plays from which customers hear of the same change of ours."""
    return [(each.title, each.key) for each in twice.also_told(request.workspace, found.key, ready)]


def workspace_most(request: Request) -> int:
    """Above how many customers a second person is needed."""
    return stored.read_settings(request.workspace).approve_above


def _said(problem: Problem, ready: Ready, reader: Reader) -> str:
    words = reader.say(problem.words)
    if problem.step not in ready.places:
        return words
    return reader.say(Text("{step}: {words}", step=ready.step(problem.step).title, words=words))


def _reach(ready: Ready, customers: int, reader: Reader) -> str:
    trigger = ready.play.trigger
    if isinstance(trigger, p.ByHand):
        return reader.say(Text("It reaches those whom one of you enrols."))
    if isinstance(trigger, p.Broadcast | p.OnSchedule):
        return reader.say(
            Text("It reaches {n} customer each time.", "It reaches {n} customers each time.", n=customers)
        )
    return reader.say(
        Text(
            "About {n} customer would have entered in the last month.",
            "About {n} customers would have entered in the last month.",
            n=customers,
        )
    )


def _shows(request: Request, ready: Ready, customers: int, now: datetime) -> dict[str, Any] | None:
    """What its hold-out can show within a year, and what would be enough; ``None`` without one."""
    once = isinstance(ready.play.trigger, p.Broadcast | p.OnSchedule)
    found = proving.prospect(
        request.workspace, ready.play.hold_out, customers if once else customers * MONTHS, now
    )
    if found is None:
        return None
    reader = request.reader
    return {"words": reader.say(_shown(found)), "proposal": reader.say(found.proposal.sentence)}


def _shown(found: Prospect) -> Text:
    told = {"share": Share(found.hold_out, 0), "base": Share(found.base_rate)}
    if found.detectable is None:
        return Text(
            "With {share} held out nothing can be shown within a year: too few customers enter.",
            share=told["share"],
        )
    return Text(
        "With {share} held out a fall in leaving from {base} to {after} is shown within a year.",
        after=Share(found.base_rate - found.detectable),
        **told,
    )


def _second(most: int, version: KeptVersion, customers: int, me: str, reader: Reader) -> str:
    """What the second person has to do with it; "" where one is enough."""
    if customers <= most:
        return ""
    if version.asked_us is None:
        return reader.say(
            Text(
                "It reaches more than {n} customer: a second person has to launch it too.",
                "It reaches more than {n} customers: a second person has to launch it too.",
                n=most,
            )
        )
    if version.asked_by == me:
        return reader.say(Text("You want it launched. It waits for a second person."))
    return reader.say(
        Text("{person} wants it launched. It runs as soon as you launch it too.", person=version.asked_by)
    )


def _standing(found: KeptPlay, ready: Ready, reader: Reader) -> dict[str, Any]:
    held = ready.play.hold_out
    return {
        "held_out": reader.share(held, 0) if held else "",
        "running": found.running,
        "relaunch": found.state == "running" and found.running != found.number,
    }
