"""The quarantine: the list with the reasons, one event with its JSON to mend, replay, drop."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.refusals import Refusal
from holdfast.services.collect import quarantine as service
from holdfast.store import quarantine as stored
from holdfast.store.quarantine import DROPPED, REPLAYED, WAITING, QuarantinedEvent
from holdfast.web.access import DECIDERS, only
from holdfast.web.pages.quarantine import words
from holdfast.web.reading import Request
from holdfast.web.show import show

ON_A_PAGE = 50


@only(DECIDERS)
@require_safe
def quarantine(request: Request) -> HttpResponse:
    """The list, newest first."""
    return _list(request)


@only(DECIDERS)
@require_safe
def event(request: Request, event_id: int) -> HttpResponse:
    """One event as it was sent, and what is wrong with it."""
    found = _found(request, event_id)
    return _one(request, found, words.laid_out(found.event))


@only(DECIDERS)
@require_POST
def replay(request: Request, event_id: int) -> HttpResponse:
    """Send the event on its way again as it was mended; or say what is still wrong with it."""
    written = request.POST.get("event", "")
    refusal = service.replay(request.workspace, event_id, written)
    if refusal is not None:
        return _one(request, _found(request, event_id), written, refusal)
    return HttpResponseRedirect(reverse("quarantine"))


@only(DECIDERS)
@require_POST
def drop(request: Request) -> HttpResponse:
    """Leave the chosen events out, or let dropped ones wait again."""
    chosen = [int(each) for each in request.POST.getlist("chosen") if each.isdecimal()]
    change = service.take_back if "back" in request.POST else service.drop
    change(request.workspace, chosen[: 2 * ON_A_PAGE])
    return HttpResponseRedirect(reverse("quarantine"))


@only(DECIDERS)
@require_POST
def replay_all(request: Request) -> HttpResponse:
    """Send on their way all that can be understood now."""
    asked = words.read_asked(request.POST.dict())
    if asked is None or asked.state == REPLAYED:
        return HttpResponseBadRequest("no such list")
    done = service.replay_all(request.workspace, asked)
    return _list(request, said=words.outcome(done, request.reader))


def _list(request: Request, *, said: str = "") -> HttpResponse:
    given = request.GET if request.method in ("GET", "HEAD") else request.POST
    asked = words.read_asked(given.dict())
    if asked is None:
        return HttpResponseBadRequest("no such list")
    workspace, reader = request.workspace, request.reader
    counts = stored.counted(workspace)
    found = stored.listed(workspace, asked, ON_A_PAGE + 1)
    further = len(found) > ON_A_PAGE
    return show(
        request,
        "quarantine/quarantine.html",
        place="collect",
        sentence=words.sentence(counts, reader),
        tabs=words.tabs(counts, asked, reader),
        reasons=words.reasons(stored.reasons(workspace, asked.state), asked, reader),
        events=words.shown(found[:ON_A_PAGE], reader),
        asked=asked,
        said=said,
        may_replay=asked.state != REPLAYED,
        dropped=asked.state == DROPPED,
        narrowed=bool(asked.code or asked.source_id),
        next_url=words.query(asked, before=found[ON_A_PAGE - 1].id) if further else "",
        first_url=words.query(asked, before=0) if asked.before else "",
        everything_url=words.query(stored.Asked(asked.state)),
    )


def _one(
    request: Request, found: QuarantinedEvent, written: str, refusal: Refusal | None = None
) -> HttpResponse:
    """One event; with a refusal, what is wrong with what was typed."""
    reader = request.reader
    (shown,) = words.shown([found], reader)
    said = refusal or found
    return show(
        request,
        "quarantine/event.html",
        status=200 if refusal is None else 422,
        place="collect",
        event=shown,
        written=written,
        found=reader.say(said.found),
        expected=reader.say(said.expected),
        state=reader.say(words.STATE_WORDS[found.state]),
        waiting=found.state == WAITING,
        dropped=found.state == DROPPED,
        replayed=found.state == REPLAYED,
        endpoint=f"/v1/{found.endpoint}",
        still_wrong=refusal is not None,
    )


def _found(request: Request, event_id: int) -> QuarantinedEvent:
    found = stored.by_id(request.workspace, event_id)
    if found is None:
        raise Http404(str(event_id))
    return found
