"""``/act/plays/of/<key>/dry-run`` and ``rehearsal``: a play tried before anybody feels it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain import plays as p
from holdfast.domain.moments import actual_us
from holdfast.domain.texts import Text
from holdfast.services.act.plays import define, steps_told, trying
from holdfast.services.act.plays.rehearse import Rehearsal
from holdfast.services.act.plays.trying import Trial
from holdfast.services.act.plays.written import Ready
from holdfast.store.asked import Asked
from holdfast.store.plays import KeptPlay
from holdfast.store.plays_reading import Counts
from holdfast.web import watching
from holdfast.web.access import EXPORTERS, only, portfolio
from holdfast.web.masking import masks
from holdfast.web.pages.imports.words import shown_work, when
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.pages.plays import flow, tried, words
from holdfast.web.pages.plays.flow import Drawing, Passed
from holdfast.web.pages.plays.view import page_of, there
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.work_words import person_id

PAGES: dict[str, Trial] = {"dry-run": "dry_run", "rehearsal": "rehearse"}
_NAMES: dict[Trial, str] = {"dry_run": "play_dry_run", "rehearse": "play_rehearsal"}
_LONGEST_CODE = 80
ROWS = 50


@only(EXPORTERS)
@require_POST
def try_it(request: Request, key: str, do: str) -> HttpResponse:
    """Let the worker try the latest version; the page follows it."""
    found = there(request, key)
    if do not in PAGES:
        raise Http404(do)
    version = define.version_of(request.workspace, found)
    trying.ask(request.workspace, version, PAGES[do], by_id=person_id(request), now_us=actual_us())
    watching.tried(request)
    return HttpResponseRedirect(reverse(_NAMES[PAGES[do]], args=[key]))


@only(EXPORTERS)
@require_safe
def dry_run(request: Request, key: str) -> HttpResponse:
    """What the play would do now: each customer sent, held or skipped, and why."""
    found = there(request, key)
    what, code = request.GET.get("what", ""), request.GET.get("code")
    if (what and what not in tried.WHAT) or len(code or "") > _LONGEST_CODE:
        raise BadRequest(f"what={what} code={code}")
    work = _work(request, found, "dry_run")
    if (part := _following(request, found, work)) is not None:
        return part
    told: dict[str, Any] = {}
    if work is not None and work.state == "done":
        run = trying.dry_run_of(work)
        named, seen = _sight(request, tried.units_in(run))
        reader = request.reader
        told = {
            "sentence": tried.dry_sentence(run, reader),
            "counts": tried.shown_counts(run, key, reader),
            **_stretch(request, "people", tried.shown_people(run, what, code, seen, named, reader)),
            "narrowed": bool(what or code is not None),
            "scaled": run.scale > 1,
            "tabs": [
                ("", tried.dry_address(key), not what),
                *((each, tried.dry_address(key, what=each), each == what) for each in tried.WHAT),
            ],
            "what_words": {each: reader.say(said) for each, said in tried.WHAT.items()},
        }
    return _page(request, found, "plays/dry_run.html", work, **told)


@only(EXPORTERS)
@require_safe
def rehearsal(request: Request, key: str) -> HttpResponse:
    """What the play would have done in the past year: who, when, who not and why, at which cost."""
    found = there(request, key)
    work = _work(request, found, "rehearse")
    if (part := _following(request, found, work)) is not None:
        return part
    told: dict[str, Any] = {}
    if work is not None and work.state == "done":
        past, reader = trying.rehearsal_of(work), request.reader
        ready = define.ready_of(define.version_of(request.workspace, found))
        named, seen = _sight(request, tried.units_in(past))
        told = {
            "sentence": tried.past_sentence(past, reader),
            "costs": tried.costs(past, ready.play, request.workspace.currency or "", reader),
            "without": tried.without(past, reader),
            "months": tried.months(past, reader),
            **_stretch(request, "entries", tried.shown_entries(past, seen, named, reader)),
            "scaled": past.scale > 1,
            **_drawn(request, ready, past),
        }
    return _page(request, found, "plays/rehearsal.html", work, **told)


def _work(request: Request, found: KeptPlay, what: Trial) -> Asked | None:
    return trying.last(request.workspace, define.version_of(request.workspace, found), what)


def _following(request: Request, found: KeptPlay, work: Asked | None) -> HttpResponse | None:
    """What the page asks for while it follows the work: how far it is, or itself anew."""
    if request.htmx.target != "progress":
        return None
    if work is not None and work.open:
        shown = shown_work(work, request.reader)
        return show(request, "plays/progress.html", place="outbox", work=shown, follow=request.path)
    return HttpResponse(status=204, headers={"HX-Redirect": request.path})


def _page(request: Request, found: KeptPlay, template: str, work: Asked | None, **told: Any) -> HttpResponse:
    reader = request.reader
    by_hand = isinstance(define.ready_of(define.version_of(request.workspace, found)).play.trigger, p.ByHand)
    finished = work.finished_us if work is not None and not work.open else None
    return page_of(
        request,
        found,
        template,
        here="play_dry_run" if template == "plays/dry_run.html" else "play_rehearsal",
        work=shown_work(work, reader) if work is not None and (work.open or work.trouble) else None,
        follow=request.path,
        done=work is not None and work.state == "done",
        when=reader.say(Text("Tried {when}.", when=when(finished, reader))) if finished is not None else "",
        by_hand=by_hand,
        **told,
    )


def _stretch(request: Request, name: str, rows: Sequence[object]) -> dict[str, Any]:
    """The rows that the address asks for, and where the next ones and the first are."""
    written = request.GET.get("from", "0")
    begin = int(written) if is_number(written) else 0
    asked = {key: request.GET[key] for key in ("what", "code") if key in request.GET}

    def at(place: int) -> str:
        told = asked | ({"from": str(place)} if place else {})
        return f"{request.path}?{urlencode(told)}#people" if told else f"{request.path}#people"

    return {
        name: rows[begin : begin + ROWS],
        "next_url": at(begin + ROWS) if begin + ROWS < len(rows) else "",
        "first_url": at(0) if begin else "",
    }


def _sight(request: Request, units: Iterable[int]) -> tuple[tried.Named, Any]:
    """How customers are called, and which of them, for the reader."""
    theirs, mask, reader = portfolio(request.user, request.workspace), masks(request), request.reader
    mine = [each for each in set(units) if theirs is None or each in theirs]
    names = steps_told.names(request.workspace, mine)

    def named(unit: int) -> str:
        return mask.shown("name", names.get(unit, "")) or reader.say(Text("Customer {id}", id=str(unit)))

    return named, lambda unit: theirs is None or unit in theirs


def _drawn(request: Request, ready: Ready, past: Rehearsal) -> dict[str, Any]:
    """The steps with who would have gone through them."""
    steps = past.steps
    passed = None
    if steps is not None:
        passed = {
            step: Passed(steps.through.get(step, 0), steps.here.get(step, 0))
            for step in steps.through.keys() | steps.here.keys()
        }
    drawing = Drawing(request.reader, words.names_of(request.workspace), passed)
    counted = Counts(
        under_way=past.entered - past.held_out, held_out=past.held_out, goals=steps.goals if steps else 0
    )
    start, held, goal = flow.around(ready, drawing, counted)
    return {"start": start, "held": held, "steps": flow.steps(ready, drawing), "goal": goal}
