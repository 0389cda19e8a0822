"""``/m/i/<name>``: the pictures of messages, fetched by mail programs of customers, who sign in nowhere."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from holdfast.store import message_images
from holdfast.web.access import for_everyone
from holdfast.web.assets import FOR_EVER
from holdfast.web.reading import Request


@for_everyone
@require_safe
def picture(request: Request, name: str) -> HttpResponse:
    """A picture. Its name is made of its content: it may be kept for ever, by whoever shows mails."""
    found = message_images.content(request.workspace, name)
    if found is None:
        raise Http404(name)
    media_type, content = found
    response = HttpResponse(content, content_type=media_type)
    response["Cache-Control"] = FOR_EVER
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
