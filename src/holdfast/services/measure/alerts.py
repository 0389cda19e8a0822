"""What a person should know: alerts from the figures of a run (B5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from holdfast.analytics.alerts import Counted, rising_churn
from holdfast.domain.figures import Figure
from holdfast.domain.period import day_number
from holdfast.services.measure.measure import Ready

if TYPE_CHECKING:
    from holdfast.store.figures import Alert

RISING = "churn_rising"
"""The code of the alert that churn rises month after month."""


def churn_alerts(figures: Iterable[Figure], ready: Ready) -> list[Alert]:
    """The alert that churn has risen up to the last month that is over; none where it has not.

    Months in which the data are too young to tell who is silent are left out: there churn only
    seems to rise.
    """
    from holdfast.store.figures import Alert

    first = ready.kept.first_day
    old_enough = [
        each
        for each in _monthly(figures)
        if first is not None and not ready.company.is_young(first, day_number(each.period.start))
    ]
    rise = rising_churn(old_enough)
    if rise is None:
        return []
    return [Alert(RISING, rise.strong, rise.words, rise.last.period.end, rise.last.period)]


def _monthly(figures: Iterable[Figure]) -> Iterator[Counted]:
    """Lost of start in each month that is over and has a value, in order of time."""
    chosen = [
        figure
        for figure in figures
        if figure.metric == "churn_rate"
        and figure.definition == "lost_of_start"
        and figure.group is None
        and figure.period.kind == "month"
        and figure.value is not None
    ]
    for figure in sorted(chosen, key=lambda each: each.period.start):
        lost, start = figure.terms["lost"], figure.terms["start"]
        if isinstance(lost, int) and isinstance(start, int):
            yield Counted(figure.period, lost, start)
