"""The steps of customers, the share lost at each, and occasions after which they leave.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict, cast

from holdfast.client.connection import Connection


class CustomerJourney(TypedDict):
    """The steps as the last nightly run followed them; none before there was one."""

    as_of: str | None
    patience_days: int | None
    steps: list[JourneyStep]
    came: int
    funnel: list[FunnelStep]
    occasions: list[Occasion]


class FunnelStep(TypedDict):
    """How many newcomers had a step, or a later one, within the patience."""

    key: str
    customers: int


class JourneyStep(TypedDict):
    """A step: of ``told`` customers ``went_on`` did within the patience.

    ``share_lost`` with its 95 % interval ``low`` to ``high`` is null where too few can be told;
    ``quarter_days`` are the days after which a quarter, half and three quarters of those who went on had.
    ``stuck`` are the newest of those who did not, at most 500.
    """

    key: str
    title: str
    reached: int
    told: int
    went_on: int
    share_lost: float | None
    low: float
    high: float
    quarter_days: list[int] | None
    stuck: list[StuckCustomer]


class Occasion(TypedDict):
    """How many left after an occasion, and how many times as often as others who were as active.

    ``judged`` is "more", "less" or "", by ``chance``, which is corrected for the number of occasions.
    """

    key: str
    title: str
    met: int
    left: int
    ratio: float | None
    low: float | None
    high: float | None
    chance: float
    judged: str


class StuckCustomer(TypedDict):
    """A customer who took a step on a day and no later one since."""

    customer_id: int
    since: str


class JourneyArea:
    """The steps of customers, the share lost at each, and occasions after which they leave."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_journey(self) -> CustomerJourney:
        """Get at which step customers are lost, and after which occasions."""
        return cast("CustomerJourney", self._connection.ask("GET", "/journey"))
