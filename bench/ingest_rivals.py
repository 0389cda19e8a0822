"""What the ingest endpoints are compared with: a bare server with the same group commit, a Django view.

``python -m bench.ingest_rivals NAME PORT`` serves one of them for the workspace of the environment.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpRequest, HttpResponse

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

THREADS = 4
_ANSWER = b'{"success":true,"accepted":100,"rejected":[]}'


class Bare:
    """Reads the body, has it on disk by the same group commit, and answers: no key, no look at the events."""

    def __init__(self) -> None:
        from holdfast.store.door import open_door
        from holdfast.web.ingest.group import GroupCommit
        from holdfast.web.workspace import served_workspace

        settings = served_workspace()
        door = open_door(settings)
        self._key = next(each for each in door.passes().values() if each.scope == "ingest")
        door.close()
        self._group = GroupCommit(settings)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one call."""
        from holdfast.store.door import Call

        if scope["type"] == "lifespan":
            await receive()
            self._group.start()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self._group.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
        body, more = b"", scope["method"] == "POST"
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = bool(message.get("more_body"))
        if body:
            now_us = time.time_ns() // 1000
            key = self._key
            await self._group.keep(Call(key.key_id, key.source_id, "batch", False, now_us, 100, body))
        headers = [(b"content-length", str(len(_ANSWER)).encode()), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": _ANSWER})


def bare() -> Bare:
    """The bare server."""
    return Bare()


def django_view() -> WSGIHandler:
    """What one would write first: a view that reads the JSON and calls ``bulk_create``."""
    from django.conf import settings as django_settings
    from django.core.handlers.wsgi import WSGIHandler

    from holdfast.web.workspace import served_workspace

    served_workspace()
    django_settings.ROOT_URLCONF = __name__
    django_settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
    return WSGIHandler()


def take(request: HttpRequest) -> HttpResponse:
    """Check the key, read the events, insert them."""
    import base64
    import hashlib
    import json

    from django.http import JsonResponse

    from holdfast.store.models import LogRow, WriteKey

    if request.method != "POST":
        return JsonResponse({})
    key = base64.b64decode(request.headers["Authorization"].split()[1]).decode().partition(":")[0]
    WriteKey.objects.get(digest=hashlib.sha256(key.encode()).hexdigest(), revoked_us=None)
    now_us = time.time_ns() // 1000
    rows = [
        LogRow(
            event_key=hashlib.sha256(event["messageId"].encode()).digest()[:16],
            message_id=event["messageId"],
            subject_id=int(event["userId"][1:]),
            at_us=now_us,
            known_us=now_us,
            name=event["event"],
            source="bench",
            details=json.dumps(event["properties"]),
        )
        for event in json.loads(request.body)["batch"]
    ]
    LogRow.objects.bulk_create(rows)
    return JsonResponse({"success": True, "accepted": len(rows)})


def _patterns() -> list[Any]:
    from django.urls import re_path

    return [re_path("", take)]


def __getattr__(name: str) -> Any:
    """Django looks for the addresses here, and only the process of its view has Django."""
    if name == "urlpatterns":
        return _patterns()
    raise AttributeError(name)


def main(name: str, port: str) -> None:
    """Serve one of the rivals until told to end."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    threads = {"blocking_threads": THREADS} if name == "django_view" else {}
    Granian(
        f"bench.ingest_rivals:{name}",
        port=int(port),
        interface=Interfaces.WSGI if name == "django_view" else Interfaces.ASGI,
        factory=True,
        log_level=LogLevels.warning,
        **threads,
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
