"""Killed at any moment (-9), the worker loses no event that was accepted, and doubles none (A2)."""

from __future__ import annotations

import json
import multiprocessing
import random
import time
from multiprocessing.context import ForkServerProcess

import pytest

import living
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.collect.arrive import accept
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.keep.move import move
from holdfast.services.visible import finished_events
from holdfast.settings import Settings
from holdfast.store import arriving, live_sources, sql

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["living"])

NOW_US = 1_780_000_000_000_000
AT_ONCE = 50


def messages(settings: Settings) -> list[str]:
    """The message of every event that counts now, in order."""
    with EmbeddedEngine(temp=settings.folder / "spill") as engine:
        rows = engine.rows("SELECT message_id FROM events ORDER BY 1", {"events": finished_events(settings)})
    return [message for (message,) in rows]


def start(settings: Settings) -> ForkServerProcess:
    process = CONTEXT.Process(target=living.work_hastily, args=(settings.folder,))
    process.start()
    return process


def feed(settings: Settings, source_id: int, number: int) -> list[str]:
    """Accept one call of :data:`AT_ONCE` events, a few of which are repeats of the call before."""
    ids = [f"m{number:05}-{n:02}" for n in range(AT_ONCE)]
    sent = ids + ([f"m{number - 1:05}-{n:02}" for n in range(5)] if number else [])
    calls = [
        {"type": "track", "event": "Feature Used", "userId": f"C-{int(each[-2:]) % 40}", "messageId": each}
        for each in sent
    ]
    body = json.dumps({"batch": calls}).encode()
    accept(settings, source_id, body, events=len(calls), received_us=NOW_US + number)
    return ids


@pytest.mark.parametrize(
    ("kills", "calls"), [(5, 60), pytest.param(20, 2_000, marks=pytest.mark.long)], ids=["short", "long"]
)
def test_a2_a_killed_worker_loses_and_doubles_nothing(base: Settings, kills: int, calls: int) -> None:
    moments = random.Random(20_261_130)
    source = live_sources.ensure(base, "web", "segment", now_us=NOW_US)
    accepted: list[str] = []
    killed = 0
    worker = start(base)
    for number in range(calls):
        accepted += feed(base, source.id, number)
        if number and number % (calls // kills) == 0:
            worker.join(timeout=moments.uniform(0.05, 0.6))  # the kill meets it somewhere in its work
            worker.kill()
            worker.join()
            killed += 1
            worker = start(base)
    until = time.monotonic() + 120
    while arriving.waiting(base)[0] and time.monotonic() < until:
        worker.join(timeout=0.05)
    worker.kill()
    worker.join()
    assert killed >= kills - 1
    assert arriving.waiting(base) == (0, None)
    sql.write("DELETE FROM lease")
    assert messages(base) == sorted(accepted)
    move(base)
    assert messages(base) == sorted(accepted)
    assert sql.read("SELECT COUNT(*) FROM quarantined") == [(0,)]


def test_a_call_that_commits_late_is_not_lost(on_postgresql: Settings) -> None:
    import psycopg

    source = live_sources.ensure(on_postgresql, "web", "segment", now_us=NOW_US)
    body = json.dumps(
        {"batch": [{"type": "track", "event": "Late", "userId": "C-1", "messageId": "late"}]}
    ).encode()
    with psycopg.connect(on_postgresql.database_url) as late:
        late.execute(arriving.PUT, (source.id, "batch", False, NOW_US, 1, body))
        feed(on_postgresql, source.id, 0)
        assert take_in_arrived(on_postgresql, now_us=NOW_US).events == AT_ONCE
        move(on_postgresql)
        late.commit()
    assert take_in_arrived(on_postgresql, now_us=NOW_US).events == 1
    move(on_postgresql)
    assert "late" in messages(on_postgresql)


def test_rows_of_the_log_are_numbered_in_the_order_in_which_they_commit(on_postgresql: Settings) -> None:
    """Row 100 is held open while 101 wants to commit: it waits, so no mover passes over 100."""
    import psycopg

    from holdfast.store import ingest_log

    source = live_sources.ensure(on_postgresql, "web", "segment", now_us=NOW_US)
    feed(on_postgresql, source.id, 0)
    with psycopg.connect(on_postgresql.database_url) as first:
        first.execute("SELECT pg_advisory_xact_lock(%s)", (ingest_log._APPENDING,))
        first.execute(
            "INSERT INTO log_row (event_key, subject_id, at_us, known_us, name) "
            "VALUES ('\\x00000000000000000000000000000001', 1, 1, 1, 'Held Open')"
        )
        sql.write("SET lock_timeout = '300ms'")
        with pytest.raises(Exception, match="lock timeout"):
            take_in_arrived(on_postgresql, now_us=NOW_US)
        assert move(on_postgresql) == 0
        first.commit()
    sql.write("SET lock_timeout = 0")
    assert take_in_arrived(on_postgresql, now_us=NOW_US).events == AT_ONCE
    assert move(on_postgresql) == AT_ONCE + 1


def test_two_workers_do_not_take_in_the_same_call_twice(base: Settings) -> None:
    source = live_sources.ensure(base, "web", "segment", now_us=NOW_US)
    accepted = [each for number in range(40) for each in feed(base, source.id, number)]
    workers = [start(base), start(base)]
    until = time.monotonic() + 60
    while arriving.waiting(base)[0] and time.monotonic() < until:
        take_in_arrived(base, now_us=NOW_US, most_events=100)
    for each in workers:
        each.kill()
        each.join()
    assert messages(base) == sorted(accepted)
