"""``holdfast serve`` as a user starts it, for tests that send to it, kill parts of it, and look after."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from holdfast.settings import Settings


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Service:
    """A running process tree."""

    settings: Settings
    port: int
    process: subprocess.Popen[bytes]
    options: Sequence[str] = ()
    largest_file: int | None = None
    killed: list[int] = field(default_factory=list)

    def parts(self) -> list[int]:
        """The process ids of everything below the first process."""
        return _below(self.process.pid)

    def kill_one(self, choose: random.Random) -> None:
        """Kill -9 one of the parts; the first process starts it again."""
        until = time.monotonic() + 60
        while not (parts := self.parts()) and time.monotonic() < until:
            time.sleep(0.02)
        pid = choose.choice(parts)
        os.kill(pid, signal.SIGKILL)
        self.killed.append(pid)

    def until_it_answers(self, seconds: float = 60) -> None:
        """Wait until the door is open."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError(f"holdfast serve ended with {self.process.returncode}")
            try:
                if get(self.port, "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("holdfast serve does not answer")


@contextmanager
def serving(settings: Settings, *options: str, largest_file: int | None = None) -> Iterator[Service]:
    """A service of its own on a free port, ended after; ``largest_file`` plays the full disk."""
    import resource

    def limited() -> None:
        if largest_file is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    port = free_port()
    command = [str(Path(sys.executable).with_name("holdfast")), "serve", "--workspace", str(settings.folder)]
    log = Path(settings.folder).parent / f"serve-{port}.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*command, "--port", str(port), *options],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            preexec_fn=limited,
        )
        service = Service(settings, port, process, options, largest_file)
        try:
            service.until_it_answers()
            yield service
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def get(port: int, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def post(port: int, path: str, key: str, body: object, *, timeout: float = 20) -> tuple[int, Any]:
    """Status and answer of a call with a write key."""
    from base64 import b64encode

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        secret = b64encode(f"{key}:".encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {secret}"}
        connection.request("POST", path, json.dumps(body).encode(), headers)
        answer = connection.getresponse()
        written = answer.read()
        return answer.status, json.loads(written) if written else None
    finally:
        connection.close()


def _below(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(words[1]) == pid and words[0] != "Z":
            child = int(stat.parent.name)
            found += [child, *_below(child)]
    return found
