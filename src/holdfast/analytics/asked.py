"""What was asked for (periods, rule, facts of the company) and what the engine counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from holdfast.analytics.metric import Grain, Metric
from holdfast.analytics.rhythm import Usual
from holdfast.analytics.spec import Bands, Column, Expression
from holdfast.domain.figures import Figure
from holdfast.domain.money import exponent
from holdfast.domain.period import Period, date_of, day_number
from holdfast.domain.texts import Text
from holdfast.language.calendars import Calendar
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Columns = Mapping[str, NDArray[np.int64]]
    Counted = Mapping[str, Columns]  # the answers of a metric's queries, by their names

NOT_OVER = Text("The period is not over: a figure would compare a part with wholes.")
NO_AMOUNTS = Text("No amounts are known in the reporting currency.")
NO_EVENTS = Text("There are no purchases or contracts to count yet.")


@dataclass(frozen=True, slots=True)
class Spent:
    """What it cost to win customers of ``source`` on ``day``, in the reporting currency."""

    day: int
    source: str
    minor: int


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series that the company entered."""

    series: str
    day: int
    value: float


@dataclass(frozen=True, slots=True)
class Company:
    """What is known about the company beside its kept tables.

    ``countries`` and ``sources`` name the numbers in the kept tables ("" is not known).
    ``first_seen`` holds the first day of each customer with a taken row (or one
    before all, where no row says when), prospects not among them; ``prospects`` counts those.
    ``receipts`` tells what is bought: "orders", "payments" or "" for nothing. ``without_rate`` are
    amounts in minor units by currency that no rate covers, ``unattributed``
    those of rejected rows without a customer. ``has_amounts``: at least one amount is in the
    reporting currency or can be converted to it; else no sum of money means anything.
    """

    currency: str
    lost: LostSettings
    usual: Usual
    first_seen: NDArray[np.int64]
    prospects: int = 0
    margin: float | None = None
    countries: Sequence[str] = ("",)
    sources: Sequence[str] = ("",)
    spent: Sequence[Spent] = ()
    points: Sequence[Point] = ()
    without_rate: Mapping[str, int] = field(default_factory=dict)
    unattributed: Mapping[str, int] = field(default_factory=dict)
    receipts: str = "orders"
    has_contracts: bool = False
    has_amounts: bool = True

    @property
    def cannot_tell_silence(self) -> Text | None:
        """Why nobody can be called silent for too long, ``None`` where somebody can."""
        by_contract_alone = self.lost.rule in ("contract", "fixed") or not self.receipts
        if by_contract_alone or self.usual.days is not None:
            return None
        return Text(
            "Only {n} purchase was repeated so far: too few to know which silence is too long. "
            "Set lost.after_days to decide it.",
            "Only {n} purchases were repeated so far: too few to know which silence is too long. "
            "Set lost.after_days to decide it.",
            n=self.usual.gaps,
        )

    def is_young(self, first_day: int, day: int) -> bool:
        """Whether the data, which begin on ``first_day``, are too young on ``day`` to tell who is silent.

        Before they are as old as the usual days hardly anybody could have been silent for so long,
        and churn would seem to rise from nothing.
        """
        days = self.lost.after_days if self.lost.rule == "fixed" else self.usual.days
        if self.lost.rule == "contract" or not self.receipts or days is None:
            return False
        return day < first_day + days


@dataclass(frozen=True, slots=True)
class Asked:
    """One grain of period, over one history.

    ``periods`` follow each other from the one of the first event to the one that holds the last
    day before ``end_day``; the last may not be over: those are that end by ``over_day`` (``None``:
    by ``end_day``). ``months`` are the calendar months of the
    same stretch. Empty where there is no event.
    """

    grain: Grain
    periods: tuple[Period, ...]
    months: tuple[Period, ...]
    end_day: int
    company: Company
    over_day: int | None = None

    @property
    def first_day(self) -> int:
        """The first day of the first period."""
        return day_number(self.periods[0].start)

    def by_month(self) -> Asked:
        """The same history, month by month."""
        return replace(self, grain="month", periods=self.months)

    def is_over(self, period: Period) -> bool:
        """Whether nothing can be added to ``period`` but what arrives late."""
        over = self.end_day if self.over_day is None else self.over_day
        return self.grain == "history" or day_number(period.end) <= over

    def ends(self, period: Period) -> int:
        """The first day after ``period``, or after the data where that comes first."""
        return min(day_number(period.end), self.end_day)

    def too_early(self, period: Period, lost: int) -> Text | None:
        """Why the 0 ``lost`` of a period say nothing, ``None`` where they do.

        Where nobody was lost by the end of a period at which the data are too young to tell who is
        silent, there is no figure; over the whole history there always is.
        """
        end = self.ends(period)
        if lost or self.grain == "history" or not self.company.is_young(self.first_day, end):
            return None
        return Text("The data are too young: nobody could be silent for too long by the end of the period.")

    def period_of(self, column: str) -> Expression:
        """The position of the period that a day column lies in.

        What lies before the first counts to it; one past the last position after ``end_day``
        (``OPEN`` ends there).
        """
        return _position(column, self.periods, self.end_day)

    def month_of(self, column: str) -> Expression:
        """The position of the calendar month that a day column lies in; as :meth:`period_of`."""
        return _position(column, self.months, self.end_day)

    def spread(self, positions: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.int64]:
        """One total per period from values by position; those outside are left out."""
        import numpy as np

        totals = np.zeros(len(self.periods), np.int64)
        inside = (positions >= 0) & (positions < len(self.periods))
        np.add.at(totals, positions[inside], values[inside])
        return totals

    def money(self, minor: int) -> Decimal:
        """An amount of the reporting currency in major units, exact."""
        return Decimal(int(minor)).scaleb(-exponent(self.company.currency))

    def mean_money(self, minor: int, parts: int) -> Decimal:
        """``minor / parts`` in major units, rounded to the minor unit (halves to even)."""
        return (self.money(minor) / parts).quantize(Decimal(1).scaleb(-exponent(self.company.currency)))

    def rounded(self, amount: float) -> Decimal:
        """An amount in minor units that a formula made, in major units with its usual digits."""
        return self.money(round(amount))


def figure(
    metric: Metric,
    asked: Asked,
    period: Period,
    value: float | int | Decimal | None,
    *,
    definition: str = "",
    formula: Text | None = None,
    unit: str | None = None,
    low: float | Decimal | None = None,
    high: float | Decimal | None = None,
    reason: Text | None = None,
    left_out: Text | None = None,
    terms: Mapping[str, object] | None = None,
    rows: tuple[Mapping[str, object], ...] = (),
    group: str | None = None,
) -> Figure:
    """A figure of ``metric``, its unit, formula and what is left out filled in.

    A period that is not over has no value, whatever was counted; the terms are kept, they say how
    far it is. Nor has money where no amount is known.
    """
    unit = unit or metric.unit
    if not asked.is_over(period):
        value, low, high, reason = None, None, None, NOT_OVER
    elif unit == "money" and not asked.company.has_amounts and value is not None:
        value, low, high, reason = None, None, None, NO_AMOUNTS
    return Figure(
        metric=metric.name,
        definition=definition,
        period=period,
        value=value,
        unit=asked.company.currency if unit == "money" else unit,
        formula=formula or metric.formula,
        low=low,
        high=high,
        reason=reason if value is None else None,
        left_out=left_out or metric.left_out,
        terms=terms or {},
        rows=rows,
        group=group,
    )


def _position(column: str, periods: Sequence[Period], end_day: int) -> Expression:
    bounds = (*(day_number(period.start) for period in periods[1:]), end_day)
    return Bands(Column(column), bounds, tuple(range(len(bounds) + 1)))


def ask(grain: Grain, first_day: int | None, end_day: int, company: Company, calendar: Calendar) -> Asked:
    """What to ask of a history whose first event lies on ``first_day`` (``None``: there is none)."""
    if first_day is None or first_day >= end_day:
        return Asked(grain, (), (), end_day, company)
    first, last = date_of(first_day), date_of(end_day - 1)
    months = tuple(calendar.periods("month", first, last))
    periods = tuple(calendar.periods(grain, first, last))
    return Asked(grain, periods, months, end_day, company)
