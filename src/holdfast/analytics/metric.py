"""What a metric is: one number about many customers, with everything that makes it honest.

Each file in ``analytics/metrics`` declares one :class:`Metric` as ``METRIC``. Dropping the file
is enough: the registry finds it, the tests run its ``examples`` on every engine, and the page, the
API and the command line list it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from holdfast.domain.figures import Figure
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.asked import Asked, Counted
    from holdfast.analytics.spec import Query
    from holdfast.settings import LostSettings

Good = Literal["up", "down"]
Grain = Literal["history", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Example:
    """A tiny history and what the metric answers to it: its test, its documentation, its contract.

    ``events`` is one event a line, ``who  YYYY-MM-DD  what  [amount] [more words]``, as
    :mod:`holdfast.analytics.stories` reads it. ``answers`` maps "definition", or
    "definition/group", or either with " YYYY-MM-DD" (the first day of the period) to the expected
    value: a number, an amount in major units as a string, or ``None`` where there is none.
    """

    title: str
    events: str
    as_of: date
    answers: Mapping[str, float | int | str | None]
    period: Grain = "history"
    lost: LostSettings | None = None
    margin: float | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    ``title``, ``meaning``, ``formula`` and ``left_out`` are for people. ``unit`` as in
    :class:`~holdfast.domain.figures.Figure` ("money" stands for the reporting currency), ``good``
    the direction in which a company wants it to go, ``None`` where there is no such. ``requirement``
    names the rows of the catalogue it meets, ``source`` the paper or text behind the formula.
    ``needs`` gives the queries over the kept tables for what is asked; ``answer`` is pure: what
    those queries counted, and what was asked, to figures.
    """

    name: str
    title: Text
    meaning: Text
    formula: Text
    unit: str
    requirement: tuple[str, ...]
    source: str
    needs: Callable[[Asked], Mapping[str, Query]]
    answer: Callable[[Counted, Asked], Sequence[Figure]]
    examples: tuple[Example, ...]
    good: Good | None = None
    left_out: Text | None = None
