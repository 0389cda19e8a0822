"""The words by which texts are read: causes and their names, competitors, what corrections taught."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import languages
from holdfast.language.languages import language
from holdfast.services.understand import corrections, naming
from holdfast.store import own_words, text_layers
from holdfast.web.access import DECIDERS, READERS, may, only
from holdfast.web.pages.texts import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.work_words import email


@only(READERS)
@require_safe
def text_words(request: Request) -> HttpResponse:
    """Causes by group, competitors, learned layers."""
    return _page(request)


@only(READERS)
@require_safe
def cause_words(request: Request, key: str) -> HttpResponse:
    """One cause: what belongs to it, and what it is called in each language."""
    return _cause(request, key)


@only(DECIDERS)
@require_POST
def cause_name(request: Request, key: str) -> HttpResponse:
    """Call a cause otherwise; an empty name is that of the list again."""
    typed = {code: request.POST.get(f"name_{code}", "") for code in languages()}
    try:
        naming.rename(request.workspace, key, typed, by=email(request), now_us=_now_us())
    except Refusal as refusal:
        if refusal.code == "no_such_cause":
            raise Http404(str(refusal)) from refusal
        return _cause(request, key, wrong=_said(request, refusal), typed=typed)
    return _done(request, Text("The names are kept; the id stays."), reverse("cause_words", args=[key]))


@only(DECIDERS)
@require_POST
def cause_add(request: Request) -> HttpResponse:
    """Add a cause of one's own, named in the reader's language."""
    name = request.POST.get("name", "")
    try:
        naming.add(
            request.workspace,
            name,
            request.POST.get("group", ""),
            language=request.reader.code,
            by=email(request),
            now_us=_now_us(),
        )
    except Refusal as refusal:
        return _page(request, wrong={"cause": _said(request, refusal)}, typed={"cause": name})
    return _done(request, Text("Added. From now on texts can be corrected to it."), reverse("text_words"))


@only(DECIDERS)
@require_POST
def competitor_add(request: Request) -> HttpResponse:
    """Remember a competitor."""
    name = request.POST.get("name", "")
    try:
        naming.add_competitor(request.workspace, name, by=email(request), now_us=_now_us())
    except Refusal as refusal:
        return _page(request, wrong={"competitor": _said(request, refusal)}, typed={"competitor": name})
    said = Text("Added. Texts that were read before are read again tonight.")
    return _done(request, said, f"{reverse('text_words')}#competitors")


@only(DECIDERS)
@require_POST
def competitor_remove(request: Request, entry_id: int) -> HttpResponse:
    """Forget a competitor."""
    own_words.remove_competitor(request.workspace, entry_id)
    said = Text("Taken away. Texts that were read before are read again tonight.")
    return _done(request, said, f"{reverse('text_words')}#competitors")


@only(DECIDERS)
@require_POST
def layer_use(request: Request, entry_id: int) -> HttpResponse:
    """Read by what was learnt then, or with ``off`` by the phrases alone."""
    workspace, by = request.workspace, email(request)
    if "off" in request.POST:
        if request.POST["off"] not in languages():
            raise BadRequest("no such language")
        corrections.read_by_phrases(workspace, request.POST["off"], by=by, now_us=_now_us())
    else:
        try:
            corrections.go_back(workspace, entry_id, by=by, now_us=_now_us())
        except Refusal as refusal:
            raise Http404(str(refusal)) from refusal
    said = Text("Chosen. Texts that were read before are read again tonight.")
    return _done(request, said, f"{reverse('text_words')}#learnt")


def _page(
    request: Request, wrong: dict[str, str] | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    names = own_words.causes(workspace)
    return show(
        request,
        "texts/words.html",
        status=422 if wrong else 200,
        place="understand",
        groups=words.groups(names, (), reader),
        group_choices=[(each, words.group_name(each, reader)) for each in own_words.groups()],
        competitors=own_words.competitors(workspace),
        layers=[words.layer(each, workspace.zone, reader) for each in text_layers.listed(workspace)],
        wrong={"cause": "", "competitor": ""} | (wrong or {}),
        typed={"cause": "", "competitor": ""} | (typed or {}),
        may_decide=may(request.user, DECIDERS),
    )


def _cause(
    request: Request, key: str, *, wrong: str = "", typed: dict[str, str] | None = None
) -> HttpResponse:
    reader, names = request.reader, own_words.causes(request.workspace)
    if key not in names:
        raise Http404(f"no cause is called {key[:60]!r}")
    cause = names[key]
    return show(
        request,
        "texts/cause.html",
        status=422 if wrong else 200,
        place="understand",
        key=key,
        name=cause.name(reader.code),
        group=words.group_name(cause.group, reader),
        definition=cause.definition,
        fields=[
            (code, language(code).own_name, language(code), (typed or cause.names).get(code, ""))
            for code in languages()
        ],
        wrong=wrong,
        may_decide=may(request.user, DECIDERS),
    )


def _said(request: Request, refusal: Refusal) -> str:
    return " ".join(request.reader.say(each) for each in (refusal.found, refusal.expected, refusal.remedy))


def _done(request: Request, said: Text, url: str) -> HttpResponse:
    return say_next(HttpResponseRedirect(url), request.reader.say(said))


def _now_us() -> int:
    return microseconds(datetime.now(UTC))
