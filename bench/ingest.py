"""Events arriving over HTTP, acknowledged when they are on disk: how many, and how long an answer takes."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.ingest_load import EVENTS
from bench.measuring import Line
from holdfast.settings import Settings, read_settings, write_settings

ROUNDS = 3
SECONDS = 4.0
PACE_SECONDS = {"small": 20.0, "large": 120.0}
EVENTS_A_SECOND = 2_000
OURS, BARE, DJANGO = "ours", "bare", "django_view"


@dataclass(frozen=True)
class Company:
    """A workspace with a key, and the database that it is on."""

    folder: Path
    key: str


def run(size: str, folder: Path) -> list[Line]:
    """Batches of 100: throughput beside two rivals, then answers at 2,000 events a second with the worker."""
    lines = _of(folder / "sqlite", "SQLite", "", size)
    with _postgresql() as url:
        if url:
            lines += _of(folder / "postgresql", "PostgreSQL", url, size)
    return lines


def _of(folder: Path, database: str, url: str, size: str) -> list[Line]:
    company = _company(folder, url)
    rates: dict[str, list[float]] = {OURS: [], BARE: [], DJANGO: []}
    for _ in range(ROUNDS):
        for name, measured in rates.items():
            with _serving(company, name) as port:
                told = _load(port, company.key, SECONDS, 0)
            measured.append(told["calls"] * EVENTS / told["seconds"])
            _forget(company)
    ours, bare, django = (statistics.median(rates[name]) for name in (OURS, BARE, DJANGO))
    beside_django, beside_bare = ours / django, ours / bare
    name = f"ingest, batches of 100, durable on {database}"
    lines = [
        Line(name, ours, "events/s", f"a Django bulk_create view ({django:,.0f})", beside_django,
             "at least 3x, goal 5x", beside_django >= 3),
        Line(name, ours, "events/s", f"bare ASGI, same group commit ({bare:,.0f})", beside_bare,
             "at least 0.4x", beside_bare >= 0.4),
    ]  # fmt: skip
    with _serving(company, OURS, worker=True) as port:
        _load(port, company.key, 2, EVENTS_A_SECOND / EVENTS)
        told = _load(port, company.key, PACE_SECONDS[size], EVENTS_A_SECOND / EVENTS)
    p99 = _quantile(told["took"], 0.99)
    words = f"answer at {EVENTS_A_SECOND:,} events/s, worker on, {database}, p99"
    half = _quantile(told["took"], 0.5)
    return [
        *lines,
        Line(words, p99, "ms", f"its median ({half:.1f} ms)", p99 / half, "under 300 ms", p99 < 300),
    ]


def _quantile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def _company(folder: Path, url: str) -> Company:
    from datetime import UTC, datetime

    from holdfast import store
    from holdfast.services.collect.keys import create_key

    settings = Settings(folder, currency="EUR", database_url=url)
    write_settings(settings)
    store.connect(settings)
    _, key = create_key(settings, "Bench", now=datetime.now(UTC))
    return Company(folder, key)


def _forget(company: Company) -> None:
    """Take out what one round brought: the next finds what the first found."""
    from holdfast import store
    from holdfast.store import sql

    store.connect(read_settings(company.folder))
    for table in ("arrived", "log_row"):
        sql.write(f"DELETE FROM {table}")


@contextmanager
def _serving(company: Company, name: str, *, worker: bool = False) -> Iterator[int]:
    """One of the servers in processes of its own, on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    ours = [str(company.folder), "127.0.0.1", str(port), "en", "1", "worker" if worker else "none"]
    module = ["holdfast.web", *ours] if name == OURS else ["bench.ingest_rivals", name, str(port)]
    environment = os.environ | {"HOLDFAST_WORKSPACE": str(company.folder)}
    with subprocess.Popen(
        [sys.executable, "-m", *module], env=environment, stderr=subprocess.PIPE
    ) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/healthz")
            yield port
        finally:
            process.terminate()
            process.communicate()


def _wait(url: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  (our own address)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _load(port: int, key: str, seconds: float, calls_a_second: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.ingest_load", str(port), key, str(seconds), str(calls_a_second)]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer


@contextmanager
def _postgresql() -> Iterator[str]:
    """A server of our own that syncs to disk as one in use would; "" where there is none to start."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    try:
        import postgresql_server as servers
    except ImportError:
        yield ""
        return
    try:
        servers.find_binaries()
    except Exception:
        yield ""
        return
    with servers.running(durable=True) as server:
        yield server.create("bench")
