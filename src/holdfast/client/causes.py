"""Why customers left: the share of each cause, each loss with what speaks for its cause, and inquiries.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut
from holdfast.client.shapes import Money


class CauseShare(TypedDict):
    """One cause in the last year: its estimated ``share`` of all losses with the 95 % interval.

    It is known of ``named`` losses, which brought ``yearly`` together; ``money_share`` is its estimated
    share of what all losses brought. ``origin`` is ours, market or own_life.
    """

    cause: str
    origin: str
    share: float
    low: float
    high: float
    money_share: float
    named: int
    yearly: Money


class Causes(TypedDict):
    """Why customers left in the year before ``as_of`` (null before the first run).

    ``unknown`` of ``losses`` have no known cause, a share from ``unknown_low`` to ``unknown_high``;
    shares stand on the ``spoke`` who said or chose something, or never paid.
    """

    as_of: str | None
    losses: int
    unknown: int
    unknown_low: float
    unknown_high: float
    spoke: int
    causes: list[CauseShare]
    origins: list[OriginShare]
    months: list[LossMonth]


class InquirySetting(TypedDict):
    """Whether the loss of a large customer opens a task; ``from_minor`` null takes the usual threshold."""

    enabled: bool
    from_minor: int | None


class Loss(TypedDict):
    """That a customer left, how (contract, deleted, silent), and why ("": nothing says it)."""

    customer_id: int
    left_on: str
    how: str
    cause: str
    origin: str
    confidence: float
    told_by: str
    yearly: Money
    evidence: list[LossEvidence]


class LossEvidence(TypedDict):
    """One thing that speaks for a cause: words, unpaid, tick, text, signal or behaviour.

    ``event`` and ``code`` are those of the event; ``weight`` is how often such evidence is right.
    """

    kind: str
    cause: str
    day: str
    event: str
    code: str
    weight: float


class LossMonth(TypedDict):
    """The losses of the month that begins on ``start``, and how many are known of each cause."""

    start: str
    losses: int
    causes: dict[str, int]


class LossPart(TypedDict):
    """The losses of one part of the customers: of ``known`` of them the cause, how often each was named.

    ``key`` is a country, a source, a way to leave, a time with us, or the key of a segment, whose title
    is the ``name``; of segments a loss may be in several.
    """

    key: str
    name: str
    losses: int
    known: int
    yearly: Money
    causes: dict[str, int]
    stands_out: list[PartCause]


class LossParts(TypedDict):
    """The losses of the year before ``as_of`` (null before the first run), by one part, the largest first."""

    as_of: str | None
    by: str
    parts: list[LossPart]


class OriginShare(TypedDict):
    """The estimated share of an origin among all losses, with the 95 % interval."""

    origin: str
    share: float
    low: float
    high: float
    named: int


class PartCause(TypedDict):
    """A cause that ``hits`` of the losses of a part with a known cause have, against ``others`` of the
    rest:

    more than chance lets it, however many parts and causes are compared.
    """

    cause: str
    hits: int
    of: int
    others: int
    of_others: int


class CausesArea:
    """Why customers left: the share of each cause, each loss with what speaks for its cause, and
    inquiries.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_causes(self) -> Causes:
        """Get the share of each cause among the losses of the last year."""
        return cast("Causes", self._connection.ask("GET", "/causes"))

    def list_loss_parts(
        self, *, by: Literal["country", "how", "segment", "source", "tenure"] | None = None
    ) -> LossParts:
        """List which causes weigh more in which part of the customers: segment, country, source, way,
        tenure.
        """
        return cast("LossParts", self._connection.ask("GET", "/causes/parts", query={"by": by}))

    def get_inquiry(self) -> InquirySetting:
        """Get from which money a year on a loss is inquired into."""
        return cast("InquirySetting", self._connection.ask("GET", "/inquiry"))

    def set_inquiry(
        self, *, enabled: bool, from_minor: int | LeftOut | None = LEFT_OUT, if_match: str | None = None
    ) -> InquirySetting:
        """Set from which money a year on a loss is inquired into."""
        return cast(
            "InquirySetting",
            self._connection.ask(
                "PUT", "/inquiry", body={"enabled": enabled, "from_minor": from_minor}, if_match=if_match
            ),
        )

    def list_losses(
        self,
        *,
        limit: int | None = None,
        cause: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Iterator[Loss]:
        """List the losses, the newest first, each with what speaks for its cause."""
        return self._connection.pages(
            "/losses", {"limit": limit, "cause": cause, "since": since, "until": until}
        )
