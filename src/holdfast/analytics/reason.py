"""What a reason is: why customers leave, as the sources tell it, and how a company measures itself by it.

Each file in ``analytics/reasons`` declares one :class:`Reason` as ``REASON``: the words of the sources, the
causes of the taxonomy that belong to it, and its measures. A measure is always one share of customers: of
those whom it concerns, how many had it happen to them within :data:`WINDOW_DAYS`. A customer counts once,
however often it happened, so that few loud ones do not make a grade. Dropping the file is enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from holdfast.analytics.feature import Feature, Need
from holdfast.analytics.feature_parts import TWELVE_WEEKS, Value
from holdfast.domain.origins import Origin
from holdfast.domain.texts import Text

WINDOW_DAYS = TWELVE_WEEKS
"""A measure looks at so many days, and its trend at as many before."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A reason in a source's own words; ``number`` where the source counts its reasons."""

    language: Literal["bg", "fa", "ro", "ru", "zh"]
    words: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A number about one customer, of which 1 and more counts as yes."""

    needs: Mapping[str, Need]
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One share: customers of ``whole`` for whom ``hit`` holds too.

    ``title`` says what happened to them, ``formula`` the division in words. From the share ``weak_from`` on
    the grade is weak, from ``bad_from`` on bad: bounds of ours, not of a study. ``watch`` names events
    without which the company has nothing to measure by (any of them is enough).
    """

    name: str
    title: Text
    formula: Text
    whole: Counted
    hit: Counted
    weak_from: float
    bad_from: float
    watch: tuple[str, ...]

    def features(self, reason: str) -> tuple[Feature, Feature]:
        """The numbers behind whom it concerns, and to whom it happened."""
        return (
            _feature(f"{reason}_{self.name}_of", self.title, self.whole),
            _feature(f"{reason}_{self.name}_had", self.title, self.hit),
        )


@dataclass(frozen=True, slots=True)
class Example:
    """A tiny history and what the measures say of it at the start of the day ``at``.

    ``events`` is told as :mod:`holdfast.analytics.stories` reads it. ``answers`` maps "who/measure" to
    whether it happened to them; ``None``: the measure does not concern them.
    """

    title: str
    events: str
    at: date
    answers: Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of the sources.

    ``sources`` quotes the articles that give it. ``origin`` is whose it is to put
    right. ``causes`` are ids of the taxonomy: texts and losses are counted by them. ``first`` says what to do
    first, ``signals`` name the early warnings that watch for it.
    """

    name: str
    title: Text
    meaning: Text
    origin: Origin
    sources: tuple[Quoted, ...]
    causes: tuple[str, ...]
    measures: tuple[Measure, ...]
    first: Text
    examples: tuple[Example, ...]
    signals: tuple[str, ...] = ()


def _feature(name: str, title: Text, counted: Counted) -> Feature:
    return Feature(name, title, title, "count", "service", counted.needs, counted.value, WINDOW_DAYS)
