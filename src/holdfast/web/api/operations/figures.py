"""Figures of the company and alerts about them, as the last run saved them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, cast

from msgspec import Meta

from holdfast.analytics.metric import Metric
from holdfast.domain.figures import Figure as Measured
from holdfast.domain.money import Money as OurMoney
from holdfast.domain.period import Period as OurPeriod
from holdfast.registry import parts
from holdfast.store import figures as stored
from holdfast.store.write_keys import READ
from holdfast.web.api.contract import Answered, Asked, Call, Money, moment, moment_or_none, operation
from holdfast.web.api.shapes import plain


class Period(Answered, frozen=True):
    """The days from ``start`` up to, not including, ``end``."""

    start: date
    end: date
    kind: str


class Figure(Answered, frozen=True):
    """What a metric says of a period.

    ``value`` is null where the data cannot support a number, and ``reason`` says why; of an amount it is
    null too and stands in ``amount``. ``low`` and ``high`` bound the 95 % interval, in the unit of the
    value (of amounts: in major units). ``terms`` are the numbers that the formula is made of, ``rows`` a
    curve or a table where the metric is one; amounts in them are decimals in major units.
    """

    metric: str
    definition: str
    group: str | None
    period: Period
    value: float | None
    amount: Money | None
    low: float | None
    high: float | None
    unit: str
    formula: str
    reason: str | None
    left_out: str | None
    published_at: datetime
    terms: dict[str, Any]
    rows: list[dict[str, Any]]


class Figures(Answered, frozen=True):
    """Figures, the oldest period first; amounts and shares of different metrics do not add up."""

    items: list[Figure]


class FigureQuery(Asked, kw_only=True, frozen=True):
    """Which figures: of which sort of period, of which metrics, between which days."""

    kind: Literal["day", "week", "month", "quarter", "year", "history"] = "month"
    metric: Annotated[tuple[Annotated[str, Meta(max_length=60)], ...], Meta(max_length=20)] = ()
    start: Annotated[date, Meta(description="Periods that begin on or after this day.")] | None = None
    end: Annotated[date, Meta(description="Periods that end on or before this day.")] | None = None


class MetricAbout(Answered, frozen=True):
    """A metric: what it is called and what it means."""

    name: str
    title: str
    meaning: str


class Metrics(Answered, frozen=True):
    """Every metric of this installation, by name."""

    items: list[MetricAbout]


class Alert(Answered, frozen=True):
    """An unusual figure of the company."""

    code: str
    words: str
    since: date
    period: Period
    group: str
    raised_at: datetime | None


class Alerts(Answered, frozen=True):
    """Alerts, the newest first."""

    items: list[Alert]


@operation("GET", "/metrics", scope=READ)
def list_metrics(call: Call) -> Metrics:
    """List what is measured."""
    declared = [cast(Metric, part.declared) for part in parts("metrics").values()]
    return Metrics(
        items=[
            MetricAbout(name=each.name, title=call.say(each.title), meaning=call.say(each.meaning))
            for each in declared
        ]
    )


@operation("GET", "/figures", scope=READ)
def list_figures(call: Call, query: FigureQuery) -> Figures:
    """List the figures of the last run.

    One period with all metrics is some hundred figures: name the metrics that you want.
    """
    found = stored.read_figures(
        call.settings, query.kind, metrics=query.metric, from_day=query.start, to_day=query.end
    )
    return Figures(items=[_figure(call, each) for each in found])


@operation("GET", "/alerts", scope=READ)
def list_alerts(call: Call) -> Alerts:
    """List alerts about figures, the newest twenty."""
    return Alerts(
        items=[
            Alert(
                code=each.code,
                words=f"{call.say(each.strong)} {call.say(each.words)}",
                since=each.since,
                period=period_of(each.period),
                group=each.group,
                raised_at=moment_or_none(each.raised_us),
            )
            for each in stored.alerts(call.settings)
        ]
    )


def period_of(period: OurPeriod) -> Period:
    """A period as it is answered."""
    return Period(start=period.start, end=period.end, kind=period.kind)


def _figure(call: Call, kept: stored.KeptFigure) -> Figure:
    figure = kept.figure
    return Figure(
        **said_of(call, figure),
        left_out=None if figure.left_out is None else call.say(figure.left_out),
        published_at=moment(kept.published_us),
        terms=plain(call, figure.terms),
        rows=plain(call, figure.rows),
    )


def said_of(call: Call, figure: Measured) -> dict[str, Any]:
    """What every answer says of a figure, by the names of its fields."""
    is_money = len(figure.unit) == 3 and figure.unit.isupper() and figure.value is not None
    amount = None
    if is_money:
        counted = OurMoney.of(Decimal(str(figure.value)), figure.unit)
        amount = Money(amount_minor=counted.minor, currency=counted.currency)
    return {
        "metric": figure.metric,
        "definition": figure.definition,
        "group": figure.group,
        "period": period_of(figure.period),
        "value": None if is_money else _number(figure.value),
        "amount": amount,
        "low": _number(figure.low),
        "high": _number(figure.high),
        "unit": figure.unit,
        "formula": call.say(figure.formula),
        "reason": None if figure.reason is None else call.say(figure.reason),
    }


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
