"""What a signal is worth, by its replay on the past: how often, how right, how early, how much beside others.

The share that left after a warning stands against the share that left of customers who were not warned
of on the same days. Customers are drawn again and again (a Poisson bootstrap, Efron 1982; Chamandy and
others 2012), since one customer's episodes and days resemble each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from holdfast.domain.texts import Text

Verdict = Literal["earns_its_place", "no_better", "always", "never", "few_left", "too_little"]

VERDICTS: Mapping[Verdict, Text] = {
    "earns_its_place": Text("Customers it warns of leave more often than others: it earns its place."),
    "no_better": Text("Customers it warns of leave no more often than others: it does not earn its place."),
    "always": Text("It warns of nearly everybody nearly always: it does not tell customers apart."),
    "never": Text("It has not warned of anybody: nothing can be said of it."),
    "few_left": Text("So few left, warned of or not, that what it is worth cannot be said."),
    "too_little": Text("Too few customers were warned of long enough ago to say what it is worth."),
}
"""What the record says, in words."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The record of one signal with certain settings.

    Replayed on days of ``[from_day, to_day)`` over ``customers`` of ``all_customers``. ``episodes`` began for
    ``warned`` different customers; ``weekly`` is how many a week over everybody; ``days_warned`` the share of
    days on which a customer is warned of. ``left_with`` of ``matured`` warned ones left within
    ``horizon_days``; ``left_without`` of those not warned of in the same weeks; ``lift`` is the quotient with
    its 95 % interval (``None``: cannot be said). ``lead_days``: the median from the warning to the day from
    which the customer counted as lost. ``overlap``: which share of the episodes began while an episode of
    another signal was open, the largest first. ``false_weekly``: warnings a week and owner after which the
    customer stayed; ``owners`` look after customers. ``answered_hours``: the median from a real warning to
    the first action (C0), ``unanswered`` the share without any, of ``raised`` in the last quarter.
    """

    signal: str
    values: Mapping[str, float]
    from_day: date
    to_day: date
    horizon_days: int
    customers: int
    all_customers: int
    episodes: int
    warned: int
    weekly: float
    days_warned: float | None
    matured: int
    left_with: float | None
    left_without: float | None
    lift: float | None
    lift_low: float | None
    lift_high: float | None
    lead_days: float | None
    overlap: tuple[tuple[str, float], ...]
    false_weekly: float | None
    owners: int
    verdict: Verdict
    raised: int = 0
    answered_hours: float | None = None
    unanswered: float | None = None
    made_on: date | None = None
    stale: bool = field(default=False)
    """The settings have changed since it was made."""

    @property
    def words(self) -> Text:
        """The verdict as a sentence."""
        return VERDICTS[self.verdict]

    def as_json(self) -> dict[str, Any]:
        """Plain values, of which :func:`scorecard_from` makes it again."""
        told = asdict(self)
        for name in ("from_day", "to_day", "made_on"):
            told[name] = None if told[name] is None else told[name].isoformat()
        return told


def scorecard_from(told: Mapping[str, Any]) -> Scorecard:
    """The inverse of :meth:`Scorecard.as_json`."""
    days = {
        name: None if told[name] is None else date.fromisoformat(told[name])
        for name in ("from_day", "to_day", "made_on")
    }
    overlap = tuple((name, float(share)) for name, share in told["overlap"])
    return Scorecard(**{**told, **days, "overlap": overlap})
