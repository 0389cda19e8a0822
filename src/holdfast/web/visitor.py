"""Where a request comes from: the address, and the browser by its own account."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from holdfast.settings import public_url

LONGEST_DEVICE = 300


def address_of(request: HttpRequest) -> str:
    """Where the visitor comes from; behind a proxy that we were told of, what it says last."""
    if settings.SECURE_PROXY_SSL_HEADER:
        return str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def device_of(request: HttpRequest) -> str:
    """What the browser calls itself, cut where it goes on for too long."""
    said = request.headers.get("User-Agent", "")
    return "".join(letter for letter in said if letter.isprintable())[:LONGEST_DEVICE]


def our_address(request: HttpRequest) -> str:
    """Where we are reached from outside: as whoever runs Holdfast says, else as this visitor reached us."""
    return public_url() or f"{request.scheme}://{request.get_host()}"
