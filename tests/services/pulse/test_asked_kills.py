"""A8, A1: an import that a page asked for happens once, however often the process that does it is killed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from holdfast import store
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.collect.uploads import bring_in, files, look, mapping
from holdfast.services.visible import finished_events
from holdfast.settings import Settings, read_settings
from holdfast.store import asked, imports, uploads
from holdfast.store.uploads import NewUpload

ROWS = 30_000


def brought(settings: Settings) -> int:
    """A file of orders that waits to be imported."""
    arrived = files.arriving(settings)
    lines = (f"c-{n % 900},2025-{1 + n % 12:02}-{1 + n % 28:02},{n % 90}.50,o-{n}\n" for n in range(ROWS))
    arrived.write_text("customer,at,amount,order_id\n" + "".join(lines), encoding="utf-8")
    now_us = time.time_ns() // 1_000
    new = NewUpload("orders.csv", arrived.stat().st_size)
    number = files.receive(settings, arrived, new, by_id=None, now_us=now_us)
    look.look(settings, number, now_us=now_us)
    record = uploads.get(settings, number)
    proposal = mapping.propose(settings, record)
    mapping.choose(settings, record, proposal.kind, proposal.map, now_us=now_us)
    bring_in.ask_import(settings, number, by_id=None, now_us=now_us)
    return number


def process(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "holdfast.services.pulse.asked", str(folder)])


def kill_until_done(settings: Settings, number: int, kills: int, seed: int) -> int:
    """Kill the process at random moments, then let it end; how many kills met an import under way."""
    draw = random.Random(seed)
    met = 0
    for _ in range(kills):
        running = process(settings.folder)
        try:
            running.wait(timeout=draw.uniform(0.3, 4.0))
        except subprocess.TimeoutExpired:
            met += bool(imports.unfinished(settings))
            running.kill()
            running.wait()
        attempts = asked.latest(settings, "import", number)
        if attempts is not None and attempts.attempts >= asked.MOST_ATTEMPTS and attempts.open:
            asked.put_back(settings, attempts.id)  # this test kills more often than is put up with
    assert process(settings.folder).wait(timeout=120) == 0
    return met


def check(settings: Settings, number: int) -> None:
    store.connect(settings)
    work = asked.latest(settings, "import", number)
    assert work is not None and work.state == "done", work
    record = uploads.get(settings, number)
    done = [each for each in imports.list_imports(settings) if each.state == "done"]
    assert [each.id for each in done] == [record.import_id]
    assert done[0].report["rows_taken"] == ROWS
    with EmbeddedEngine(temp=settings.folder / "spill") as engine:
        counted = engine.rows("SELECT COUNT(*) FROM events", {"events": finished_events(settings)})
    assert counted == [(ROWS,)]
    assert record.state == "done" and not files.path_of(settings, record).exists()
    assert not imports.unfinished(settings)


def test_killed_once_it_is_done_once(workspace: Settings) -> None:
    number = brought(workspace)
    kill_until_done(workspace, number, 1, seed=5)
    check(read_settings(workspace.folder), number)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_killed_often_it_is_done_once(base: Settings, seed: int) -> None:
    number = brought(base)
    kill_until_done(base, number, 5, seed)
    check(read_settings(base.folder), number)
