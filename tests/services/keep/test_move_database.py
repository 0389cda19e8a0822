"""A workspace moves from SQLite to PostgreSQL and back with all it has, and nothing is lost on the way."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.look_up import customer
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.keep import move_database as moving
from holdfast.services.keep.move_database import SQLITE, move_database
from holdfast.settings import Settings, read_settings, write_settings
from holdfast.store import bases, copying, identity, live_sources, sql
from postgresql_server import Server
from services.keep.ann import EMAIL, KEY, NOW_US, company, live_calls, send
from services.measure.companies import NOW

_numbers = count()


@pytest.fixture
def elsewhere(postgresql: Server, _blank_workspace: Path) -> Callable[[], str]:
    """Makes an empty database on the server."""

    def make() -> str:
        return postgresql.create(f"moved{next(_numbers)}")

    return make


@pytest.fixture(autouse=True)
def _let_go(_blank_workspace: Path) -> object:
    yield
    store.connect(read_settings(_blank_workspace))


def sums(settings: Settings) -> dict[str, copying.Sum]:
    opened = (
        bases.open_postgresql(settings.database_url)
        if settings.database_url
        else bases.open_sqlite(settings.database)
    )
    try:
        return {t.name: opened.sum(t) for t in copying.all_tables() if t.name not in ("lease", "backup_made")}
    finally:
        opened.let_go()


@pytest.mark.long
def test_there_and_back_again(workspace: Settings, tmp_path: Path, elsewhere: Callable[[], str]) -> None:
    ann = company(workspace, tmp_path / "files")
    send(workspace, ann.source_id, live_calls())
    before = sums(workspace)
    moved = move_database(workspace, elsewhere())
    assert moved.rows >= sum(each.rows for each in before.values())
    there = read_settings(workspace.folder)
    assert there.database_url
    assert sums(there) == before
    assert customer(there, EMAIL, now=NOW).unit_id == ann.unit_id
    assert take_in_arrived(there, now_us=NOW_US).calls == 1
    (last,) = sql.read("SELECT MAX(id) FROM subject")[0]
    assert identity.assign_subjects(there, "customer", ["brand-new"]) == [last + 1]
    middle = sums(there)
    move_database(there, SQLITE)
    back = read_settings(workspace.folder)
    assert back.database_url == ""
    assert sums(back) == middle
    assert customer(back, KEY, now=NOW).profile.emails == (EMAIL,)
    assert identity.assign_subjects(back, "customer", ["newer"]) == [last + 2]
    from holdfast.store.find import find_units
    from holdfast.store.health import damage

    assert find_units(back, "ann margarethe") == [ann.unit_id], "the full-text index came along"
    assert damage(back) == []


def test_an_id_that_was_erased_is_not_given_again(workspace: Settings, elsewhere: Callable[[], str]) -> None:
    identity.assign_subjects(workspace, "customer", [f"c{n}" for n in range(10)])
    sql.write("DELETE FROM subject WHERE id > 5")
    move_database(workspace, elsewhere())
    there = read_settings(workspace.folder)
    assert identity.assign_subjects(there, "customer", ["later"]) == [11]


@pytest.mark.parametrize("back", [False, True])
def test_what_was_acknowledged_while_it_moved_is_there(
    workspace: Settings, elsewhere: Callable[[], str], back: bool
) -> None:
    """Somebody writes all the time, with a connection of the old database: no write is lost."""
    settings = workspace
    live_sources.ensure(workspace, "web", "segment", now_us=NOW_US)
    sql.write(
        "INSERT INTO write_key (source_id, name, scope, browser, origins, shown, digest, made_us, made_by) "
        "VALUES (1, 'n', 'ingest', %s, '[]', 'hf', 'd', 1, '')",
        (False,),
    )
    if back:
        move_database(workspace, elsewhere())
        settings = read_settings(workspace.folder)
    kept: list[int] = []
    stop = Event()
    writer = Thread(target=_write_all_the_time, args=(settings, kept, stop))
    writer.start()
    while len(kept) < 20:
        time.sleep(0.01)
    moved = move_database(settings, SQLITE if back else elsewhere())
    before = len(kept)
    until = time.monotonic() + 30
    while len(kept) < before + 20 and time.monotonic() < until:
        time.sleep(0.01)
    stop.set()
    writer.join(timeout=20)
    there = read_settings(workspace.folder)
    store.connect(there)
    assert len(kept) >= before + 20, "the door follows to the new database"
    assert sql.read("SELECT received_us FROM arrived ORDER BY id") == [(n,) for n in kept]
    assert (moved.old is None) == back
    assert workspace.database.exists() == back, "nobody made the old one anew"


def _write_all_the_time(settings: Settings, kept: list[int], stop: Event) -> None:
    """Sends one call after the other; one that was refused is not sent again, it has another number."""
    from holdfast.store.door import Call, NotNow, open_door

    door = open_door(settings)
    number = 0
    while not stop.is_set():
        number += 1
        with contextlib.suppress(NotNow):
            if all(door.keep([Call(1, 1, "batch", False, number, 1, b"{}")])):
                kept.append(number)
    door.close()


def test_what_cannot_be_the_target_is_refused(
    workspace: Settings, elsewhere: Callable[[], str], on_postgresql: Settings
) -> None:
    identity.assign_subjects(on_postgresql, "customer", ["somebody"])
    lite = replace(workspace, database_url="")
    write_settings(lite)
    for to, code in (
        (SQLITE, "same_database"),
        (on_postgresql.database_url, "database_in_use"),
        ("postgresql://nobody@127.0.0.1:1/none", "no_database"),
        ("mysql://x/y", "bad_setting"),
    ):
        with pytest.raises(Refusal) as refused:
            move_database(lite, to)
        assert refused.value.code == code
    assert read_settings(workspace.folder).database_url == ""


@pytest.mark.parametrize(
    ("at", "back"),
    [
        pytest.param("write_settings", False, marks=pytest.mark.long),
        pytest.param("close_down", False, marks=pytest.mark.long),
        ("copy", False),
        ("_into_place", True),
        pytest.param("write_settings", True, marks=pytest.mark.long),
    ],
)
def test_killed_on_the_way_it_is_as_before_and_can_be_done_again(
    workspace: Settings, elsewhere: Callable[[], str], at: str, back: bool
) -> None:
    identity.assign_subjects(workspace, "customer", [f"c{n}" for n in range(100)])
    url = elsewhere()
    if back:
        move_database(workspace, url)
        url = SQLITE
    started = read_settings(workspace.folder)
    before = sums(started)
    store.connect(Settings(workspace.folder.parent / "other"))
    child = os.fork()
    if child == 0:
        _die_at(at)
        move_database(started, url)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    now = read_settings(workspace.folder)
    assert now == started
    assert sums(now) == before
    move_database(now, url)
    assert sums(read_settings(workspace.folder)) == before


def _die_at(at: str) -> None:
    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if at == "copy":
        copying.summed = die  # type: ignore[assignment]
    elif at == "close_down":
        bases._SQLite.close_down = die  # type: ignore[assignment, method-assign]
    else:
        setattr(moving, at, die)


def test_a_copy_that_differs_is_not_kept(workspace: Settings, elsewhere: Callable[[], str]) -> None:
    identity.assign_subjects(workspace, "customer", ["ann"])
    url = elsewhere()
    table = next(table for table in copying.all_tables() if table.name == "subject")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copying, "summed", lambda *_: copying.Sum(0, 0))
        with pytest.raises(Refusal) as refused:
            move_database(workspace, url)
    assert refused.value.code == "copy_differs"
    there = bases.open_postgresql(url)
    assert there.sum(table).rows == 0
    there.let_go()
    with closing(sqlite3.connect(workspace.database)) as database:
        database.execute("DELETE FROM subject")
