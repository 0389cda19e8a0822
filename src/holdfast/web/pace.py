"""How often somebody may ask for pages: 429 with the time to wait, before the page looks anything up.

What has limits of its own is left to them: deliveries, the chat, the API. Signing in is slowed down besides.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from holdfast.web.limits import Buckets
from holdfast.web.visitor import address_of

people = Buckets(per_second=50, burst=500)
"""How often one person may ask one process."""

visitors = Buckets(per_second=5, burst=200)
"""How often one address may ask without sign-in: invitations, preferences, forgotten passwords."""

exports = Buckets(per_second=0.2, burst=20)
"""How often one person may begin to carry something out of the house."""

OWN_LIMITS = frozenset({"asset", "healthz", "hook", "chat", "chat_script", "in_app", "in_app_script", "api"})
EXPORTS = frozenset(
    {
        "customers_export", "contact_points_export", "segment_export", "export_risks", "person_export",
        "audit_export", "import_rejects", "dashboard_export", "export_ask", "team_report_file",
    }
)  # fmt: skip


class KeepPace:
    """Middleware: who asks too often is told when to come again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand the request on; what is counted is known per view, below."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """``None`` lets the view answer."""
        route = request.resolver_match.url_name if request.resolver_match else None
        if route in OWN_LIMITS:
            return None
        for buckets, key in _counted(request, route or ""):
            if not buckets.take(key, time.monotonic()):
                return _too_many(request, math.ceil(1 / buckets.per_second))
        return None


def _counted(request: HttpRequest, route: str) -> list[tuple[Buckets, str]]:
    """The buckets that a request takes a drop from, and whose they are."""
    here = str(request.workspace.folder)  # type: ignore[attr-defined]
    if request.user.is_authenticated:
        key = f"{here} {request.user.pk}"
        return [(people, key), *([(exports, key)] if route in EXPORTS else [])]
    address = address_of(request)
    return [] if is_this_machine(address) else [(visitors, f"{here} {address}")]


def is_this_machine(address: str) -> bool:
    """A proxy that we were not told of makes everybody come from here: they cannot be told apart."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _too_many(request: HttpRequest, seconds: int) -> HttpResponseBase:
    from holdfast.web.pages.refused.view import too_many

    return too_many(request, seconds)
