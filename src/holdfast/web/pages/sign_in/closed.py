"""A link or a way in that does not open: a page that says which, and what helps."""

from __future__ import annotations

from django.http import HttpResponse

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.web.reading import Request
from holdfast.web.show import show

_GONE = frozenset({"used_link", "expired_link", "revoked_link"})


def closed(request: Request, refusal: Refusal, *, heading: Text | None = None) -> HttpResponse:
    """404 for a link that was never ours, 410 for one that is over, 403 for who is not let in."""
    status = 404 if refusal.code == "forged_link" else 410 if refusal.code in _GONE else 403
    if heading is None:
        heading = Text("This link opens nothing") if status != 403 else Text("You were not let in")
    return show(
        request,
        "sign_in/closed.html",
        status=status,
        heading=heading,
        words=(refusal.found, refusal.expected, refusal.remedy),
    )


def said(request: Request, refusal: Refusal) -> str:
    """A refusal beside its field: what was found and what was expected."""
    return f"{request.reader.say(refusal.found)} {request.reader.say(refusal.expected)}"
