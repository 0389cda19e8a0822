"""The worker: takes in within moments, runs jobs when due and once, and goes on after a failure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.arrive import accept
from holdfast.services.pulse import jobs, worker
from holdfast.services.pulse.jobs import Job, run_due
from holdfast.settings import Settings
from holdfast.store import arriving, leases, live_sources, sql
from holdfast.store import jobs as kept

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def send(settings: Settings, message: str) -> None:
    now_us = time.time_ns() // 1_000
    source = live_sources.ensure(settings, "web", "segment", now_us=now_us)
    call = {"type": "track", "event": "Feature Used", "userId": "C-1", "messageId": message}
    accept(settings, source.id, json.dumps(call).encode(), endpoint="track", events=1, received_us=now_us)


def test_a_worker_takes_in_what_arrives_and_ends_when_told(base: Settings) -> None:
    stop = Event()
    thread = Thread(target=worker.work, args=(base, stop))
    thread.start()
    try:
        send(base, "m1")
        until = time.monotonic() + 20
        while arriving.waiting(base)[0] and time.monotonic() < until:
            stop.wait(0.02)
        assert arriving.waiting(base) == (0, None)
        assert leases.holder(base, worker.PULSE) is not None
    finally:
        stop.set()
        thread.join(timeout=20)
    assert not thread.is_alive()
    assert leases.holder(base, worker.PULSE) is None


def test_a_worker_outlives_a_database_that_went_away(on_postgresql: Settings) -> None:
    stop = Event()
    thread = Thread(target=worker.work, args=(on_postgresql, stop))
    thread.start()
    try:
        for message in ("m1", "m2"):
            send(on_postgresql, message)
            until = time.monotonic() + 20
            while arriving.waiting(on_postgresql)[0] and time.monotonic() < until:
                stop.wait(0.02)
            assert arriving.waiting(on_postgresql) == (0, None)
            sql.read(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    finally:
        stop.set()
        thread.join(timeout=20)
    assert not thread.is_alive()


def test_a_lease_of_a_process_that_is_gone_is_taken_over_at_once(base: Settings) -> None:
    import socket

    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    now_us = time.time_ns() // 1_000
    assert leases.take(base, worker.PULSE, f"{socket.gethostname()}:{gone.pid}", now_us=now_us, seconds=600)
    assert worker._hold(base, f"{socket.gethostname()}:{os.getpid()}")
    assert not worker._hold(base, "another-machine:1")


def test_a_job_runs_when_it_is_due_and_not_before(base: Settings) -> None:
    ran: list[datetime] = []
    each = [Job("count", "keep", lambda settings, now: ran.append(now), 60)]
    assert run_due(base, "keep", NOW, each) == 1
    assert run_due(base, "keep", NOW + timedelta(seconds=59), each) == 0
    assert run_due(base, "fetch", NOW + timedelta(seconds=60), each) == 0
    assert run_due(base, "keep", NOW + timedelta(seconds=60), each) == 1
    assert len(ran) == 2


def test_a_nightly_job_waits_for_the_night_of_the_workspace(base: Settings) -> None:
    job = Job("night", "keep", lambda settings, now: None)
    assert job.next_us(base, NOW) == int(datetime(2026, 6, 2, 3, tzinfo=UTC).timestamp() * 1_000_000)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("secret"), "It failed: ValueError."),
        (
            Refusal("busy", found=Text("It is busy."), expected=Text("-"), remedy=Text("Wait.")),
            "It is busy. Wait.",
        ),
    ],
)
def test_what_goes_wrong_is_kept_and_tried_again_soon(base: Settings, error: Exception, words: str) -> None:
    failing = [True]

    def work(settings: Settings, now: datetime) -> None:
        if failing:
            raise error

    each = [Job("fragile", "keep", work, 3_600), Job("other", "keep", lambda settings, now: None, 60)]
    assert run_due(base, "keep", NOW, each) == 2
    assert [str(state.trouble) for state in kept.listed(base)] == [words, "None"]
    failing.clear()
    assert run_due(base, "keep", NOW + timedelta(seconds=60), each) == 2
    assert [state.trouble for state in kept.listed(base)] == [None, None]


def test_a_long_computation_ends_with_the_worker_that_started_it(tmp_path: Path) -> None:
    """The worker is killed: what it had started must not go on by itself, beside that of the next worker."""
    asleep = "import time; time.sleep(600)"
    child = f"from holdfast.services.processes import end_with_parent; end_with_parent(); {asleep}"
    parent = (
        "import os, subprocess, sys; from holdfast.services.processes import PARENT_VARIABLE; "
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}], "
        "env={**os.environ, PARENT_VARIABLE: str(os.getpid())}); "
        f"print(child.pid, flush=True); {asleep}"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        pid = int(killed.stdout.readline())
        killed.kill()
    until = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def test_every_job_has_a_name_and_a_lane() -> None:
    names = [job.name for job in jobs.jobs()]
    assert len(names) == len(set(names))
    assert {job.lane for job in jobs.jobs()} <= set(jobs.LANES)
