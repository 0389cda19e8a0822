"""What the customers who left have in common, as the last nightly run found it.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict, cast

from holdfast.client.connection import Connection


class CommonGroup(TypedDict):
    """A group of whom more left than chance explains.

    ``state`` is "confirmed" or "unconfirmed" on later data, or "open" where these are too few. ``chance``
    is corrected for all groups that were tried, ``later_chance`` for all that were found. Customers are
    those with most money, at most 500 of each.
    """

    key: str
    who: str
    state: str
    earlier: GroupCompared
    later: GroupCompared
    chance: float
    later_chance: float | None
    lost: int
    part_of_lost: float
    lost_yearly_minor: int
    now: int
    now_yearly_minor: int
    gone: list[GroupCustomer]
    there: list[GroupCustomer]


class GroupCompared(TypedDict):
    """A group against everybody else: rows, how many of them left, and the ratio with its 95 % interval."""

    rows: int
    left: int
    others: int
    others_left: int
    ratio: float | None
    low: float | None
    high: float | None


class GroupCustomer(TypedDict):
    """A customer behind a group; ``departed`` is null for one who is there now."""

    customer_id: int
    departed: str | None
    yearly_minor: int


class InCommon(TypedDict):
    """Who was looked at, how many groups were ``tried``, and those that stand out.

    ``rows`` are customers at the beginning of stretches of ``horizon_days``, ``left`` of them left;
    stretches from ``later_from`` on confirm. ``reason`` says why nothing could be looked for.
    """

    as_of: str | None
    horizon_days: int | None
    later_from: str | None
    rows: int
    left: int
    tried: int
    groups: list[CommonGroup]
    reason: str | None


class CommonArea:
    """What the customers who left have in common, as the last nightly run found it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_common(self) -> InCommon:
        """Get what the customers who left have in common, beyond chance."""
        return cast("InCommon", self._connection.ask("GET", "/common"))
