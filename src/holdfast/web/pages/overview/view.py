"""The overview page: chooses a period, reads what was measured, shows it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.period import Period
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.foresee import reading
from holdfast.services.keep.begin import is_new
from holdfast.services.measure.overview import Overview, overview
from holdfast.settings import Settings
from holdfast.store import alerts_read
from holdfast.web.access import READERS, WRITERS, may, only, portfolio
from holdfast.web.lists import Choice
from holdfast.web.masking import masks
from holdfast.web.pages.at_risk.words import shown_row
from holdfast.web.pages.overview import pictures, words
from holdfast.web.pages.overview.today import today
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.work_words import person_id

PeriodKind = Literal["month", "quarter", "year"]
KINDS: tuple[PeriodKind, ...] = ("month", "quarter", "year")
PERIODS_OFFERED = 36
NEXT_SHOWN = 5
LONGEST_ALERT = 200


@only(READERS)
@require_safe
def first_page(request: Request) -> HttpResponse:
    """The overview is what one sees first; in a workspace that has nothing yet, the guided start."""
    return HttpResponseRedirect(reverse("start" if is_new(request.workspace) else "overview"))


@only(READERS)
@require_safe
def measure(request: Request) -> HttpResponse:
    """One closed period: the last one, or the one that begins on ``?from=``."""
    kind = _kind(request)
    found = overview(request.workspace, kind, start=_start(request))
    reader = request.reader
    if found.period is None:
        return show(request, "overview/nothing.html", place="overview", nothing=found.nothing)
    criteria = reading.read_criteria(request.workspace)
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
        alert_key=_unread_alert(request, found),
        today=today(request, criteria),
        may_work=may(request.user, WRITERS),
        **_charts(found, reader, request.workspace),
        **_next(request, criteria),
    )


@only(READERS)
@require_POST
def alert(request: Request, do: str) -> HttpResponse:
    """Put an alert away for the reader alone, or have it told again."""
    key, person, reader = request.POST.get("alert", ""), person_id(request), request.reader
    if do not in ("read", "unread") or not 0 < len(key) <= LONGEST_ALERT or "\0" in key:
        raise Http404(f"{do} of an alert")
    back = HttpResponseRedirect(reverse("overview"))
    if do == "unread":
        alerts_read.note_unread(request.workspace, person, key)
        return back
    alerts_read.note_read(
        request.workspace, person, key, now_us=int(datetime.now(UTC).timestamp() * 1_000_000)
    )
    undo = reverse("alert", args=["unread"])
    return say_next(back, reader.say(Text("Put away for you.")), undo_url=undo, undo_fields={"alert": key})


def _unread_alert(request: Request, found: Overview) -> str:
    """The name of the alert on the page; "" where there is none, or the reader has put it away."""
    if found.alert is None or found.period is None:
        return ""
    key = f"{found.alert.code}:{found.period.kind}:{found.period.start.isoformat()}"
    return "" if alerts_read.has_read(request.workspace, person_id(request), key) else key


def _next(request: Request, criteria: reading.Criteria) -> dict[str, Any]:
    """Those with most at stake of whom the reader sees, whatever the period, or why nobody knows."""
    workspace, reader = request.workspace, request.reader
    page = reading.at_risk(workspace, top=NEXT_SHOWN, counted=False, among=portfolio(request.user, workspace))
    return {
        "next_rows": [shown_row(masks(request).named(row), criteria, reader) for row in page.rows],
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
