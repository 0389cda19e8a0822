"""Notes what people see and change in the audit trail, without letting a page wait for it.

:class:`NoteDeeds` notes for every page: whoever opens something of a customer has seen them, whoever
sends a form that is taken has changed something, and whoever is refused was refused. A view that has more
to say says it itself; then nothing is added.

What is changed is noted at once: the page answers when it is on disk. What is only seen is handed to a
thread of the process, which writes what has gathered in one go, four times a second; when the process ends
it writes the rest. Where no such thread runs (commands, tests), it is written at once too.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from holdfast.domain.audit import BY_ITSELF, Deed, Value
from holdfast.settings import Settings
from holdfast.store import audit
from holdfast.web.pace import EXPORTS
from holdfast.web.workspace import served_workspace

EVERY_SECONDS = 0.25
MOST_WAITING = 20_000
"""So many notes may wait for a database that does not answer; how many more there were is noted later."""
_AT_ONCE = 500
_LONGEST = 60
_NOTED = "_holdfast_noted"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_KINDS = {
    "unit_id": "customer",
    "left": "customer",
    "conversation_id": "conversation",
    "merge_id": "merge",
    "text_id": "text",
}
_TELLING = ("do", "kind", "trait", "person", "role", "what", "days", "segment", "owner", "state")
"""Fields of forms that say what was done, and nothing about a person."""

NOT_NOTED = frozenset(
    {
        "news", "conversation_news", "inbox_news",  # asked by the page itself, which was noted
        "conversation_answers", "messages_test", "template_try",
        "conversation_read", "choose", "sign_in", "sign_out", "find",
        # Noted by services/people, with more to say.
        "sign_in_code", "sign_in_with", "sign_in_back", "forgotten", "new_password", "invitation",
        "own_name", "own_password", "own_factor", "own_codes", "own_factor_off", "own_end_sessions",
        "own_link", "own_unlink", "invite_person", "revoke_invitation", "colleague_do", "sign_in_rules",
        "provider_add", "provider", "provider_do",
    }
)  # fmt: skip
"""Routes that say nothing of what somebody did, or are noted elsewhere; who is refused there is noted."""


def saw(request: HttpRequest, did: str, about: str, **details: Value) -> None:
    """Somebody saw something: a customer, a list, an export. Costs the page some microseconds."""
    deed = _deed(request, did, about, details)
    if deed is None:
        return
    if _watch is None:
        audit.note_all(served_workspace(), [deed])
    else:
        _watch.add(deed)


def changed(request: HttpRequest, did: str, about: str, **details: Value) -> None:
    """Somebody changed something: noted before the page answers, in the transaction that is open."""
    deed = _deed(request, did, about, details)
    if deed is not None:
        audit.note_all(served_workspace(), [deed])


def tried(request: HttpRequest) -> None:
    """What was sent was only tried, or could not be: nothing was changed, and nothing is noted."""
    setattr(request, _NOTED, True)


def note(workspace: Settings, deed: Deed, *, at_once: bool) -> None:
    """A deed of whoever is not signed in on a page (a key of the API); what is only seen may wait."""
    if at_once or _watch is None:
        audit.note_all(workspace, [deed])
    else:
        _watch.add(deed)


def _deed(request: HttpRequest, did: str, about: str, details: dict[str, Value]) -> Deed | None:
    who = request.user.pk if request.user.is_authenticated else None
    if who is None:
        return None
    setattr(request, _NOTED, True)
    at_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    return Deed(int(who), did, about, at_us, details)


class NoteDeeds:
    """Middleware: every page that says nothing itself is noted by its name and what its address names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the page be made, and note what it was."""
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None and match.url_name and not getattr(request, _NOTED, False):
            _note(request, match.url_name, match.kwargs, response.status_code)
        return response


def _note(request: HttpRequest, route: str, named: Mapping[str, Any], status: int) -> None:
    about = _about(route, named)
    if status == HTTPStatus.FORBIDDEN:
        saw(request, "access.refused", f"page:{route}", method=request.method or "")
    elif route in NOT_NOTED:
        return
    elif request.method in _SAFE:
        if status == HTTPStatus.OK and route in EXPORTS:
            saw(request, f"{route}.exported", about)
        elif status == HTTPStatus.OK and "unit_id" in named:
            saw(request, "customer.seen", about, page=route)
    elif status < HTTPStatus.BAD_REQUEST:
        changed(request, f"{route}.done", about, **_said(request, named))


def _about(route: str, named: Mapping[str, Any]) -> str:
    """What an address names: a customer before anything of theirs, else the last of its names."""
    for name, kind in _KINDS.items():
        if name in named:
            return f"{kind}:{named[name]}"
    values = [str(value) for name, value in named.items() if name != "do"]
    return f"{route}:{values[-1]}" if values else route


def _said(request: HttpRequest, named: Mapping[str, Any]) -> dict[str, Value]:
    """What says which of several things was done; nothing that anybody typed about a customer."""
    said: dict[str, Value] = {
        name: value for name, value in named.items() if name not in _KINDS and isinstance(value, str | int)
    }
    return said | {
        name: request.POST[name][:_LONGEST] for name in _TELLING if name in request.POST and name not in said
    }


class Watch:
    """The thread that writes, and what waits for it."""

    def __init__(self) -> None:
        self._waiting: deque[Deed] = deque()
        self._lost = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def add(self, deed: Deed) -> None:
        """Let a deed be noted soon."""
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(deed)
        else:
            self._lost += 1

    def stop(self) -> None:
        """Write what waits, and end; gives up after a few seconds where the database does not answer."""
        self._ending.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._ending.wait(EVERY_SECONDS):
            self.write()
        self.write()
        with contextlib.suppress(Exception):
            from django.db import connection

            connection.close()

    def write(self) -> None:
        """Write what waits, in groups; what cannot be written now waits on."""
        while self._waiting or self._lost:
            lost, group = (
                self._lost,
                [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))],
            )
            if lost:
                group.append(_lost_note(lost))
            try:
                audit.note_all(served_workspace(), group)
            except Exception:  # the database is away, locked or full: later
                self._waiting.extendleft(reversed(group[: len(group) - bool(lost)]))
                return
            self._lost -= lost


def _lost_note(count: int) -> Deed:
    at_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    return Deed(None, "audit.lost", "audit", at_us, {"notes": count}, BY_ITSELF)


_watch: Watch | None = None


def start() -> None:
    """Let a thread of this process write from now on."""
    global _watch
    if _watch is None:
        _watch = Watch()
        _watch.start()


def stop() -> None:
    """Write what waits; the process ends."""
    global _watch
    if _watch is not None:
        _watch.stop()
        _watch = None
