"""Segments: named rules over customers, who meets them, who came and went.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut
from holdfast.client.shapes import CustomerRow, DayOfSegment, Money


class Member(TypedDict):
    """A customer in a segment, and since when."""

    customer_id: int
    name: str
    state: str
    orders: int
    amount: Money
    since: str


class Move(TypedDict):
    """Somebody entered or left; of who left, since when they had been in it."""

    customer_id: int
    name: str
    at: str
    entered: bool
    since: str | None


class Preview(TypedDict):
    """How many of all customers meet a rule now, and some of them."""

    count: int
    everybody: int
    sample: list[CustomerRow]


class Segment(TypedDict):
    """A segment; ``size`` is null until everybody was looked at once."""

    key: str
    title: str
    rule: dict[str, Any]
    words: str
    size: int | None
    made_at: str
    made_by: str
    checked_at: str | None


class SegmentDays(TypedDict):
    """A segment over time, the oldest day first; days on which nothing changed are not there."""

    items: list[DayOfSegment]


class SegmentsArea:
    """Segments: named rules over customers, who meets them, who came and went."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_segments(self, *, limit: int | None = None) -> Iterator[Segment]:
        """List the segments by key."""
        return self._connection.pages("/segments", {"limit": limit})

    def create_segment(self, *, title: str, rule: dict[str, Any], key: str | LeftOut = LEFT_OUT) -> Segment:
        """Make a segment; who meets it is looked up at once where customers are few, else within seconds."""
        return cast(
            "Segment",
            self._connection.ask("POST", "/segments", body={"title": title, "rule": rule, "key": key}),
        )

    def preview_segment(self, *, rule: dict[str, Any]) -> Preview:
        """Count who would meet a rule; nothing is kept."""
        return cast("Preview", self._connection.ask("POST", "/segments/preview", body={"rule": rule}))

    def get_segment(self, key: str) -> Segment:
        """Get one segment."""
        return cast("Segment", self._connection.ask("GET", f"/segments/{quote(key, safe='')}"))

    def update_segment(
        self,
        key: str,
        *,
        title: str | LeftOut | None = LEFT_OUT,
        rule: dict[str, Any] | LeftOut | None = LEFT_OUT,
        if_match: str | None = None,
    ) -> Segment:
        """Give a segment another title or another rule."""
        return cast(
            "Segment",
            self._connection.ask(
                "PATCH",
                f"/segments/{quote(key, safe='')}",
                body={"title": title, "rule": rule},
                if_match=if_match,
            ),
        )

    def delete_segment(self, key: str, *, if_match: str | None = None) -> None:
        """Delete a segment, unless another stands on it; for a month it can be brought back."""
        self._connection.ask("DELETE", f"/segments/{quote(key, safe='')}", if_match=if_match)

    def list_members(self, key: str, *, limit: int | None = None) -> Iterator[Member]:
        """List who is in a segment now, in the order of their numbers."""
        return self._connection.pages(f"/segments/{quote(key, safe='')}/customers", {"limit": limit})

    def list_segment_days(self, key: str, *, days: int | None = None) -> SegmentDays:
        """Get how large a segment was over time."""
        return cast(
            "SegmentDays",
            self._connection.ask("GET", f"/segments/{quote(key, safe='')}/days", query={"days": days}),
        )

    def list_moves(self, key: str, *, limit: int | None = None) -> Iterator[Move]:
        """List who entered and left a segment, the newest first."""
        return self._connection.pages(f"/segments/{quote(key, safe='')}/moves", {"limit": limit})

    def restore_segment(self, key: str) -> Segment:
        """Bring a deleted segment back."""
        return cast("Segment", self._connection.ask("POST", f"/segments/{quote(key, safe='')}/restore"))
