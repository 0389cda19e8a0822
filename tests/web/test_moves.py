"""Served all the while: the database moves, several workers share one, somebody is erased and backed up."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands import start
from holdfast import store
from holdfast.services.keep.erase.steps import erase
from holdfast.services.keep.erase.whom import whom
from holdfast.services.keep.restore import restore
from holdfast.settings import Settings, read_settings
from holdfast.store import erasure, sql
from holdfast.store.find import find_subjects
from postgresql_server import Server
from service import get, serving
from web.test_kills import AT_ONCE, Sender, finish, key_of, load


@contextmanager
def sending(senders: list[Sender]) -> Iterator[None]:
    threads = [threading.Thread(target=each.run) for each in senders]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def until_some(senders: list[Sender], batches: int) -> None:
    until = time.monotonic() + 120
    while sum(len(each.acknowledged) for each in senders) < batches * AT_ONCE and time.monotonic() < until:
        time.sleep(0.02)


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    started = start(*arguments)
    out, err = started.communicate(timeout=300)
    assert started.returncode == 0, out + err
    return subprocess.CompletedProcess(started.args, 0, out, err)


@pytest.mark.long
def test_the_database_moves_while_events_arrive_and_none_is_lost(
    workspace: Settings, postgresql: Server
) -> None:
    key = key_of(workspace)
    with serving(workspace) as service:
        senders = load(service, key, 2, 40)
        with sending(senders):
            until_some(senders, 10)
            url = postgresql.create("moved_while_served")
            command("migrate", "--to", url, "--workspace", workspace.folder)
            until_some(senders, 50)
            command("migrate", "--to", "sqlite", "--workspace", workspace.folder)
        there = read_settings(workspace.folder)
        assert there.database_url == ""
        found = finish(there, 60)
        assert found == sorted(message for each in senders for message in each.acknowledged)
        assert len(found) == 2 * 40 * AT_ONCE
        assert get(service.port, "/sign-in")[0] == 200
        assert get(service.port, "/readyz")[0] == 200


@pytest.mark.long
def test_several_web_processes_and_workers_share_one_database(on_postgresql: Settings) -> None:
    key = key_of(on_postgresql)
    with serving(on_postgresql, "--web", "2") as service:
        more = [start("worker", "--workspace", on_postgresql.folder) for _ in range(2)]
        try:
            senders = load(service, key, 3, 20)
            with sending(senders):
                until_some(senders, 15)
                more[0].kill()  # whoever ticks, another one takes over
                until_some(senders, 30)
            found = finish(on_postgresql)
        finally:
            for process in more:
                process.kill()
                process.communicate()
    assert found == sorted(message for each in senders for message in each.acknowledged)
    assert len(found) == 3 * 20 * AT_ONCE
    assert sql.read("SELECT COUNT(*), COUNT(DISTINCT event_key) FROM seen")[0] == (len(found), len(found))


def test_n1_who_is_erased_while_their_events_arrive_stays_erased(base: Settings, tmp_path: Path) -> None:
    """Sent, taken in, moved and erased at once: nothing of them is left, nothing of others is lost."""
    key = key_of(base)
    with serving(base, *(("--web", "2") if base.database_url else ())) as service:
        senders = load(service, key, 2, 25)
        with sending(senders):
            until_some(senders, 10)
            until = time.monotonic() + 60
            while not find_subjects(base, "customer:C-007") and time.monotonic() < until:
                time.sleep(0.02)
            record = erase(base, whom(base, "customer:C-007"), by="n", now_us=_now_us())
            made = command("backup", "--to", tmp_path / "copy.tar", "--workspace", base.folder, "--json")
        found = finish(base)
    sent = sorted(message for each in senders for message in each.acknowledged)
    assert found == [message for message in sent if not message.endswith("-07")]
    assert sql.read("SELECT id FROM subject WHERE key = 'C-007'") == []
    after = erasure.get(base, record.id)
    assert after is not None
    assert after.refused > 0
    assert made.stdout
    restore(tmp_path / "copy.tar", tmp_path / "again")
    again = read_settings(tmp_path / "again")
    store.connect(again)
    assert sql.read("SELECT id FROM subject WHERE key = 'C-007'") == []
    store.connect(base)


def _now_us() -> int:
    return int(datetime.now(UTC).timestamp() * 1_000_000)
