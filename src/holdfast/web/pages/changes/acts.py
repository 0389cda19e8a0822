"""What people do with a change of ours: find whom it concerns anew, make its play, forget it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.changes import concerned, entering, later, playing
from holdfast.store.changes import KeptChange
from holdfast.web.access import DECIDERS, EXPORTERS, may, only
from holdfast.web.pages.changes.view import change_page, there
from holdfast.web.reading import Request
from holdfast.web.toasts import say_next
from holdfast.web.watching import changed
from holdfast.web.work_words import email, refused


@only(EXPORTERS)
@require_POST
def do(request: Request, key: str, do: str) -> HttpResponse:
    """Find the customers anew, write the play, let late ones enter it, or forget the change."""
    kept, act = there(request, key), _ACTS.get(do)
    if act is None:
        raise Http404(do)
    try:
        where, said = act(request, kept)
    except Refusal as refusal:
        return change_page(request, kept, refused(refusal, request.reader), status=409)
    changed(request, f"change.{'removed' if do == 'remove' else 'changed'}", f"change:{kept.id}")
    return say_next(HttpResponseRedirect(where), request.reader.say(said))


def _find(request: Request, kept: KeptChange) -> tuple[str, Text]:
    concerned.draw_up(request.workspace, kept, datetime.now(UTC))
    return reverse("change", args=[kept.key]), Text("The list is drawn up anew.")


def _play(request: Request, kept: KeptChange) -> tuple[str, Text]:
    made = playing.make_play(
        request.workspace,
        kept,
        request.reader.code,
        request.reader.say,
        by=email(request),
        now=datetime.now(UTC),
    )
    said = Text("“{play}” is a draft now. Nothing happens before it is launched.", play=made.title)
    return reverse("change", args=[kept.key]), said


def _later(request: Request, kept: KeptChange) -> tuple[str, Text]:
    if not may(request.user, DECIDERS):
        raise PermissionDenied
    done = later.tell_later(request.workspace, kept, by=email(request), now=datetime.now(UTC))
    said = Text(
        "{n} customer entered the play.",
        "{n} customers entered the play.",
        n=done.treated + done.held_out,
    )
    return reverse("change", args=[kept.key]), said


def _remove(request: Request, kept: KeptChange) -> tuple[str, Text]:
    entering.delete(request.workspace, kept)
    return reverse("changes"), Text("It is forgotten.")


_ACTS: dict[str, Callable[[Request, KeptChange], tuple[str, Text]]] = {
    "find": _find,
    "play": _play,
    "later": _later,
    "remove": _remove,
}
