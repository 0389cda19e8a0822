"""What a play was worth: those who were treated against those held out.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import Connection
from holdfast.client.shapes import Money


class PlayCosts(TypedDict):
    """What a message costs by channel, and a task done ("task"), in minor units of the currency."""

    costs: dict[str, float]


class PlayProof(TypedDict):
    """The verdict on a play.

    ``verdict`` is helps, harms, no_difference, cannot_tell, imbalance or not_enough; ``none`` where the
    play was not launched, or holds nobody out. ``difference`` is that of the shares that left (below 0:
    fewer of the treated) with its bounds, of the planned end once it has come, before it of an interval
    that holds at any time; null where it is not clear yet. ``weeks`` is about how long it takes to tell.
    ``as_of`` is the day up to which a run has counted, null before one has.
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
    as_of: str | None
    left_at_end: ProofLook | None
    left_any_time: ProofLook | None
    margin_at_end: ProofLook | None
    margin_any_time: ProofLook | None
    profit: ProofProfit | None
    groups: ProofGroups | None
    truth: ProofTruth | None


class ProofArm(TypedDict):
    """One of the two groups: how many were followed to the end, and how many of them left."""

    followed: int
    left: int


class ProofGroups(TypedDict):
    """Whether the two groups are what the draw makes: ``problem`` is sizes, covariates or null.

    ``p_any_time`` is how odd their sizes are, looked at as often as one likes; ``covariates`` holds by
    how many standard deviations the treated lay above those held out before the play.
    """

    held_out: int
    expected_held_out: float
    p_any_time: float
    covariates: list[float]
    problem: str | None


class ProofLook(TypedDict):
    """A difference of the treated and those held out with its interval, right in ``level`` of such plays.

    Shares that left, or margins a customer in minor units.
    """

    difference: float
    low: float
    high: float
    level: float
    treated: float
    held_out: float


class ProofProfit(TypedDict):
    """The margin that the treated brought beyond those held out, less what was spent on them."""

    amount: Money
    low: Money
    high: Money
    cost: Money
    level: float


class ProofTruth(TypedDict):
    """What only a demo company knows: how many of the treated left, and would have left without the play.

    ``margin_minor`` is by how much the margin of a customer was truly higher.
    """

    customers: int
    left: int
    would_have_left: int
    difference: float
    margin_minor: float


class PlayProofArea:
    """What a play was worth: those who were treated against those held out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_play_costs(self) -> PlayCosts:
        """Get what reaching a customer costs: the proof of plays counts it."""
        return cast("PlayCosts", self._connection.ask("GET", "/plays/costs"))

    def set_play_costs(self, *, costs: dict[str, float], if_match: str | None = None) -> PlayCosts:
        """Decide what reaching a customer costs; the next run counts with it."""
        return cast(
            "PlayCosts", self._connection.ask("PUT", "/plays/costs", body={"costs": costs}, if_match=if_match)
        )

    def get_play_proof(self, key: str) -> PlayProof:
        """Say whether a play helps, by those who were held out."""
        return cast("PlayProof", self._connection.ask("GET", f"/plays/{quote(key, safe='')}/proof"))
