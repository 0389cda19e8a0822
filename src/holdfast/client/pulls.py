"""What is fetched on a schedule, and where risks are written back to.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import Any, TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class Guess(TypedDict):
    """Which column is which, as TOML: a guess, to be looked at."""

    map: str


class Pull(TypedDict):
    """Something that is fetched every so many minutes.

    ``kind`` is sql, or the kind of the source whose API is asked; ``rows_are`` what its rows are.
    ``result`` is what the last time brought, ``trouble`` what is wrong with it now.
    """

    name: str
    kind: str
    rows_are: str | None
    every_minutes: int
    enabled: bool
    due_at: str
    last_at: str | None
    result: dict[str, Any] | None
    trouble: str | None


class Pulls(TypedDict):
    """Every pull, by name."""

    items: list[Pull]


class ScoreTarget(TypedDict):
    """A table of a database to which risks are written after each scoring."""

    name: str
    table: str
    enabled: bool
    last_at: str | None
    rows: int | None
    trouble: str | None


class ScoreTargets(TypedDict):
    """Every place for risks, by name."""

    items: list[ScoreTarget]


class PullsArea:
    """What is fetched on a schedule, and where risks are written back to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_pulls(self) -> Pulls:
        """List what is fetched on a schedule."""
        return cast("Pulls", self._connection.ask("GET", "/pulls"))

    def add_pull(
        self,
        *,
        url: str,
        query: str,
        rows_are: str,
        name: str,
        map: str,
        cursor: str | LeftOut = LEFT_OUT,
        every_minutes: int | LeftOut = LEFT_OUT,
    ) -> Pull:
        """Fetch rows of a database on a schedule; due at once."""
        return cast(
            "Pull",
            self._connection.ask(
                "POST",
                "/pulls",
                body={
                    "url": url,
                    "query": query,
                    "rows_are": rows_are,
                    "cursor": cursor,
                    "name": name,
                    "map": map,
                    "every_minutes": every_minutes,
                },
            ),
        )

    def guess_pull(self, *, url: str, query: str, rows_are: str, cursor: str | LeftOut = LEFT_OUT) -> Guess:
        """Read some rows, and guess which column is which; nothing is kept."""
        return cast(
            "Guess",
            self._connection.ask(
                "POST",
                "/pulls/guess",
                body={"url": url, "query": query, "rows_are": rows_are, "cursor": cursor},
            ),
        )

    def get_pull(self, name: str) -> Pull:
        """Get one pull."""
        return cast("Pull", self._connection.ask("GET", f"/pulls/{quote(name, safe='')}"))

    def switch_pull(self, name: str, *, enabled: bool, if_match: str | None = None) -> Pull:
        """Switch a pull on or off."""
        return cast(
            "Pull",
            self._connection.ask(
                "PATCH", f"/pulls/{quote(name, safe='')}", body={"enabled": enabled}, if_match=if_match
            ),
        )

    def end_pull(self, name: str, *, if_match: str | None = None) -> None:
        """Fetch it no more; what it brought stays."""
        self._connection.ask("DELETE", f"/pulls/{quote(name, safe='')}", if_match=if_match)

    def run_pull(self, name: str) -> Pull:
        """Let a pull run within a minute."""
        return cast("Pull", self._connection.ask("POST", f"/pulls/{quote(name, safe='')}/run"))

    def list_score_targets(self) -> ScoreTargets:
        """List where risks are written to."""
        return cast("ScoreTargets", self._connection.ask("GET", "/score-targets"))

    def add_score_target(
        self, *, url: str, name: str | LeftOut = LEFT_OUT, table: str | LeftOut = LEFT_OUT
    ) -> ScoreTarget:
        """Write risks to a table of a database."""
        return cast(
            "ScoreTarget",
            self._connection.ask("POST", "/score-targets", body={"name": name, "url": url, "table": table}),
        )

    def switch_score_target(self, name: str, *, enabled: bool) -> ScoreTarget:
        """Write there, or no longer."""
        return cast(
            "ScoreTarget",
            self._connection.ask(
                "PATCH", f"/score-targets/{quote(name, safe='')}", body={"enabled": enabled}
            ),
        )

    def end_score_target(self, name: str) -> None:
        """Forget a place for risks; its table stays as it is."""
        self._connection.ask("DELETE", f"/score-targets/{quote(name, safe='')}")

    def add_source_pull(self, name: str, *, every_minutes: int | LeftOut = LEFT_OUT) -> Pull:
        """Ask the API of a connected source on a schedule (HubSpot), with its access token."""
        return cast(
            "Pull",
            self._connection.ask(
                "POST", f"/sources/{quote(name, safe='')}/pull", body={"every_minutes": every_minutes}
            ),
        )
