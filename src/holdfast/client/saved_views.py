"""Saved views: lists as somebody narrowed and sorted them, their own and the team's.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class SavedView(TypedDict):
    """A list with a name; ``query`` is the end of its address on the pages."""

    id: int
    list: str
    title: str
    query: str
    person_id: int
    maker: str
    shared: bool
    may_change: bool
    made_at: str


class SavedViewsArea:
    """Saved views: lists as somebody narrowed and sorted them, their own and the team's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_saved_views(
        self,
        *,
        limit: int | None = None,
        list: Literal["at_risk", "cases", "contact_points", "customers", "inbox", "tasks"] | None = None,
    ) -> Iterator[SavedView]:
        """List one's own views and those that are shared, by number."""
        return self._connection.pages("/saved-views", {"limit": limit, "list": list})

    def save_view(
        self,
        *,
        list: Literal["at_risk", "cases", "contact_points", "customers", "inbox", "tasks"],
        title: str,
        query: str | LeftOut = LEFT_OUT,
        shared: bool | LeftOut = LEFT_OUT,
    ) -> SavedView:
        """Save a list as it is narrowed and sorted."""
        return cast(
            "SavedView",
            self._connection.ask(
                "POST", "/saved-views", body={"list": list, "title": title, "query": query, "shared": shared}
            ),
        )

    def change_view(
        self,
        view_id: int,
        *,
        title: str | LeftOut | None = LEFT_OUT,
        shared: bool | LeftOut | None = LEFT_OUT,
    ) -> SavedView:
        """Rename a view, share it, or share it no longer."""
        return cast(
            "SavedView",
            self._connection.ask("PATCH", f"/saved-views/{view_id}", body={"title": title, "shared": shared}),
        )

    def delete_view(self, view_id: int) -> None:
        """Delete a view; for a month it can be brought back."""
        self._connection.ask("DELETE", f"/saved-views/{view_id}")

    def move_view(self, view_id: int, *, direction: Literal["down", "up"]) -> None:
        """Put a view before or behind its neighbour."""
        self._connection.ask("POST", f"/saved-views/{view_id}/move", body={"direction": direction})

    def restore_view(self, view_id: int) -> SavedView:
        """Bring a deleted view back."""
        return cast("SavedView", self._connection.ask("POST", f"/saved-views/{view_id}/restore"))
