"""What a person should know: alerts from the figures of a run (B5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from holdfast.analytics.alerts import Counted, rising_churn
from holdfast.domain.figures import Figure

if TYPE_CHECKING:
    from holdfast.store.figures import Alert

RISING = "churn_rising"
"""The code of the alert that churn rises month after month."""


def churn_alerts(figures: Iterable[Figure]) -> list[Alert]:
    """The alert that churn has risen up to the last month that is over; none where it has not."""
    from holdfast.store.figures import Alert

    rise = rising_churn(list(_monthly(figures)))
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
