"""What a play was worth: those who were treated against those held out.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import Connection
from holdfast.client.shapes import Money


class PlayProof(TypedDict):
    """The verdict on a play.

    ``verdict`` is helps, harms, no_difference, cannot_tell, imbalance or not_enough; ``none`` where the
    play was not launched, or holds nobody out. ``difference`` is that of the shares that left (below 0:
    fewer of the treated) with its bounds, of the planned end once it has come, before it of an interval
    that holds at any time; null where it is not clear yet. ``weeks`` is about how long it takes to tell.
    """

    verdict: str
    sentences: list[str]
    horizon_days: int
    entered: int
    planned_customers: int
    worthwhile: float
    treated: ProofArm
    held_out: ProofArm
    difference: float | None
    low: float | None
    high: float | None
    weeks: int | None
    credited: Money | None


class ProofArm(TypedDict):
    """One of the two groups: how many were followed to the end, and how many of them left."""

    followed: int
    left: int


class PlayProofArea:
    """What a play was worth: those who were treated against those held out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_play_proof(self, key: str) -> PlayProof:
        """Say whether a play helps, by those who were held out."""
        return cast("PlayProof", self._connection.ask("GET", f"/plays/{quote(key, safe='')}/proof"))
