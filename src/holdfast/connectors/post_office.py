"""The demo company's post office: a mail server on this machine that takes every mail, keeps the last ones.

It speaks SMTP on the loopback only, for no customer of a demo company has a mailbox anywhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

HOST = "127.0.0.1"
MOST_KEPT = 500
"""So many mails lie in the folder; older ones are thrown away."""

_LARGEST = 30_000_000
_WITHIN_SECONDS = 20.0


@dataclass(slots=True)
class PostOffice:
    """A running server: its port, where the mails lie (``000001.eml``, ...), and how many it took."""

    port: int
    folder: Path
    taken: int = 0


class _Clerk:
    """Puts every mail into the folder before it says that it was taken."""

    def __init__(self, office: PostOffice) -> None:
        self._office = office

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """A mail came in."""
        office = self._office
        office.taken += 1
        (office.folder / f"{office.taken:06d}.eml").write_bytes(envelope.original_content or b"")
        (office.folder / f"{office.taken - MOST_KEPT:06d}.eml").unlink(missing_ok=True)
        return "250 2.0.0 taken"


@contextmanager
def open_post_office(folder: Path) -> Iterator[PostOffice]:
    """A server with a port of its own until the block ends; mails of earlier ones stay and are counted on."""
    folder.mkdir(parents=True, exist_ok=True)
    before = max((int(path.stem) for path in folder.glob("[0-9]*.eml")), default=0)
    office, ready = PostOffice(0, folder, before), Event()
    ends: Future[Callable[[], None]] = Future()
    thread = Thread(target=_run, args=(office, ready, ends), name="post-office", daemon=True)
    thread.start()
    try:
        if not ready.wait(_WITHIN_SECONDS) or office.port == 0:
            raise OSError(f"no mail server could be started on {HOST}")
        yield office
    finally:
        ends.result(_WITHIN_SECONDS)()
        thread.join(_WITHIN_SECONDS)


def _run(office: PostOffice, ready: Event, ends: Future[Callable[[], None]]) -> None:
    try:
        asyncio.run(_serve(office, ready, ends))
    finally:
        ready.set()


async def _serve(office: PostOffice, ready: Event, ends: Future[Callable[[], None]]) -> None:
    """Serve until the function that ``ends`` gives is called; connections that are open end with it."""
    from aiosmtpd.smtp import SMTP

    loop, over, clerk = asyncio.get_running_loop(), asyncio.Event(), _Clerk(office)
    ends.set_result(partial(_tell, loop, over))

    def counter() -> SMTP:
        return SMTP(clerk, data_size_limit=_LARGEST, enable_SMTPUTF8=True, loop=loop)

    server = await loop.create_server(counter, HOST, 0)
    office.port = server.sockets[0].getsockname()[1]
    ready.set()
    await over.wait()
    server.close()


def _tell(loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(over.set)
