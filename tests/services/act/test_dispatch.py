"""The dispatcher: sends what may go, says what became of it, and leaves alone what may not (N2, A9)."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import dispatching
import smtp_sink
from dispatching import ask_for, mail, now_us
from holdfast.domain.texts import Text
from holdfast.domain.touch import Recipient, TouchRequest, next_try_us
from holdfast.services.act import dispatch
from holdfast.services.act.dispatch import Dispatcher, send_due
from holdfast.services.processes import is_gone
from holdfast.settings import Settings
from holdfast.store import (
    channel_settings,
    inbox,
    inbox_writing,
    ingest_log,
    message_settings,
    outbox,
    outbox_reading,
    sql,
    suppression,
)
from services.act.people import known


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[smtp_sink.Sink]:
    with smtp_sink.running(tmp_path_factory.mktemp("sink")) as running:
        yield running


@pytest.fixture
def ready(base: Settings, sink: smtp_sink.Sink) -> Settings:
    dispatching.set_up(base, dispatching.smtp(sink.port, timeout_seconds=2, connections=3))
    return base


def _states(settings: Settings) -> dict[str, str]:
    return dict(sql.read("SELECT key, state FROM touch ORDER BY id"))


def _one(settings: Settings, request: TouchRequest) -> outbox_reading.Listed:
    """Ask for one, send what is due, and look at it."""
    touch_id = outbox.ask(settings, request, now_us=now_us())
    assert touch_id is not None
    send_due(settings)
    found = outbox_reading.one(settings, touch_id)
    assert found is not None
    return found


def _wait(holds: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it does not come to hold"
        time.sleep(0.02)


def test_everything_due_is_sent_once_with_its_history_and_its_fact(
    ready: Settings, sink: smtp_sink.Sink
) -> None:
    ann = known(ready)
    with sql.short_write():
        for number in range(25):
            outbox.ask(ready, mail(f"many {number}", subject_id=ann, unit_id=ann), now_us=now_us())
    before = len(sink.ids())
    send_due(ready)
    assert set(_states(ready).values()) == {"sent"}
    arrived = sink.ids()[before:]
    assert len(arrived) == len(set(arrived)) == 25
    tries = sql.read("SELECT what, COUNT(*) FROM touch_try GROUP BY what")
    assert tries == [("sent", 25)]
    facts = [row for row in ingest_log.rows(ready) if row[6] == "Touch Sent"]
    assert len(facts) == 25 and all(row[3] == ann for row in facts)
    assert not any("@" in str(row[-1]) for row in facts)
    assert sql.read("SELECT 1 FROM touch_sender") == []


def test_what_each_failure_becomes(ready: Settings) -> None:
    wanted = {
        "refused": ("failed", "refused_address"),
        "later": ("waiting", "try_later"),
        "spam": ("failed", "refused_message"),
        "lost": ("unknown", "connection_lost"),
        "slow": ("unknown", "no_answer"),
    }
    for name in wanted:
        outbox.ask(ready, mail(name, to=f"{name}@example.com"), now_us=now_us())
    send_due(ready)
    found = {
        each.key: (each.state, each.code) for each in outbox_reading.listed(ready, outbox_reading.Wanted(), 9)
    }
    assert found == wanted
    assert suppression.is_suppressed(ready, "email", "refused@example.com") == "hard_bounce"
    assert not suppression.is_suppressed(ready, "email", "spam@example.com")
    later = next(each for each in outbox_reading.listed(ready, outbox_reading.Wanted(("waiting",)), 9))
    assert 50 < (later.due_us - now_us()) / 1_000_000 < 70
    assert "@" not in str(later.reason)


def test_tries_end_and_come_later_each_time() -> None:
    waits = [next_try_us(tries, 0, 0) for tries in range(1, 7)]
    assert waits == sorted(waits, key=lambda wait: wait or 0) and waits[0] == 60_000_000
    assert next_try_us(7, 0, 0) is None
    assert next_try_us(1, 100, 0) == 66_000_000


def test_a_person_sends_the_unknown_again_under_the_same_name(ready: Settings, sink: smtp_sink.Sink) -> None:
    before = len(sink.ids())
    found = _one(ready, mail("once more", to="lost@example.com"))
    assert found.state == "unknown"
    sql.write("UPDATE touch SET address = 'ann@example.com' WHERE id = %s", (found.id,))
    assert outbox_reading.send_again(ready, found.id, by="niamh@shop.example", now_us=now_us())
    send_due(ready)
    sent = outbox_reading.one(ready, found.id)
    assert sent is not None and sent.state == "sent"
    assert [each.what for each in outbox_reading.history(ready, found.id)] == ["unknown", "released", "sent"]
    assert sink.ids()[before:] == [sent.provider_id] * 2  # whoever has both can tell


def test_nothing_goes_while_all_is_stopped(ready: Settings) -> None:
    message_settings.stop(ready, by="ann@shop.example", why="a mistake", now_us=now_us())
    ask_for(ready, 3)
    send_due(ready)
    assert set(_states(ready).values()) == {"waiting"}
    message_settings.start(ready, by="ann@shop.example", now_us=now_us())
    send_due(ready)
    assert set(_states(ready).values()) == {"sent"}


def test_a_stop_counts_amid_a_batch(workspace: Settings, tmp_path: Path) -> None:
    with smtp_sink.running(tmp_path / "slow", latency_seconds=0.1, keep=False) as slow:
        dispatching.set_up(workspace, dispatching.smtp(slow.port, connections=2))
        ask_for(workspace, 60)
        stop = threading.Event()
        thread = threading.Thread(target=Dispatcher(lambda: workspace).run, args=(stop,))
        thread.start()
        _wait(lambda: len(slow.ids()) >= 3)
        message_settings.stop(workspace, by="ann", why="", now_us=now_us())
        _wait(lambda: not sql.read("SELECT 1 FROM touch WHERE state = 'claimed'"))
        states = list(_states(workspace).values())
        stop.set()
        thread.join(20)
    assert states.count("sent") == len(slow.ids()) < 20
    assert states.count("waiting") == 60 - states.count("sent")


def test_safe_mode_holds_and_lets_go(ready: Settings) -> None:
    message_settings.list_addresses(ready, [])
    assert _one(ready, mail("held")).state == "held"
    send_due(ready)
    assert [each.what for each in outbox_reading.history(ready, 1)] == ["held"]
    message_settings.list_addresses(ready, ["@example.com"])
    send_due(ready)
    assert _states(ready) == {"held": "sent"}


def test_too_late_is_refused(ready: Settings) -> None:
    found = _one(ready, mail("late", not_after_us=now_us() - 1))
    assert (found.state, found.code) == ("refused", "too_late")


def test_who_was_erased_is_written_to_in_no_spelling(ready: Settings) -> None:
    from holdfast.store import erasure

    made = erasure.digest(ready, ("email", "ann@example.com"))
    erasure.remember_digests(ready, 1, [made], now_us())
    for to in ("ann@example.com", "Ann@Example.com", "bo@example.com"):
        outbox.ask(ready, mail(to, to=to), now_us=now_us())
    send_due(ready)
    assert list(_states(ready).values()) == ["refused", "refused", "sent"]


def test_a_marketing_mail_bears_its_ways_out_under_the_signature(
    ready: Settings, sink: smtp_sink.Sink
) -> None:
    from holdfast.channels._dkim import new_key

    ann = known(ready)
    key = new_key("ed25519")
    dispatching.set_up(ready, dispatching.smtp(sink.port, dkim_selector="h", dkim_key=key))
    message_settings.set_basis(ready, "customers")
    message_settings.set_public_url(ready, "https://holdfast.shop.example")
    message_settings.list_addresses(ready, ["@example.org"])
    found = _one(ready, mail("news", to="ann@example.org", purpose="marketing", subject_id=ann, topic="news"))
    assert found.state == "sent", found.reason
    raw = next(each.raw for each in sink.mails() if each.message_id == found.provider_id).decode()
    assert "List-Unsubscribe: <https://holdfast.shop.example/u/" in raw
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    signed = re.sub(r"\s", "", re.search(r"h=([^;]+);", raw)[1])  # type: ignore[index]
    assert "list-unsubscribe:list-unsubscribe-post" in signed


def test_a_server_that_is_down_costs_no_touch_a_try(ready: Settings, sink: smtp_sink.Sink) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    dispatching.set_up(ready, dispatching.smtp(port))
    ask_for(ready, 5)
    send_due(ready)
    assert set(_states(ready).values()) == {"waiting"}
    assert sql.read("SELECT DISTINCT tries FROM touch") == [(0,)]
    kept = channel_settings.read(ready, "email")
    assert kept is not None and "cannot be used" in str(kept.trouble) and kept.rests_until_us > now_us()
    dispatching.set_up(ready, dispatching.smtp(sink.port))
    send_due(ready)
    assert set(_states(ready).values()) == {"sent"}


def test_an_answer_in_the_chat_stands_in_its_conversation_exactly_once(base: Settings) -> None:
    key = b"k" * 16
    first = inbox_writing.NewMessage(
        1, "visitor-1", "chat", 5, key, "m1", now_us(), True, "Ann", "", "", "Is anybody there?"
    )
    with sql.short_write():
        inbox_writing.put(base, [first], now_us())
    talk = inbox.by_key(base, 1, "visitor-1")
    assert talk is not None
    request = TouchRequest(
        "answer 1",
        "service",
        "chat",
        Recipient("visitor-1", subject_id=5),
        "",
        "Yes: سلام",
        conversation_id=talk.id,
        sender_name="Niamh",
    )
    assert _one(base, request).state == "sent"
    said = inbox.messages(base, talk.id, 9)
    assert [(each.incoming, each.author, each.text) for each in said][1:] == [(False, "Niamh", "Yes: سلام")]
    assert [row[6] for row in ingest_log.rows(base)] == ["Message Sent"]


def test_a_touch_of_somebody_who_is_erased_meanwhile_leaves_nothing(ready: Settings) -> None:
    from holdfast.store import outbox_sending
    from holdfast.store.outbox_sending import Result

    outbox.ask(ready, mail("gone", subject_id=4), now_us=now_us())
    sender = outbox_sending.enter(ready, "x:1:y", "email", now_us() + 10**9)
    with sql.short_write():
        (claimed,) = outbox_sending.claim(ready, sender, "email", now_us(), 5)
    sql.write("DELETE FROM touch WHERE subject_id = 4")
    with sql.short_write():
        said = Result(claimed.touch_id, sender, "sent", "x", 1, 2)
        assert outbox_sending.settle(ready, [said]) == []
    assert sql.read("SELECT 1 FROM touch_try") == []


def test_a_dispatcher_that_ends_finishes_the_mail_it_is_at(workspace: Settings, tmp_path: Path) -> None:
    with smtp_sink.running(tmp_path / "slow", latency_seconds=0.1, keep=False) as slow:
        dispatching.set_up(workspace, dispatching.smtp(slow.port, connections=4))
        ask_for(workspace, 100)
        process = dispatching.start(workspace)
        _wait(lambda: len(slow.ids()) >= 4)
        process.terminate()
        assert process.wait(20) == 0
        states = list(_states(workspace).values())
        assert states.count("sent") == len(slow.ids())
    assert set(states) == {"sent", "waiting"}
    assert sql.read("SELECT 1 FROM touch_sender") == []


def test_a_ledger_that_cannot_write_tries_until_it_can(
    workspace: Settings, sink: smtp_sink.Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.services.act import ledger

    dispatching.set_up(workspace, dispatching.smtp(sink.port, connections=2))
    ask_for(workspace, 6)
    right, left = ledger.apply, [2]

    def broken(*given: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise OSError(28, "No space left on device")
        right(*given)

    monkeypatch.setattr(ledger, "apply", broken)
    monkeypatch.setattr(ledger, "_TRY_AGAIN_SECONDS", 0.01)
    before = len(sink.ids())
    send_due(workspace)
    assert set(_states(workspace).values()) == {"sent"}
    assert len(sink.ids()) - before == 6


def test_one_result_that_cannot_be_written_holds_up_no_other(
    workspace: Settings, sink: smtp_sink.Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.services.act import ledger

    dispatching.set_up(workspace, dispatching.smtp(sink.port, connections=2))
    ask_for(workspace, 30)
    right = ledger.apply

    def broken(settings: Settings, settled: Any, at_us: int) -> None:
        if any(each.result.touch_id == 3 for each in settled):
            raise OSError("never")
        right(settings, settled, at_us)

    monkeypatch.setattr(ledger, "apply", broken)
    monkeypatch.setattr(ledger, "_TRY_AGAIN_SECONDS", 0.05)
    stop = threading.Event()
    thread = threading.Thread(target=Dispatcher(lambda: workspace).run, args=(stop,))
    thread.start()
    _wait(lambda: not sql.read("SELECT 1 FROM touch WHERE state = 'waiting'"))
    _wait(lambda: len(sql.read("SELECT 1 FROM touch WHERE state = 'sent'")) >= 10)
    monkeypatch.setattr(ledger, "apply", right)
    _wait(lambda: set(_states(workspace).values()) == {"sent"})
    stop.set()
    thread.join(20)
    assert sql.read("SELECT COUNT(*) FROM touch_try WHERE what = 'sent'") == [(30,)]


def test_a_dispatcher_outlives_its_connections_to_the_database(
    on_postgresql: Settings, sink: smtp_sink.Sink
) -> None:
    dispatching.set_up(on_postgresql, dispatching.smtp(sink.port, connections=2))
    stop = threading.Event()
    thread = threading.Thread(target=Dispatcher(lambda: on_postgresql).run, args=(stop,))
    thread.start()
    for first in (0, 5):
        ask_for(on_postgresql, 5, first=first)
        _wait(lambda: set(_states(on_postgresql).values()) == {"sent"})
        gone = sql.read(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert len(gone) > 2
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def test_who_finds_nothing_to_send_does_not_say_that_a_channel_works(ready: Settings) -> None:
    channel_settings.note_trouble(ready, "email", Text("No."), rest_us=1, now_us=now_us() - 10)
    send_due(ready)
    refused = _one(ready, mail("refused", to="refused@example.com"))
    kept = channel_settings.read(ready, "email")
    assert refused.state == "failed" and kept is not None and str(kept.trouble) == "No."
    assert _one(ready, mail("sent")).state == "sent"
    kept = channel_settings.read(ready, "email")
    assert kept is not None and kept.trouble is None


def test_which_processes_are_gone() -> None:
    import os
    import socket
    import subprocess
    import sys

    here = socket.gethostname()
    assert not is_gone(f"{here}:{os.getpid()}:x")
    assert not is_gone("elsewhere:1:x") and not is_gone("nonsense") and not is_gone(f"{here}:1:x")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert is_gone(f"{here}:{gone.pid}:x")
    assert dispatch.LOOK_SECONDS < 1
