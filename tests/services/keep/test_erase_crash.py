"""Killed at any moment (-9), an erasure goes on where it was, and is proven in the end (N1)."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import time
from pathlib import Path

import pytest

from erasing import erase_and_die, erase_ann
from holdfast import store
from holdfast.services.collect.recover import recover
from holdfast.services.keep.erase.scan import scan
from holdfast.services.keep.erase.steps import carry_on, erase
from holdfast.services.keep.erase.whom import whom
from holdfast.services.visible import visible
from holdfast.settings import Settings, read_settings
from holdfast.store import erasure
from services.keep.ann import KEY, NOW_US, WORDS, company

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["erasing"])


@pytest.fixture
def shop(workspace: Settings, tmp_path: Path) -> Settings:
    company(workspace, tmp_path / "files", loop=False)
    store.connect(Settings(tmp_path / "elsewhere"))
    return workspace


def ends_well(settings: Settings, others: int) -> None:
    """Whatever was left by the killed process, the next one proves the erasure; nobody else lost anything."""
    assert recover(settings)
    if erasure.listed(settings):
        carry_on(settings, now_us=NOW_US)
    else:
        erase(settings, whom(settings, KEY), by="n", now_us=NOW_US, at_once=True)
    (record,) = erasure.listed(settings)
    assert record.state == "proven", record.certificate
    found = scan(settings, record.subjects, WORDS)
    assert (found.rows, found.files, found.mentions, found.loose) == ({}, {}, {}, False)
    assert visible(settings).rows == others
    assert not list(settings.folder.rglob("*.cut")), "nothing half written is left"


def others_of(settings: Settings, tmp_path: Path) -> tuple[int, float]:
    """How many events of others there are, and how long an erasure takes that is not disturbed."""
    whole = tmp_path / "whole"
    shutil.copytree(settings.folder, whole)
    process = CONTEXT.Process(target=erase_ann, args=(whole, KEY, NOW_US))
    started = time.monotonic()
    process.start()
    process.join()
    assert process.exitcode == 0
    seconds = time.monotonic() - started
    copy = read_settings(whole)
    rows = visible(copy).rows
    ends_well(copy, rows)
    return rows, seconds


def test_n1_what_a_killed_run_left_beside_a_file_is_taken_away_first(shop: Settings) -> None:
    logs = shop.folder / "logs"
    logs.mkdir(exist_ok=True)
    (logs / "holdfast.log").write_text(f"ann {KEY} asked\nanother line\n", encoding="utf-8")
    (logs / ".holdfast.log.cut").write_text(f"ann {KEY} ask", encoding="utf-8")
    erase(shop, whom(shop, KEY), by="n", now_us=NOW_US, at_once=True)
    assert [path.name for path in logs.iterdir()] == ["holdfast.log"]
    assert KEY not in (logs / "holdfast.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "kills", [pytest.param(4, id="short"), pytest.param(25, marks=pytest.mark.long, id="long")]
)
def test_n1_killed_at_any_moment_it_is_proven_in_the_end(shop: Settings, tmp_path: Path, kills: int) -> None:
    chance = random.Random(42)
    others, seconds = others_of(shop, tmp_path)
    for number in range(kills):
        folder = tmp_path / f"killed{number}"
        shutil.copytree(shop.folder, folder)
        process = CONTEXT.Process(target=erase_ann, args=(folder, KEY, NOW_US))
        process.start()
        process.join(timeout=seconds * (number + chance.random()) / kills)
        process.kill()
        process.join()
        ends_well(read_settings(folder), others)
        store.connect(Settings(tmp_path / "elsewhere"))
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param(range(5, 100, 19), id="short"),
        pytest.param(range(1, 140, 3), marks=pytest.mark.long, id="long"),
    ],
)
def test_n1_killed_at_any_file_it_is_proven_in_the_end(
    shop: Settings, tmp_path: Path, numbers: range
) -> None:
    others, _ = others_of(shop, tmp_path)
    for number in numbers:
        folder = tmp_path / f"file{number}"
        shutil.copytree(shop.folder, folder)
        process = CONTEXT.Process(target=erase_and_die, args=(number, folder, KEY, NOW_US))
        process.start()
        process.join()
        ends_well(read_settings(folder), others)
        store.connect(Settings(tmp_path / "elsewhere"))
        shutil.rmtree(folder)
