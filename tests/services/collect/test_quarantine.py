"""Events that could not be understood: mended, replayed once, dropped and taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.services.collect import quarantine
from holdfast.services.collect.arrive import accept
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import ingest_log, live_sources
from holdfast.store import quarantine as stored
from holdfast.store.quarantine import DROPPED, REPLAYED, Asked

AT = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z
BAD: dict[str, Any] = {"type": "track", "userId": "u1", "messageId": "m1", "properties": {"total": 5}}


def arrive(base: Settings, *events: Any, endpoint: str = "batch", browser: bool = False) -> None:
    """Let calls arrive at noon and be taken in."""
    source = live_sources.ensure(base, "Shop", "segment", now_us=AT)
    body = {"batch": list(events)} if endpoint == "batch" else events[0]
    accept(
        base,
        source.id,
        json.dumps(body).encode(),
        endpoint=endpoint,
        events=len(events),
        received_us=AT,
        browser=browser,
    )
    take_in_arrived(base, now_us=AT)


def waiting(base: Settings) -> list[stored.QuarantinedEvent]:
    return stored.listed(base, Asked(), 100)


def names(base: Settings) -> list[tuple[str, int]]:
    """(name, moment) of the events that count."""
    return [(row[ingest_log.COLUMNS.index("name") + 1], row[ingest_log.COLUMNS.index("at_us") + 1])
            for row in ingest_log.rows(base)]  # fmt: skip


def test_a2_a_bad_event_waits_with_its_reason_and_the_good_one_counts(base: Settings) -> None:
    arrive(base, BAD, {**BAD, "event": "Order Completed", "messageId": "m2"})
    (event,) = waiting(base)
    assert json.loads(event.event) == BAD
    assert (event.code, event.source, event.endpoint, event.received_us) == (
        "no_event_name",
        "Shop",
        "batch",
        AT,
    )
    assert "event" in str(event.found)
    assert names(base) == [("Order Completed", AT)]


@pytest.mark.parametrize("endpoint", ["batch", "track"])
def test_a2_a_mended_event_is_replayed_as_of_when_it_came(base: Settings, endpoint: str) -> None:
    arrive(base, BAD, endpoint=endpoint)
    (event,) = waiting(base)
    assert quarantine.replay(base, event.id, json.dumps({**BAD, "event": "Order Completed"})) is None
    take_in_arrived(base, now_us=AT + 10**9)
    assert names(base) == [("Order Completed", AT)]
    assert stored.counted(base) == {"waiting": 0, REPLAYED: 1, DROPPED: 0}


@pytest.mark.parametrize(
    "written", ["{", "", "{}", "5", json.dumps(BAD), f"{json.dumps(BAD)},{json.dumps(BAD)}"]
)
def test_a2_what_is_still_wrong_is_said_and_stays(base: Settings, written: str) -> None:
    arrive(base, BAD)
    (event,) = waiting(base)
    refusal = quarantine.replay(base, event.id, written)
    assert refusal is not None
    assert len(waiting(base)) == 1
    assert take_in_arrived(base, now_us=AT).calls == 0


def test_a2_several_good_events_in_the_place_of_one_are_refused(base: Settings) -> None:
    arrive(base, BAD)
    good = json.dumps({**BAD, "event": "Order Completed"})
    refusal = quarantine.replay(base, waiting(base)[0].id, f"{good},{good}")
    assert refusal is not None
    assert refusal.code == "not_one_event"


def test_a2_an_event_is_replayed_once(base: Settings) -> None:
    arrive(base, BAD)
    (event,) = waiting(base)
    good = json.dumps({**BAD, "event": "Order Completed"})
    assert quarantine.replay(base, event.id, good) is None
    with pytest.raises(Refusal, match="not in the quarantine"):
        quarantine.replay(base, event.id, good)
    with pytest.raises(Refusal, match="not in the quarantine"):
        quarantine.replay(base, 10_000, good)


def test_a2_replay_all_sends_what_can_be_understood_now(
    base: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "_PAGE", 2)
    arrive(base, *({**BAD, "messageId": f"m{n}"} for n in range(5)))
    for event in waiting(base)[1:4]:
        good = json.dumps({**json.loads(event.event), "event": "Order Completed"})
        stored.write_event(base, event.id, good)
    done = quarantine.replay_all(base, Asked())
    assert (done.replayed, done.refused, done.more) == (3, 2, False)
    take_in_arrived(base, now_us=AT)
    assert len(names(base)) == 3
    assert len(waiting(base)) == 2


def test_a2_dropped_events_can_be_taken_back_and_replayed_ones_stay(base: Settings) -> None:
    arrive(base, BAD, {**BAD, "messageId": "m2"})
    first, second = (event.id for event in waiting(base))
    assert quarantine.replay(base, first, json.dumps({**BAD, "event": "e"})) is None
    assert quarantine.drop(base, [first, second]) == 1
    assert stored.counted(base) == {"waiting": 0, REPLAYED: 1, DROPPED: 1}
    assert quarantine.take_back(base, [first, second]) == 1
    assert [event.id for event in waiting(base)] == [second]
    assert quarantine.drop(base, []) == 0


def test_the_list_is_narrowed_and_turned_by_page(base: Settings) -> None:
    arrive(base, *({**BAD, "messageId": f"m{n}"} for n in range(3)), {"type": "track", "event": "e"})
    everything = waiting(base)
    assert [event.code for event in everything] == ["no_id", *["no_event_name"] * 3]
    some = stored.listed(base, Asked(code="no_event_name"), 2)
    rest = stored.listed(base, Asked(code="no_event_name", before=some[-1].id), 2)
    assert [event.id for event in some + rest] == [event.id for event in everything[1:]]
    source = live_sources.by_name(base, "Shop")
    assert source is not None
    assert stored.reasons(base, "waiting") == [
        ("no_event_name", source.id, "Shop", 3),
        ("no_id", source.id, "Shop", 1),
    ]
