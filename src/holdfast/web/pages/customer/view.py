"""One customer: how they stand, everything that happened, what is known."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain.period import day_number
from holdfast.services.collect.timeline import Stretch, timeline
from holdfast.store.customers import ListedCustomer, one_listed
from holdfast.store.profile import profile
from holdfast.web.access import READERS, only
from holdfast.web.pages.customer import words
from holdfast.web.pages.customer.moments import Gap, Moment, moments, usual_distance, with_gaps
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.workspace import present

EVENTS = 40


@only(READERS)
@require_safe
def customer(request: Request, unit_id: int) -> HttpResponse:
    """The page of one customer; ``?before=`` goes on with the timeline where it ended."""
    row = one_listed(request.workspace, unit_id)
    known = profile(request.workspace, unit_id) if row else None
    if row is None or known is None:
        raise Http404(f"no customer {unit_id}")
    before = _before(request)
    stretch = timeline(request.workspace, unit_id, before_us=before, limit=EVENTS)
    reader, now = request.reader, present(request.workspace)
    now_us = int(now.timestamp() * 1_000_000)
    return show(
        request,
        "customer/timeline.html" if request.htmx.target == "earlier" else "customer/customer.html",
        place="customers",
        name=row.name or reader.gettext("Customer without a name"),
        head_line=words.head_line(row, reader),
        facts=words.facts(
            row, request.workspace, day_number(now.astimezone(request.workspace.zone).date()), reader
        ),
        months=words.timeline(_lines(row, stretch, before or now_us), request.workspace.zone, reader),
        earlier_url=_earlier(unit_id, stretch),
        first_url=reverse("customer", args=[unit_id]) if before else "",
        details=words.details(known, row, reader),
    )


def _lines(row: ListedCustomer, stretch: Stretch, later_us: int) -> Iterator[Moment | Gap]:
    usual = usual_distance(row.orders, row.first_day, row.last_day)
    return with_gaps(moments(stretch.events), now_us=later_us, usual_days=usual)


def _before(request: Request) -> int | None:
    written = request.GET.get("before", "")
    if not written:
        return None
    if not written.lstrip("-").isdigit() or abs(int(written)) > 2**62:
        raise BadRequest(f"before={written}")
    return int(written)


def _earlier(unit_id: int, stretch: Stretch) -> str:
    if stretch.earlier_us is None:
        return ""
    return f"{reverse('customer', args=[unit_id])}?{urlencode({'before': stretch.earlier_us})}"
