"""Sources of live events, the keys of programs, and events that could not be understood.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut
from holdfast.client.shapes import SourceAbout


class Changed(TypedDict):
    """How many there were of them."""

    changed: int


class Key(TypedDict):
    """A key: ``begins`` is how it begins; the key itself is answered when it is made, and never again."""

    id: int
    name: str
    scope: str
    begins: str
    browser: bool
    sites: list[str]
    person_id: int | None
    made_at: str
    made_by: str
    last_used_at: str | None
    expires_at: str | None
    revoked_at: str | None


class KeyMade(TypedDict):
    """A key, this once."""

    key: str
    about: Key


class Quarantined(TypedDict):
    """An event that could not be understood: as it was sent, and what is wrong with it."""

    id: int
    source: str
    endpoint: str
    received_at: str
    event: str
    error: str
    found: str
    expected: str
    state: str


class Replayed(TypedDict):
    """How many are on their way, how many are still refused; ``more``: ask again."""

    replayed: int
    refused: int
    more: bool


class Source(TypedDict):
    """A source of live events: when it last told something, and what is wrong, if anything."""

    name: str
    kind: str
    enabled: bool
    last_at: str | None
    trouble: str | None


class Sources(TypedDict):
    """Every source of live events."""

    items: list[Source]


class SourcesArea:
    """Sources of live events, the keys of programs, and events that could not be understood."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_sources(self) -> Sources:
        """List the sources of live events."""
        return cast("Sources", self._connection.ask("GET", "/sources"))

    def list_keys(self) -> Iterator[Key]:
        """List the keys of programs, those in use first."""
        return self._connection.pages("/keys", {})

    def create_key(
        self,
        *,
        name: str,
        scope: Literal["admin", "ingest", "metrics", "read", "write"],
        browser: bool | LeftOut = LEFT_OUT,
        sites: list[str] | LeftOut = LEFT_OUT,
        acts_for: str | LeftOut = LEFT_OUT,
        days: int | LeftOut | None = LEFT_OUT,
    ) -> KeyMade:
        """Make a key; it is answered this once.

        Who is no administrator makes keys for themselves, and keys for `read` and `write`.
        """
        return cast(
            "KeyMade",
            self._connection.ask(
                "POST",
                "/keys",
                body={
                    "name": name,
                    "scope": scope,
                    "browser": browser,
                    "sites": sites,
                    "acts_for": acts_for,
                    "days": days,
                },
            ),
        )

    def revoke_key(self, key_id: int) -> None:
        """Take a key back: nothing is opened with it from now on."""
        self._connection.ask("DELETE", f"/keys/{key_id}")

    def list_quarantined(
        self,
        *,
        limit: int | None = None,
        state: Literal["dropped", "replayed", "waiting"] | None = None,
        error: str | None = None,
    ) -> Iterator[Quarantined]:
        """List the events that could not be understood, the newest first."""
        return self._connection.pages("/quarantine", {"limit": limit, "state": state, "error": error})

    def drop_events(self, *, ids: list[int]) -> Changed:
        """Leave events out."""
        return cast("Changed", self._connection.ask("POST", "/quarantine/drop", body={"ids": ids}))

    def replay_events(
        self, *, state: Literal["dropped", "waiting"] | LeftOut = LEFT_OUT, error: str | LeftOut = LEFT_OUT
    ) -> Replayed:
        """Send on their way all events that can be understood now."""
        return cast(
            "Replayed",
            self._connection.ask("POST", "/quarantine/replay", body={"state": state, "error": error}),
        )

    def take_events_back(self, *, ids: list[int]) -> Changed:
        """Let dropped events wait again."""
        return cast("Changed", self._connection.ask("POST", "/quarantine/take-back", body={"ids": ids}))

    def get_quarantined(self, event_id: int) -> Quarantined:
        """Get one event that could not be understood."""
        return cast("Quarantined", self._connection.ask("GET", f"/quarantine/{event_id}"))

    def replay_event(self, event_id: int, *, event: str) -> Quarantined:
        """Send an event on its way again as it was mended; refused (422) with what is still wrong."""
        return cast(
            "Quarantined",
            self._connection.ask("POST", f"/quarantine/{event_id}/replay", body={"event": event}),
        )

    def get_source(self, name: str) -> SourceAbout:
        """Get one source with what it told."""
        return cast("SourceAbout", self._connection.ask("GET", f"/sources/{quote(name, safe='')}"))

    def switch_source(self, name: str, *, enabled: bool, if_match: str | None = None) -> SourceAbout:
        """Switch a source on or off."""
        return cast(
            "SourceAbout",
            self._connection.ask(
                "PATCH", f"/sources/{quote(name, safe='')}", body={"enabled": enabled}, if_match=if_match
            ),
        )
