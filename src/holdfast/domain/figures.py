"""A number with everything that makes it honest: definition, window, interval, formula, reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from holdfast.domain.period import Period
from holdfast.domain.texts import Text


@dataclass(frozen=True, slots=True)
class Figure:
    """What a metric answers for one period (and, where it has several, one definition or group).

    ``value`` is ``None`` when the data cannot support a number; ``reason`` then says why, and
    never stands in for a 0. ``low`` and ``high`` bound the 95 % interval where there is one.
    ``unit`` is "share" (0..1), "customers", "orders", "days", "months", "years", "times",
    "points", or an ISO currency code (then ``value`` is in major units).
    ``terms`` are the numbers that the formula is made of, by name, so that the page can show it
    worked out; ``rows`` hold a curve or a table where the metric is one.
    """

    metric: str
    definition: str
    period: Period
    value: float | int | Decimal | None
    unit: str
    formula: Text
    low: float | Decimal | None = None
    high: float | Decimal | None = None
    reason: Text | None = None
    left_out: Text | None = None
    terms: Mapping[str, object] = field(default_factory=dict)
    rows: tuple[Mapping[str, object], ...] = ()
    group: str | None = None

    def __post_init__(self) -> None:
        if self.value is None and self.reason is None:
            raise ValueError(f"{self.metric}: a figure without a value says why")
