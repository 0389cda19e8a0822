"""What the palette finds while one types."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from holdfast.settings import Settings
from holdfast.store.customers import CustomerFilter, CustomerSort, ListedCustomer, list_customers
from holdfast.web.access import READERS, only
from holdfast.web.pages.customers.words import shown_customer
from holdfast.web.reading import Request
from holdfast.web.show import show

FOUND_AT_ONCE = 6


@only(READERS)
@require_safe
def find(request: Request) -> HttpResponse:
    """The list below the palette's input: customers whose name begins so, then places."""
    typed = request.GET.get("q", "").strip()
    found = [
        shown_customer(row, request.workspace, request.reader)
        for row in (_customers(request.workspace, typed) if typed else ())
    ]
    return show(request, "find/found.html", found_customers=found)


def _customers(workspace: Settings, typed: str) -> tuple[ListedCustomer, ...]:
    return list_customers(workspace, CustomerFilter(typed), CustomerSort("amount"), limit=FOUND_AT_ONCE).rows
