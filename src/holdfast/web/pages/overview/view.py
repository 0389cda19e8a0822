"""The overview page: chooses a period, reads what was measured, shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain.period import Period
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.foresee import reading
from holdfast.services.measure.overview import Overview, overview
from holdfast.settings import Settings
from holdfast.web.access import READERS, only
from holdfast.web.pages.at_risk.words import shown_row
from holdfast.web.pages.overview import pictures, words
from holdfast.web.reading import Request
from holdfast.web.show import show

PeriodKind = Literal["month", "quarter", "year"]
KINDS: tuple[PeriodKind, ...] = ("month", "quarter", "year")
PERIODS_OFFERED = 36
NEXT_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a menu."""

    words: str
    url: str
    chosen: bool
    count: str = ""
    theirs: bool = False


@only(READERS)
@require_safe
def first_page(request: Request) -> HttpResponse:
    """The overview is what one sees first."""
    return HttpResponseRedirect(reverse("overview"))


@only(READERS)
@require_safe
def measure(request: Request) -> HttpResponse:
    """One closed period: the last one, or the one that begins on ``?from=``."""
    kind = _kind(request)
    found = overview(request.workspace, kind, start=_start(request))
    reader = request.reader
    if found.period is None:
        return show(request, "overview/nothing.html", place="overview", nothing=found.nothing)
    return show(
        request,
        "overview/overview.html",
        place="overview",
        overview=found,
        sentence=words.sentence(found, reader),
        counted_again=words.counted_again(found, reader),
        kinds=_kinds(kind, reader),
        periods=_periods(found, kind, reader),
        stats=[words.shown_stat(stat, reader) for stat in found.stats],
        ledger=words.shown_ledger(found.ledger, reader),
        currency=words.ledger_currency(found.ledger, reader),
        definitions=[words.shown_definition(line, reader) for line in found.definitions],
        **_charts(found, reader, request.workspace),
        **_next(request.workspace, reader),
    )


def _next(workspace: Settings, reader: Reader) -> dict[str, Any]:
    """Those with most at stake, whatever the period, or why nobody knows."""
    page = reading.at_risk(workspace, top=NEXT_SHOWN)
    criteria = reading.read_criteria(workspace)
    return {
        "next_rows": [shown_row(row, criteria, reader) for row in page.rows],
        "next_reason": reader.say(page.reason) if page.reason else "",
    }


def _charts(found: Overview, reader: Reader, workspace: Settings) -> dict[str, Any]:
    return {
        "churn": pictures.churn_chart(found, reader, workspace.calendar),
        "cohorts": pictures.cohort_chart(found.cohorts, reader, workspace.calendar),
        "lifetime": pictures.lifetime_chart(found.curves, reader),
        "places": [
            (
                words.trait_name(place.trait),
                pictures.place_remark(place, reader),
                pictures.place_chart(place, reader),
            )
            for place in found.places
        ],
    }


def _kind(request: Request) -> PeriodKind:
    wanted = request.GET.get("by", "month")
    for kind in KINDS:
        if kind == wanted:
            return kind
    raise Http404(f"no period is called {wanted!r}")


def _start(request: Request) -> date | None:
    wanted = request.GET.get("from")
    if not wanted:
        return None
    try:
        return date.fromisoformat(wanted)
    except ValueError as error:
        raise Http404(f"{wanted!r} is no date") from error


def _kinds(kind: PeriodKind, reader: Reader) -> list[Choice]:
    names = {"month": Text("Month"), "quarter": Text("Quarter"), "year": Text("Year")}
    return [
        Choice(reader.say(names[each]), f"{reverse('overview')}?{urlencode({'by': each})}", each == kind)
        for each in KINDS
    ]


def _periods(found: Overview, kind: PeriodKind, reader: Reader) -> list[Choice]:
    return [
        Choice(reader.period(period), _url(kind, period), period == found.period)
        for period in found.periods[:PERIODS_OFFERED]
    ]


def _url(kind: PeriodKind, period: Period) -> str:
    return f"{reverse('overview')}?{urlencode({'by': kind, 'from': period.start.isoformat()})}"
