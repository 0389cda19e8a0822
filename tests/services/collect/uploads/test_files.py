"""A9, A5: brought files lie inside the workspace, go after a while, and when somebody in them is erased."""

from __future__ import annotations

import gzip
import shutil
import time

import pytest
from django.db import IntegrityError

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.uploads import bring_in, files, look, mapping
from holdfast.services.keep.erase.files import clean_files
from holdfast.services.keep.erase.wanted import Wanted
from holdfast.settings import Settings
from holdfast.store import sql, uploads
from holdfast.store.uploads import NewUpload, UploadRecord

DAY_US = 86_400_000_000
ANN = "customer,email,at,amount\nc-1,ann@example.org,2025-01-01,3\nc-2,x@example.org,2025-01-02,4\n"
BOB = ANN.replace("ann@", "bob@")


def bring(settings: Settings, name: str, content: bytes, now_us: int) -> UploadRecord:
    arrived = files.arriving(settings)
    arrived.write_bytes(content)
    new = NewUpload(name, len(content))
    number = files.receive(settings, arrived, new, by_id=None, now_us=now_us)
    look.look(settings, number, now_us=now_us)
    return uploads.get(settings, number)


def lies(settings: Settings, record: UploadRecord) -> bool:
    return files.path_of(settings, record).exists()


def test_a_name_never_leaves_its_folder(workspace: Settings) -> None:
    for name in ("../../etc/passwd", "..", "/", "C:\\x\\y.csv", "a\0b.csv", "\u202egpj.csv", "." * 300):
        record = bring(workspace, name, ANN.encode(), 1)
        path = files.path_of(workspace, record)
        assert path.is_relative_to(files.root(workspace) / str(record.id) / "file")
        assert path.resolve() == path and path.parent.name == "file"


def test_files_that_nobody_imports_go(workspace: Settings) -> None:
    now = time.time_ns() // 1_000
    old = bring(workspace, "old.csv", ANN.encode(), now - (files.KEPT_DAYS + 1) * DAY_US)
    young = bring(workspace, "young.csv", ANN.encode(), now)
    on_its_way = bring(workspace, "asked.csv", ANN.encode(), now - 30 * DAY_US)
    uploads.change(workspace, on_its_way.id, now_us=now - 30 * DAY_US, state="asked")
    cut_off = files.arriving(workspace)
    cut_off.write_bytes(b"half of a fi")
    assert files.sweep(workspace, now) == 1
    assert not lies(workspace, old) and lies(workspace, young) and lies(workspace, on_its_way)
    assert cut_off.exists()
    files.sweep(workspace, now + 2 * DAY_US)
    assert not cut_off.exists() and lies(workspace, young)


def test_a_file_that_is_gone_is_said_to_be(workspace: Settings) -> None:
    record = bring(workspace, "orders.csv", ANN.encode(), 1)
    files.path_of(workspace, record).unlink()
    look.look(workspace, record.id, now_us=2)
    found = uploads.get(workspace, record.id)
    assert found.state == "gone" and "not here any more" in str(found.trouble)


def test_who_is_erased_is_in_no_brought_file(workspace: Settings) -> None:
    named = bring(workspace, "ann.csv", ANN.encode(), 1)
    other = bring(workspace, "bob.csv", BOB.encode(), 1)
    packed = bring(workspace, "packed.csv.gz", gzip.compress(BOB.encode()), 1)
    wanted = Wanted((("email", "ann@example.org"),), ("ann@example.org",))
    done = clean_files(workspace, [], wanted)
    assert done["brought_files"] == 2
    assert not lies(workspace, named) and lies(workspace, other) and not lies(workspace, packed)
    left = [path.read_bytes() for path in files.root(workspace).rglob("*") if path.is_file()]
    assert left and not any(b"ann@" in each for each in left)


def test_what_is_too_large_or_finds_no_room_is_refused(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refusal) as large:
        files.check_room(workspace, files.MOST_BYTES + 1)
    assert large.value.code == "too_large"
    files.check_room(workspace, 1)
    whole = shutil.disk_usage(workspace.folder).total
    monkeypatch.setattr(files, "MOST_BYTES", whole)
    with pytest.raises(Refusal) as full:
        files.check_room(workspace, whole)
    assert full.value.code == "disk_full"


def test_a_file_is_on_its_way_only_together_with_its_work(workspace: Settings) -> None:
    record = bring(workspace, "orders.csv", ANN.encode(), 1)
    proposal = mapping.propose(workspace, record, "orders")
    mapping.choose(workspace, record, proposal.kind, proposal.map, now_us=1)
    sql.write(
        "CREATE TRIGGER full BEFORE INSERT ON asked_work BEGIN SELECT RAISE(ABORT, 'database is full'); END"
    )
    with pytest.raises(IntegrityError):
        bring_in.ask_import(workspace, record.id, by_id=None, now_us=2)
    sql.write("DROP TRIGGER full")
    assert uploads.get(workspace, record.id).state == "looked"
    assert bring_in.ask_import(workspace, record.id, by_id=None, now_us=3) is not None
