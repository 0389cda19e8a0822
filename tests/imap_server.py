"""An IMAP server of our own on this machine: pymap, by STARTTLS, and over TLS through a door in front."""

from __future__ import annotations

import imaplib
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

from https_server import _certificate as make_certificate

USER, PASSWORD = "help@shop.example", "pass wörd"
AT = datetime(2026, 5, 18, 6, 31, tzinfo=UTC)


@dataclass(frozen=True)
class ImapServer:
    """A running server with one mailbox; ``port`` speaks STARTTLS, ``tls_port`` TLS."""

    port: int
    tls_port: int
    trust: ssl.SSLContext

    owner: imaplib.IMAP4
    """The mailbox as its owner's mail program has it."""

    @contextmanager
    def signed_in(self) -> Iterator[imaplib.IMAP4]:
        """The owner's mail program, in no folder afterwards."""
        yield self.owner
        if self.owner.state == "SELECTED":
            self.owner.close()

    def deliver(self, *mails: bytes, folder: str = "INBOX", at: datetime = AT) -> None:
        """Put mails into a folder."""
        with self.signed_in() as client:
            for mail in mails:
                status, told = client.append(folder, "", imaplib.Time2Internaldate(at), mail)
                assert status == "OK", told

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        """What is marked at each mail of a folder."""
        with self.signed_in() as client:
            client.select(folder, readonly=True)
            _, told = client.fetch("1:*", "(FLAGS)")
            return [line for line in told if isinstance(line, bytes)]


@contextmanager
def serving(folder: Path) -> Iterator[ImapServer]:
    """A server with an empty mailbox, gone at the end."""
    certificate, key = make_certificate(folder)
    port = _free_port()
    start = "import sys; from pymap.main import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "--host", "localhost", "--port", str(port)]
    command += ["--cert", str(certificate), "--key", str(key), "dict"]
    command += ["--demo-user", USER, "--demo-password", PASSWORD]
    log = folder / "imap.log"
    with log.open("wb") as written:
        process = subprocess.Popen(command, stdout=written, stderr=written)
    try:
        _wait_until_it_answers(process, port, log)
        trust = ssl.create_default_context(cafile=str(certificate))
        with _tls_in_front(port, certificate, key) as tls_port, _owner(port, trust) as owner:
            yield ImapServer(port, tls_port, trust, owner)
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def _owner(port: int, trust: ssl.SSLContext) -> Iterator[imaplib.IMAP4]:
    client = imaplib.IMAP4("localhost", port, timeout=20)
    client.starttls(trust)
    secret = f"\0{USER}\0{PASSWORD}".encode()
    client.authenticate("PLAIN", lambda _: secret)
    yield client
    client.logout()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("localhost", 0))
        return int(asked.getsockname()[1])


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends = time.monotonic() + 30
    while time.monotonic() < ends and process.poll() is None:
        with suppress(OSError), socket.create_connection(("localhost", port), 1) as tried:
            tried.settimeout(1)
            if tried.recv(4):
                return
    raise AssertionError(f"the IMAP server does not answer: {log.read_text()[-500:]}")


@contextmanager
def _tls_in_front(port: int, certificate: Path, key: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Door(BaseRequestHandler):
        def handle(self) -> None:
            with (
                suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as outer,
                socket.create_connection(("localhost", port), 10) as inner,
            ):
                back = threading.Thread(target=_pass_on, args=(inner, outer), daemon=True)
                back.start()
                _pass_on(outer, inner)
                back.join(10)

    class Doors(ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Who does not believe our certificate hangs up; nothing is wrong."""

    with Doors(("localhost", 0), Door) as doors:
        thread = threading.Thread(target=doors.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield doors.server_address[1]
        doors.shutdown()
        thread.join(10)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
