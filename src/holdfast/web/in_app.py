"""``/in-app.js`` and ``/in-app/<name>/...``: the bell that a company's own app shows to whoever is signed in.

Who that is the app's server proves by its signature (:mod:`holdfast.domain.in_app`); without it nobody's
messages are shown. Answers are JSON.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from holdfast.domain.in_app import MOST_SHOWN
from holdfast.domain.texts import Text
from holdfast.language import language
from holdfast.services.act import in_app
from holdfast.services.act.in_app import AppOptions, app_options
from holdfast.web import embedded
from holdfast.web.access import for_everyone
from holdfast.web.embedded import Problem
from holdfast.web.limits import Buckets
from holdfast.web.reading import Request
from holdfast.web.visitor import address_of

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource

looking = Buckets(per_second=1, burst=20)
"""How fast one customer may ask what stands there."""
guessing = Buckets(per_second=0.1, burst=20)
"""How often one address may come without proof."""

WORDS: dict[str, Text] = {
    "open": Text("Messages"),
    "close": Text("Close the messages"),
    "unread": Text("not read yet"),
    "empty": Text("There are no messages for you."),
    "failed": Text("The messages could not be fetched. Try again later."),
}
"""What the window says, in the language of the page."""


class _Asked(msgspec.Struct, frozen=True):
    """What an app's page sends: for whom it asks, with the proof, and what was read."""

    customer: str = ""
    proof: str = ""
    ids: list[int] = []


@for_everyone
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The script, at an address that stays: apps name it in their pages."""
    return embedded.script_of(request, "in-app.js")


@for_everyone
@csrf_exempt
def answer(request: Request, name: str, do: str) -> HttpResponse:
    """``words`` (GET) for the window; ``list`` and ``read`` (POST) of whoever is signed in to the app."""
    source = in_app.app_called(request.workspace, name)
    if source is None or do not in _ACTS:
        return embedded.refused(Problem(404, "no_such_app"))
    options, (method, act) = app_options(source.options), _ACTS[do]
    return embedded.answered(request, method, partial(act, request, source, options), options.origins)


def _words(request: Request, source: LiveSource, options: AppOptions) -> HttpResponse:
    """What the window says, in the language that the page asks for."""
    return embedded.words_answer(request, WORDS, title=options.title or request.workspace.name)


def _list(request: Request, source: LiveSource, options: AppOptions) -> HttpResponse:
    """What stands there for the customer, the newest first."""
    asked = _proved(request, source)
    now = datetime.now(UTC)
    response = embedded.as_json(
        {
            "messages": [
                {
                    "id": each.id,
                    "title": each.title,
                    "text": each.text,
                    "lang": language(each.language).tag,
                    "author": each.author,
                    "read": each.read,
                    "at": datetime.fromtimestamp(each.at_us / 1_000_000, UTC).isoformat(timespec="seconds"),
                }
                for each in in_app.standing(request.workspace, source, asked.customer, now=now)
            ]
        }
    )
    response["Cache-Control"] = "no-store"
    return response


def _read(request: Request, source: LiveSource, options: AppOptions) -> HttpResponse:
    """Messages were read."""
    asked = _proved(request, source)
    ids = {each for each in asked.ids if 0 < each < 2**62}
    if len(ids) > MOST_SHOWN:
        raise Problem(413, "too_many_messages")
    in_app.note_read(request.workspace, source, asked.customer, ids, now=datetime.now(UTC))
    return HttpResponse(status=204)


_Act = Callable[[Request, "LiveSource", AppOptions], HttpResponse]
_ACTS: dict[str, tuple[str, _Act]] = {
    "words": ("GET", _words),
    "list": ("POST", _list),
    "read": ("POST", _read),
}


def _proved(request: Request, source: LiveSource) -> _Asked:
    """What is asked by whom the app's server signed for. Refuses everybody else."""
    asked, moment = embedded.asked(request, _Asked), time.monotonic()
    if not in_app.may_see(request.workspace, source, asked.customer, asked.proof):
        if not guessing.take(f"{source.id}:{address_of(request)}", moment):
            raise Problem(429, "too_many")
        raise Problem(401, "not_proved")
    if not looking.take(f"{source.id}:{asked.customer}", moment):
        raise Problem(429, "too_many")
    return asked
