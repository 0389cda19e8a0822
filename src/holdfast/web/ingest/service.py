"""The ingest endpoints: a bare ASGI callable for every address that begins with ``/v1/``."""

from __future__ import annotations

import base64
import binascii
import logging
import time
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from holdfast.connectors import segment
from holdfast.connectors.segment import Said
from holdfast.connectors.segment_door import look_at
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.keys import may_come_from
from holdfast.store.door import Call, NotNow, Pass
from holdfast.store.write_keys import INGEST
from holdfast.web.ingest import refusals
from holdfast.web.ingest.answers import (
    Refused,
    Send,
    outcome,
    refused,
    send_answer,
    send_preflight,
    send_refusal,
)
from holdfast.web.ingest.bodies import Gone, Receive, read_body
from holdfast.web.ingest.counters import Counters
from holdfast.web.ingest.group import GroupCommit
from holdfast.web.ingest.keyring import Allowance, Keyring
from holdfast.web.ingest.snippet import SNIPPET_PATH, send_snippet

log = logging.getLogger("holdfast.ingest")

Scope = MutableMapping[str, Any]

ENDPOINTS = {
    **{f"/v1/{name}": name for name in (*segment.KINDS, "batch", "import")},
    # As Segment's own script for browsers shortens them.
    **{f"/v1/{name[0]}": name for name in (*segment.KINDS, "batch") if name != "screen"},
}
"""Address -> what is sent there."""
_PLACES = ", ".join(f"/v1/{name}" for name in (*segment.KINDS, "batch", "import"))

_OF_THE_CALL = {"event_too_large": 413, "too_deep": 400}
"""Limits that a single event breaks for its whole call."""
_STATUS = {"too_many_events": 413}


class Ingest:
    """Takes calls: everything between the request and its answer.

    ``behind_proxy``: a proxy that we know says who the visitor is.
    """

    def __init__(
        self, group: GroupCommit, keyring: Keyring, counters: Counters, *, behind_proxy: bool = False
    ) -> None:
        self._group = group
        self._keyring = keyring
        self._counters = counters
        self._behind_proxy = behind_proxy
        self._allowance = Allowance()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path, method = scope["path"].rstrip("/"), scope["method"]
        if method == "OPTIONS":
            await send_preflight(send)
        elif path == SNIPPET_PATH and method in ("GET", "HEAD"):
            await send_snippet(scope, send)
        else:
            await self._answer(scope, path, receive, send)

    async def _answer(self, scope: Scope, path: str, receive: Receive, send: Send) -> None:
        begun = time.perf_counter()
        problem: Refused | None = None
        try:
            events, rejected = await self._taken(scope, path, receive)
            self._counters.kept(events - len(rejected), len(rejected))
            await send_answer(send, 200, outcome(events - len(rejected), rejected))
        except Gone:
            return
        except Refused as refusal:
            problem = refusal
        except Exception:
            log.exception("a call could not be answered")
            problem = refusals.defect()
        if problem is not None:
            await send_refusal(send, problem, no_body=scope["method"] == "HEAD")
        status, code = (problem.status, problem.refusal.code) if problem else (200, "")
        taken = time.perf_counter() - begun
        self._counters.answered(ENDPOINTS.get(path, "unknown"), status, taken, code)

    async def _taken(self, scope: Scope, path: str, receive: Receive) -> tuple[int, Sequence[Said]]:
        """How many events a call holds that is on disk now, and which are bad. Refuses everything else."""
        endpoint = ENDPOINTS.get(path)
        if endpoint is None:
            raise refusals.no_such_place(scope["path"], _PLACES)
        if scope["method"] != "POST":
            raise refusals.wrong_method(scope["method"], "POST, OPTIONS")
        headers: dict[bytes, bytes] = dict(scope["headers"])
        body = await read_body(headers, receive)
        received_us = time.time_ns() // 1000
        try:
            key = await self._pass(headers, body)
            events, rejected = _looked_at(body, endpoint, received_us, key.browser)
            if key.browser:
                self._check_visitor(key, scope, headers, events)
            if events:
                call = Call(key.key_id, key.source_id, endpoint, key.browser, received_us, events, body)
                if not await self._group.keep(call):
                    raise refusals.no_key(given=True)
        except NotNow as error:
            raise refusals.not_now(error) from error
        return events, rejected

    async def _pass(self, headers: Mapping[bytes, bytes], body: bytes) -> Pass:
        """Whose key came with the call: in the header, else in the body."""
        key = key_of(headers)
        if not key:
            try:
                key = segment.write_key_of(body)
            except Refusal as refusal:
                raise refused(400, refusal) from refusal
        found = await self._keyring.find(key)
        if found is None:
            raise refusals.no_key(given=bool(key))
        if found.scope != INGEST:
            raise refusals.wrong_scope(found.scope)
        return found

    def _check_visitor(self, key: Pass, scope: Scope, headers: Mapping[bytes, bytes], events: int) -> None:
        """Refuse a public key on a page that is not its own, and a visitor who sends too much."""
        origin = headers.get(b"origin", b"").decode("latin-1")
        if not may_come_from(key.origins, origin):
            raise refusals.wrong_site(origin)
        wait = self._allowance.take(
            key.key_id, visitor(scope, headers, self._behind_proxy), events, time.monotonic()
        )
        if wait:
            raise refusals.too_many(wait)


def key_of(headers: Mapping[bytes, bytes]) -> str:
    """The key in the header: the user of Basic authorization, or a bearer's token; "" for none."""
    scheme, _, given = headers.get(b"authorization", b"").decode("latin-1").strip().partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return "?"  # something was given, and it is no key


def visitor(scope: Scope, headers: Mapping[bytes, bytes], behind_proxy: bool) -> str:
    """The address that a call comes from; a proxy that we know says it of those behind it."""
    if behind_proxy and (told := headers.get(b"x-forwarded-for")):
        return told.decode("latin-1").rpartition(",")[2].strip()
    client = scope.get("client")
    return str(client[0]) if client else ""


def _looked_at(body: bytes, endpoint: str, received_us: int, browser: bool) -> tuple[int, Sequence[Said]]:
    """How many events, and which are bad. Refuses the call for its form, and for what breaks a limit."""
    try:
        events, rejected = look_at(body, endpoint=endpoint, received_us=received_us, browser=browser)
    except Refusal as refusal:
        raise refused(_STATUS.get(refusal.code, 400), refusal) from refusal
    for each in rejected:
        if each.refusal is not None and each.refusal.code in _OF_THE_CALL:
            status = _OF_THE_CALL[each.refusal.code]
            raise refused(status, each.refusal, index=each.index, messageId=each.message_id or None)
    return events, rejected
