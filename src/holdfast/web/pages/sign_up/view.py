"""``/f/<key>`` and ``/y/<token>``: the form to sign up by, and the page on which one confirms it.

No sign-in, no cookie, no script. Websites of others post here too, so there is no token against forged
posts: what a post does is ask by mail. A GET never changes anything: mail scanners open every link.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from holdfast.domain.consent import TOPIC_WORDS, TOPICS
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.sign_ups import Words, read_typed, said_by, wording
from holdfast.language import Reader, languages
from holdfast.language.languages import written_in
from holdfast.services.act import sign_ups as service
from holdfast.store import sign_ups
from holdfast.store.sign_ups import Form
from holdfast.web.access import for_everyone
from holdfast.web.limits import Buckets
from holdfast.web.pace import is_this_machine
from holdfast.web.reading import Request, known_language
from holdfast.web.show import show
from holdfast.web.visitor import address_of

MOST_BYTES = 20_000
"""Bytes of one post."""
TRAP = "website"
"""A field that nobody sees: what is filled in there was filled in by a machine."""

entering = Buckets(per_second=0.05, burst=10)
"""How often one address of the internet may sign up."""
everybody = Buckets(per_second=2, burst=100)
"""How often all visitors of one form together may."""

_FIELDS = {"bad_address": "email", "no_name": "name", "bad_birthday": "birthday", "no_topic": "topic"}
_View = Callable[..., HttpResponse]


def _public(view: _View) -> _View:
    """Open to everybody, found by no search engine, and telling nobody where somebody came from."""

    @wraps(view)
    def opened(request: Request, **named: str) -> HttpResponse:
        response = view(request, **named)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return for_everyone(csrf_exempt(opened))


@_public
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: Request, key: str) -> HttpResponse:
    """The form; by POST what was typed, from this page or from that of somebody else."""
    found = _found(request, key)
    if request.method != "POST":
        return _form_page(request, found)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    _speak(request, found)
    if request.POST.get(TRAP):
        return _to_sent(request, found)
    if not _in_pace(request, found):
        said = request.reader.gettext("Too many sign up just now. Try again in a minute.")
        return _form_page(request, found, {"page": said}, status=429)
    try:
        _enter(request, found)
    except Refusal as refusal:
        words = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.remedy)}"
        return _form_page(request, found, {_FIELDS.get(refusal.code, "page"): words}, status=422)
    return _to_sent(request, found)


@_public
@require_safe
def sent(request: Request, key: str) -> HttpResponse:
    """That a mail is on its way; the same for whoever typed whatever."""
    found = _found(request, key)
    words = _speak(request, found)
    return show(request, "sign_up/sent.html", **_said(request, found, words))


@_public
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request, token: str) -> HttpResponse:
    """A button; by POST, which only a person sends, the consent."""
    workspace = request.workspace
    found = service.opened(workspace, token)
    by = sign_ups.form(workspace, found.form_id) if found is not None else None
    if found is None or by is None:
        return show(request, "wishes/dead.html", status=404, expired=False, languages=False)
    request.reader = Reader(found.language, workspace.zone)
    words = by.asked.words.get(found.language, Words())
    now_us = actual_us()
    if request.method == "POST":
        try:
            service.confirm(workspace, found, visitor=address_of(request), now_us=now_us)
        except Refusal:
            return _expired(request, by)
        return HttpResponseRedirect(reverse("sign_up_confirm", args=[token]))
    if found.confirmed_us is None and not found.works(now_us):
        return _expired(request, by)
    return show(
        request,
        "sign_up/confirm.html",
        confirmed=found.confirmed_us is not None,
        topics=[request.reader.say(TOPIC_WORDS[each]) for each in TOPICS if each in found.topics],
        wording=found.wording.rsplit("\n", len(found.topics))[0],
        **_said(request, by, words),
    )


def _expired(request: Request, by: Form) -> HttpResponse:
    return show(
        request,
        "sign_up/expired.html",
        status=410,
        languages=False,
        form_url=reverse("sign_up", args=[by.key]),
    )


def _found(request: Request, key: str) -> Form:
    found = sign_ups.keyed(request.workspace, key)
    if found is None:
        raise Http404(key)
    return found


def _speak(request: Request, found: Form) -> Words:
    """Read in the language asked for, else the browser's, of those in which the form speaks."""
    asked = request.POST.get("lang") or request.GET.get("lang") or ""
    code = found.asked.language_for(asked if known_language(asked) else request.reader.code)
    if code != request.reader.code:
        request.reader = Reader(code, request.workspace.zone)
    return found.asked.words.get(code, Words())


def _said(request: Request, found: Form, words: Words) -> dict[str, Any]:
    """The words of a form, in the reader's language."""
    company, say = request.workspace.name, request.reader.say
    names = ("heading", "intro", "agree", "button", "thanks", "link")
    return {"said": {name: said_by(words, name, company, say) for name in names}, "languages": False}


def _in_pace(request: Request, found: Form) -> bool:
    here, now = f"{request.workspace.folder} {found.id}", time.monotonic()
    address = address_of(request)
    alone = is_this_machine(address) or entering.take(f"{here} {address}", now)
    return alone and everybody.take(here, now)


def _enter(request: Request, found: Form) -> None:
    workspace, reader, now_us = request.workspace, request.reader, actual_us()
    today = datetime.fromtimestamp(now_us / 1_000_000, UTC).astimezone(workspace.zone).date()
    topics = request.POST.getlist("topic")
    typed = read_typed(found.asked, request.POST.dict(), topics, today, languages())
    words = _said(request, found, found.asked.words.get(reader.code, Words()))["said"]
    service.enter(
        workspace,
        found,
        typed,
        # The consent keeps the words that were read; the mail, and all after it, speaks what was chosen.
        Reader(typed.language, workspace.zone) if typed.language else reader,
        wording=wording(words["agree"], typed.topics, reader.say),
        visitor=address_of(request),
        now_us=now_us,
    )


def _to_sent(request: Request, found: Form) -> HttpResponse:
    """303: whoever reloads the page sends nothing again."""
    to = reverse("sign_up_sent", args=[found.key])
    return HttpResponse(status=303, headers={"Location": f"{to}?lang={request.reader.code}"})


def _form_page(
    request: Request, found: Form, errors: Mapping[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    words = _speak(request, found)
    asked = found.asked
    several = len(asked.topics) > 1
    given = request.POST
    context = _said(request, found, words) | {
        "languages": not asked.words or len(asked.words) > 1,
        "spoken": tuple(asked.words),
    }
    return show(
        request,
        "sign_up/form.html",
        status=status,
        is_open=found.is_open and service.is_ready(request.workspace),
        action=reverse("sign_up", args=[found.key]),
        lang=request.reader.code,
        trap=TRAP,
        asked=asked,
        topics=[
            (each, request.reader.say(TOPIC_WORDS[each]), each in given.getlist("topic"))
            for each in (asked.topics if several else ())
        ],
        choice=[(each, written_in(each).own_name) for each in asked.choice(languages())],
        typed={name: given.get(name, "") for name in ("email", "name", "birthday", "language")},
        errors={"email": "", "name": "", "birthday": "", "topic": "", "page": ""} | dict(errors or {}),
        **context,
    )
