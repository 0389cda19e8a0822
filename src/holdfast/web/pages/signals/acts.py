"""What one does with signals and warnings: set, try, put off, settle, judge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.warn import judging, reading, setting
from holdfast.web.access import DECIDERS, WRITERS, only
from holdfast.web.pages.criteria.words import NotANumber
from holdfast.web.pages.signals import words
from holdfast.web.pages.signals.view import Tried, signal_page
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.signing import ours
from holdfast.web.toasts import say_next
from holdfast.web.work_words import email
from holdfast.web.workspace import present

REFUSED = ("bad_signal_setting", "contradiction")


@only(DECIDERS)
@require_POST
def signal_set(request: Request, key: str) -> HttpResponse:
    """Keep how a signal is set; with ``try`` replay it first on the past, and keep nothing."""
    workspace, reader, typed = request.workspace, request.reader, request.POST.dict()
    typed.setdefault("on", "")
    row = _row(request, key)
    try:
        values = words.read_values(row, typed, workspace.currency, reader)
        if "try" in typed:
            card = setting.replayed(workspace, key, values, now=datetime.now(UTC))
            return signal_page(request, key, Tried(typed, replayed=card))
        on = typed["on"] == "1"
        setting.change(workspace, key, values, on, by=email(request), now=datetime.now(UTC))
    except NotANumber as error:
        said = reader.gettext("This is no number. Write one like 25 or 0.5.")
        return signal_page(request, key, Tried(typed, {error.field: said}), status=422)
    except Refusal as refusal:
        said = " ".join(reader.say(each) for each in (refusal.found, refusal.expected, refusal.remedy))
        return signal_page(request, key, Tried(typed, wrong=said), status=422)
    said = reader.say(Text("Set. From tonight on everybody is looked at so."))
    return say_next(HttpResponseRedirect(reverse("signal", args=[key])), said)


def _row(request: Request, key: str) -> reading.SignalRow:
    try:
        return reading.one_signal(request.workspace, key, now=datetime.now(UTC))
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal


@only(WRITERS)
@require_POST
def episode_do(request: Request, episode_id: int, do: str) -> HttpResponse:
    """Put a warning off, have it shown again, settle it, or say whether it was right."""
    acts: dict[str, tuple[Callable[[], None], Text]] = _deeds(request, episode_id)
    if do not in acts:
        raise Http404(f"nothing is done to a warning by {do!r}")
    act, said = acts[do]
    try:
        act()
    except Refusal as refusal:
        if refusal.code == "no_such_episode":
            raise Http404(str(refusal)) from refusal
        told = " ".join(request.reader.say(each) for each in (refusal.found, refusal.remedy))
        return show(
            request, "signals/refused.html", status=409, place="today", said=told, back=_back(request)
        )
    return say_next(HttpResponseRedirect(_back(request)), request.reader.say(said))


def _deeds(request: Request, episode_id: int) -> dict[str, tuple[Callable[[], None], Text]]:
    workspace, by, now = request.workspace, email(request), datetime.now(UTC)
    return {
        "snooze": (
            lambda: judging.snooze(workspace, episode_id, _until(request), by=by, now=now),
            Text("Put off."),
        ),
        "wake": (lambda: judging.snooze(workspace, episode_id, None, by=by, now=now), Text("Shown again.")),
        "settle": (lambda: judging.end(workspace, episode_id, by=by, now=now), Text("Settled.")),
        "right": (
            lambda: judging.judge(workspace, episode_id, True, by=by, now=now),
            Text("Noted: it was right."),
        ),
        "wrong": (
            lambda: judging.judge(workspace, episode_id, False, by=by, now=now),
            Text("Noted: a false alarm."),
        ),
        "unjudge": (
            lambda: judging.judge(workspace, episode_id, None, by=by, now=now),
            Text("The word is taken back."),
        ),
    }


def _until(request: Request) -> date:
    """The day until which a form puts a warning off."""
    written = request.POST.get("days", "")
    if not (written.isascii() and written.isdigit() and len(written) <= 3):
        raise BadRequest(f"days={written[:20]!r}")
    today = present(request.workspace).astimezone(request.workspace.zone).date()
    return today + timedelta(days=int(written))


def _back(request: Request) -> str:
    """Where the reader stays: a page of ours."""
    return ours(request, request.POST.get("back", ""), reverse("today"))
