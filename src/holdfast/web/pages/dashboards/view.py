"""Dashboards as people look at them, and the page on which one is put together."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain.dashboards import (
    EVERY,
    LOOK_BACK,
    PERIOD_KINDS,
    TILE_KINDS,
    TILE_SIZES,
    TRAITS,
)
from holdfast.domain.period import Period, day_number
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.prove.look import Look, look, offered
from holdfast.store import dashboards, digests, segments
from holdfast.store.dashboards import Dashboard
from holdfast.store.models import User
from holdfast.web.access import DECIDERS, EXPORTERS, READERS, may, only, portfolio
from holdfast.web.lists import Choice
from holdfast.web.masking import masks
from holdfast.web.pages.dashboards import words
from holdfast.web.pages.dashboards.words import Reading
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.work_words import Typed, choices, colleagues, person_id
from holdfast.web.workspace import present

PERIODS_OFFERED = 36


@only(READERS)
@require_safe
def dashboard_list(request: Request) -> HttpResponse:
    """One's own dashboards, and those that others share."""
    return list_page(request)


def list_page(request: Request, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The list; ``wrong`` says what could not be done."""
    me = person_id(request)
    found = dashboards.listed(request.workspace, me)
    return show(
        request,
        "dashboards/dashboards.html",
        status=status,
        place="reports",
        found=[(each, _tiles_words(each, request.reader)) for each in found],
        me=me,
        may_make=may(request.user, EXPORTERS),
        wrong=wrong,
    )


def _tiles_words(dashboard: Dashboard, reader: Reader) -> str:
    return reader.say(Text("{n} tile", "{n} tiles", n=len(dashboard.tiles)))


@only(READERS)
@require_safe
def dashboard(request: Request, dashboard_id: int) -> HttpResponse:
    """One dashboard for a period: the last one that is over, or the one that begins on ``?from=``."""
    found = seen_dashboard(request, dashboard_id)
    reader, workspace = request.reader, request.workspace
    who = reading(request)
    seen = look(workspace, found, start=_start(request), today=who.today)
    return show(
        request,
        "dashboards/dashboard.html",
        place="reports",
        dashboard=found,
        look=seen,
        tiles=words.shown(seen, who),
        periods=_periods(found, seen, reader),
        period=reader.period(seen.period) if seen.period else "",
        about=_about(found, seen, reader),
        mine=found.person_id == person_id(request),
        may_make=_may_change(request, found),
        may_export=may(request.user, EXPORTERS),
        company=workspace.name,
    )


@only(EXPORTERS)
@require_safe
def edit(request: Request, dashboard_id: int) -> HttpResponse:
    """The page on which a dashboard is put together."""
    return edit_page(request, changeable(request, dashboard_id))


def edit_page(
    request: Request,
    found: Dashboard,
    wrong: str = "",
    typed: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page, with what could not be done."""
    workspace, reader, who = request.workspace, request.reader, reading(request)
    seen = look(workspace, found, today=who.today)
    offers = offered(workspace, found.period_kind)
    return show(
        request,
        "dashboards/edit.html",
        status=status,
        place="reports",
        dashboard=found,
        tiles=words.shown(seen, who),
        kinds=choices(TILE_KINDS, reader),
        sizes=choices(TILE_SIZES, reader),
        figures=words.choices(offers, reader),
        grouped=words.choices([each for each in offers if each.grouped], reader),
        traits=choices(TRAITS, reader),
        segments=[(each.key, each.title) for each in segments.listed(workspace)],
        period_kinds=choices(PERIOD_KINDS, reader),
        look_back=[(n, reader.number(n)) for n in LOOK_BACK],
        every=choices(EVERY, reader),
        digests=digests.of_dashboard(workspace, found.id),
        weekdays=weekdays(reader),
        people=colleagues(workspace),
        me=person_id(request),
        wrong=wrong,
        typed=Typed(typed or {}),
    )


def weekdays(reader: Reader) -> list[tuple[int, str]]:
    """The days of the week, from Monday, as the reader calls them."""
    from babel.dates import format_date

    monday = date(2026, 11, 16)
    locale = reader.language.locale
    return [
        (n, format_date(date.fromordinal(monday.toordinal() + n), "EEEE", locale=locale)) for n in range(7)
    ]


def seen_dashboard(request: Request, dashboard_id: int, *, deleted: bool = False) -> Dashboard:
    """The dashboard, where there is one that this reader may look at; with ``deleted`` also one that is."""
    found = dashboards.one(request.workspace, dashboard_id)
    if found is None or not found.is_seen_by(person_id(request)):
        raise Http404(str(dashboard_id))
    if found.deleted_us is not None and not deleted:
        raise Http404(str(dashboard_id))
    return found


def changeable(request: Request, dashboard_id: int, *, deleted: bool = False) -> Dashboard:
    """The dashboard, where this reader may change it: its maker, and for shared ones who decides."""
    found = seen_dashboard(request, dashboard_id, deleted=deleted)
    if not _may_change(request, found):
        raise Http404(str(dashboard_id))
    return found


def _may_change(request: Request, found: Dashboard) -> bool:
    return may_change(request.user, found)


def may_change(person: User | AnonymousUser, found: Dashboard) -> bool:
    """Whether somebody may change a dashboard: its maker, and for shared ones who decides."""
    if not may(person, EXPORTERS):
        return False
    mine = found.person_id is not None and found.person_id == person.pk
    return mine or (found.shared and may(person, DECIDERS))


def reading(request: Request) -> Reading:
    """Who looks, on which day."""
    workspace = request.workspace
    now: datetime = present(workspace)
    return Reading(
        workspace,
        request.reader,
        masks(request),
        portfolio(request.user, workspace),
        day_number(now.astimezone(workspace.zone).date()),
    )


def _start(request: Request) -> date | None:
    wanted = request.GET.get("from")
    if not wanted:
        return None
    try:
        return date.fromisoformat(wanted)
    except ValueError as error:
        raise Http404(f"{wanted!r} is no date") from error


def _periods(found: Dashboard, seen: Look, reader: Reader) -> list[Choice]:
    def address(period: Period) -> str:
        query = urlencode({"from": period.start.isoformat()})
        return f"{reverse('dashboard', args=[found.id])}?{query}"

    return [
        Choice(reader.period(each), address(each), each == seen.period)
        for each in seen.periods[:PERIODS_OFFERED]
    ]


def _about(found: Dashboard, seen: Look, reader: Reader) -> str:
    """Of whom a dashboard tells, where that is not everybody."""
    if not found.segment_key:
        return ""
    if seen.segment is None:
        return reader.gettext("Its segment is not there any more: choose another one.")
    if seen.waiting:
        return reader.say(
            Text(
                "The figures of the segment “{title}” are being computed; they are here in some minutes.",
                title=seen.segment.title,
            )
        )
    if seen.failed:
        return reader.say(
            Text(
                "The figures of the segment “{title}” could not be computed. They are tried again after "
                "the next run of the loop.",
                title=seen.segment.title,
            )
        )
    return reader.say(
        Text(
            "Of the {n} customer who is in the segment “{title}” now.",
            "Of the {n} customers who are in the segment “{title}” now.",
            n=seen.customers or 0,
            title=seen.segment.title,
        )
    )
