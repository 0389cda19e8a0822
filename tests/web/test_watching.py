"""N2: what was seen is noted soon, and no page waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from holdfast.domain.audit import Deed
from holdfast.settings import Settings
from holdfast.store import audit, audit_check, sql
from holdfast.web import watching

if TYPE_CHECKING:
    from django.test import Client

NOW = 1_700_000_000_000_000
PATIENCE = 20.0


def _deed(number: int) -> Deed:
    return Deed(1, "customer.seen", f"customer:{number}", NOW + number)


@pytest.fixture
def watch(served: Settings) -> Iterator[watching.Watch]:
    made = watching.Watch()
    made.start()
    yield made
    made.stop()


def _until(served: Settings, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while sql.read("SELECT COUNT(*) FROM audit_note") != [(count,)]:
        assert time.monotonic() < deadline


def test_n2_what_is_seen_is_written_in_groups_by_a_thread(served: Settings, watch: watching.Watch) -> None:
    began = time.monotonic()
    for number in range(1_000):
        watch.add(_deed(number))
    assert time.monotonic() - began < 1.0
    _until(served, 1_000)
    assert audit_check.verify(served).whole


def test_n2_what_waits_is_written_at_the_end(served: Settings) -> None:
    made = watching.Watch()
    made.start()
    made.add(_deed(1))
    made.stop()
    assert sql.read("SELECT about FROM audit_note") == [("customer:1",)]


def test_n2_what_cannot_be_written_now_waits_and_what_is_too_much_is_counted(
    served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MOST_WAITING", 2)
    made = watching.Watch()
    for number in range(5):
        made.add(_deed(number))
    sql.write("ALTER TABLE audit_note RENAME TO audit_away")
    made.write()
    sql.write("ALTER TABLE audit_away RENAME TO audit_note")
    assert audit_check.verify(served).notes == 0
    made.write()
    made.write()
    found = sql.read("SELECT did, about, details FROM audit_note ORDER BY id")
    assert found == [
        ("customer.seen", "customer:0", "{}"),
        ("customer.seen", "customer:1", "{}"),
        ("audit.lost", "audit", '{"notes":3}'),
    ]
    assert audit_check.verify(served).whole


def test_a_process_starts_one_thread_and_ends_it(served: Settings) -> None:
    watching.start()
    watching.start()
    watching.stop()
    watching.stop()
    audit.note_all(served, [_deed(1)])
    assert audit_check.verify(served).notes == 1


def test_n2_what_is_only_tried_is_no_change(signed_in: Callable[..., Client], served: Settings) -> None:
    """Pages try with each change of a field: the trail would say that somebody changed it each time."""
    manager = signed_in("manager")
    for path, given in (
        ("/segments/new", {"do": "look"}),
        ("/foresee/criteria/decide", {"try": "1", "act_from": "40"}),
        ("/foresee/criteria/decide", {"act_from": "many"}),
    ):
        swapped = {"HX-Request": "true", "HX-Target": "builder" if "segments" in path else "consequence"}
        assert manager.post(path, given, headers=swapped).status_code == 200, path
    assert sql.read("SELECT did FROM audit_note") == []
