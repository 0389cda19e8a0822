"""Work that pages ask for: done once, taken up again where a process died, given up where it always dies."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.processes import is_gone
from holdfast.services.pulse.asked import do_next
from holdfast.settings import Settings
from holdfast.store import asked, saved_maps, start, uploads
from holdfast.store.saved_maps import KeptMap
from holdfast.store.uploads import NewUpload

NOW = 1_700_000_000_000_000
SECOND = 1_000_000


def alive(holder: str) -> bool:
    return False


def test_the_same_work_is_asked_for_once_and_claimed_by_one(base: Settings) -> None:
    first = asked.ask(base, "import", 7, by_id=1, now_us=NOW)
    assert asked.ask(base, "import", 7, by_id=2, now_us=NOW) == first
    other = asked.ask(base, "import", 8, by_id=1, now_us=NOW)
    assert asked.is_waiting(base, NOW, is_gone=alive)
    mine = asked.claim(base, "a:1", now_us=NOW, is_gone=alive)
    assert mine is not None and (mine.id, mine.state, mine.attempts) == (first, "running", 1)
    theirs = asked.claim(base, "b:1", now_us=NOW, is_gone=alive)
    assert theirs is not None and theirs.id == other
    assert asked.claim(base, "c:1", now_us=NOW, is_gone=alive) is None
    assert not asked.is_waiting(base, NOW, is_gone=alive)
    asked.note_step(base, first, Text("Reading the file"), 3, 9)
    found = asked.get(base, first)
    assert (
        found is not None and found.step == Text("Reading the file") and (found.done, found.total) == (3, 9)
    )
    asked.end(base, first, now_us=NOW, result={"import_id": 4})
    assert asked.ask(base, "import", 7, by_id=1, now_us=NOW) != first
    latest = asked.latest(base, "import", 8)
    assert latest is not None and latest.open


def test_what_a_dead_process_held_is_taken_up(base: Settings) -> None:
    number = asked.ask(base, "run", None, by_id=None, now_us=NOW)
    asked.claim(base, "far-away:1", now_us=NOW, is_gone=is_gone)
    assert asked.claim(base, "b:1", now_us=NOW + SECOND, is_gone=is_gone) is None  # perhaps it works
    assert asked.hold(base, number, "far-away:1", NOW + 10 * SECOND)
    assert asked.claim(base, "b:1", now_us=NOW + 21 * SECOND, is_gone=is_gone) is None
    again = asked.claim(base, "b:1", now_us=NOW + 31 * SECOND, is_gone=is_gone)
    assert again is not None and again.attempts == 2
    assert not asked.hold(base, number, "far-away:1", NOW + 32 * SECOND)
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    here = f"{socket.gethostname()}:{int(dead.stdout)}"
    assert is_gone(here) and not is_gone(f"{socket.gethostname()}:{os.getpid()}")
    asked.put_back(base, number)
    asked.claim(base, here, now_us=NOW, is_gone=is_gone)
    assert asked.claim(base, "c:1", now_us=NOW, is_gone=is_gone) is not None  # at once: it cannot be at work


def test_work_whose_process_always_dies_is_given_up(base: Settings) -> None:
    number = uploads.begin(base, NewUpload("orders.csv", 9), by_id=None, now_us=NOW)
    asked.ask(base, "import", number, by_id=None, now_us=NOW)
    for _ in range(asked.MOST_ATTEMPTS):
        assert asked.claim(base, "far-away:1", now_us=NOW, is_gone=lambda holder: True) is not None
    assert do_next(base, "b:1")
    found = asked.latest(base, "import", number)
    assert found is not None and found.state == "failed" and "3 times" in str(found.trouble)
    assert uploads.get(base, number).state == "refused"
    assert not do_next(base, "b:1")


def test_files_and_maps_are_kept_as_they_were_given(base: Settings) -> None:
    new = NewUpload("заказы.csv", 12, "orders", {"columns": {"customer": "клиент"}}, 3, {"lines": [4, 5]})
    number = uploads.begin(base, new, by_id=2, now_us=NOW)
    uploads.change(
        base, number, now_us=NOW + 1, state="looked", trouble=Text("no"), layout={"columns": ["клиент"]}
    )
    found = uploads.get(base, number)
    assert (found.name, found.sent, found.trouble) == ("заказы.csv", {"lines": [4, 5]}, Text("no"))
    assert uploads.mending(base, 3) == [found] and uploads.listed(base, ("looked",)) == [found]
    assert uploads.ask_once(base, number, NOW) and not uploads.ask_once(base, number, NOW)
    assert not uploads.forget(base, number)  # it is on its way
    uploads.change(base, number, now_us=NOW, state="done", import_id=9)
    assert uploads.of_import(base, 9) == uploads.get(base, number)
    with pytest.raises(Refusal):
        uploads.get(base, number + 1)
    with pytest.raises(ValueError, match="does not change"):
        uploads.change(base, number, now_us=NOW, name="other")
    kept = KeptMap(0, "Till", "orders", ("b", "a"), {"columns": {"customer": "a"}})
    saved_maps.keep(base, kept, by_id=1, now_us=NOW)
    saved_maps.keep(base, kept, by_id=1, now_us=NOW)
    (one,) = saved_maps.listed(base)
    assert saved_maps.fitting(base, ["a", "b"]) == one and saved_maps.fitting(base, ["a"]) is None


def test_a_set_up_link_is_used_once(base: Settings) -> None:
    token = start.make_link(base, NOW)
    assert len(token) >= 43
    assert start.is_open(base, token, NOW) and start.use_link(base, token, NOW)
    assert not start.use_link(base, token, NOW) and not start.is_open(base, token, NOW)
    start.take_step(base, "workspace", by_id=1, now_us=NOW)
    start.take_step(base, "workspace", by_id=2, now_us=NOW)
    assert start.steps_taken(base) == {"workspace"}
