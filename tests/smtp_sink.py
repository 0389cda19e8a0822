"""A mail server of our own: a process that takes every mail and remembers it, and misbehaves where told.

Who is refused and when is decided by the recipient: ``refused@``, ``later@``, ``slow@`` (never answers at the
end), ``lost@`` (takes the mail, then breaks the connection), ``drop@`` (breaks it before the content).
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

_STARTS_WITHIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """One mail as the server took it."""

    sender: str
    to: str
    raw: bytes
    connection: int

    @property
    def message_id(self) -> str:
        found = re.search(rb"(?im)^Message-ID: (<[^>\r\n]+>)", self.raw)
        return found.group(1).decode() if found else ""


@dataclass(frozen=True, slots=True)
class Sink:
    """A running server."""

    port: int
    folder: Path

    def ids(self) -> list[str]:
        """The Message-IDs that arrived, in order: what is written there was acknowledged or about to be."""
        path = self.folder / "ids"
        return path.read_text().split() if path.exists() else []

    def mails(self) -> list[Arrived]:
        """Everything that arrived, in order."""
        path = self.folder / "mails"
        lines = path.read_text().splitlines() if path.exists() else []
        found = []
        for line in lines:
            said = json.loads(line)
            raw = bytes.fromhex(said["raw"])
            found.append(Arrived(said["from"], said["to"], raw, said["connection"]))
        return found

    def connections(self) -> int:
        """How many connections there were."""
        path = self.folder / "connections"
        return len(path.read_bytes()) if path.exists() else 0


@contextmanager
def running(folder: Path, *, latency_seconds: float = 0.0, keep: bool = True) -> Iterator[Sink]:
    """A server in a process of its own; ``keep`` keeps the mails themselves, otherwise only their names."""
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / "port"
    process = subprocess.Popen(
        [sys.executable, __file__, str(folder), str(latency_seconds), "1" if keep else "0"],
        stdin=subprocess.PIPE,
    )
    try:
        until = time.monotonic() + _STARTS_WITHIN_SECONDS
        while not ready.exists():
            assert process.poll() is None, "the mail server did not start"
            assert time.monotonic() < until, "the mail server does not start"
            time.sleep(0.02)
        yield Sink(int(ready.read_text()), folder)
    finally:
        process.kill()
        process.communicate()


_AT_ONCE = {
    "refused": "550 5.1.1 <{address}>: nobody of that name",
    "blocked": "550 5.7.1 your server is on a list of senders of spam",
    "unwanted": "550 rejected by our policy",
    "nobody": "550 no such user here",
    "odd": "550 not today",
    "later": "451 4.7.1 greylisted, come back",
    "full": "452 4.2.2 mailbox full",
}
"""What is said to the recipient's name, by the name."""


class _Handler:
    """Takes mails, and misbehaves as the recipient's name says."""

    def __init__(self, folder: Path, latency: float, keep: bool) -> None:
        self._latency, self._keep = latency, keep
        self._ids = _appending(folder / "ids")
        self._mails = _appending(folder / "mails")

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        name = address.partition("@")[0]
        if name in _AT_ONCE:
            return _AT_ONCE[name].format(address=address)
        if name == "drop":
            server.transport.close()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self._latency:
            await asyncio.sleep(self._latency)
        to = envelope.rcpt_tos[0]
        name = to.partition("@")[0]
        if name == "spam":
            return "554 5.7.1 looks like spam"
        self._remember(envelope, to, session.number)
        if name == "lost":
            server.transport.abort()
        if name == "slow":
            await asyncio.sleep(600)
        return "250 2.0.0 taken"

    def _remember(self, envelope: Any, to: str, connection: int) -> None:
        found = re.search(rb"(?im)^Message-ID: (<[^>\r\n]+>)", envelope.content)
        os.write(self._ids, (found.group(1) if found else b"<none>") + b"\n")
        if self._keep:
            raw = envelope.content.hex()
            said = {"from": envelope.mail_from, "to": to, "raw": raw, "connection": connection}
            os.write(self._mails, json.dumps(said).encode() + b"\n")


def _appending(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)


async def _listen(folder: Path, handler: _Handler) -> None:
    from aiosmtpd.smtp import SMTP

    counted, numbers = _appending(folder / "connections"), count(1)

    class Server(SMTP):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            os.write(counted, b".")
            self.session.number = next(numbers)

    loop = asyncio.get_running_loop()
    listening = socket.create_server(("127.0.0.1", 0))
    await loop.create_server(
        lambda: Server(handler, hostname="sink", enable_SMTPUTF8=True, loop=loop), sock=listening
    )
    beside = folder / ".port"
    beside.write_text(str(listening.getsockname()[1]))
    beside.rename(folder / "port")
    gone = asyncio.Event()
    loop.add_reader(0, lambda: None if os.read(0, 1) else gone.set())
    await gone.wait()  # whoever started it is gone


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    _folder, _latency, _keep = sys.argv[1:]
    asyncio.run(_listen(Path(_folder), _Handler(Path(_folder), float(_latency), _keep == "1")))
