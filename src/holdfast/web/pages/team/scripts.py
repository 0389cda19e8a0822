"""``/team/scripts``: what to say on an occasion, by language; changed, written anew, taken back."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language.languages import languages, written_in
from holdfast.services.act.messages.values import OWN
from holdfast.services.act.scripts import kept
from holdfast.web.access import DECIDERS, READERS, may, only
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.pages.templates.words import language_names
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.work_words import email, refused


@only(READERS)
@require_safe
def scripts(request: Request) -> HttpResponse:
    """Every script with its first words, in the reader's language where it is written in it."""
    code = request.reader.code
    rows = []
    for each in kept.every(request.workspace):
        language, said = each.said((code,))
        rows.append((each, said, language, dict(language_names([*each.words]))))
    return show(
        request,
        "team/scripts.html",
        place="tasks",
        tab="scripts",
        rows=rows,
        may_decide=may(request.user, DECIDERS),
    )


@only(READERS)
@require_safe
def script(request: Request, key: str) -> HttpResponse:
    """One script in one language, with a form for who decides; "new" is the form of another."""
    return _page(request, key, request.GET.get("language", ""))


@only(DECIDERS)
@require_POST
def script_keep(request: Request, key: str) -> HttpResponse:
    """Keep what was typed: a new script where ``key`` is "new"."""
    given = request.POST
    language, said = given.get("language", ""), kept.Said(given.get("title", ""), given.get("text", ""))
    number, workspace, now_us = given.get("number", ""), request.workspace, actual_us()
    try:
        if key == "new":
            key = kept.make(workspace, language, said, by=email(request), now_us=now_us)
        else:
            version = int(number) if is_number(number) else -1
            kept.keep(workspace, key, language, said, version, by=email(request), now_us=now_us)
    except Refusal as refusal:
        if refusal.code == "no_such_script":
            raise Http404(key) from refusal
        return _page(request, key, language, given.dict(), refused(refusal, request.reader), status=422)
    leads = f"{reverse('script', args=[key])}?language={language}"
    return say_next(HttpResponseRedirect(leads), request.reader.gettext("The script is kept."))


@only(DECIDERS)
@require_POST
def script_take_back(request: Request, key: str) -> HttpResponse:
    """A ready script as it came, and none of one's own."""
    if not kept.take_back(request.workspace, key):
        raise Http404(key)
    said = Text("What was written here is taken back.")
    return say_next(HttpResponseRedirect(reverse("scripts")), request.reader.say(said))


def _page(
    request: Request,
    key: str,
    language: str,
    typed: Mapping[str, str] | None = None,
    wrong: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    found = None if key == "new" else _one(request, key)
    offered = list(dict.fromkeys([*languages(), *(found.words if found else ())]))
    shown, said = found.said((language, request.reader.code)) if found else (request.reader.code, None)
    if language in offered:
        shown = language
        said = found.words.get(language) if found else None
    given = typed or {}
    return show(
        request,
        "team/script.html",
        status=status,
        place="tasks",
        tab="scripts",
        script=found,
        key=key,
        language=shown,
        direction=written_in(shown).direction,
        languages=language_names(offered),
        written=[*found.words] if found else [],
        title=given.get("title", said.title if said else ""),
        text=given.get("text", said.text if said else ""),
        number=given.get("number", str(found.number) if found else "0"),
        fields=("my_name", *OWN),
        may_decide=may(request.user, DECIDERS),
        wrong=wrong,
    )


def _one(request: Request, key: str) -> kept.Script:
    try:
        return kept.one(request.workspace, key)
    except Refusal as refusal:
        raise Http404(key) from refusal
