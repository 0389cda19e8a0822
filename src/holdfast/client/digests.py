"""Digests: a dashboard that comes by mail, every day, week or month.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class Digest(TypedDict):
    """When a dashboard comes by mail, and to whom; ``quiet``: only where something has changed."""

    id: int
    dashboard_id: int
    every: str
    day: int
    at: str
    quiet: bool
    made_by: str
    person_ids: list[int]
    people: list[str]


class DigestsArea:
    """Digests: a dashboard that comes by mail, every day, week or month."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_digests(self, dashboard_id: int, *, limit: int | None = None) -> Iterator[Digest]:
        """List when a dashboard comes by mail, for who may change it."""
        return self._connection.pages(f"/dashboards/{dashboard_id}/digests", {"limit": limit})

    def create_digest(
        self,
        dashboard_id: int,
        *,
        every: Literal["day", "month", "week"],
        person_ids: list[int],
        day: int | LeftOut = LEFT_OUT,
        at: str | LeftOut = LEFT_OUT,
        quiet: bool | LeftOut = LEFT_OUT,
    ) -> Digest:
        """Let a dashboard come by mail."""
        return cast(
            "Digest",
            self._connection.ask(
                "POST",
                f"/dashboards/{dashboard_id}/digests",
                body={"every": every, "day": day, "at": at, "quiet": quiet, "person_ids": person_ids},
            ),
        )

    def change_digest(
        self,
        dashboard_id: int,
        digest_id: int,
        *,
        every: Literal["day", "month", "week"],
        person_ids: list[int],
        day: int | LeftOut = LEFT_OUT,
        at: str | LeftOut = LEFT_OUT,
        quiet: bool | LeftOut = LEFT_OUT,
    ) -> Digest:
        """Let a digest come at another time, or to other people."""
        return cast(
            "Digest",
            self._connection.ask(
                "PUT",
                f"/dashboards/{dashboard_id}/digests/{digest_id}",
                body={"every": every, "day": day, "at": at, "quiet": quiet, "person_ids": person_ids},
            ),
        )

    def end_digest(self, dashboard_id: int, digest_id: int) -> None:
        """Let a digest not come any more."""
        self._connection.ask("DELETE", f"/dashboards/{dashboard_id}/digests/{digest_id}")
