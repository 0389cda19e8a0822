"""What the overview page shows: read from the saved figures alone, never computed on the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from holdfast.domain.figures import Figure
from holdfast.domain.money import Money
from holdfast.domain.period import Period
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings


@dataclass(frozen=True, slots=True)
class Alert:
    """A warning at the top of the page: ``strong`` is set in bold, ``words`` follow it."""

    code: str
    strong: Text
    words: Text
    since: date


@dataclass(frozen=True, slots=True)
class Recount:
    """A published figure was counted again and came out as ``now``; ``why`` says for what reasons."""

    now: Figure
    why: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Stat:
    """One of the key figures.

    ``figure.value`` is the large number; ``beside`` stands small after it ("of 18,206", "a year");
    ``change`` is the line below it, with ``change_good`` telling its colour (``None``: neutral) and
    ``change_up`` its arrow; ``summary`` is the short formula, ``worked`` the formula worked out and
    ``facts`` the lines below it (name, value), both in the fold-out. ``again`` is the figure counted
    again where it differs from the one that was published.
    """

    name: Text
    figure: Figure
    beside: Text | None
    change: Text | None
    change_good: bool | None
    change_up: bool | None
    summary: Text
    worked: Text
    facts: tuple[tuple[Text, Text], ...]
    again: Recount | None = None


@dataclass(frozen=True, slots=True)
class RatePoint:
    """Churn of one period with its 95 % interval; ``value`` is ``None`` where there is none."""

    period: Period
    value: float | None
    low: float | None
    high: float | None
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of the ledger. ``op`` is "", "+", "-" or "="; ``people`` is ``None`` where nobody moves.

    ``people_now`` and ``money_now`` are what counting again gave, ``None`` where that is the same.
    """

    op: str
    code: str
    name: Text
    people: int | None
    money: Money
    people_now: int | None = None
    money_now: Money | None = None


@dataclass(frozen=True, slots=True)
class CohortLine:
    """Those who began in ``period``: how many, and the share still there after 0, 1, 2 ... months."""

    period: Period
    size: int
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Share still there after ``months``, with its 95 % interval (``None`` where there is none)."""

    months: float
    share: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """One lifetime curve. ``group`` is "all", "contract" or "shop"."""

    group: str
    name: Text
    points: tuple[CurvePoint, ...]
    median_months: float | None


@dataclass(frozen=True, slots=True)
class GroupRate:
    """Churn in one group. ``differs`` tells that the interval leaves out the rate of all others."""

    group: str
    value: float
    low: float
    high: float
    lost: int
    start: int
    differs: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where churn happens by one ``trait`` ("country", "source"), highest first."""

    trait: str
    all: float
    groups: tuple[GroupRate, ...]
    remark: Text


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    """The same period by another definition; ``terms`` is the division in numbers, "412 / 18,206"."""

    definition: str
    name: Text
    terms: Text
    figure: Figure
    chosen: bool
    again: Recount | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview of one period.

    ``period`` is the last one that is over; ``periods`` those that can be chosen, newest first.
    ``sentence`` says the period in one breath; the values named in ``emphasis`` are set in bold.
    ``counted_again`` tells for what reasons any figure of the period now differs from the published
    one, which stays what is shown; it is empty where none does. Where nothing could be measured yet,
    ``nothing`` says why and the rest is empty.
    """

    period: Period | None
    periods: tuple[Period, ...]
    as_of: date | None
    sentence: Text
    emphasis: tuple[str, ...]
    alert: Alert | None
    stats: tuple[Stat, ...]
    churn: tuple[RatePoint, ...]
    usual: float | None
    ledger: tuple[LedgerLine, ...]
    cohorts: tuple[CohortLine, ...]
    cohort_remark: Text | None
    curves: tuple[Curve, ...]
    curve_remark: Text | None
    places: tuple[Place, ...]
    definitions: tuple[DefinitionLine, ...]
    nothing: Text | None = None
    counted_again: tuple[Text, ...] = ()


def overview(
    settings: Settings, period_kind: Literal["month", "quarter", "year"], *, start: date | None = None
) -> Overview:
    """The overview of the last period that is over, or of the one that begins on ``start``.

    Reads saved figures only, with a constant number of queries, whatever the number of customers.
    An unknown ``start`` gives the last period.
    """
    from holdfast.services.measure.composing import compose, nothing_yet, read_saved

    saved = read_saved(settings, period_kind, start)
    return nothing_yet() if saved is None else compose(saved)
