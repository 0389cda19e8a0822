"""``/act/forms``: forms to sign up for news by: what they ask and say, where they stand, who signed up."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.consent import TOPIC_WORDS, TOPICS
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.sign_ups import ASK_WORDS, Words, asked_as_json, parse_asked
from holdfast.language import Reader, languages
from holdfast.language.languages import written_in
from holdfast.services.act import sign_up_forms, sign_ups
from holdfast.store import message_settings
from holdfast.store import sign_ups as stored
from holdfast.store.sign_ups import Form
from holdfast.web.access import DECIDERS, only
from holdfast.web.pages.forms import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.watching import changed
from holdfast.web.work_words import Typed, choices, email, refused

ON_A_PAGE = 50
_WORDS = ("heading", "intro", "agree", "button", "thanks", "link")


@only(DECIDERS)
@require_safe
def forms(request: Request) -> HttpResponse:
    """Every form, with how many signed up by it."""
    return _list_page(request)


@only(DECIDERS)
@require_POST
def make(request: Request) -> HttpResponse:
    """Make a form, and lead to where it is written."""
    try:
        made = sign_up_forms.make(
            request.workspace, request.POST.get("title", ""), by=email(request), now_us=actual_us()
        )
    except Refusal as refusal:
        return _list_page(request, refused(refusal, request.reader), request.POST.dict(), status=422)
    changed(request, "sign_up_form.made", f"sign_up_form:{made.id}")
    return HttpResponseRedirect(reverse("sign_up_form", args=[made.id]))


@only(DECIDERS)
@require_safe
def form(request: Request, form_id: int) -> HttpResponse:
    """One form: how it does, where it stands, what it asks and says."""
    return _form_page(request, _there(request, form_id))


@only(DECIDERS)
@require_POST
def do(request: Request, form_id: int, do: str) -> HttpResponse:
    """Change what a form asks or says, open it or close it; what is wrong is said on its page."""
    found, act = _there(request, form_id), _ACTS.get(do)
    if act is None:
        raise Http404(do)
    given = request.POST
    if given.get("version", "") not in ("", str(found.version)):
        said = refused(sign_up_forms.moved_on(), request.reader)
        return _form_page(request, found, said, given.dict(), status=409)
    try:
        act(request, found)
    except Refusal as refusal:
        return _form_page(request, found, refused(refusal, request.reader), given.dict(), status=422)
    changed(request, f"sign_up_form.{_DEEDS.get(do, 'changed')}", f"sign_up_form:{form_id}")
    language = given.get("language", "")
    to = reverse("sign_up_form", args=[form_id]) + (f"?language={language}#words" if do == "words" else "")
    return say_next(HttpResponseRedirect(to), request.reader.gettext("It is kept."))


def _ask(request: Request, found: Form) -> None:
    """What the form asks, and its name."""
    given = request.POST
    written = asked_as_json(found.asked) | {
        "topics": given.getlist("topic"),
        "name": given.get("name", ""),
        "birthday": given.get("birthday", ""),
        "language": given.get("asks_language", found.asked.language),
    }
    _keep(request, found, given.get("title", ""), written)


def _say(request: Request, found: Form) -> None:
    """What the form says in one language; all of it empty: our own words again."""
    given = request.POST
    code = given.get("language", "")
    if code not in languages():
        raise Http404(code)
    written = asked_as_json(found.asked)
    said = {name: given.get(name, "") for name in _WORDS}
    _keep(request, found, found.title, written | {"words": written["words"] | {code: said}})


def _keep(request: Request, found: Form, title: str, written: Mapping[str, object]) -> None:
    asked = parse_asked(written)
    sign_up_forms.keep(request.workspace, found, title, asked, by=email(request), now_us=actual_us())


def _switch(is_open: bool) -> Callable[[Request, Form], None]:
    def switch(request: Request, found: Form) -> None:
        stored.switch(request.workspace, found.id, is_open=is_open, by=email(request), now_us=actual_us())

    return switch


_ACTS: dict[str, Callable[[Request, Form], None]] = {
    "ask": _ask,
    "words": _say,
    "open": _switch(True),
    "close": _switch(False),
}
_DEEDS = {"open": "opened", "close": "closed"}


def _list_page(
    request: Request, wrong: str = "", typed: Mapping[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    counts = stored.counts(workspace)
    return show(
        request,
        "forms/forms.html",
        status=status,
        place="outbox",
        forms=[words.shown(each, counts.get(each.id), reader) for each in stored.forms(workspace)],
        ready=sign_ups.is_ready(workspace),
        wrong=wrong,
        typed=Typed(typed or {}),
    )


def _form_page(
    request: Request,
    found: Form,
    wrong: str = "",
    typed: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    code = _language(request, found)
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    signed = stored.listed(workspace, found.id, limit=ON_A_PAGE + 1, before=number)
    asked, units = found.asked, stored.units(workspace, signed)
    chosen = request.POST.getlist("topic") if typed and "title" in typed else asked.topics
    return show(
        request,
        "forms/form.html",
        status=status,
        place="outbox",
        form=found,
        shown=words.shown(found, stored.counts(workspace, [found.id]).get(found.id), reader),
        ready=sign_ups.is_ready(workspace),
        address=message_settings.public_url(workspace) + sign_ups.FORM_PATH + found.key,
        embedded=words.embedded(workspace, found, Reader(code, workspace.zone)),
        topics=[(each, reader.say(TOPIC_WORDS[each]), each in chosen) for each in TOPICS],
        asks=choices(ASK_WORDS, reader),
        asks_language=[each for each in choices(ASK_WORDS, reader) if each[0] != "needed"],
        language=code,
        language_name=written_in(code).own_name,
        direction=written_in(code).direction,
        languages=[(each, written_in(each).own_name, each in asked.words) for each in languages()],
        lines=words.lines(
            asked.words.get(code, Words()), workspace.name, Reader(code, workspace.zone), reader
        ),
        entered=[words.entered(each, units, reader) for each in signed[:ON_A_PAGE]],
        next_url=f"?before={signed[ON_A_PAGE - 1].id}#entered" if len(signed) > ON_A_PAGE else "",
        first_url=reverse("sign_up_form", args=[found.id]) if number is not None else "",
        wrong=wrong,
        typed=Typed(typed or {}),
    )


def _language(request: Request, found: Form) -> str:
    asked = request.POST.get("language") or request.GET.get("language") or ""
    return asked if asked in languages() else found.asked.language_for(request.reader.code)


def _there(request: Request, form_id: int) -> Form:
    found = stored.form(request.workspace, form_id)
    if found is None:
        raise Http404(str(form_id))
    return found
