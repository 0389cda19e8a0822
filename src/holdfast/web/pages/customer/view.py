"""One customer: how they stand, everything that happened, what is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.look_up import CustomerView, customer_of_unit
from holdfast.web.access import READERS, only
from holdfast.web.pages.customer import pictures, words
from holdfast.web.pages.customer.moments import Gap, Moment, moments, with_gaps
from holdfast.web.pages.customer.risk import RiskCard, risk_card
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.workspace import present

if TYPE_CHECKING:
    from holdfast.engines.timeline import Place

EVENTS = 40


@only(READERS)
@require_safe
def customer(request: Request, unit_id: int) -> HttpResponse:
    """The page of one customer; ``?before=`` goes on with the timeline where it ended."""
    workspace, reader, before = request.workspace, request.reader, _before(request)
    now = present(workspace)
    view = _view(request, unit_id, before)
    later_us = before[0] if before else int(now.timestamp() * 1_000_000)
    return show(
        request,
        "customer/timeline.html" if request.htmx.target == "earlier" else "customer/customer.html",
        place="customers",
        name=view.name,
        head_line=words.head_line(view, workspace.zone, reader),
        facts=words.facts(view, now, workspace.zone, reader),
        months=words.timeline(_lines(view, request, later_us), workspace.zone, reader),
        orders_chart=None if before else pictures.orders_chart(view, now, workspace, reader),
        earlier_url=_earlier(view),
        first_url=reverse("customer", args=[unit_id]) if before else "",
        details=words.details(view.profile, reader),
        card=RiskCard("") if before else risk_card(workspace, unit_id, reader),
    )


def _view(request: Request, unit_id: int, before: Place | None) -> CustomerView:
    try:
        return customer_of_unit(
            request.workspace, unit_id, now=present(request.workspace), before=before, limit=EVENTS
        )
    except Refusal as refusal:
        if refusal.code != "no_such_customer":
            raise
        raise Http404(str(refusal)) from refusal


def _lines(view: CustomerView, request: Request, later_us: int) -> Iterator[Moment | Gap]:
    happened = moments(view.timeline.events, view.texts)
    return with_gaps(happened, later_us=later_us, usual_days=words.habit(view, request.workspace.zone))


def _before(request: Request) -> Place | None:
    """The place that the address names: a moment in microseconds and the key of an event."""
    written = request.GET.get("before", "")
    if not written:
        return None
    moment, _, key = written.partition("-")
    try:
        place = int(moment), bytes.fromhex(key)
    except ValueError as error:
        raise BadRequest(f"before={written}") from error
    if not 0 <= place[0] < 2**62:
        raise BadRequest(f"before={written}")
    return place


def _earlier(view: CustomerView) -> str:
    if view.timeline.earlier is None:
        return ""
    at_us, key = view.timeline.earlier
    return f"{reverse('customer', args=[view.unit_id])}?{urlencode({'before': f'{at_us}-{key.hex()}'})}"
