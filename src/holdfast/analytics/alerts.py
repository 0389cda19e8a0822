"""When churn rises month after month, and not by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.analytics.intervals import more_than_chance
from holdfast.domain.period import Period
from holdfast.domain.texts import Share, Text

FEWEST_RISES = 3
"""So many months in a row, each above the one before, make a rise."""

CHANCE = 0.01
"""A rise as large as this one comes about by chance in fewer than one of a hundred cases."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Churn of one period that is over: ``lost`` of ``start``."""

    period: Period
    lost: int
    start: int

    @property
    def rate(self) -> float:
        """Lost of start, 0..1 (more where many came and left within a long period)."""
        return self.lost / self.start


@dataclass(frozen=True, slots=True)
class Rise:
    """Churn has risen ``rises`` periods in a row, from ``before`` to ``last``."""

    rises: int
    before: Counted
    last: Counted
    strong: Text
    words: Text


def rising_churn(periods: Sequence[Counted]) -> Rise | None:
    """The rise that the last of ``periods`` ends, in order of time; ``None`` where there is none.

    At least :data:`FEWEST_RISES` periods in a row, each with a higher rate than the one before, and
    the last above the one before the first of them by more than chance (two proportions, one-sided).
    Periods must follow each other: a gap ends the look back. Periods without customers count as gaps.
    """
    if not periods or periods[-1].start <= 0:
        return None
    rises, at = 0, len(periods) - 1
    while at > 0 and _rose(periods[at - 1], periods[at]):
        rises, at = rises + 1, at - 1
    before, last = periods[at], periods[-1]
    if rises < FEWEST_RISES:
        return None
    inside = min(last.lost, last.start)
    if more_than_chance(before.lost, before.start, inside, last.start) >= CHANCE:
        return None
    return Rise(rises, before, last, _strong(rises, last.period), _words(before, last))


def _rose(before: Counted, after: Counted) -> bool:
    follows = before.period.end == after.period.start
    return follows and before.start > 0 and after.start > 0 and after.rate > before.rate


def _strong(rises: int, period: Period) -> Text:
    words = {
        "month": Text("Churn has risen {n} month in a row,", "Churn has risen {n} months in a row,", n=rises),
        "quarter": Text(
            "Churn has risen {n} quarter in a row,", "Churn has risen {n} quarters in a row,", n=rises
        ),
    }
    return words.get(
        period.kind,
        Text("Churn has risen {n} year in a row,", "Churn has risen {n} years in a row,", n=rises),
    )


def _words(before: Counted, last: Counted) -> Text:
    return Text(
        "from {before} in {first} to {now} in {last}; chance alone does that in fewer than 1 of 100 cases.",
        before=Share(before.rate),
        first=before.period,
        now=Share(last.rate),
        last=last.period,
    )
