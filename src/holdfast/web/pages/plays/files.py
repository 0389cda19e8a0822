"""A play as a file: ``/act/plays/of/<key>/json`` shows it, ``/act/plays/import`` takes one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_plays import read_play
from holdfast.services.act.plays import define
from holdfast.services.act.plays.written import written_as
from holdfast.store.plays import KeptPlay
from holdfast.web import watching
from holdfast.web.access import EXPORTERS, READERS, only
from holdfast.web.pages.plays.view import page_of, there, version_asked
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.work_words import email, refused

MOST_BYTES = 1_000_000
"""A longer file is no play: the most steps with a message in every language are far below."""


@only(READERS)
@require_safe
def shown(request: Request, key: str) -> HttpResponse:
    """The play as JSON, to be read and copied."""
    found = there(request, key)
    number = version_asked(request, found)
    written = _written(request, found, number)
    return page_of(request, found, "plays/json.html", here="play_json", written=written, shown_number=number)


@only(READERS)
@require_safe
def fetched(request: Request, key: str) -> HttpResponse:
    """The play as a file."""
    found = there(request, key)
    written = _written(request, found, version_asked(request, found)) + "\n"
    response = HttpResponse(written, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.key}.json"'
    return response


def _written(request: Request, found: KeptPlay, number: int) -> str:
    version = define.version_of(request.workspace, found, number)
    return json.dumps(written_as(define.ready_of(version).play), ensure_ascii=False, indent=2)


@only(EXPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Request) -> HttpResponse:
    """Take a play from a file, or from what is pasted: a new draft, or a new version of the one there is."""
    if request.method != "POST":
        return _page(request)
    try:
        pasted = _brought(request)
    except Refusal as refusal:
        return _page(request, "", refused(refusal, request.reader))
    try:
        content = written_as(read_play(pasted))
        kept, new = define.take(request.workspace, content, by=email(request), now=datetime.now(UTC))
    except Refusal as refusal:
        return _page(request, pasted, refused(refusal, request.reader))
    watching.changed(request, "play.made" if new else "play.written", f"play:{kept.id}")
    said = Text("“{play}” is a draft now. Nothing happens before it is launched.", play=kept.title)
    if not new:
        said = Text(
            "“{play}” is at version {number} now. It is not launched yet.",
            play=kept.title,
            number=kept.number,
        )
    leads = HttpResponseRedirect(reverse("play_edit", args=[kept.key]))
    return say_next(leads, request.reader.say(said))


def _brought(request: Request) -> str:
    """What the form brought, as text. Refuses what is too long ("too_large") or no text ("not_text")."""
    file, pasted = request.FILES.get("file"), request.POST.get("content", "")
    if file is None:
        if len(pasted) > MOST_BYTES:
            raise _too_large()
        return pasted
    if file.size is None or file.size > MOST_BYTES:
        raise _too_large()
    try:
        return bytes(file.read()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            "not_text",
            found=Text("The file is no text in UTF-8."),
            expected=Text("A play as JSON, as it is fetched from the page of a play."),
            remedy=Text("Choose another file; nothing was changed."),
        ) from error


def _page(request: Request, pasted: str = "", wrong: str = "") -> HttpResponse:
    if wrong:
        watching.tried(request)
    return show(
        request,
        "plays/import.html",
        status=422 if wrong else 200,
        place="outbox",
        pasted=pasted[:MOST_BYTES],
        wrong=wrong,
    )


def _too_large() -> Refusal:
    return Refusal(
        "too_large",
        found=Text("The file is larger than a play can be."),
        expected=Text("A play as JSON, of at most a megabyte."),
        remedy=Text("Choose another file; nothing was changed."),
    )
