"""Names under which events came, and which of their properties fills which column.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import Connection


class EventName(TypedDict):
    """A name of events: how many came, when the last happened, and what is mapped (column to property)."""

    name: str
    events: int
    last_at: str
    map: dict[str, str]


class PropertyMap(TypedDict):
    """The map of one name, and the properties that some of its events have, each with an example."""

    name: str
    map: dict[str, str]
    properties: dict[str, str]


class EventNamesArea:
    """Names under which events came, and which of their properties fills which column."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_event_names(self, *, limit: int | None = None) -> Iterator[EventName]:
        """List the names under which events came, the most frequent first, at most 500."""
        return self._connection.pages("/event-names", {"limit": limit})

    def get_property_map(self, *, name: str) -> PropertyMap:
        """Get what is mapped of one name, and what could be."""
        return cast("PropertyMap", self._connection.ask("GET", "/event-names/map", query={"name": name}))

    def map_property(
        self,
        *,
        name: str,
        column: Literal[
            "amount", "code", "currency", "object_id", "product_id", "promised_at", "quantity", "score"
        ],
        property: str,
    ) -> PropertyMap:
        """Let a property fill a column from now on, and in events from before with the next compaction."""
        return cast(
            "PropertyMap",
            self._connection.ask(
                "POST", "/event-names/map", body={"name": name, "column": column, "property": property}
            ),
        )
