"""The customer list: search, filters, sorts, pages, and the way out as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import BadRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.store import segments
from holdfast.store.customers import (
    CustomerFilter,
    CustomerPage,
    count_by_state,
    every_customer,
    facet_counts,
    list_customers,
)
from holdfast.store.segments import KeptSegment
from holdfast.web import watching
from holdfast.web.access import EXPORTERS, READERS, may, only, portfolio
from holdfast.web.masking import masks
from holdfast.web.pages.customers import words
from holdfast.web.pages.customers.asked import Asked, NotUnderstood, read_asked
from holdfast.web.pages.customers.table import csv_lines
from holdfast.web.pages.views.words import list_views
from holdfast.web.reading import Request
from holdfast.web.show import show

ROWS = 50
NO_SEGMENT = 0
"""The number that no segment has."""


@only(READERS)
@require_safe
def customers(request: Request) -> HttpResponse:
    """One stretch of the list. A dozen statements, whatever the number of customers."""
    asked = _asked(request)
    reader, workspace = request.reader, request.workspace
    kept = segments.listed(workspace)
    among, mask = portfolio(request.user, workspace), masks(request)
    wanted = replace(_wanted(asked, kept), among=among)
    page = list_customers(workspace, wanted, asked.sort, limit=ROWS)
    return show(
        request,
        "customers/list.html" if request.htmx.target == "list" else "customers/customers.html",
        place="customers",
        asked=asked,
        narrowed=asked.is_narrowed or among is not None,
        rows=[words.shown_customer(mask.named(row), workspace, reader) for row in page.rows],
        heads=words.heads(asked, reader),
        filters=[
            *words.filters(asked, facet_counts(workspace, wanted), reader),
            *words.segment_filter(asked, kept, reader),
        ],
        views=list_views(request, "customers", asked.from_the_first().query()),
        sentence=words.sentence(count_by_state(workspace, among), reader),
        shown_so_far=words.shown_so_far(page, asked, reader),
        next_url=_next(page, asked),
        first_url=words.address(asked.from_the_first()) if asked.sort.after else "",
        export_url=reverse("customers_export") + asked.from_the_first().query(),
        may_export=may(request.user, EXPORTERS),
    )


@only(EXPORTERS)
@require_safe
def export(request: Request) -> StreamingHttpResponse:
    """Everyone whom the list shows, as CSV, streamed; no cell can become a formula."""
    asked = _asked(request)
    wanted = _wanted(asked, segments.listed(request.workspace))
    wanted = replace(wanted, among=portfolio(request.user, request.workspace))
    watching.saw(request, "customers.exported", "customers", search=bool(wanted.search), **wanted.chosen())
    rows = map(masks(request).named, every_customer(request.workspace, wanted))
    response = StreamingHttpResponse(
        csv_lines(rows, request.workspace, request.reader), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="customers.csv"'
    return response


def _wanted(asked: Asked, kept: Sequence[KeptSegment]) -> CustomerFilter:
    """The filter with the number of its segment; a segment that is gone has nobody in it."""
    if not asked.segment:
        return asked.wanted
    return replace(
        asked.wanted, segment=next((each.id for each in kept if each.key == asked.segment), NO_SEGMENT)
    )


def _asked(request: Request) -> Asked:
    try:
        return read_asked(request.GET)
    except NotUnderstood as error:
        raise BadRequest(str(error)) from error


def _next(page: CustomerPage, asked: Asked) -> str:
    if not page.more:
        return ""
    last = page.rows[-1]
    return words.address(asked.after(last.sort_value(asked.sort.column), last.unit_id))
