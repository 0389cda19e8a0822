"""``/c/<token>``: on to where a link in a mail leads; ``/o/<token>``: a picture of nothing, fetched when a
mail is opened. No sign-in, no cookie, no page of our own.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe

from holdfast.domain.clicks import Forged
from holdfast.domain.moments import actual_us
from holdfast.services.act import clicks
from holdfast.web.access import for_everyone
from holdfast.web.reading import Request

_LONGEST_AGENT = 300
_NOTHING = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
"""A GIF of one transparent point."""


@for_everyone
@require_safe
def click(request: Request, token: str) -> HttpResponse:
    """Lead on, and nowhere else than the mail said: the address is signed."""
    agent = request.headers.get("User-Agent", "")[:_LONGEST_AGENT]
    try:
        link = clicks.followed(
            request.workspace, token, method=str(request.method), agent=agent, now_us=actual_us()
        )
    except Forged as error:
        raise Http404("no link of ours") from error
    response = HttpResponse(status=302)
    response["Location"] = iri_to_uri(link)  # a header takes ASCII only; links are written in any script
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@for_everyone
@require_safe
def picture(request: Request, token: str) -> HttpResponse:
    """A picture of nothing; it is fetched anew each time a mail is opened."""
    agent = request.headers.get("User-Agent", "")[:_LONGEST_AGENT]
    try:
        clicks.opened(request.workspace, token, method=str(request.method), agent=agent, now_us=actual_us())
    except Forged as error:
        raise Http404("no picture of ours") from error
    response = HttpResponse(_NOTHING, content_type="image/gif")
    response["Cache-Control"] = "no-store"
    response["Cross-Origin-Resource-Policy"] = (
        "cross-origin"  # mail programs in browsers show it in their page
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
