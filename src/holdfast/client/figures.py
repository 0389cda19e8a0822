"""Figures of the company and alerts about them, as the last run saved them.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict, cast

from holdfast.client.connection import Connection
from holdfast.client.shapes import Money, Period


class Alert(TypedDict):
    """An unusual figure of the company."""

    code: str
    words: str
    since: str
    period: Period
    group: str
    raised_at: str | None


class Alerts(TypedDict):
    """Alerts, the newest first."""

    items: list[Alert]


class Figure(TypedDict):
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
    published_at: str
    terms: dict[str, Any]
    rows: list[dict[str, Any]]


class Figures(TypedDict):
    """Figures, the oldest period first; amounts and shares of different metrics do not add up."""

    items: list[Figure]


class MetricAbout(TypedDict):
    """A metric: what it is called and what it means."""

    name: str
    title: str
    meaning: str


class Metrics(TypedDict):
    """Every metric of this installation, by name."""

    items: list[MetricAbout]


class FiguresArea:
    """Figures of the company and alerts about them, as the last run saved them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_alerts(self) -> Alerts:
        """List alerts about figures, the newest twenty."""
        return cast("Alerts", self._connection.ask("GET", "/alerts"))

    def list_figures(
        self,
        *,
        kind: Literal["day", "history", "month", "quarter", "week", "year"] | None = None,
        metric: list[str] | None = None,
        start: str | None = None,
        end: str | None = None,
    ) -> Figures:
        """List the figures of the last run.

        One period with all metrics is some hundred figures: name the metrics that you want.
        """
        return cast(
            "Figures",
            self._connection.ask(
                "GET", "/figures", query={"kind": kind, "metric": metric, "start": start, "end": end}
            ),
        )

    def list_metrics(self) -> Metrics:
        """List what is measured."""
        return cast("Metrics", self._connection.ask("GET", "/metrics"))
