"""What people do with the contact calendar: plan issues, enter dates of our own, plan segments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.calendar import own
from holdfast.services.act.plays import define, issues
from holdfast.store import contact_calendar
from holdfast.web.access import EXPORTERS, only
from holdfast.web.pages.calendar.plan import plan_page
from holdfast.web.pages.calendar.view import calendar_page
from holdfast.web.reading import Request
from holdfast.web.toasts import say_next
from holdfast.web.watching import changed
from holdfast.web.work_words import email, refused


@only(EXPORTERS)
@require_POST
def plan_issue(request: Request, key: str) -> HttpResponse:
    """Decide what a newsletter says on a day; no template takes the issue away."""
    try:
        found = define.find(request.workspace, key)
    except Refusal as refusal:
        raise Http404(key) from refusal
    on, template = _day(request.POST.get("day", "")), request.POST.get("template", "").strip()
    try:
        issues.plan(request.workspace, found, on, template, by=email(request), now=datetime.now(UTC))
    except Refusal as refusal:
        return calendar_page(request, refused(refusal, request.reader), status=409)
    changed(request, "newsletter_issue.changed", f"play:{found.id}")
    said = Text("The issue is planned.") if template else Text("No issue is planned for that day any more.")
    return _back(request, "contact_calendar", on, said)


@only(EXPORTERS)
@require_POST
def add_date(request: Request) -> HttpResponse:
    """Enter a date of our own."""
    told = request.POST
    first = _day(told.get("day", ""))
    last = _day(told["until"]) if told.get("until") else first
    try:
        number = own.add_date(
            request.workspace,
            told.get("kind", ""),
            told.get("title", ""),
            (first, last),
            told.get("segment", ""),
            by=email(request),
            now=datetime.now(UTC),
        )
    except Refusal as refusal:
        return calendar_page(request, refused(refusal, request.reader), status=409)
    changed(request, "own_date.made", f"own_date:{number}")
    return _back(request, "contact_calendar", first, Text("It stands in the calendar."))


@only(EXPORTERS)
@require_POST
def drop_date(request: Request, number: int) -> HttpResponse:
    """Take a date of our own away."""
    return _dropped(request, contact_calendar.drop_date, "own_date", number, "contact_calendar")


@only(EXPORTERS)
@require_POST
def keep_plan(request: Request) -> HttpResponse:
    """Decide how often a segment is to hear of us."""
    told = request.POST
    days = told.get("days", "").strip()
    try:
        own.keep_plan(
            request.workspace,
            told.get("segment", ""),
            told.get("channel", ""),
            int(days) if days.isdecimal() and len(days) < 6 else 0,
            by=email(request),
            now=datetime.now(UTC),
        )
    except Refusal as refusal:
        return plan_page(request, refused(refusal, request.reader), status=409)
    changed(request, "contact_plan.changed", f"segment:{told.get('segment', '')}")
    return _back(request, "contact_plan", None, Text("The plan is kept."))


@only(EXPORTERS)
@require_POST
def drop_plan(request: Request, number: int) -> HttpResponse:
    """Take a line of the plan away."""
    return _dropped(request, contact_calendar.drop_plan, "contact_plan", number, "contact_plan")


def _dropped(request: Request, drop: Callable[..., bool], what: str, number: int, page: str) -> HttpResponse:
    if not drop(request.workspace, number):
        raise Http404(number)
    changed(request, f"{what}.removed", f"{what}:{number}")
    return _back(request, page, None, Text("It is taken away."))


def _day(written: str) -> date:
    """A day that was typed; one that is none counts as long past, which is refused in words."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return date(1970, 1, 1)


def _back(request: Request, page: str, on: date | None, said: Text) -> HttpResponse:
    day = on.isoformat() if on is not None else request.GET.get("on", "")
    where = f"{reverse(page)}?{urlencode({'on': day})}" if day else reverse(page)
    return say_next(HttpResponseRedirect(where), request.reader.say(said))
