"""The grades that the last run made, with the words of each reason: for pages, commands and programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.reason import Measure, Reason
from holdfast.analytics.reason_grading import LOSSES, Grade, Graded, Trend, decisive, graded_from, rank
from holdfast.domain.events import EVENT_NAMES
from holdfast.domain.period import date_of
from holdfast.domain.readings import TEXT_READ
from holdfast.domain.texts import Text
from holdfast.services.understand.reason_bounds import ours, with_bounds
from holdfast.services.understand.reasons import delivered, ways_in
from holdfast.store import reason_bounds, reason_grades
from holdfast.store.reason_bounds import Bounds
from holdfast.store.reason_grades import Behind, KeptGrade

if TYPE_CHECKING:
    from holdfast.settings import Settings

LOSSES_TITLE = Text("Left for it")
LOSSES_FORMULA = Text("Losses with one of its causes ÷ losses of which the cause is known")
LOSSES_NEED = Text("Reasons given when a contract ends, exit surveys, and what customers write")
TEXTS_NEED = Text("Texts of tickets, messages, surveys and reviews, which the loop reads")
RAISED_NEED = Text("Early warnings, which the loop raises by itself once there are events to judge by")

_TEXT_FILES = ("tickets", "messages", "surveys")
_LOSS_FILES = ("subscriptions", "surveys", "tickets", "messages")


@dataclass(frozen=True, slots=True)
class Need:
    """What would supply a measure: ``words``, and the kinds of files that bring it."""

    words: tuple[Text, ...]
    events: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure with its words; ``need`` is what would supply it."""

    graded: Graded
    title: Text
    formula: Text
    need: Need
    ours: Bounds | None = None

    @property
    def set_by_people(self) -> bool:
        """Whether people of the workspace set its bounds: ``ours`` are those that were delivered."""
        bounds = Bounds(self.graded.weak_from, self.graded.bad_from)
        return self.ours is not None and bounds != self.ours


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One reason as it is graded: by its worst measure (``decided_by``; ``None``: nothing can be measured).

    ``customers`` are those to whom it happened in the last window, ``money_minor`` what they bring in a year;
    ``losses`` those who left for it, ``losses_money_minor`` what they brought.
    """

    reason: Reason
    measures: tuple[MeasureRow, ...]
    decided_by: MeasureRow | None
    customers: int
    money_minor: int
    currency: str
    losses: int
    losses_money_minor: int
    day: date

    @property
    def grade(self) -> Grade:
        """The grade of the measure that decides."""
        return "no_data" if self.decided_by is None else self.decided_by.graded.grade

    @property
    def trend(self) -> Trend | None:
        """What that measure did since the window before."""
        return None if self.decided_by is None else self.decided_by.graded.trend

    @property
    def missing(self) -> tuple[MeasureRow, ...]:
        """Measures of which the company has no data."""
        return tuple(each for each in self.measures if each.graded.missing)


def reasons(settings: Settings) -> list[ReasonRow]:
    """Every reason that was graded, what needs work first; none before a run.

    By grade, then by the money that was lost for it, then by the money that stands behind it.
    """
    kept, set_by_people = reason_grades.kept(settings), reason_bounds.listed(settings)
    rows = [
        _row(reason, kept[name], set_by_people.get(name, {}))
        for name, reason in delivered().items()
        if name in kept
    ]
    return sorted(rows, key=_needs_work)


def _needs_work(row: ReasonRow) -> tuple[int, int, int, str]:
    return rank(row.grade), -row.losses_money_minor, -row.money_minor, row.reason.name


def one(settings: Settings, key: str) -> ReasonRow | None:
    """One reason; ``None`` where there is none of the name, or no run has graded it."""
    return next((row for row in reasons(settings) if row.reason.name == key), None)


def counted(rows: list[ReasonRow]) -> Counter[Grade]:
    """How many reasons have which grade."""
    return Counter(row.grade for row in rows)


def behind(
    settings: Settings,
    key: str,
    *,
    limit: int,
    after: tuple[int, int] | None = None,
    among: frozenset[int] | None = None,
) -> list[Behind]:
    """Customers behind a reason, those who bring most first."""
    return reason_grades.customers(settings, key, limit=limit, after=after, among=among)


def _row(reason: Reason, kept: KeptGrade, theirs: Mapping[str, Bounds]) -> ReasonRow:
    declared, delivered_bounds = {each.name: each for each in reason.measures}, ours(reason)
    measures = [
        _measure(
            with_bounds(graded, delivered_bounds.get(graded.name), theirs),
            declared.get(graded.name),
            delivered_bounds.get(graded.name),
        )
        for graded in map(graded_from, kept.content["measures"])
        if graded.name == LOSSES or graded.name in declared
    ]
    best = decisive([each.graded for each in measures])
    return ReasonRow(
        reason=reason,
        measures=tuple(measures),
        decided_by=next((each for each in measures if each.graded is best), None),
        customers=kept.content["customers"],
        money_minor=kept.content["money_minor"],
        currency=kept.content["currency"],
        losses=kept.content["losses"],
        losses_money_minor=kept.content["losses_money_minor"],
        day=date_of(kept.day),
    )


def _measure(graded: Graded, declared: Measure | None, delivered_bounds: Bounds | None) -> MeasureRow:
    if declared is None:
        need = Need((LOSSES_NEED,), (), _LOSS_FILES)
        return MeasureRow(graded, LOSSES_TITLE, LOSSES_FORMULA, need, delivered_bounds)
    return MeasureRow(graded, declared.title, declared.formula, _need(declared), delivered_bounds)


def _need(measure: Measure) -> Need:
    if measure.watch == (TEXT_READ,):
        return Need((TEXTS_NEED,), (), _TEXT_FILES)
    if measure.watch == ("Signal Raised",):
        return Need((RAISED_NEED,), (), ())
    words = tuple(EVENT_NAMES[name].meaning for name in measure.watch)
    return Need(words, measure.watch, (*ways_in(measure), "events"))
