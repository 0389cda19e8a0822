"""Sessions as requests use them: from where, and when last."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from holdfast.store.session_engine import SessionStore
from holdfast.web.visitor import address_of, device_of

BY_ITSELF = frozenset(
    {"news", "inbox_news", "conversation_news", "conversation_answers", "messages_test", "import_work"}
)
"""Addresses that an open page asks for by itself: a page that nobody looks at keeps no session alive."""


class KnowTheBrowser(SessionMiddleware):
    """Middleware: opens the session that a cookie names, and writes down that it was used."""

    def process_request(self, request: HttpRequest) -> None:
        """Say where the request comes from, for whoever lists sessions."""
        super().process_request(request)
        session: Any = request.session
        session.address, session.device = address_of(request), device_of(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep what changed; else move the end of the session along."""
        answered = super().process_response(request, response)
        session = getattr(request, "session", None)
        if isinstance(session, SessionStore) and session.accessed and not session.modified:
            _touch(request, session)
        return answered


def _touch(request: HttpRequest, session: SessionStore) -> None:
    found = request.resolver_match
    if session.get(SESSION_KEY) is None or (found is not None and found.url_name in BY_ITSELF):
        return
    try:
        session.touch()
    except OperationalError:  # a full disk or a busy database: the page was read all the same
        return
