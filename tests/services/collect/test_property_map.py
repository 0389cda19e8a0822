"""Names of events that came, what their properties are called, and what is mapped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.arrive import accept
from holdfast.services.collect.property_map import event_names, map_property, properties_of
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import ingest_log, live_sources, property_map

AT = 1_772_366_400_000_000


def arrive(base: Settings, *events: dict[str, Any]) -> None:
    source = live_sources.ensure(base, "Shop", "segment", now_us=AT)
    batch = [{"type": "track", "userId": "u1", **event} for event in events]
    body = json.dumps({"batch": batch}).encode()
    accept(base, source.id, body, events=len(events), received_us=AT)
    take_in_arrived(base, now_us=AT)


def test_names_and_properties_that_came_are_told(base: Settings) -> None:
    arrive(
        base,
        {"event": "Visit Booked", "properties": {"room": "blue", "guest": {"nights": 3, "deep": {"er": 1}}}},
        {"event": "Visit Booked", "properties": {"room": "red", "paid": True}},
        {"event": "Order Completed", "properties": {"total": 5}},
    )
    assert [(each.name, each.events) for each in event_names(base)] == [
        ("Visit Booked", 2),
        ("Order Completed", 1),
    ]
    found = properties_of(base, "Visit Booked")
    assert set(found) == {"room", "guest.nights", "guest.deep.er", "paid"}
    assert found["guest.nights"] == "3"
    assert properties_of(base, "Nobody's") == {}


def test_a_map_fills_the_column_of_events_from_then_on(base: Settings) -> None:
    map_property(base, "Visit Booked", "code", "room")
    map_property(base, "Visit Booked", "score", "guest.nights")
    arrive(base, {"event": "Visit Booked", "properties": {"room": "blue", "guest": {"nights": 3}}})
    (row,) = ingest_log.rows(base)
    said = dict(zip(("seq", *ingest_log.COLUMNS), row, strict=True))
    assert (said["code"], said["score"]) == ("blue", 3.0)
    map_property(base, "Visit Booked", "code", " ")
    assert property_map.maps(base) == {"Visit Booked": {"score": "guest.nights"}}


@pytest.mark.parametrize(
    ("event", "column", "path"),
    [
        ("E", "details", "room"),
        ("E", "", "room"),
        ("", "code", "room"),
        ("E", "code", "a\x00b"),
        ("E", "code", "x" * 201),
    ],
)
def test_what_cannot_be_mapped_is_refused(workspace: Settings, event: str, column: str, path: str) -> None:
    with pytest.raises(Refusal):
        map_property(workspace, event, column, path)
    assert property_map.maps(workspace) == {}
