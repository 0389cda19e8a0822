"""What signals say of customers: expressions over the columns of a snapshot, everybody at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.feature import Feature
from holdfast.analytics.segment_columns import Numbers, holding
from holdfast.analytics.signal import Tuned
from holdfast.domain.expression import Condition, Expression, evaluate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Said:
    """What one signal says, customers in rows.

    ``holds``: the warning is there. ``over``: an open episode ends. ``judged``: there is enough to say so;
    without it nothing holds, and only what has ``lapsed`` is over: nothing is left to judge it by.
    ``strength`` is 0..1, 0 where the warning does not hold.
    """

    holds: Marks
    over: Marks
    judged: Marks
    lapsed: Marks
    strength: NDArray[np.float64]


def numbers_of(signals: Iterable[Tuned]) -> tuple[Feature, ...]:
    """The numbers of some signals, each once."""
    found = {each.name: each for tuned in signals for each in tuned.signal.numbers}
    return tuple(found.values())


def said(tuned: Tuned, columns: Mapping[str, NDArray[Any]]) -> Said:
    """What a signal says of the customers whose numbers stand in ``columns`` (by name, rows aligned)."""
    size = len(next(iter(columns.values()))) if columns else 0
    everyone = np.ones(size, bool)

    def answer(condition: Condition) -> Marks:
        return holding(Numbers(np.asarray(columns[condition.of.name], np.float64)), condition.test)

    def ask(expression: Expression) -> Marks:
        return evaluate(expression, answer, everyone)

    enough = everyone if tuned.judged_if is None else ask(tuned.judged_if)
    holds = ask(tuned.when) & enough
    lapsed = np.zeros(size, bool) if tuned.lapses_if is None else ask(tuned.lapses_if) & ~enough
    over = (ask(tuned.ends_when) & enough & ~holds) | lapsed
    return Said(holds, over, enough, lapsed, _strength(tuned, columns, holds))


def _strength(tuned: Tuned, columns: Mapping[str, NDArray[Any]], holds: Marks) -> NDArray[np.float64]:
    if tuned.signal.strength is None:
        return holds.astype(np.float64)
    told = np.nan_to_num(tuned.signal.strength(columns, tuned.settings), nan=0.0)
    return np.where(holds, np.clip(told, 0.0, 1.0), 0.0)
