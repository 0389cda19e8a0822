"""One customer: how they stand, everything that happened, what is known."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from holdfast.web.access import READERS, only
from holdfast.web.pages.customer.asked import NotUnderstood, read_asked
from holdfast.web.pages.customer.page import page
from holdfast.web.reading import Request


@only(READERS)
@require_safe
def customer(request: Request, unit_id: int) -> HttpResponse:
    """The page of one customer; ``?before=`` goes on with the timeline, ``?kind=`` narrows it."""
    try:
        asked = read_asked(unit_id, request.GET)
    except NotUnderstood as error:
        raise BadRequest(str(error)) from error
    return page(request, asked)
