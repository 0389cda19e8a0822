"""The library of ready plays: one for each early warning and for scenarios, to be taken over as drafts.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import Any, TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import Connection
from holdfast.client.shapes import Play


class ReadyPlay(TypedDict):
    """A ready play; ``meets`` are requirements of the catalogue ("C8"), ``signal`` what begins it, else
    "".

    ``taken`` says whether it is among the plays already.
    """

    key: str
    title: str
    description: str
    meets: list[str]
    signal: str
    purpose: str
    languages: list[str]
    taken: bool


class ReadyPlayWritten(TypedDict):
    """A ready play as it is written for the language that was asked for."""

    content: dict[str, Any]


class ReadyPlays(TypedDict):
    """Every ready play, those for signals first."""

    items: list[ReadyPlay]


class ReadyPlaysArea:
    """The library of ready plays: one for each early warning and for scenarios, to be taken over as
    drafts.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_ready_plays(self) -> ReadyPlays:
        """List the ready plays."""
        return cast("ReadyPlays", self._connection.ask("GET", "/ready-plays"))

    def get_ready_play(self, key: str) -> ReadyPlayWritten:
        """Get a ready play as it is written."""
        return cast("ReadyPlayWritten", self._connection.ask("GET", f"/ready-plays/{quote(key, safe='')}"))

    def take_ready_play(self, key: str) -> Play:
        """Keep a ready play as a draft: in your currency, for your valued customers."""
        return cast("Play", self._connection.ask("POST", f"/ready-plays/{quote(key, safe='')}"))
