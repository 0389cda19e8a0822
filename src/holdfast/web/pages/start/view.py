"""The guided start: every step a page that can be left, resumed, and decided again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import actual_us
from holdfast.domain.written_numbers import CURRENCIES
from holdfast.services.collect.uploads import files
from holdfast.services.keep import begin
from holdfast.services.keep.begin import STEPS, NotSo
from holdfast.services.measure.start import still_holds
from holdfast.store import asked, imports, uploads
from holdfast.store.models import User
from holdfast.web.access import DECIDERS, READERS, may, only
from holdfast.web.pages.imports import words as import_words
from holdfast.web.pages.imports.view import NOT_IMPORTED, going_on
from holdfast.web.pages.start import words
from holdfast.web.reading import LANGUAGE_COOKIE, Request, known_language
from holdfast.web.show import show
from holdfast.web.sizes import size_words
from holdfast.web.work_words import person_id
from holdfast.web.workspace import served_workspace

IMPORTS_SHOWN = 8
_ONE_YEAR = 365 * 24 * 3600


@only(READERS)
@require_safe
def start(request: Request) -> HttpResponse:
    """All steps, how far one is, and the way on."""
    found = begin.begun(request.workspace)
    next_step = found.next
    return _shown(
        request,
        "start/start.html",
        "",
        next_url=reverse(f"start_{next_step}") if next_step else reverse("overview"),
        begun=bool(found.taken),
    )


@only(READERS)
@require_safe
def workspace(request: Request) -> HttpResponse:
    """Name, currency, time zone, calendar, country; and the reader's own language."""
    return _workspace(request)


def _workspace(
    request: Request, typed: Mapping[str, str] | None = None, error: NotSo | None = None
) -> HttpResponse:
    settings = request.workspace
    values = {
        "name": settings.name,
        "currency": settings.currency,
        "timezone": settings.timezone,
        "calendar": settings.calendar,
        "country": settings.country,
    }
    return _shown(
        request,
        "start/workspace.html",
        "workspace",
        error,
        values=values | dict(typed or {}),
        calendars=[(name, request.reader.say(said)) for name, said in words.CALENDARS.items()],
        zones=sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"),
        currencies=sorted(CURRENCIES),
    )


@only(READERS)
@require_safe
def customer(request: Request) -> HttpResponse:
    """Who can leave, and how customers stay."""
    return _customer(request)


def _customer(request: Request, error: NotSo | None = None) -> HttpResponse:
    settings, reader = request.workspace, request.reader
    return _shown(
        request,
        "start/customer.html",
        "customer",
        error,
        units=[(name, reader.say(title), reader.say(about)) for name, (title, about) in words.UNITS.items()],
        unit=settings.unit,
        ways=[(name, reader.say(title), reader.say(about)) for name, (title, about) in words.PAYS.items()],
        pays=begin.pays_of(settings),
    )


@only(READERS)
@require_safe
def data(request: Request) -> HttpResponse:
    """Bring files, connect a source, or try it with an invented company."""
    settings, reader = request.workspace, request.reader
    found = imports.newest(settings, most=IMPORTS_SHOWN, without=import_words.NOT_SHOWN)
    waiting = uploads.listed(settings, NOT_IMPORTED) if may(request.user, DECIDERS) else ()
    return _shown(
        request,
        "start/files.html",
        "files",
        wanted=[reader.say(each) for each in words.WANTED[begin.pays_of(settings)]],
        imports=[import_words.shown_import(each, reader) for each in found],
        waiting=import_words.waiting(waiting, reader),
        works=going_on(request),
        may_import=may(request.user, DECIDERS),
        most=size_words(files.MOST_BYTES, reader),
        most_bytes=files.MOST_BYTES,
        refusal="",
        after=reverse("start_files"),
    )


@only(READERS)
@require_safe
def lost(request: Request) -> HttpResponse:
    """Every rule with what it would mean; they are tried on the data first, where nobody has."""
    return _lost(request)


def _lost(
    request: Request, typed: Mapping[str, str] | None = None, error: NotSo | None = None
) -> HttpResponse:
    settings, reader = request.workspace, request.reader
    kept = asked.latest(settings, "weigh")
    weighed = kept.result if kept and kept.state == "done" and still_holds(settings, kept.result) else None
    found = begin.begun(settings)
    tried = {each["rule"]: each for each in weighed["rules"]} if weighed else {}
    days = (typed or {}).get("after_days", "") or reader.number(
        settings.lost.after_days or tried.get("fixed", {}).get("after_days") or 90
    )
    return _shown(
        request,
        "start/lost.html",
        "lost",
        error,
        rules=words.rules(settings.lost.rule if typed is None else typed.get("rule", ""), weighed, reader),
        after_days=days,
        reason=reader.say(weighed["reason"]) if weighed else "",
        until=reader.day(weighed["until"]) if weighed else "",
        activity=weighed["activity"] if weighed else "",
        work=import_words.shown_work(kept, reader) if kept and kept.open else None,
        follow=_following(kept.id, "start_lost") if kept and kept.open else "",
        trouble=reader.say(kept.trouble) if kept and kept.trouble and not weighed else "",
        may_weigh=found.has_data and not weighed,
    )


@only(READERS)
@require_safe
def figures(request: Request) -> HttpResponse:
    """Turn the loop, and follow it."""
    settings, reader = request.workspace, request.reader
    run = asked.latest(settings, "run")
    found = begin.begun(settings)
    return _shown(
        request,
        "start/figures.html",
        "figures",
        has_data=found.has_data,
        has_figures=found.has_figures,
        work=import_words.shown_work(run, reader) if run and run.open else None,
        follow=_following(run.id, "overview") if run and run.open else "",
        trouble=reader.say(run.trouble) if run and run.trouble else "",
    )


@only(DECIDERS)
@require_POST
def decide(request: Request, name: str) -> HttpResponse:
    """Keep what a step decides and go on to the next; what cannot be taken is said at its field."""
    if name not in _DECIDE:
        raise Http404(f"the start has no step {name!r}")
    if "later" in request.POST:
        begin.leave_out(request.workspace, name, by_id=person_id(request), now_us=actual_us())
        return HttpResponseRedirect(_next(name))
    try:
        return _DECIDE[name](request)
    except NotSo as error:
        return _AGAIN[name](request, error)


def _decide_workspace(request: Request) -> HttpResponse:
    typed = request.POST.dict()
    begin.decide_workspace(request.workspace, typed, by_id=person_id(request), now_us=actual_us())
    response = HttpResponseRedirect(_next("workspace"))
    _keep_language(request, response, typed.get("language", ""))
    return response


def _keep_language(request: Request, response: HttpResponse, code: str) -> None:
    """The reader's own language, as on the page of preferences; an unknown one changes nothing."""
    if not code or not known_language(code):
        return
    response.set_cookie(LANGUAGE_COOKIE, code, max_age=_ONE_YEAR, httponly=True, samesite="Lax")
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(language=code)


def _decide_customer(request: Request) -> HttpResponse:
    given = request.POST
    begin.decide_customer(
        request.workspace,
        given.get("unit", ""),
        given.get("pays", ""),
        by_id=person_id(request),
        now_us=actual_us(),
    )
    return HttpResponseRedirect(_next("customer"))


def _go_on(request: Request) -> HttpResponse:
    begin.leave_out(request.workspace, "files", by_id=person_id(request), now_us=actual_us())
    return HttpResponseRedirect(_next("files"))


def _decide_lost(request: Request) -> HttpResponse:
    if "weigh" in request.POST:
        work = asked.ask(request.workspace, "weigh", None, by_id=person_id(request), now_us=actual_us())
        return HttpResponseRedirect(_following(work, "start_lost"))
    given = request.POST
    begin.decide_lost(
        request.workspace,
        given.get("rule", ""),
        given.get("after_days", ""),
        activity=given.get("activity", "") if given.get("rule") != "contract" else "",
        by_id=person_id(request),
        now_us=actual_us(),
    )
    return HttpResponseRedirect(_next("lost"))


def _run(request: Request) -> HttpResponse:
    """Ask for a turn of the loop; without any data there is nothing to measure."""
    if not begin.begun(request.workspace).has_data:
        return HttpResponseRedirect(reverse("start_figures"))
    work = asked.ask(request.workspace, "run", None, by_id=person_id(request), now_us=actual_us())
    return HttpResponseRedirect(_following(work, "overview"))


_DECIDE: dict[str, Callable[[Request], HttpResponse]] = {
    "workspace": _decide_workspace,
    "customer": _decide_customer,
    "files": _go_on,
    "lost": _decide_lost,
    "figures": _run,
}
_AGAIN: dict[str, Callable[[Request, NotSo], HttpResponse]] = {
    "workspace": lambda request, error: _workspace(request, request.POST.dict(), error),
    "customer": _customer,
    "lost": lambda request, error: _lost(request, request.POST.dict(), error),
}


def _following(work: int, to: str) -> str:
    return f"{reverse('import_work', args=(work,))}?next={reverse(to)}"


def _next(name: str) -> str:
    """The step after ``name``, whether or not it was taken before."""
    at = STEPS.index(name) + 1
    return reverse(f"start_{STEPS[at]}") if at < len(STEPS) else reverse("start")


def _shown(
    request: Request, template: str, here: str, error: NotSo | None = None, **context: Any
) -> HttpResponse:
    settings = served_workspace()  # as it is after what was just decided
    found = begin.begun(settings)
    steps = words.steps(found, settings, here, request.reader)
    at = next((step for step in steps if step.name == here), None)
    return show(
        request,
        template,
        status=422 if error else 200,
        place="start",
        steps=steps,
        step=at,
        progress_words=words.progress(found, request.reader),
        may_decide=may(request.user, DECIDERS),
        error_field=error.field if error else "",
        error_words=request.reader.say(error.words) if error else "",
        **context,
    )
