"""Reasons why customers leave: how the company does by each, from its own data, and who is behind it.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import Connection
from holdfast.client.shapes import Money


class MeasureBounds(TypedDict):
    """From the share ``weak_from`` on a measure is weak, from ``bad_from`` on bad; both from 0 to 1."""

    measure: str
    weak_from: float
    bad_from: float


class Reason(TypedDict):
    """A reason with the ``grade`` of its worst measure: good, weak, bad, too_few (customers) or no_data.

    ``customers`` are those to whom it happened in 12 weeks, ``money`` what they bring in a year;
    ``losses`` those who left for it, ``losses_money`` what they brought. The bounds of the grades are
    judgement.
    """

    key: str
    title: str
    meaning: str
    origin: str
    causes: list[str]
    grade: str
    trend: str | None
    decided_by: str | None
    customers: int
    money: Money
    losses: int
    losses_money: Money
    first: str
    signals: list[str]
    measures: list[ReasonMeasure]
    as_of: str


class ReasonCustomer(TypedDict):
    """A customer to whom a reason happened, the measures by which, and what they bring in a year."""

    customer_id: int
    name: str
    measures: list[str]
    yearly: Money


class ReasonMeasure(TypedDict):
    """One measure of a reason: of ``of`` customers whom it concerns it happened to ``hits`` in 12 weeks.

    ``low`` and ``high`` are the 95 % interval of the share, ``may_also_be`` the grades into which it
    reaches. ``change`` is the share less that of the 12 weeks before, null where it cannot be said.
    ``left_with`` is the share of those to whom it happened a while ago who left within 12 weeks,
    ``left_without`` that of the others. From ``weak_from`` on it is weak, from ``bad_from`` on bad: ours,
    or ``set_by_people`` of the workspace. ``events`` would supply it, or files of the kinds ``files``.
    """

    measure: str
    title: str
    formula: str
    grade: str
    may_also_be: list[str]
    hits: int
    of: int
    low: float
    high: float
    weak_from: float
    bad_from: float
    set_by_people: bool
    change: float | None
    change_low: float | None
    change_high: float | None
    left_with: float | None
    left_without: float | None
    events: list[str]
    files: list[str]


class Reasons(TypedDict):
    """Every reason, what needs work first; empty before the loop has run."""

    items: list[Reason]


class ReasonsArea:
    """Reasons why customers leave: how the company does by each, from its own data, and who is behind it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_reasons(self) -> Reasons:
        """List every reason why customers leave with its grade."""
        return cast("Reasons", self._connection.ask("GET", "/reasons"))

    def get_reason(self, reason: str) -> Reason:
        """Get a reason."""
        return cast("Reason", self._connection.ask("GET", f"/reasons/{quote(reason, safe='')}"))

    def set_reason_bounds(self, reason: str, *, bounds: list[MeasureBounds]) -> Reason:
        """Set from which share on measures of a reason are weak, and bad."""
        return cast(
            "Reason",
            self._connection.ask("PUT", f"/reasons/{quote(reason, safe='')}/bounds", body={"bounds": bounds}),
        )

    def reset_reason_bounds(self, reason: str) -> None:
        """Go back to the bounds of a reason that were delivered."""
        self._connection.ask("DELETE", f"/reasons/{quote(reason, safe='')}/bounds")

    def list_reason_customers(self, reason: str, *, limit: int | None = None) -> Iterator[ReasonCustomer]:
        """List customers behind a reason, those who bring most first; 1,000 are kept by name."""
        return self._connection.pages(f"/reasons/{quote(reason, safe='')}/customers", {"limit": limit})
