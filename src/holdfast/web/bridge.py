"""Django's pages below an ASGI server: each request in one of a few threads, as under WSGI.

Django's own ASGI handler would give each request a thread of its own and with it a new connection to
the database. These threads live as long as the process and keep theirs.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Protocol

from holdfast.services.full_disk import means_full_disk

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

MOST_BODY_BYTES = 64_000_000
"""What anyone may send to a page; what a page takes of it is its own affair."""
_IN_MEMORY = 1_000_000
TOO_LARGE = "holdfast.too_large"
"""Of a request that was not read, in the environment of its page: how many bytes it said to have."""
NO_ROOM = "holdfast.no_room"
"""Of a request under which the disk became full, in the environment of its page."""


class Room(Protocol):
    """Which requests may be larger than others."""

    def is_for(self, scope: Scope) -> bool:
        """Whether this request may be larger."""

    def most_bytes(self, scope: Scope) -> int:
        """How large it may be; 0 where it may not be larger after all. May ask a database."""

    def folder(self) -> Path:
        """Where its bytes wait."""


class Bridge:
    """An ASGI application made of a WSGI one, with ``threads`` requests at the same time.

    ``room`` says for which requests there is more room than :data:`MOST_BODY_BYTES`, and how much.
    """

    def __init__(self, pages: Wsgi, threads: int, room: Room | None = None) -> None:
        self._pages = pages
        self._room = room
        self._threads = ThreadPoolExecutor(threads, "pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the request whole, have it answered, and pass the answer on as it is made."""
        if self._room is not None and self._room.is_for(scope):
            await self._take_large(self._room, scope, receive, send)
            return
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
            size = await _read_into(body, receive, MOST_BODY_BYTES)
            if size is None:
                return
            if size > MOST_BODY_BYTES:
                await _send_whole(send, 413, [], b"")
                return
            await self._answered(_environ(scope, body, size), body, send)

    async def _take_large(self, room: Room, scope: Scope, receive: Receive, send: Send) -> None:
        """A request that may be large: what says to be too large is not read, and the page says so."""
        loop = asyncio.get_running_loop()
        most = await loop.run_in_executor(self._threads, room.most_bytes, scope) or MOST_BODY_BYTES
        claimed = _claimed(scope)
        body = tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(room.folder()))  # noqa: SIM115
        try:
            size = claimed if claimed > most else await _read_into(body, receive, most)
            if size is None:
                return
            environ = _environ(scope, body, size if size <= most else 0)
            if size > most:
                body.truncate(0)
                environ[TOO_LARGE] = size
            await self._answered(environ, body, send)
        except OSError as error:
            if not means_full_disk(error):
                raise
            await self._answered(_environ(scope, io.BytesIO(), 0) | {NO_ROOM: True}, io.BytesIO(), send)
        finally:
            with suppress(OSError):  # where the disk is full, what is still to be written cannot be
                body.close()

    async def _answered(self, environ: dict[str, Any], body: IO[bytes], send: Send) -> None:
        body.seek(0)
        loop = asyncio.get_running_loop()
        answering = _Answering(self._pages, environ, send, loop)
        await loop.run_in_executor(self._threads, answering.run)
        await answering.rest()

    def close(self) -> None:
        """End the threads once they have answered."""
        self._threads.shutdown()


class _Answering:
    """One request, answered in a thread; a short answer is handed over whole, a long one piece by piece."""

    def __init__(
        self, pages: Wsgi, environ: dict[str, Any], send: Send, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._pages = pages
        self._environ = environ
        self._send = send
        self._loop = loop
        self._status = 500
        self._headers: list[tuple[bytes, bytes]] = []
        self._whole: bytes | None = None

    def run(self) -> None:
        """In the thread: make the answer, and send it if it comes in pieces."""
        answer = self._pages(self._environ, self._start)
        try:
            if getattr(answer, "streaming", True):
                self._stream(answer)
            else:
                self._whole = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()

    async def rest(self) -> None:
        """In the event loop: send what the thread has left to send."""
        if self._whole is not None:
            await _send_whole(self._send, self._status, self._headers, self._whole)

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self._status = int(status.split(" ", 1)[0])
        self._headers = [
            (name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers
        ]

    def _stream(self, pieces: Iterable[bytes]) -> None:
        begun = False
        for piece in pieces:
            if not begun:
                self._now({"type": "http.response.start", "status": self._status, "headers": self._headers})
                begun = True
            self._now({"type": "http.response.body", "body": piece, "more_body": True})
        if begun:
            self._now({"type": "http.response.body", "body": b""})
        else:
            self._whole = b""

    def _now(self, message: MutableMapping[str, Any]) -> None:
        """Send and wait until it is sent, so that a slow reader does not fill our memory."""

        async def sent() -> None:
            await self._send(message)

        asyncio.run_coroutine_threadsafe(sent(), self._loop).result()


async def _send_whole(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _claimed(scope: Scope) -> int:
    """How many bytes the request says that it has; 0 where it says nothing that can be understood."""
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(said) if said.isdigit() else 0


async def _read_into(body: IO[bytes], receive: Receive, most: int) -> int | None:
    """How long the body is; ``None`` when the visitor left. What is too long is not kept."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        piece = message.get("body", b"")
        size += len(piece)
        if size <= most:
            body.write(piece)
        if not message.get("more_body"):
            return size


def _environ(scope: Scope, body: IO[bytes], size: int) -> dict[str, Any]:
    """The request as WSGI describes it.

    A header with an underscore would get the name of one with a dash, and could pass for what only a
    proxy may say: it is left out, as every web server does.
    """
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or 80),
        "REMOTE_ADDR": str(client[0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        written = name.decode("latin-1")
        if "_" in written:
            continue
        plain = written.upper().replace("-", "_")
        key = plain if plain in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{plain}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        given = value.decode("latin-1")
        environ[key] = f"{environ[key]}{joint}{given}" if key in environ else given
    environ["CONTENT_LENGTH"] = str(size)
    return environ
