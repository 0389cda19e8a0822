"""Headers that a browser obeys on our behalf."""

from __future__ import annotations

import os
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""Nothing inline, nothing from elsewhere: what a customer typed can never become a script."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{power}=()"
        for power in (
            *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope"),
            *("magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "usb"),
        )
    ),
}

ONE_YEAR = "max-age=31536000"
SUBDOMAINS_VARIABLE = "HOLDFAST_HSTS_SUBDOMAINS"
"""With "yes" browsers are told to reach every name below ours by TLS only, too. Not so by itself: below the
name of a company stand servers of which Holdfast knows nothing, and browsers would not reach them for a year.
"""


def strict_transport() -> str:
    """For how long, and below which names, browsers reach us by TLS only."""
    wanted = os.environ.get(SUBDOMAINS_VARIABLE, "").strip().lower()
    return f"{ONE_YEAR}; includeSubDomains" if wanted == "yes" else ONE_YEAR


class SecurityHeaders:
    """Middleware: the headers on every answer, secure cookies wherever the connection is secure.

    On plain HTTP (127.0.0.1) cookies must do without ``Secure``, else nobody could sign in there.
    Pages are never stored by the browser: after signing out, "back" shows nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the page be made, then put the headers on it."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        response.setdefault("Cache-Control", "no-store")
        if request.is_secure():
            response.setdefault("Strict-Transport-Security", strict_transport())
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response
