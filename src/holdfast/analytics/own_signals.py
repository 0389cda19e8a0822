"""Signals that people build: a rule as segments have it, turned into numbers that can be asked of any day.

Each condition becomes one number with the needs of a feature, so that the same rule is asked live, at night
and of the past. What is only known of now (segments, scores, how a customer stands) cannot be asked of a
past day and is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.feature import AMOUNT, Feature, Gaps, Need, Needed, Over, Trait
from holdfast.analytics.feature_parts import AGE, last_score, score
from holdfast.analytics.local_days import DAY_US
from holdfast.analytics.segment_events import event_of, measure_of
from holdfast.analytics.signal import Shown, Signal, number
from holdfast.analytics.spec import Column, Every, OneOf, equals
from holdfast.analytics.spec import Expression as Rows
from holdfast.domain.expression import (
    All,
    Condition,
    Either,
    Expression,
    Looked,
    Not,
    Test,
    holds,
)
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.feature import Unit

COOLDOWN_DAYS = 14
MOST_COOLDOWN_DAYS = 365


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may name: ``features`` of this installation by name, ``products`` of a category, and how
    many digits of the reporting currency stand after the point.
    """

    features: Mapping[str, Feature]
    products: Callable[[Sequence[str]], tuple[str, ...]]
    exponent: int = 2


def signal_of(
    key: str, title: str, rule: Expression, ends_rule: Expression | None, cooldown_days: int, known: Known
) -> Signal:
    """The signal of a rule. It ends where ``ends_rule`` holds and the rule does not; without one, where the
    rule does not hold any more. Refuses what cannot be asked of a past day (``not_of_the_past``).
    """
    made = _Made(key, known)
    when = made.turned(rule)
    ends = Not(when) if ends_rule is None else made.turned(ends_rule)
    features = tuple(made.features)
    return Signal(
        name=key,
        code="",
        title=Text("{title}", title=title),
        meaning=Text("A rule of our own: {title}.", title=title),
        cause="relationship",
        numbers=features,
        when=lambda _: when,
        ends_when=lambda _: ends,
        evidence=tuple(Shown(each.name) for each in features),
        examples=(),
        cooldown_days=cooldown_days,
    )


def mute_signal(key: str, title: str, why: Text) -> Signal:
    """A signal whose rule cannot be asked any more: it warns of nobody, and says ``why``."""
    return Signal(
        name=key,
        code="",
        title=Text("{title}", title=title),
        meaning=why,
        cause="relationship",
        numbers=(),
        when=lambda _: Either(()),
        ends_when=lambda _: All(()),
        evidence=(),
        examples=(),
    )


class _Made:
    """The numbers of a rule, each once, and the rule over them."""

    def __init__(self, key: str, known: Known) -> None:
        self._key, self._known = key, known
        self.features: list[Feature] = []
        self._names: dict[str, str] = {}

    def turned(self, rule: Expression) -> Expression:
        """The rule with a condition on a number in the place of each condition."""
        match rule:
            case Condition():
                return self._condition(rule)
            case Not(part):
                return Not(self.turned(part))
            case All(parts):
                return All(tuple(self.turned(part) for part in parts))
            case Either(parts):
                return Either(tuple(self.turned(part) for part in parts))

    def _condition(self, leaf: Condition) -> Expression:
        worded = leaf.of.kind == "trait" or self._is_word(leaf.of)
        said = repr((leaf.of, leaf.of.options, leaf.test if worded else None))
        if said not in self._names:
            self._names[said] = f"{self._key} {len(self.features) + 1}"
            self.features.append(self._feature(self._names[said], leaf))
        name = self._names[said]
        return number(name, "at_least", 1) if worded else Condition(Looked("feature", name), leaf.test)

    def _is_word(self, of: Looked) -> bool:
        declared = self._known.features.get(of.name) if of.kind == "feature" else None
        return declared is not None and declared.unit == "category"

    def _feature(self, name: str, leaf: Condition) -> Feature:
        of = leaf.of
        if of.kind in ("event", "answer"):
            return self._of_event(name, of)
        if of.kind == "trait":
            title = Text("{trait}", trait=of.name)
            return _worded(name, title, {"word": Trait(of.name)}, None, leaf.test)
        if of.kind == "feature" and of.name in self._known.features:
            declared = self._known.features[of.name]
            if declared.unit == "category":
                return _worded(name, declared.title, declared.needs, declared.value, leaf.test)
            return replace(declared, name=name, examples=())
        raise _not_of_the_past(of)

    def _of_event(self, name: str, of: Looked) -> Feature:
        if of.option("from") or of.option("to"):
            raise _not_of_the_past(of, Text("It asks for certain days of the calendar."))
        measure = measure_of(of)
        needs, value, unit = _measured(measure, self._where(of, measure), of, self._known.exponent)
        title = Text("{event}: {measure}", event=of.name, measure=_MEASURES[measure])
        return Feature(name, title, title, unit, "relationship", needs, value, window_days=of.option("days"))

    def _where(self, of: Looked, measure: str) -> Rows:
        where: list[Rows] = [equals("name", event_of(of))]
        if of.kind == "answer":
            where.append(equals("code", of.name))
        for option in ("code", "source"):
            if of.option(option):
                where.append(OneOf(Column(option), tuple(of.option(option))))
        products = _products(of, self._known)
        if products is not None:
            where.append(OneOf(Column("product_id"), products))
        return Every(tuple(where)) if len(where) > 1 else where[0]


_MEASURES: Mapping[str, Text] = {
    "times": Text("how often"),
    "orders": Text("how many different ones"),
    "days": Text("on how many days"),
    "amount": Text("amount"),
    "last": Text("days since the last"),
    "first": Text("days since the first"),
    "score": Text("latest score"),
}

Made = tuple[Mapping[str, Need], "Callable[[Needed], NDArray[np.generic]] | None", "Unit"]


def _measured(measure: str, where: Rows, of: Looked, exponent: int) -> Made:
    """The needs of a measure, the arithmetic over them, and the unit."""
    days, until = of.option("days"), int(of.option("until_days") or 0)
    if measure == "times":
        return {"rows": Over("count", None, where, days, until)}, None, "count"
    if measure == "orders":
        return {"objects": Over("distinct", Column("object_id"), where, days, until)}, None, "count"
    if measure == "days":
        return {"days": Over("active_days", None, where, days, until)}, None, "count"
    if measure == "amount":
        digits = 10.0**exponent
        summed = {"sum": Over("sum", AMOUNT, where, days, until)}
        return summed, lambda needed: np.asarray(needed["sum"], np.float64) / digits, "score"
    if measure == "last":
        return {"since": Gaps("since", where, days)}, lambda needed: _before_today(needed["since"]), "days"
    if measure == "first":
        first = {"since": Over("greatest", AGE, where, days, until)}
        return first, lambda needed: np.floor(np.asarray(needed["since"], np.float64) / DAY_US), "days"
    packed = last_score(where)
    return {"score": replace(packed, days=days, until_days=until)}, score("score"), "score"


def _before_today(since: NDArray[np.generic]) -> NDArray[np.generic]:
    """Asked at the beginning of a day, the day before is the latest there is: 0 days ago."""
    return np.asarray(since, np.float64) - 1


def _worded(
    name: str,
    title: Text,
    needs: Mapping[str, Need],
    value: Callable[[Needed], NDArray[np.generic]] | None,
    test: Test,
) -> Feature:
    """1 for whom a test of a word holds, else 0: what is not known meets no test but that for it."""

    def met(needed: Needed) -> NDArray[np.generic]:
        words = next(iter(needed.values())) if value is None else value(needed)
        return np.array([holds(test, _plain(each)) for each in np.asarray(words).tolist()], np.float64)

    return Feature(name, title, title, "category", "relationship", needs, met)


def _plain(word: object) -> str | float | None:
    if word is None or (isinstance(word, float) and np.isnan(word)):
        return None
    return word if isinstance(word, str | float) else str(word)


def _products(of: Looked, known: Known) -> tuple[str, ...] | None:
    """The products that count, ``None`` for all; asked for both ways, those named by both."""
    named = of.option("product")
    if of.option("category") is None:
        return None if named is None else tuple(named)
    found = known.products(of.option("category"))
    return found if named is None else tuple(each for each in found if each in set(named))


def _not_of_the_past(of: Looked, why: Text | None = None) -> Refusal:
    return Refusal(
        "not_of_the_past",
        found=why or Text("The rule asks for the {kind} {name}.", kind=of.kind, name=of.name),
        expected=Text(
            "What can be asked of any past day: events of the last days, answers, traits and features."
        ),
        remedy=Text("Take the condition out; without it the rule can be tried on the past."),
    )
