"""``/act/plays``: the plays there are, and one of them: its steps with who is where, its versions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from holdfast.domain import plays as p
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.act.plays import define
from holdfast.store import plays as stored
from holdfast.store import plays_reading
from holdfast.store.plays import KeptPlay
from holdfast.web.access import DECIDERS, EXPORTERS, READERS, may, only
from holdfast.web.pages.plays import flow, words
from holdfast.web.pages.plays.flow import Drawing
from holdfast.web.reading import Request
from holdfast.web.show import show

WAYS: tuple[tuple[str, Text], ...] = (("play", Text("The play")),)
"""The pages of one play, as tabs: the name of the address, which takes the key, and its words."""


@only(READERS)
@require_safe
def plays(request: Request) -> HttpResponse:
    """Every play, the running ones first."""
    return show(
        request,
        "plays/plays.html",
        place="outbox",
        plays=words.shown_plays(
            stored.listed(request.workspace), plays_reading.counts(request.workspace), request.reader
        ),
        may_make=may(request.user, EXPORTERS),
    )


@only(READERS)
@require_safe
def play(request: Request, key: str) -> HttpResponse:
    """One play: what begins it, its steps, its goal."""
    found = there(request, key)
    return page_of(request, found, "plays/play.html", **_drawn(request, found))


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
        play_ways=ways(reader),
        may_make=may(request.user, EXPORTERS),
        may_decide=may(request.user, DECIDERS),
        **context,
    )


def ways(reader: Reader) -> list[tuple[str, str]]:
    """The tabs of one play."""
    return [(name, reader.say(said)) for name, said in WAYS]


def _drawn(request: Request, found: KeptPlay) -> dict[str, Any]:
    ready = define.ready_of(define.version_of(request.workspace, found))
    drawing = Drawing(request.reader, words.names_of(request.workspace))
    start, held, goal = flow.around(ready, drawing)
    return {"start": start, "held": held, "steps": flow.steps(ready, drawing), "goal": goal}
