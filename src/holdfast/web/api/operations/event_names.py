"""Names under which events came, and which of their properties fills which column."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from holdfast.services.collect import property_map as service
from holdfast.store import property_map as stored
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import DECIDERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import Answered, Asked, Call, Page, Paging, moment, operation

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Column = Literal["code", "score", "amount", "quantity", "object_id", "product_id", "currency", "promised_at"]


class EventName(Answered, frozen=True):
    """A name of events: how many came, when the last happened, and what is mapped (column to property)."""

    name: str
    events: int
    last_at: datetime
    map: dict[str, str]


class PropertyQuery(Asked, kw_only=True, frozen=True):
    """Of which events."""

    name: Name


class PropertyMap(Answered, frozen=True):
    """The map of one name, and the properties that some of its events have, each with an example."""

    name: str
    map: dict[str, str]
    properties: dict[str, str]


class Mapping(Asked, kw_only=True, frozen=True):
    """Which property is to fill a column; "" maps nothing to it any more."""

    name: Name
    column: Column
    property: Annotated[str, Meta(max_length=200, description="Inner ones with a dot: `shipping.method`.")]


@operation("GET", "/event-names", scope=READ, roles=DECIDERS)
def list_event_names(call: Call, query: Paging) -> Page[EventName]:
    """List the names under which events came, the most frequent first, at most 500."""
    maps = stored.maps(call.settings)
    return cursors.page_of(
        call,
        query,
        service.event_names(call.settings),
        kind=tuple[int, str],
        place=lambda each: (-each.events, each.name),
        show=lambda each: EventName(
            name=each.name,
            events=each.events,
            last_at=moment(each.last_us),
            map=maps.get(each.name, {}),
        ),
    )


@operation("GET", "/event-names/map", scope=READ, roles=DECIDERS)
def get_property_map(call: Call, query: PropertyQuery) -> PropertyMap:
    """Get what is mapped of one name, and what could be."""
    return PropertyMap(
        name=query.name,
        map=stored.maps(call.settings).get(query.name, {}),
        properties=service.properties_of(call.settings, query.name),
    )


@operation("POST", "/event-names/map", scope=WRITE, roles=DECIDERS)
def map_property(call: Call, body: Mapping) -> PropertyMap:
    """Let a property fill a column from now on, and in events from before with the next compaction."""
    service.map_property(call.settings, body.name, body.column, body.property)
    return get_property_map(call, PropertyQuery(name=body.name))
