"""What one web process answers with: the ingest endpoints by themselves, everything else by Django."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import MutableMapping
from typing import Any

import msgspec

from holdfast.settings import Settings
from holdfast.store.door import NotNow
from holdfast.store.write_keys import METRICS
from holdfast.web import watching
from holdfast.web.bridge import Bridge, Receive, Send
from holdfast.web.ingest import group as limits
from holdfast.web.ingest import refusals
from holdfast.web.ingest.answers import Refused, send_answer, send_refusal
from holdfast.web.ingest.counters import Counters
from holdfast.web.ingest.group import GroupCommit
from holdfast.web.ingest.keyring import Keyring
from holdfast.web.ingest.service import Ingest, key_of
from holdfast.web.metrics import CONTENT_TYPE, metrics

Scope = MutableMapping[str, Any]

_READ_ONLY = ("GET", "HEAD")


class Application:
    """An ASGI application for one workspace; ``pages`` answers what is not for us.

    ``public``: it is reached from elsewhere through a proxy that we know.
    """

    def __init__(self, settings: Settings, pages: Bridge, *, public: bool = False) -> None:
        self._pages = pages
        self._public = public
        self._counters = Counters()
        self._group = GroupCommit(settings)
        self._keyring = Keyring(settings)
        self._ingest = Ingest(self._group, self._keyring, self._counters, behind_proxy=public)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin and end with the process, and answer each request in between."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _live(self, receive: Receive, send: Send) -> None:
        """The events that were given are on disk before the process says that it has ended."""
        await receive()
        self._group.start()
        watching.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._group.stop()
        await self._keyring.close()
        self._pages.close()
        await asyncio.to_thread(watching.stop)
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith("/v1/"):
            await self._ingest(scope, receive, send)
        elif path == "/readyz" and scope["method"] in _READ_ONLY:
            await self._say_whether_ready(send)
        elif path == "/metrics" and scope["method"] in _READ_ONLY:
            await self._say_metrics(scope, send)
        else:
            await self._pages(scope, receive, send)

    async def _say_whether_ready(self, send: Send) -> None:
        """200 when events would be taken now, else 503, with what stands in the way."""
        found = await self._in_the_way()
        body = msgspec.json.encode({"ready": not found, "in_the_way": found})
        await send_answer(send, 503 if found else 200, body)

    async def _in_the_way(self) -> list[str]:
        try:
            ((first, last),) = await self._keyring.read("SELECT MIN(id), MAX(id) FROM arrived")
        except NotNow as error:
            return [error.reason]
        found = []
        if first is not None and last - first >= limits.MOST_ARRIVED:
            found.append("backlog")
        if limits.disk_is_full(self._group.folder):
            found.append("disk_full")
        if self._group.waiting_bytes >= limits.MOST_WAITING_BYTES // 2:
            found.append("queue_full")
        return found

    async def _say_metrics(self, scope: Scope, send: Send) -> None:
        try:
            await self._check_reader(scope)
            page = await metrics(self._counters, self._group.waiting_bytes, self._keyring.read)
        except NotNow as error:
            await send_refusal(send, refusals.not_now(error))
        except Refused as problem:
            await send_refusal(send, problem)
        else:
            await send_answer(send, 200, page, CONTENT_TYPE)

    async def _check_reader(self, scope: Scope) -> None:
        """Measurements tell of the business: they are for this machine, and for who has a key for them."""
        headers = dict(scope["headers"])
        key = key_of(headers)
        if not key and not self._public and _from_this_machine(scope, headers):
            return
        found = await self._keyring.find(key)
        if found is None:
            raise refusals.no_key(given=bool(key), scope=METRICS)
        if found.scope != METRICS:
            raise refusals.wrong_scope(found.scope, METRICS)


def _from_this_machine(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    """Whether nobody else can have asked, neither directly nor through a proxy that stands here."""
    if b"x-forwarded-for" in headers or b"forwarded" in headers:
        return False
    client = scope.get("client")
    try:
        return client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
