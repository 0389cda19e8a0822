"""Identity providers as processes on this machine: one of our own that can lie, one of somebody else's."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

OURS = Path(__file__).with_name("oidc_provider.py")
WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Running:
    """A provider that runs, by its issuer."""

    issuer: str

    def say(self, lie: str = "", *, keys: str = "", **claims: Any) -> None:
        """What ours says from now on of whoever comes."""
        self._ask("POST", "/say", json.dumps({"claims": claims, "lie": lie, "keys": keys}))

    def heard(self) -> list[str]:
        """What ours was asked."""
        found: list[str] = json.loads(self._ask("GET", "/heard")[1])
        return found

    def come_back(self, address: str, **form: str) -> str:
        """Go where we lead somebody, do there what they do, and say where the provider leads back to."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}" == self.issuer
        method = "POST" if form else "GET"
        return self._ask(method, f"{parts.path}?{parts.query}", urlencode(form))[0]

    def know(self, sub: str, **claims: Any) -> None:
        """Make somebody known to the one of somebody else's making."""
        self._ask("PUT", f"/users/{sub}", json.dumps(claims), "application/json")

    def _ask(
        self, method: str, path: str, body: str = "", kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[str, bytes]:
        connection = HTTPConnection(urlsplit(self.issuer).netloc, timeout=WITHIN_SECONDS)
        try:
            connection.request(method, path, body or None, {"Content-Type": kind} if body else {})
            answer = connection.getresponse()
            return answer.getheader("Location") or "", answer.read()
        finally:
            connection.close()


@contextmanager
def our_own() -> Iterator[Running]:
    """The one that lies where it is told to."""
    process = subprocess.Popen(
        [sys.executable, str(OURS)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield Running(process.stdout.readline().strip())
    finally:
        _end(process)


@contextmanager
def of_somebody_else() -> Iterator[Running]:
    """``oidc-provider-mock``, which is made with Authlib's server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "oidc_provider_mock",
            "--port",
            str(port),
            "--require-nonce",
            "true",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    try:
        _wait_for(port, process)
        yield Running(f"http://127.0.0.1:{port}")
    finally:
        _end(process)


def _wait_for(port: int, process: subprocess.Popen[Any]) -> None:
    until = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the provider does not answer")


def _end(process: subprocess.Popen[Any]) -> None:
    process.kill()
    process.wait(30)
    for stream in (process.stdout, process.stdin):
        if stream is not None:
            stream.close()
