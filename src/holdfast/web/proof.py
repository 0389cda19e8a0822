"""What asks for a fresh proof of who somebody is, and who must set up a second factor first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from holdfast.web.signing import MUST_SET_UP, ours, proved_lately

Answer = Callable[..., HttpResponseBase]


def proved(view: Answer) -> Answer:
    """Let a view answer only to who has proved lately who they are; others are led to do so, and back.

    For what decides who may come in and who sees what: passwords, second factors, people, providers,
    rights. A form that was sent without a proof changes nothing: after the proof its page is shown again.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        if proved_lately(request):
            return view(request, *args, **named)
        return to_page(request, f"{reverse('confirm')}?{urlencode({'next': _page(request)})}")

    return asked


def to_page(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to another page; a swap in place becomes a change of page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _page(request: HttpRequest) -> str:
    """The page to come back to: this one, or the one that the form stood on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    stood_on = urlsplit(request.headers.get("Referer", ""))
    return ours(request, stood_on.path, reverse("own_sign_in"))


ON_THE_WAY = frozenset({"own_factor", "own_codes", "sign_out", "choose", "confirm"})
"""What is open to who has to set up a second factor."""


class SecondFactorFirst:
    """Middleware: whose role needs a second factor sets it up before they see anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand the request on; what is decided is decided per view, below."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Answer, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Lead to the second factor, unless the view is on the way there or open to everyone."""
        if getattr(view, "open_to", None) is None:
            return None
        found = request.resolver_match
        if found is not None and found.url_name in ON_THE_WAY:
            return None
        if not request.session.get(MUST_SET_UP):
            return None
        return to_page(request, reverse("own_factor"))
