"""What the palette finds while one types."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from holdfast.web.access import READERS, only
from holdfast.web.pages.find.words import Palette
from holdfast.web.reading import Request
from holdfast.web.show import show

LONGEST = 200


@only(READERS)
@require_safe
def find(request: Request) -> HttpResponse:
    """The list below the palette's field: customers, segments, views, what can be done, places."""
    typed = request.GET.get("q", "")[:LONGEST].replace("\0", "").strip()
    palette = Palette(request.user, request.workspace, request.reader)
    groups = palette.groups(typed, request.GET.get("recent", "").split())
    return show(request, "find/found.html", groups=groups, typed=typed)
