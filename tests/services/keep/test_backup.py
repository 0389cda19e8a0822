"""A backup is whole although everybody goes on working, and is put back on either database."""

from __future__ import annotations

import contextlib
import json
import tarfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.collect.look_up import customer
from holdfast.services.collect.recover import recover
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.keep.backup import backup
from holdfast.services.keep.erase.scan import scan
from holdfast.services.keep.erase.steps import erase
from holdfast.services.keep.erase.whom import whom
from holdfast.services.keep.examine import examine
from holdfast.services.keep.move import move
from holdfast.services.keep.restore import restore
from holdfast.services.visible import finished_events
from holdfast.settings import Settings, read_settings
from holdfast.store import backups, bases, copying, erasure, live_sources, sealed, sql
from postgresql_server import Server
from services.keep.ann import EMAIL, KEY, NOW_US, WORDS, company, send
from services.measure.companies import NOW

_numbers = count()
NEWER = ("lease", "backup_made", "audit_note", "audit_head")
"""Tables of the processes of now, and the trail: that something was put back is noted there."""
SINCE = datetime(2026, 11, 30, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _let_go(_blank_workspace: Path) -> object:
    yield
    store.connect(read_settings(_blank_workspace))


@pytest.fixture
def elsewhere(postgresql: Server) -> Callable[[], str]:
    return lambda: postgresql.create(f"restored{next(_numbers)}")


def sums(settings: Settings) -> dict[str, copying.Sum]:
    url = settings.database_url
    opened = bases.open_postgresql(url) if url else bases.open_sqlite(settings.database)
    try:
        return {t.name: opened.sum(t) for t in copying.all_tables() if t.name not in NEWER}
    finally:
        opened.let_go()


def events(settings: Settings) -> list[Any]:
    store.connect(settings)
    with EmbeddedEngine(temp=settings.folder / "spill") as engine:
        return engine.rows(
            "SELECT subject_id, at_us, name, hex(event_key) FROM events ORDER BY ALL",
            {"events": finished_events(settings)},
        )


@pytest.mark.parametrize("to_postgresql", [False, True])
@pytest.mark.parametrize("folder", [False, True])
def test_what_is_put_back_is_what_was(
    base: Settings, tmp_path: Path, elsewhere: Callable[[], str], folder: bool, to_postgresql: bool
) -> None:
    company(base, tmp_path / "files", loop=False)
    source = live_sources.ensure(base, "shop", "segment", now_us=NOW_US)
    sealed.seal(base, source.id, {"token": "hush"})
    before, there = sums(base), events(base)
    made = backup(base, tmp_path / ("copy" if folder else "copy.tar"), now=SINCE)
    assert made.place.exists()
    assert made.events == len(there) - 2, "two wait in the ingest log, in the database"
    url = elsewhere() if to_postgresql else ""
    done = restore(made.place, tmp_path / "again", database_url=url)
    assert (done.made_at, done.files) == (SINCE.isoformat(), made.files)
    again = read_settings(tmp_path / "again")
    assert again.database_url == url
    assert sums(again) == before
    assert events(again) == there
    assert recover(again)
    assert [check.name for check in examine(again.folder) if not check.ok] in ([], ["disk"])
    assert sealed.unseal(again, source.id) == {"token": "hush"}
    assert customer(again, EMAIL, now=NOW).name == "Ann-Margarethe Kelpwood"
    assert move(again) == 2
    assert events(again) == there


def test_while_everybody_works_a_backup_is_of_one_moment(base: Settings, tmp_path: Path) -> None:
    """Events keep arriving and are moved to the lake: what is put back holds each once, up to some event."""
    source = live_sources.ensure(base, "web", "segment", now_us=NOW_US)
    stop, sent = threading.Event(), []

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            call = {
                "type": "track",
                "userId": f"c{number % 7}",
                "event": "Page Viewed",
                "messageId": f"m{number:06d}",
                "timestamp": "2024-07-01T00:00:00Z",
            }
            send(base, source.id, [call])
            sent.append(number)
            take_in_arrived(base, now_us=NOW_US)
            if number % 5 == 0:
                with contextlib.suppress(Refusal):  # "busy": the backup has the turn
                    move(base)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    made = []
    try:
        for number in range(3):
            until = time.monotonic() + 20
            while len(sent) < 15 * (number + 1) and time.monotonic() < until:
                time.sleep(0.01)
            before = len(sent)
            made.append((before, backup(base, tmp_path / f"{number}.tar", now=SINCE), len(sent)))
    finally:
        stop.set()
        thread.join()
    for number, (before, copy, after) in enumerate(made):
        restore(copy.place, tmp_path / f"again{number}")
        again = read_settings(tmp_path / f"again{number}")
        store.connect(again)
        take_in_arrived(again, now_us=NOW_US)
        with EmbeddedEngine(temp=again.folder / "spill") as engine:
            rows = engine.rows("SELECT message_id FROM events ORDER BY 1", {"events": finished_events(again)})
        found = [name for (name,) in rows]
        assert found == [f"m{n:06d}" for n in range(1, len(found) + 1)], "each once, none left out"
        assert before <= len(found) <= after + 1


def test_a_secret_can_be_locked(workspace: Settings, tmp_path: Path) -> None:
    made = backup(workspace, tmp_path / "copy.tar", now=SINCE, passphrase="kelp holds")
    assert made.secret == "encrypted"
    secret = (workspace.folder / "secret").read_bytes()
    assert secret not in made.place.read_bytes()
    for given, code in ((None, "passphrase_needed"), ("kelp", "wrong_passphrase")):
        with pytest.raises(Refusal) as refused:
            restore(made.place, tmp_path / "again", passphrase=given)
        assert refused.value.code == code
        assert not (tmp_path / "again").exists()
    restore(made.place, tmp_path / "again", passphrase="kelp holds")
    assert (tmp_path / "again" / "secret").read_bytes().strip() == secret.strip()
    assert (tmp_path / "again" / "secret").stat().st_mode & 0o077 == 0


def test_only_the_owner_reads_a_backup(workspace: Settings, tmp_path: Path) -> None:
    assert backup(workspace, tmp_path / "copy.tar", now=SINCE).place.stat().st_mode & 0o077 == 0
    assert backup(workspace, tmp_path / "copy", now=SINCE).place.stat().st_mode & 0o077 == 0


def test_backups_go_when_their_time_is_over(workspace: Settings, tmp_path: Path) -> None:
    first = backup(workspace, now=SINCE, keep_days=7)
    assert first.place.parent == workspace.folder / "backups"
    assert list(first.place.parent.iterdir()) == [first.place]
    second = backup(workspace, now=SINCE + timedelta(days=6))
    assert second.deleted == ()
    third = backup(workspace, now=SINCE + timedelta(days=7, seconds=1))
    assert third.deleted == (first.place.absolute(),)
    assert not first.place.exists()
    assert [each.gone_us is None for each in backups.listed(workspace)] == [True, True, False]


@pytest.mark.parametrize("harm", ["cut", "changed", "missing", "added", "climbs"])
def test_a_damaged_backup_is_refused_and_changes_nothing(
    workspace: Settings, tmp_path: Path, harm: str
) -> None:
    made = backup(workspace, tmp_path / "copy", now=SINCE)
    target = made.place / "holdfast.toml"
    if harm == "cut":
        target.write_bytes(target.read_bytes()[:-3])
    elif harm == "changed":
        target.write_bytes(target.read_bytes().replace(b"EUR", b"USD"))
    elif harm == "missing":
        target.unlink()
    elif harm == "added":
        (made.place / "more.txt").write_text("x")
    else:
        manifest = json.loads((made.place / "manifest.json").read_text())
        manifest["files"].append({"path": "../outside", "bytes": 1, "sha256": "x"})
        (made.place / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Refusal) as refused:
        restore(made.place, tmp_path / "again")
    assert refused.value.code == "damaged_backup"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "workspace"]


def test_a_tar_that_climbs_out_or_links_is_refused(workspace: Settings, tmp_path: Path) -> None:
    made = backup(workspace, tmp_path / "copy.tar", now=SINCE)
    with tarfile.open(made.place, "a") as packed:
        link = tarfile.TarInfo("holdfast.toml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(link)
    with pytest.raises(Refusal) as refused:
        restore(made.place, tmp_path / "again")
    assert refused.value.code == "damaged_backup"


def test_what_is_no_backup_or_of_a_newer_release_is_refused(workspace: Settings, tmp_path: Path) -> None:
    (tmp_path / "none.tar").write_bytes(b"hello" * 1000)
    made = backup(workspace, tmp_path / "copy", now=SINCE)
    for source in (tmp_path / "none.tar", tmp_path / "nowhere.tar", workspace.folder):
        with pytest.raises(Refusal) as refused:
            restore(source, tmp_path / "again")
        assert refused.value.code == "no_backup"
    manifest = json.loads((made.place / "manifest.json").read_text())
    for change in ({"format": 2}, {"layout": 99}, {"migrations": [*manifest["migrations"], "9999_more"]}):
        (made.place / "manifest.json").write_text(json.dumps(manifest | change))
        with pytest.raises(Refusal) as refused:
            restore(made.place, tmp_path / "again")
        assert refused.value.code == "newer_backup"


def test_nothing_is_replaced(workspace: Settings, tmp_path: Path, on_postgresql: Settings) -> None:
    lite = replace(on_postgresql, folder=tmp_path / "full")
    lite.folder.mkdir()
    (lite.folder / "x").write_text("x")
    made = backup(on_postgresql, tmp_path / "copy.tar", now=SINCE)
    with pytest.raises(Refusal) as refused:
        backup(on_postgresql, tmp_path / "copy.tar", now=SINCE)
    assert refused.value.code == "place_taken"
    with pytest.raises(Refusal) as refused:
        restore(made.place, lite.folder)
    assert refused.value.code == "folder_in_use"
    from holdfast.store import identity

    identity.assign_subjects(on_postgresql, "customer", ["somebody"])
    with pytest.raises(Refusal) as refused:
        restore(made.place, tmp_path / "again", database_url=on_postgresql.database_url)
    assert refused.value.code == "database_in_use"
    assert not (tmp_path / "again").exists()


def test_n1_who_was_erased_after_the_backup_is_erased_again_in_it(base: Settings, tmp_path: Path) -> None:
    company(base, tmp_path / "files", loop=False)
    made = backup(base, tmp_path / "copy.tar", now=SINCE)
    gone = erase(base, whom(base, KEY), by="n", now_us=int(SINCE.timestamp() * 1e6) + 1, at_once=True)
    assert gone.certificate is not None
    (named,) = gone.certificate["backups"]
    assert named["place"] == str(made.place.absolute()), "a backup still holds her, until when is said"
    assert named["expires_us"] == int((SINCE + timedelta(days=35)).timestamp() * 1e6)
    done = restore(made.place, tmp_path / "again", erased=base.folder)
    assert done.erased_again == 1
    again = read_settings(tmp_path / "again")
    (record,) = erasure.listed(again)
    assert (record.state, record.subjects) == ("proven", gone.subjects)
    found = scan(again, gone.subjects, WORDS)
    assert (found.rows, found.files, found.mentions) == ({}, {}, {})
    assert erasure.erased_among(again, [("customer", KEY)]) == {("customer", KEY)}
    assert sql.read("SELECT COUNT(*) FROM erasure") == [(1,)]


def test_n2_the_audit_trail_is_whole_in_what_is_put_back(workspace: Settings, tmp_path: Path) -> None:
    """Notes that come while the backup is made are no reason for alarm; that it was put back is a note."""
    from holdfast.store import audit, audit_check

    for number in range(3):
        audit.note(workspace, who=1, did="x.changed", about=f"x:{number}", now_us=number)
    made = backup(workspace, tmp_path / "copy.tar", now=NOW)
    audit.note(workspace, who=1, did="x.changed", about="x:4", now_us=4)
    again = restore(made.place, tmp_path / "again").settings
    found = audit_check.verify(again)
    assert (found.notes, found.found) == (4, ())
    assert sql.read("SELECT did, via FROM audit_note ORDER BY id DESC LIMIT 1") == [
        ("workspace.restored", audit.by_command())
    ]
