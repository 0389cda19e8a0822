"""The customer list: search, filters, sorts, pages, and the way out as CSV."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.store.customers import (
    CustomerPage,
    count_by_state,
    every_customer,
    facet_counts,
    list_customers,
)
from holdfast.web.access import EXPORTERS, READERS, may, only
from holdfast.web.pages.customers import words
from holdfast.web.pages.customers.asked import Asked, NotUnderstood, read_asked
from holdfast.web.pages.customers.table import csv_lines
from holdfast.web.reading import Request
from holdfast.web.show import show

ROWS = 50


@only(READERS)
@require_safe
def customers(request: Request) -> HttpResponse:
    """One stretch of the list. Eight statements at most, whatever the number of customers."""
    asked = _asked(request)
    reader, workspace = request.reader, request.workspace
    page = list_customers(workspace, asked.wanted, asked.sort, limit=ROWS)
    return show(
        request,
        "customers/list.html" if request.htmx.target == "list" else "customers/customers.html",
        place="customers",
        asked=asked,
        narrowed=bool(asked.wanted.chosen() or asked.wanted.search),
        rows=[words.shown_customer(row, workspace, reader) for row in page.rows],
        heads=words.heads(asked, reader),
        filters=words.filters(asked, facet_counts(workspace, asked.wanted), reader),
        sentence=words.sentence(count_by_state(workspace), reader),
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
    rows = every_customer(request.workspace, asked.wanted)
    response = StreamingHttpResponse(
        csv_lines(rows, request.workspace, request.reader), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="customers.csv"'
    return response


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
