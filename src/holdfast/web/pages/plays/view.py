"""``/act/plays``: the plays there are, and one of them: its steps with who is where, proof, versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain import plays as p
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.act import surveys
from holdfast.services.act.calendar import greetings as greeting_costs
from holdfast.services.act.plays import define
from holdfast.services.prove import counted as passing
from holdfast.services.prove import plays as proving
from holdfast.services.prove.counted import Counted
from holdfast.store import plays as stored
from holdfast.store import plays_reading
from holdfast.store.plays import KeptPlay, KeptVersion
from holdfast.store.plays_reading import Counts
from holdfast.web.access import DECIDERS, EXPORTERS, READERS, may, only
from holdfast.web.pages.calendar.plan import ShownGreeting, shown_greeting
from holdfast.web.pages.plays import flow, listed, proved, words
from holdfast.web.pages.plays.flow import Drawing, Passed
from holdfast.web.reading import Request
from holdfast.web.show import show

WAYS: tuple[tuple[str, Text, frozenset[str]], ...] = (
    ("play", Text("The play"), READERS),
    ("play_customers", Text("Customers"), READERS),
    ("play_dry_run", Text("Dry run"), EXPORTERS),
    ("play_rehearsal", Text("Rehearsal"), EXPORTERS),
    ("play_json", Text("As a file"), READERS),
)
"""The pages of one play, as tabs: the name of the address, which takes the key, its words, and for whom."""


@only(READERS)
@require_safe
def plays(request: Request) -> HttpResponse:
    """Every play, the running ones first."""
    workspace, reader = request.workspace, request.reader
    found, counted = stored.listed(workspace), plays_reading.counts(workspace)
    names = words.names_of(workspace)
    of = {each.play_id: each for each in stored.latest(workspace)}
    none = Counts()
    return show(
        request,
        "plays/plays.html",
        place="outbox",
        plays=[
            listed.shown_play(each, of.get(each.id), counted.get(each.id, none), names, reader)
            for each in found
        ],
        sentence=listed.sentence(found, counted, reader),
        may_make=may(request.user, EXPORTERS),
        may_decide=may(request.user, DECIDERS),
    )


@only(READERS)
@require_safe
def play(request: Request, key: str) -> HttpResponse:
    """One play: what begins it, its steps with who is where, whether it helps, its versions."""
    return play_page(request, there(request, key))


def play_page(request: Request, found: KeptPlay, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The page; ``wrong`` says what could not be done."""
    workspace, reader = request.workspace, request.reader
    number = version_asked(request, found)
    version = define.version_of(workspace, found, number)
    counted = plays_reading.counts(workspace).get(found.id, Counts())
    now = passing.counted(workspace, found) if found.launched_us is not None else None
    written, kept = define.ready_of(version).play, stored.versions(workspace, found.id)
    questions = _questions(request, found, written)
    return page_of(
        request,
        found,
        "plays/play.html",
        status=status,
        here="play",
        wrong=wrong,
        sentence=listed.play_sentence(found, written, counted, reader),
        shown_number=number,
        facts=listed.facts(written, words.names_of(workspace), reader),
        versions=[listed.shown_version(each, found, reader) for each in kept],
        left_out=_left_out(now, reader),
        proof=proved.shown(proving.proof(workspace, found, datetime.now(UTC)), found, reader),
        wanted=_wanted(kept[0], reader),
        greeting=_greeting(request, found, written),
        questions=questions,
        **_drawn(request, found, version, counted, now, {each.step: each.url for each in questions}),
    )


def _greeting(request: Request, found: KeptPlay, written: p.Play) -> ShownGreeting | None:
    """What a play of greetings costs; ``None`` for another, and before it is launched."""
    if written.topic != greeting_costs.TOPIC or found.launched_us is None:
        return None
    costs = greeting_costs.greetings(request.workspace, datetime.now(UTC), only=found.key)
    return shown_greeting(costs[0], request.reader) if costs else None


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question that a step of the play asked, and where its answers stand."""

    step: str
    question: str
    language: str
    said: str
    url: str


def _questions(request: Request, found: KeptPlay, written: p.Play) -> list[ShownQuestion]:
    """The questions that were asked so far; a play that asks none costs no look."""
    if found.launched_us is None or not any(each.do == "survey" for each in p.steps_of(written)):
        return []
    reader = request.reader
    return [
        ShownQuestion(
            each.step_id,
            each.question,
            each.language,
            reader.say(
                Text("{answered} of {sent} who were asked answered.", answered=each.answered, sent=each.sent)
            ),
            reverse("survey", args=[found.key, each.step_id]),
        )
        for each in surveys.listed(request.workspace, found.key)
    ]


def there(request: Request, key: str) -> KeptPlay:
    """The play of a key; raises ``Http404`` where there is none."""
    try:
        return define.find(request.workspace, key)
    except Refusal as refusal:
        raise Http404(key) from refusal


def page_of(
    request: Request, found: KeptPlay, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of one play, with what each of them shows: tabs, title, state, what may be done."""
    reader = request.reader
    return show(
        request,
        template,
        status=status,
        place="outbox",
        found=found,
        state=reader.say(p.STATES[found.state]),
        badge_kind=words.STATE_BADGES[found.state],
        counting=_counting(found),
        launchable=found.running != found.number or found.state == "ended",
        play_ways=ways(request),
        may_make=may(request.user, EXPORTERS),
        may_decide=may(request.user, DECIDERS),
        **context,
    )


def ways(request: Request) -> list[tuple[str, str]]:
    """The tabs of one play, for whoever looks at it."""
    return [(name, request.reader.say(said)) for name, said, whom in WAYS if may(request.user, whom)]


def version_asked(request: Request, found: KeptPlay) -> int:
    """The version that the address asks for, else that by which customers enter, else the latest."""
    written = request.GET.get("version", "")
    if written.isascii() and written.isdecimal() and len(written) < 10:
        if stored.version(request.workspace, found.id, int(written)) is None:
            raise Http404(written)
        return int(written)
    return _counting(found)


def _counting(found: KeptPlay) -> int:
    """The version by which customers enter or entered, of a draft the one that is written."""
    return found.running if found.running is not None and found.state != "draft" else found.number


def _drawn(
    request: Request,
    found: KeptPlay,
    version: KeptVersion,
    counted: Counts,
    now: Counted | None,
    answers: Mapping[str, str],
) -> dict[str, Any]:
    ready, reader = define.ready_of(version), request.reader
    passed = _passed(now) if now is not None else None
    drawing = Drawing(
        reader, words.names_of(request.workspace), passed, url=lambda step_id: answers.get(step_id, "")
    )
    start, held, goal = flow.around(ready, drawing, counted if found.launched_us is not None else None)
    return {"start": start, "held": held, "steps": flow.steps(ready, drawing), "goal": goal}


def _wanted(version: KeptVersion, reader: Reader) -> str:
    """Who wants a play launched that a second person has to launch too; "" where nobody waits."""
    if version.asked_us is None:
        return ""
    at = datetime.fromtimestamp(version.asked_us / 1_000_000, UTC)
    said = Text(
        "{person} wanted it launched, {when}. It reaches many customers: two of you launch it.",
        person=version.asked_by or "–",
        when=reader.moment(at),
    )
    return reader.say(said)


def _passed(now: Counted) -> Mapping[str, Passed]:
    here, through = now.here, now.through
    return {step: Passed(through.get(step, 0), here.get(step, 0)) for step in here.keys() | through.keys()}


def _left_out(now: Counted | None, reader: Reader) -> list[tuple[str, str]]:
    """Who was skipped or held, and why: how many, and the words."""
    return [
        (reader.number(each.customers), reader.say(each.because) if each.because is not None else each.code)
        for each in (now.left_out if now is not None else ())
    ]
