"""What was just done, said once on the next page, with a way to undo it where there is one.

The words travel in a signed cookie for a minute: nothing is kept on the server, and it works without a
script. Undoing is a form of its own, sent with its token like every other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "holdfast_said"
SALT = "holdfast.said"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Toast:
    """What was done, in the reader's words; ``undo_url`` is where a form undoes it, "" where nothing does.

    ``undo_fields`` go with that form.
    """

    words: str
    undo_url: str = ""
    undo_fields: Mapping[str, str] = field(default_factory=dict)


def say_next(
    response: HttpResponse, words: str, *, undo_url: str = "", undo_fields: Mapping[str, str] | None = None
) -> HttpResponse:
    """Have the next page say ``words`` and offer to undo; the same response."""
    written = signing.dumps([words, undo_url, dict(undo_fields or {})], salt=SALT, compress=True)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(COOKIE, written, max_age=SECONDS, httponly=True, secure=secure, samesite="Lax")
    return response


def to_say(request: HttpRequest) -> Toast | None:
    """What this page has to say; ``None`` where there is nothing, or what came is not ours."""
    written = request.COOKIES.get(COOKIE)
    if not written:
        return None
    try:
        words, undo_url, undo_fields = signing.loads(written, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return Toast(words, undo_url, undo_fields)


def is_said(response: HttpResponse) -> None:
    """The page has said it: once is enough."""
    response.delete_cookie(COOKIE, samesite="Lax")
