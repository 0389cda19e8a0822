"""The whole service in processes of its own, and calls to it as a sender makes them."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from typing import Any, TypeVar

from holdfast.settings import Settings

T = TypeVar("T")
FAR = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """What came back: ``json`` fails when it is none."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Service:
    """A running service: where it answers, and its first process."""

    url: str
    process: subprocess.Popen[str]

    def call(
        self,
        path: str,
        body: Any = None,
        *,
        key: str = "",
        method: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send bytes as they are and anything else as JSON; a key goes as the user of Basic authorization."""
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        given = dict(headers or {})
        if key:
            given["Authorization"] = f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"
        method = method or ("GET" if body is None else "POST")
        request = urllib.request.Request(  # noqa: S310  (our own address)
            self.url + path, data=sent, headers=given, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                return Answer(response.status, _lower(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, _lower(error.headers), error.read())


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(
    workspace: Settings,
    *,
    worker: bool = False,
    web: int = 1,
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> Iterator[Service]:
    """``holdfast serve`` on a port of its own, ready; ``before`` is called in its first process."""
    port = free_port()
    command = [sys.executable, "-m", "holdfast.web", str(workspace.folder), "127.0.0.1", str(port), "en"]
    command += [str(web), "worker" if worker else "none"]
    environment = {**os.environ, **(env or {})}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=environment, preexec_fn=before
    ) as process:
        try:
            running = Service(f"http://127.0.0.1:{port}", process)
            until(lambda: _is_ready(running), seconds=60)
            yield running
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def run_apart(scenario: Coroutine[Any, Any, T]) -> T:
    """What ``scenario`` answers, in a thread of its own: a test's thread may have an event loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scenario).result()


def until(condition: Callable[[], Any], *, seconds: float = 30) -> Any:
    """What ``condition`` answers, as soon as that is true; fails when it never is."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "that never came true"
        time.sleep(0.02)
    return found


def _is_ready(running: Service) -> bool:
    assert running.process.poll() is None, running.process.stderr and running.process.stderr.read()
    try:
        return running.call("/readyz").status == 200
    except OSError:
        return False


def make_key(workspace: Settings, name: str = "Shop", **given: Any) -> str:
    """A key of this workspace."""
    from holdfast.services.collect.keys import create_key

    return create_key(workspace, name, now=FAR, **given)[1]


def arrived(workspace: Settings) -> list[dict[str, Any]]:
    """The calls that wait to be taken in: where to, and what."""
    from holdfast import store
    from holdfast.store import sql

    store.connect(workspace)
    rows = sql.read("SELECT endpoint, browser, events, payload FROM arrived ORDER BY id")
    return [
        {"endpoint": endpoint, "browser": bool(browser), "events": events, "body": json.loads(bytes(payload))}
        for endpoint, browser, events, payload in rows
    ]
