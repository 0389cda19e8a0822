"""N5: one process tree: pages and worker together, each started again when it dies, none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.settings import Settings
from holdfast.store import ingest_log
from holdfast.web.serving import serve
from holdfast.web.tree import Child, keep_running
from web.live import make_key, service, until

ORDER = {"userId": "u1", "event": "Order Completed", "properties": {"total": 12.5}}


def children(pid: int) -> list[int]:
    """Every process below ``pid``."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text(encoding="ascii").split():
            found += [int(child), *children(int(child))]
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def is_gone(pid: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return True


def worker_of(pid: int) -> int | None:
    return next((each for each in children(pid) if "pulse.process" in command_of(each)), None)


def test_n5_what_arrives_is_taken_in_by_the_worker_of_the_same_tree(base: Settings) -> None:
    key = make_key(base)
    with service(base, worker=True) as shop:
        assert shop.call("/v1/track", ORDER, key=key).status == 200
        until(lambda: ingest_log.rows(base))


def test_n5_a_worker_and_a_web_process_that_die_are_started_again(workspace: Settings) -> None:
    key = make_key(workspace)
    with service(workspace, worker=True) as shop:
        first = until(lambda: worker_of(shop.process.pid))
        os.kill(first, signal.SIGKILL)
        second = until(lambda: (now := worker_of(shop.process.pid)) != first and now)
        assert second != first
        web = [each for each in children(shop.process.pid) if each != second]
        for each in web:
            os.kill(each, signal.SIGKILL)

        def answers() -> bool:
            try:
                return shop.call("/v1/track", ORDER, key=key).status == 200
            except OSError:
                return False

        until(answers)
        until(lambda: ingest_log.rows(workspace))


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_n5_when_the_tree_ends_nothing_of_it_is_left(workspace: Settings, end: signal.Signals) -> None:
    with service(workspace, worker=True) as shop:
        until(lambda: worker_of(shop.process.pid))
        below = children(shop.process.pid)
        assert len(below) >= 3
        shop.process.send_signal(end)
        code = shop.process.wait(20)
        assert code == (-9 if end == signal.SIGKILL else 0)
        until(lambda: all(is_gone(each) for each in below))


def test_n5_several_web_processes_answer_on_postgresql(on_postgresql: Settings) -> None:
    key = make_key(on_postgresql)
    with service(on_postgresql, web=2) as shop:
        web = [each for each in children(shop.process.pid)]
        assert len(web) == 3  # the one that watches, and two that answer
        statuses = {shop.call("/v1/track", ORDER, key=key).status for _ in range(20)}
        assert statuses == {200}


def test_n5_several_web_processes_on_sqlite_are_refused(workspace: Settings) -> None:
    with pytest.raises(Refusal, match="SQLite") as refused:
        serve(workspace, web_processes=2)
    assert refused.value.code == "one_writer"


def test_n5_a_needed_process_that_cannot_live_ends_the_tree(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("holdfast.web.tree._FIRST_PAUSE", 0.01)
    monkeypatch.setattr("holdfast.web.tree._LONGEST_PAUSE", 0.02)
    handlers = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        lives = Child("lives", ("-c", "import time; time.sleep(60)"))
        dies = Child("dies", ("-c", "raise SystemExit(3)"), needed=True)
        assert keep_running([lives, dies]) == 1
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert lives.process is not None
    assert lives.process.returncode is not None


def test_n5_the_worker_is_a_command_too(workspace: Settings) -> None:
    key = make_key(workspace)
    with service(workspace) as shop:
        assert shop.call("/v1/track", ORDER, key=key).status == 200
    command = [sys.executable, "-c", "from holdfast.cli import main; main()", "worker", "--workspace"]
    with subprocess.Popen([*command, str(workspace.folder)], stdout=subprocess.PIPE, text=True) as worker:
        try:
            until(lambda: ingest_log.rows(workspace))
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(20) == 0
        finally:
            worker.kill()
