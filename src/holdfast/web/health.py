"""Says whether this process can answer."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from holdfast.web.access import for_everyone


@for_everyone
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """``ok`` when the database answers; the database's own error becomes a 500."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
