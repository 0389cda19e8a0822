"""``/c/<token>``: on to where a link in a mail leads. No sign-in, no cookie, no page of our own."""

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
