"""Pages for what cannot be shown: in the look, and saying what to do."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.web.reading import Request
from holdfast.web.show import show

_WORDS: dict[int, tuple[Text, Text]] = {
    400: (
        Text("This request could not be read"),
        Text(
            "The address or the form holds something that this page does not know. Go back and choose again."
        ),
    ),
    403: (
        Text("This is not open to you"),
        Text("Your role does not include it. Whoever runs Holdfast here can change that."),
    ),
    404: (
        Text("There is nothing here"),
        Text("The address leads nowhere; perhaps it was cut, or what it named is gone."),
    ),
    429: (
        Text("Too many pages in too short a time"),
        Text("Wait a few seconds, and load this page again. Nothing was changed."),
    ),
    500: (
        Text("Something broke on our side"),
        Text("It is written to the log of the server. Nothing that you entered was half saved. Try again."),
    ),
}

FORGED = (
    Text("This form was open too long"),
    Text(
        "To protect you, a form is only taken from a page that was opened here a short while ago. "
        "Go back, load the page again, and send it once more."
    ),
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was asked cannot be read."""
    return _refused(request, 400, *_WORDS[400])


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the role does not include it."""
    return _refused(request, 403, *_WORDS[403])


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without, or with a foreign, token."""
    return _refused(request, 403, *FORGED)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing lies there."""
    return _refused(request, 404, *_WORDS[404])


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """429: asked too often; says when to come again."""
    response = _refused(request, 429, *_WORDS[429])
    response["Retry-After"] = str(seconds)
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """500: our mistake. Says so without touching what may be broken."""
    try:
        return _refused(request, 500, *_WORDS[500])
    except Exception:  # the last page there is: whatever broke may break it too
        return HttpResponse(f"{_WORDS[500][0]}. {_WORDS[500][1]}", status=500, content_type="text/plain")


def explained(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """422: what we cannot do, with what was found, what was expected, and the way out."""
    return _refused(request, 422, refusal.found, refusal.expected, refusal.remedy)


def _refused(request: HttpRequest, status: int, title: Text, *words: Text) -> HttpResponse:
    known = cast(Request, request)  # the middleware that makes it one stands before every view
    return show(known, "refused/refused.html", status=status, status_code=status, heading=title, words=words)
