"""Grading the company by each reason of the sources: at night, from its own events and losses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np

from holdfast import registry
from holdfast.analytics import panel
from holdfast.analytics.reason import WINDOW_DAYS, Measure, Reason
from holdfast.analytics.reason_grading import (
    LOSSES,
    LOSSES_BAD_FROM,
    LOSSES_WEAK_FROM,
    Graded,
    Tally,
)
from holdfast.domain.texts import Text
from holdfast.services.progress import Progress, Silent
from holdfast.services.understand.losses import LossColumns, causes_of_losses
from holdfast.store import reason_grades
from holdfast.store.reason_grades import Behind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.feature import Feature
    from holdfast.analytics.snapshot import FeatureTable
    from holdfast.services.foresee.snapshots import History
    from holdfast.settings import Settings

    Whole = NDArray[np.int64]
    Marks = NDArray[np.bool_]

MOST_BEHIND = 1_000
"""So many customers behind a reason are kept by name, those who bring most; all are counted."""

MOST_IN_THE_PAST = 200_000
"""The past is asked of a fixed part of the customers where there are more: shares need no more."""


def delivered() -> dict[str, Reason]:
    """Every reason of this installation, by name."""
    return {name: cast(Reason, part.declared) for name, part in registry.parts("reasons").items()}


def grade(
    settings: Settings, history: History, *, at_day: int, now_us: int, progress: Progress | None = None
) -> int:
    """Grade every reason as of the beginning of ``at_day`` and keep it; how many have a grade.

    Measures without any of their events in the log are kept as missing, and ask nothing.
    """
    progress = progress or Silent()
    progress.step(Text("Grading the reasons why customers leave"), 0, None)
    reasons, names = delivered(), history.ready.kept.names
    counts = [
        _Counts(reason, measure)
        for reason in reasons.values()
        for measure in reason.measures
        if any(names.get(event) for event in measure.watch)
    ]
    _ask(settings, history, counts, at_day)
    losses = _Losses.of(settings, at_day)
    money = reason_grades.yearly_money(settings)
    units, yearly = (np.array(money[name], np.int64) for name in ("unit_id", "yearly_minor"))
    graded = 0
    for reason in reasons.values():
        mine = [each for each in counts if each.reason is reason]
        measures = _graded(reason, mine, losses)
        behind, total, minor = _behind(mine, units, yearly)
        content = {
            "measures": [each.as_json() for each in measures],
            "customers": total,
            "money_minor": minor,
            "currency": history.ready.kept.currency,
            "losses": losses.now_of(reason),
            "losses_money_minor": losses.money_of(reason),
        }
        reason_grades.save(settings, reason.name, content, behind, day=at_day, made_us=now_us)
        graded += any(each.grade in ("good", "weak", "bad") for each in measures)
    reason_grades.forget(settings, set(reasons))
    return graded


@dataclass(slots=True)
class _Counts:
    """What one measure counted: now with the units, before, and what became of them after a while ago."""

    reason: Reason
    measure: Measure
    of: int = 0
    had: list[Whole] = field(default_factory=list)
    before: list[int] = field(default_factory=lambda: [0, 0])
    left_with: list[int] = field(default_factory=lambda: [0, 0])
    left_without: list[int] = field(default_factory=lambda: [0, 0])

    @property
    def features(self) -> tuple[Feature, Feature]:
        """Its two numbers."""
        return self.measure.features(self.reason.name)

    @property
    def units(self) -> Whole:
        """To whom it happened now, sorted."""
        return np.unique(np.concatenate(self.had)) if self.had else np.empty(0, np.int64)

    def marks(self, table: FeatureTable) -> tuple[Marks, Marks]:
        """Whom the measure concerns, and to whom it happened."""
        of, had = (np.nan_to_num(np.asarray(table.columns[each.name], np.float64)) for each in self.features)
        return of >= 1, (of >= 1) & (had >= 1)


def _ask(settings: Settings, history: History, counts: Sequence[_Counts], at_day: int) -> None:
    """Count everybody now, and a part of them at the two past days that can be told of."""
    from holdfast.store.first_seen import first_seen

    everybody = np.unique(np.asarray(first_seen(settings)[0], np.int64))
    if not counts or not len(everybody):
        return
    features = [feature for each in counts for feature in each.features]
    for (table,) in history.numbers(features, [at_day], everybody):
        for each in counts:
            of, had = each.marks(table)
            each.of += int(of.sum())
            each.had.append(table.unit_id[had])
    _ask_the_past(history, counts, features, _part(everybody), at_day)


def _ask_the_past(
    history: History, counts: Sequence[_Counts], features: Sequence[Feature], units: Whole, at_day: int
) -> None:
    before, then = _past_days(history, at_day)
    days = sorted({day for day in (before, then) if day is not None})
    if not days:
        return
    after = None if then is None else _After.of(history, then)
    for tables in history.numbers(features, days, units):
        by_day = dict(zip(days, tables, strict=True))
        for each in counts:
            if before is not None:
                _add(each.before, *each.marks(by_day[before]))
            if then is not None and after is not None:
                _add_after(each, by_day[then], after)


def _past_days(history: History, at_day: int) -> tuple[int | None, int | None]:
    """The day at which the window before ends, and the newest one whose after is known; ``None``: none.

    Both need whole windows: half a window would make every trend look like a rise.
    """
    first = history.ready.kept.first_day
    if first is None:
        return None, None
    before = at_day - WINDOW_DAYS
    moments = history.moments(WINDOW_DAYS, most=1)
    then = moments[-1] if moments else None
    return (
        before if before - WINDOW_DAYS >= first else None,
        then if then is not None and then - WINDOW_DAYS >= first else None,
    )


@dataclass(frozen=True, slots=True)
class _After:
    """What became of those who were there on a past day: sorted ``units``, who ``left``."""

    units: Whole
    left: Marks

    @classmethod
    def of(cls, history: History, day: int) -> _After:
        """Of whom it is known for certain."""
        here = history.stays.unit[panel.present(history.stays, day)]
        unit, start, end = (history.terms[name] for name in ("unit_id", "start_day", "end_day"))
        signed = panel.under_contract(unit, start, end, here, day)
        grace = np.where(signed, 0, history.stays.grace_days).astype(np.int64)
        found = panel.outcomes(history.stays, day, WINDOW_DAYS, here, grace)
        return cls(here[found.decided], found.left[found.decided])


def _add(total: list[int], of: Marks, had: Marks) -> None:
    """Add how many of those marked ``of`` are marked ``had``."""
    total[0] += int(had.sum())
    total[1] += int(of.sum())


def _add_after(counts: _Counts, table: FeatureTable, after: _After) -> None:
    of, had = counts.marks(table)
    if not len(after.units):
        return
    place = np.minimum(np.searchsorted(after.units, table.unit_id), len(after.units) - 1)
    there = after.units[place] == table.unit_id
    left = after.left[place] & there
    _add(counts.left_with, there & had, left & had)
    _add(counts.left_without, there & of & ~had, left & of & ~had)


@dataclass(frozen=True, slots=True)
class _Losses:
    """The losses of the last window and of the one before, with their causes."""

    now: LossColumns
    before: LossColumns

    @classmethod
    def of(cls, settings: Settings, at_day: int) -> _Losses:
        """Those that the run kept."""
        middle = at_day - WINDOW_DAYS
        return cls(
            causes_of_losses(settings, middle, at_day),
            causes_of_losses(settings, middle - WINDOW_DAYS, middle),
        )

    def now_of(self, reason: Reason) -> int:
        """How many losses of the last window have one of the reason's causes."""
        return int(_with(self.now, reason).sum())

    def money_of(self, reason: Reason) -> int:
        """What those customers brought in a year, in minor units."""
        return int(self.now.money_minor[_with(self.now, reason)].sum())

    def graded(self, reason: Reason) -> Graded:
        """The share of losses with a known cause that have one of the reason's."""
        now, before = (
            Tally(int(_with(each, reason).sum()), int((each.cause != "").sum()))
            for each in (self.now, self.before)
        )
        return Graded(
            LOSSES,
            LOSSES_WEAK_FROM,
            LOSSES_BAD_FROM,
            now,
            before if before.of else None,
            missing=not now.of and not before.of,
        )


def _with(losses: LossColumns, reason: Reason) -> Marks:
    return np.isin(losses.cause.astype(str), list(reason.causes))


def _graded(reason: Reason, counted: Sequence[_Counts], losses: _Losses) -> list[Graded]:
    found = {each.measure.name: each for each in counted}
    graded = [_measured(measure, found.get(measure.name)) for measure in reason.measures]
    return [*graded, losses.graded(reason)] if reason.causes else graded


def _measured(measure: Measure, counted: _Counts | None) -> Graded:
    bounds = measure.weak_from, measure.bad_from
    if counted is None:
        return Graded(measure.name, *bounds, Tally(0, 0), missing=True)
    before, left_with, left_without = (
        Tally(*pair) if pair[1] else None
        for pair in (counted.before, counted.left_with, counted.left_without)
    )
    now = Tally(len(counted.units), counted.of)
    return Graded(measure.name, *bounds, now, before, left_with, left_without)


def _behind(counted: Sequence[_Counts], units: Whole, yearly: Whole) -> tuple[list[Behind], int, int]:
    """The customers of a reason who bring most, how many there are in all, and what all bring in a year."""
    by: dict[int, list[str]] = {}
    for each in counted:
        for unit in each.units.tolist():
            by.setdefault(unit, []).append(each.measure.name)
    theirs = np.array(sorted(by), np.int64)
    money = _money_of(theirs, units, yearly)
    order = np.argsort(-money, kind="stable")[:MOST_BEHIND]
    kept = [Behind(int(theirs[at]), tuple(by[int(theirs[at])]), int(money[at])) for at in order.tolist()]
    return kept, len(theirs), int(money.sum())


def _money_of(theirs: Whole, units: Whole, yearly: Whole) -> Whole:
    if not len(units):
        return np.zeros(len(theirs), np.int64)
    place = np.minimum(np.searchsorted(units, theirs), len(units) - 1)
    return np.where(units[place] == theirs, yearly[place], 0).astype(np.int64)


def _part(everybody: Whole) -> Whole:
    """A fixed part of very many customers, sorted."""
    if len(everybody) <= MOST_IN_THE_PAST:
        return everybody
    mixed = (everybody.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    return np.sort(everybody[np.argsort(mixed, kind="stable")[:MOST_IN_THE_PAST]])


def ways_in(measure: Measure) -> Iterator[str]:
    """Kinds of files that bring the events a measure needs; "events" brings any."""
    from holdfast.domain.imports import ImportKind

    for name, part in registry.parts("imports").items():
        rules = cast(ImportKind, part.declared).events
        if any(f"'{event}'" in rule.name for rule in rules for event in measure.watch):
            yield name
