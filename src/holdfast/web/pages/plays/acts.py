"""What people do with plays: take a ready one over, launch, pause, let it go on, end it, delete a draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.plays import adopting, define, launch
from holdfast.store.plays import KeptPlay
from holdfast.web.access import DECIDERS, EXPORTERS, only
from holdfast.web.pages.plays.launching import launch_page
from holdfast.web.pages.plays.library import library_page
from holdfast.web.pages.plays.view import play_page, there
from holdfast.web.reading import Request
from holdfast.web.toasts import say_next
from holdfast.web.watching import changed
from holdfast.web.work_words import email, refused


@only(EXPORTERS)
@require_POST
def take(request: Request) -> HttpResponse:
    """Keep a ready play as a draft, and lead to it."""
    reader = request.reader
    try:
        made = adopting.take_over(
            request.workspace,
            request.POST.get("key", "")[:80],
            reader.code,
            reader.say,
            by=email(request),
            now=_now(),
        )
    except Refusal as refusal:
        return library_page(request, refused(refusal, reader), status=422)
    changed(request, "play.made", f"play:{made.id}")
    said = reader.say(
        Text("“{play}” is a draft now. Nothing happens before it is launched.", play=made.title)
    )
    return say_next(HttpResponseRedirect(reverse("play", args=[made.key])), said)


@only(DECIDERS)
@require_POST
def begin(request: Request, key: str) -> HttpResponse:
    """Launch a play, or ask for it where it reaches many and a second person has to launch it too."""
    found, reader = there(request, key), request.reader
    try:
        done = launch.launch(
            request.workspace,
            found,
            number=number_of(request),
            by=email(request),
            now=_now(),
            although_twice=request.POST.get("although_twice") == "1",
        )
    except Refusal as refusal:
        return launch_page(request, there(request, key), refused(refusal, reader), status=422)
    changed(request, "play.launched" if done.outcome == "running" else "play.asked", f"play:{found.id}")
    said = (
        Text("It runs.")
        if done.outcome == "running"
        else Text("It waits: a second person has to launch it too, for it reaches many.")
    )
    return say_next(HttpResponseRedirect(reverse("play", args=[key])), reader.say(said))


@only(DECIDERS)
@require_POST
def do(request: Request, key: str, do: str) -> HttpResponse:
    """Pause a play, let it go on, end it, or turn down that somebody wants it launched."""
    found, act, reader = there(request, key), _ACTS.get(do), request.reader
    if act is None:
        raise Http404(do)
    try:
        did, said = act(request, found)
    except Refusal as refusal:
        return play_page(request, there(request, key), refused(refusal, reader), status=409)
    changed(request, f"play.{did}", f"play:{found.id}")
    return say_next(HttpResponseRedirect(reverse("play", args=[key])), reader.say(said))


@only(EXPORTERS)
@require_POST
def delete(request: Request, key: str) -> HttpResponse:
    """Delete a play that was never launched."""
    found, reader = there(request, key), request.reader
    try:
        define.delete(request.workspace, found, number=number_of(request))
    except Refusal as refusal:
        return play_page(request, there(request, key), refused(refusal, reader), status=409)
    changed(request, "play.deleted", f"play:{found.id}")
    said = reader.say(Text("The draft “{play}” is deleted.", play=found.title))
    return say_next(HttpResponseRedirect(reverse("plays")), said)


def _pause(request: Request, found: KeptPlay) -> tuple[str, Text]:
    launch.pause(request.workspace, found, now=_now())
    return "paused", Text("It is paused: nobody enters, and nobody goes on.")


def _resume(request: Request, found: KeptPlay) -> tuple[str, Text]:
    launch.resume(request.workspace, found, now=_now())
    return "resumed", Text("It goes on.")


def _withdraw(request: Request, found: KeptPlay) -> tuple[str, Text]:
    launch.withdraw(request.workspace, found, number=number_of(request), by=email(request))
    return "withdrawn", Text("It is not launched; whoever wants it asks again.")


def _end(request: Request, found: KeptPlay) -> tuple[str, Text]:
    stop = request.POST.get("stop") == "1"
    stopped = launch.end(request.workspace, found, stop=stop, now=_now())
    if not stop:
        return "ended", Text("Nobody enters any more. Who is under way goes on to the end.")
    return "ended", Text(
        "It is ended, and {n} customer was stopped on the way.",
        "It is ended, and {n} customers were stopped on the way.",
        n=stopped,
    )


_ACTS: dict[str, Callable[[Request, KeptPlay], tuple[str, Text]]] = {
    "pause": _pause,
    "resume": _resume,
    "end": _end,
    "withdraw": _withdraw,
}


def number_of(request: Request) -> int:
    """The version that the form was made for."""
    written = request.POST.get("number", "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def _now() -> datetime:
    return datetime.now(UTC)
