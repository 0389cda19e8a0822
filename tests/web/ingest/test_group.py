"""Acknowledged means on disk; what cannot be kept is said so, and never lost in silence."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from holdfast.settings import Settings
from holdfast.store.door import Call, NotNow, open_door
from holdfast.web.ingest import bodies, group
from holdfast.web.ingest.answers import Refused
from holdfast.web.ingest.group import GroupCommit
from holdfast.web.ingest.keyring import EVENTS_A_SECOND, EVENTS_AT_ONCE, Allowance
from web.live import arrived, make_key, run_apart


def call_of(workspace: Settings, key: str, body: bytes = b'{"batch":[]}') -> Call:
    from holdfast.store.write_keys import digest_of

    door = open_door(workspace)
    found = door.passes()[digest_of(key)]
    door.close()
    return Call(found.key_id, found.source_id, "batch", False, 1_000_000, 1, body)


@asynccontextmanager
async def running(workspace: Settings) -> AsyncIterator[GroupCommit]:
    commit = GroupCommit(workspace)
    commit.start()
    yield commit
    await commit.stop()


async def reason_of(commit: GroupCommit, call: Call) -> str:
    try:
        await commit.keep(call)
    except NotNow as error:
        return error.reason
    return ""


def test_all_who_wait_are_written_in_one_transaction(base: Settings) -> None:
    call = call_of(base, make_key(base))

    async def scenario() -> list[bool]:
        async with running(base) as commit:
            return list(await asyncio.gather(*(commit.keep(call) for _ in range(300))))

    assert run_apart(scenario()) == [True] * 300
    assert len(arrived(base)) == 300


def test_what_was_given_is_written_before_the_end(base: Settings) -> None:
    call = call_of(base, make_key(base))

    async def scenario() -> None:
        async with running(base) as commit:
            waiting = [asyncio.ensure_future(commit.keep(call)) for _ in range(20)]
            await asyncio.sleep(0)
        assert all([await each for each in waiting])

    run_apart(scenario())
    assert len(arrived(base)) == 20


def test_a_key_that_was_taken_back_meanwhile_keeps_nothing(base: Settings) -> None:
    from holdfast.store import write_keys

    good, gone = call_of(base, make_key(base, "Shop")), call_of(base, make_key(base, "Till"))
    write_keys.revoke(base, gone.key_id, now_us=1)

    async def scenario() -> list[bool]:
        async with running(base) as commit:
            return list(await asyncio.gather(commit.keep(good), commit.keep(gone)))

    assert run_apart(scenario()) == [True, False]
    assert len(arrived(base)) == 1


def test_a_database_that_someone_else_writes_is_waited_for_and_then_said_to_be_busy(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdfast.store.door.SECONDS_FOR_A_LOCK", 0.2)
    call = call_of(workspace, make_key(workspace))

    async def scenario() -> tuple[str, bool]:
        async with running(workspace) as commit:
            with contextlib.closing(sqlite3.connect(workspace.database, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                refused = await reason_of(commit, call)
                waiting = asyncio.ensure_future(commit.keep(call))
                await asyncio.sleep(0)
                other.execute("COMMIT")
            return refused, await waiting

    assert run_apart(scenario()) == ("busy", True)
    assert len(arrived(workspace)) == 1


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("MOST_ARRIVED", 1, "backlog"),
        ("LEAST_FREE_BYTES", 10**18, "disk_full"),
        ("MOST_WAITING_BYTES", 5, "queue_full"),
    ],
)
def test_when_there_is_no_room_nothing_is_taken_and_everything_again_when_there_is(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, reason: str
) -> None:
    call = call_of(workspace, make_key(workspace))

    async def scenario() -> tuple[str, str]:
        async with running(workspace) as commit:
            for _ in range(3):
                await commit.keep(call)
            with monkeypatch.context() as patched:
                patched.setattr(group, limit, value)
                patched.setattr(group, "_LOOK_EVERY", 0)
                if limit == "LEAST_FREE_BYTES":
                    patched.setattr("shutil.disk_usage", _nearly_full)
                refused = await reason_of(commit, call)
            return refused, await reason_of(commit, call)

    assert run_apart(scenario()) == (reason, "")
    assert len(arrived(workspace)) == 4


def _nearly_full(_: object) -> object:
    from shutil import _ntuple_diskusage  # type: ignore[attr-defined]

    return _ntuple_diskusage(total=10**9, used=10**9 - 1, free=1)


def test_a_database_that_is_gone_is_said_so_and_found_again(on_postgresql: Settings) -> None:
    from django.db import connection

    call = call_of(on_postgresql, make_key(on_postgresql))
    connection.close()
    other = open_door(on_postgresql)

    async def scenario() -> list[str]:
        async with running(on_postgresql) as commit:
            before = await reason_of(commit, call)
            other.read(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            broken = await reason_of(commit, call)
            return [before, broken, await reason_of(commit, call)]

    assert run_apart(scenario()) == ["", "broken", ""]
    other.close()
    assert len(arrived(on_postgresql)) == 2


def test_a_body_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SECONDS_FOR_A_BODY", 0.05)

    async def never() -> dict[str, object]:
        await asyncio.Event().wait()
        return {}

    with pytest.raises(Refused) as refused:
        run_apart(bodies.read_body({}, never))
    assert refused.value.status == 408


def pieces(*sent: bytes) -> Callable[[], object]:
    rest = list(sent)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": rest.pop(0), "more_body": bool(rest)}

    return receive


def test_a_body_is_read_piece_by_piece_and_no_further_than_it_may_reach() -> None:
    assert run_apart(bodies.read_body({}, pieces(b"a", b"b", b"c"))) == b"abc"  # type: ignore[arg-type]
    many = pieces(*[b"x" * 100_000] * 20)
    with pytest.raises(Refused) as refused:
        run_apart(bodies.read_body({}, many))  # type: ignore[arg-type]
    assert refused.value.status == 413


def test_a_visitor_has_a_bucket_that_fills_again() -> None:
    allowance = Allowance()
    assert allowance.take(1, "a", int(EVENTS_AT_ONCE), 0.0) == 0
    wait = allowance.take(1, "a", 100, 0.0)
    assert wait == pytest.approx(100 / EVENTS_A_SECOND)
    assert allowance.take(1, "b", 100, 0.0) == 0
    assert allowance.take(2, "a", 100, 0.0) == 0
    assert allowance.take(1, "a", 100, wait + 0.01) == 0
