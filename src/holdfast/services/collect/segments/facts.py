"""How a customer stands and how likely they leave, as rules ask it: names, units, and whom it holds of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from holdfast.analytics.segment_events import Moment
from holdfast.domain.expression import Condition, Operator, Test, as_number, holds
from holdfast.domain.money import NO_CURRENCY, exponent
from holdfast.store import segment_leaves

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.settings import Settings

Unit = Literal["words", "count", "money", "days_ago", "share"]


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a fact or a score lies, and how its value is written.

    ``days_ago`` counts days before today, ``money`` is in the major unit, ``share`` 0..1.
    """

    table: str
    column: str
    unit: Unit


FACTS: dict[str, Fact] = {
    "state": Fact("standing", "state", "words"),
    "kind": Fact("standing", "kind", "words"),
    "country": Fact("standing", "country", "words"),
    "source": Fact("standing", "source", "words"),
    "orders": Fact("standing", "orders", "count"),
    "spent": Fact("standing", "amount_minor", "money"),
    "yearly": Fact("standing", "yearly_minor", "money"),
    "first_order": Fact("standing", "first_day", "days_ago"),
    "last_order": Fact("standing", "last_day", "days_ago"),
    "left": Fact("standing", "left_day", "days_ago"),
    "change": Fact("change_concerned", "change_key", "words"),
}
"""What the list of customers says, and which changes of ours concern them."""

SCORES: dict[str, Fact] = {
    "risk": Fact("risk_score", "risk", "share"),
    "value": Fact("risk_score", "value_minor", "money"),
    "value_at_risk": Fact("risk_score", "value_at_risk_minor", "money"),
    "cause": Fact("risk_score", "cause", "words"),
}
"""What the scoring says: how likely they leave within the horizon, what they can still bring, and so on."""

_TURNED: dict[Operator, Operator] = {
    "at_least": "at_most",
    "at_most": "at_least",
    "above": "below",
    "below": "above",
}


def fact_of(condition: Condition) -> Fact:
    """Where the condition's value lies."""
    return (FACTS if condition.of.kind == "fact" else SCORES)[condition.of.name]


def fact_units(
    settings: Settings, condition: Condition, moment: Moment, some: Collection[int] | None
) -> tuple[NDArray[np.int64], bool]:
    """The units of whom the condition holds; or, with True, those of whom it does not."""
    fact, test = fact_of(condition), condition.test
    if test.operator == "missing":
        return fact_units(settings, Condition(condition.of, Test("known")), moment, some)[0], True
    if fact.unit == "words":
        words = segment_leaves.different_words(settings, fact.table, fact.column)
        wanted = [word for word in words if holds(test, word)]
        return segment_leaves.with_words(settings, fact.table, fact.column, wanted, some), False
    if test.operator in ("is_not", "none_of"):
        known = fact_units(settings, Condition(condition.of, Test("known")), moment, some)[0]
        same: Operator = "is" if test.operator == "is_not" else "one_of"
        among = fact_units(settings, Condition(condition.of, Test(same, test.values)), moment, some)[0]
        return np.setdiff1d(known, among), False
    return _by_number(settings, fact, test, moment, some), False


def _by_number(
    settings: Settings, fact: Fact, test: Test, moment: Moment, some: Collection[int] | None
) -> NDArray[np.int64]:
    if test.operator == "known":
        return segment_leaves.with_numbers(settings, fact.table, fact.column, "known", (), some)
    told = [as_number(value) for value in test.values]
    values = [value for value in told if value is not None]
    if (
        test.operator in ("contains", "starts_with")
        or (not values)
        or (len(values) < len(told) and test.operator != "one_of")
    ):
        return np.empty(0, np.int64)  # a number is no word
    operator: Operator = test.operator
    if fact.unit == "money":
        scale = 10 ** exponent(settings.currency or NO_CURRENCY)
        values = [round(value * scale, 6) for value in values]
    if fact.unit == "days_ago":
        operator = _TURNED.get(operator, operator)
        values = sorted(moment.today - value for value in values)
    return segment_leaves.with_numbers(settings, fact.table, fact.column, operator, values, some)
