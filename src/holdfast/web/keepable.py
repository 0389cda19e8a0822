"""What no database takes: numbers too large are nothing's, and NUL, which nobody types, is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict

LARGEST = 2**63 - 1
"""The largest number that something can have."""

NUL = "\0"


class Keepable:
    """Middleware: an address that names what nothing can be called leads nowhere; NUL is left out of forms.

    The API says itself what is wrong. What is sent to views that read it raw is left as it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand the request on; what an address names is known per view, below."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """``None`` lets the view answer."""
        if "rest" in kwargs:
            return None
        if not all(map(_names_something, kwargs.values())):
            raise Http404("nothing can be called so")
        request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]
        return None


def _names_something(value: object) -> bool:
    return value <= LARGEST if isinstance(value, int) else NUL not in str(value)


def _without_nul(given: QueryDict) -> QueryDict:
    if not any(NUL in name or any(NUL in each for each in values) for name, values in given.lists()):
        return given
    left = QueryDict(mutable=True)
    for name, values in given.lists():
        left.setlist(name.replace(NUL, ""), [each.replace(NUL, "") for each in values])
    return left
