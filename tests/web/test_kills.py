"""Web processes and worker killed (-9) under load: what was acknowledged is there, once (A2)."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.collect.keys import create_key
from holdfast.services.visible import finished_events
from holdfast.settings import Settings
from holdfast.store import arriving
from service import Service, post, serving

AT_ONCE = 100


@dataclass
class Sender:
    """A program that sends each batch until it is acknowledged, as SDKs do."""

    port: int
    key: str
    name: str
    batches: int
    acknowledged: list[str] = field(default_factory=list)
    refused: int = 0
    most_refused: int = 1_000_000
    lost_answers: int = 0
    most_seconds: float = 600

    def run(self) -> None:
        until = time.monotonic() + self.most_seconds
        for number in range(self.batches):
            ids = [f"{self.name}-{number:05}-{n:02}" for n in range(AT_ONCE)]
            while time.monotonic() < until and not self._sent(ids):
                if self.refused >= self.most_refused:
                    return
                time.sleep(0.02)

    def _sent(self, ids: list[str]) -> bool:
        calls = [
            {"type": "track", "event": "Feature Used", "userId": f"C-{int(each[-2:]):03}", "messageId": each}
            for each in ids
        ]
        try:
            status, answer = post(self.port, "/v1/batch", self.key, {"batch": calls})
        except (OSError, http.client.HTTPException):
            self.lost_answers += 1
            return False
        if status == 503:
            self.refused += 1
            return False
        assert status == 200, answer
        self.acknowledged += ids
        return True


def key_of(settings: Settings) -> str:
    return create_key(settings, "load", now=datetime.now(UTC))[1]


def load(service: Service, key: str, senders: int, batches: int) -> list[Sender]:
    return [Sender(service.port, key, f"s{n}", batches) for n in range(senders)]


def finish(settings: Settings, seconds: float = 300) -> list[str]:
    """Every message that counts once the worker has taken in what waits."""
    until = time.monotonic() + seconds
    while arriving.waiting(settings)[0] and time.monotonic() < until:
        time.sleep(0.1)
    assert arriving.waiting(settings) == (0, None)
    with EmbeddedEngine(temp=settings.folder / "spill") as engine:
        rows: list[Any] = engine.rows(
            "SELECT message_id FROM events ORDER BY 1", {"events": finished_events(settings)}
        )
    return [message for (message,) in rows]


@pytest.fixture
def options(request: pytest.FixtureRequest, base: Settings) -> Iterator[tuple[str, ...]]:
    yield ("--web", "2") if base.database_url else ()


@pytest.mark.parametrize(
    ("kills", "senders", "batches"),
    [pytest.param(2, 2, 12, id="short"), pytest.param(20, 4, 250, marks=pytest.mark.long, id="long")],
)
def test_a2_what_was_acknowledged_is_there_once(
    base: Settings, options: tuple[str, ...], kills: int, senders: int, batches: int
) -> None:
    choose = random.Random(20_261_130)
    key = key_of(base)
    with serving(base, *options) as service:
        sending = load(service, key, senders, batches)
        threads = [threading.Thread(target=each.run) for each in sending]
        for thread in threads:
            thread.start()
        expected = senders * batches
        for number in range(kills):
            mark = (number + choose.random()) / (kills + 1) * expected
            while sum(len(each.acknowledged) for each in sending) < mark * AT_ONCE and any(
                thread.is_alive() for thread in threads
            ):
                time.sleep(0.01)
            service.kill_one(choose)
        for thread in threads:
            thread.join()
        found = finish(base)
    acknowledged = sorted(message for each in sending for message in each.acknowledged)
    assert len(service.killed) == kills
    assert len(acknowledged) == expected * AT_ONCE
    assert found == acknowledged


@pytest.mark.long
def test_a2_on_a_full_disk_what_was_acknowledged_is_kept_and_the_rest_refused(workspace: Settings) -> None:
    """The database may grow by a few megabytes in each round, then every write fails as on a full disk.

    Once and without a worker, :mod:`web.ingest.test_full_disk` proves it in every run of the tests.
    """
    key = key_of(workspace)
    acknowledged: list[str] = []
    for number in range(6):
        written = workspace.folder.glob("holdfast.db*")  # a journal left by the last round counts too
        largest = max(path.stat().st_size for path in written) + 2_000_000
        with serving(
            workspace, "--no-worker", largest_file=largest
        ) as service:  # nothing makes room meanwhile
            sender = Sender(service.port, key, f"r{number}", 4_000, most_refused=5)
            sender.run()
            assert sender.refused >= 5, "the disk was never full"
            assert service.process.poll() is None
        acknowledged += sender.acknowledged
    assert acknowledged
    with serving(workspace) as service:
        sender = Sender(service.port, key, "after", 3)
        sender.run()
        found = finish(workspace)
    assert found == sorted(acknowledged + sender.acknowledged)
