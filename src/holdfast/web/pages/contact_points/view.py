"""Contact points to mend: filters, pages, the way out as CSV, and how long silence may last."""

from __future__ import annotations

from dataclasses import replace

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.care import refresh, staleness
from holdfast.store.customers import CustomerFilter, facet_counts
from holdfast.store.point_lists import (
    WORK_STATES,
    PointFilter,
    count_by_state,
    every_point,
    kept_counts,
    list_points,
)
from holdfast.web import watching
from holdfast.web.access import DECIDERS, EXPORTERS, READERS, WRITERS, may, only, portfolio
from holdfast.web.masking import masks
from holdfast.web.pages.contact_points import words
from holdfast.web.pages.contact_points.asked import Asked, NotUnderstood, read_asked
from holdfast.web.pages.contact_points.table import csv_lines
from holdfast.web.pages.views.words import list_views
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.work_words import person_id

ROWS = 50


@only(READERS)
@require_safe
def contact_points(request: Request) -> HttpResponse:
    """One stretch of the list, who is worth most first."""
    return _shown(request, _asked(request))


@only(EXPORTERS)
@require_safe
def export(request: Request) -> StreamingHttpResponse:
    """Everything that the list shows, as CSV, streamed."""
    wanted = _wanted(request, _asked(request))
    watching.saw(request, "contact_points.exported", "contact_points", state=wanted.state)
    response = StreamingHttpResponse(
        csv_lines(every_point(request.workspace, wanted), request.workspace, masks(request)),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="contact-points.csv"'
    return response


@only(DECIDERS)
@require_POST
def stale_after(request: Request) -> HttpResponse:
    """Decide after how many days without a sign of life a contact point is stale."""
    typed = request.POST.get("days", "")
    try:
        staleness.decide(request.workspace, typed)
        watching.changed(request, "stale_after.changed", "setting:stale_after", days=typed[:10])
    except Refusal as refusal:
        said = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.expected)}"
        return _shown(request, Asked(), typed, said, status=422)
    return HttpResponseRedirect(reverse("contact_points"))


def _shown(
    request: Request, asked: Asked, typed: str = "", error: str = "", *, status: int = 200
) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    seen, kept = portfolio(request.user, workspace), kept_counts(workspace)
    counts = kept if seen is None else count_by_state(workspace, sorted(seen))
    rows, more = list_points(workspace, _wanted(request, asked), after=asked.after, limit=ROWS)
    countries = facet_counts(workspace, CustomerFilter(among=seen))["country"]
    days, again = refresh.stale_days_and_again(workspace)
    return show(
        request,
        "contact_points/list.html" if request.htmx.target == "list" else "contact_points/contact_points.html",
        status=status,
        place="customers",
        asked=asked,
        here=asked.address(),
        rows=[words.shown_row(masks(request).point(row), workspace, reader) for row in rows],
        any_work=any(counts.get(state) for state in WORK_STATES),
        judged=bool(kept),
        unclear=counts.get("unclear", 0),
        sentence=words.sentence(counts, reader),
        filters=words.filters(asked, counts, countries, reader),
        views=list_views(request, "contact_points", asked.following(None).query()),
        shown_so_far=words.shown_so_far(len(rows), reader),
        next_url=asked.following(rows[-1].place).address() if more else "",
        first_url=asked.following(None).address() if asked.after else "",
        export_url=asked.following(None).address("contact_points_export"),
        may_export=may(request.user, EXPORTERS),
        may_write=may(request.user, WRITERS) and masks(request).whole,
        may_decide=may(request.user, DECIDERS),
        days=typed or reader.number(days),
        days_plain=days,
        error_words=error,
        again=again,
    )


def _asked(request: Request) -> Asked:
    try:
        return read_asked(request.GET)
    except NotUnderstood as error:
        raise BadRequest(str(error)) from error


def _wanted(request: Request, asked: Asked) -> PointFilter:
    """What is asked for, of the customers whom the reader sees."""
    return replace(asked.wanted(person_id(request)), among=portfolio(request.user, request.workspace))
