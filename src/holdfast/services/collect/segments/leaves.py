"""Of whom a condition holds: each is asked where its data live, all customers at once.

An :class:`Asked` holds the customers (all of the list, or some of them, for the live path) and answers
each condition with a boolean for each. What it answered once it does not ask again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.segment_columns import Column, Numbers, Words, holding, latest
from holdfast.analytics.segment_events import COUNTED, Moment, measure_of
from holdfast.domain.expression import Condition, Expression, Looked, conditions, evaluate
from holdfast.services.collect.segments import kept_traits
from holdfast.services.collect.segments.events_asked import EventsAsked
from holdfast.services.collect.segments.facts import fact_units
from holdfast.services.collect.segments.moments import moment_of
from holdfast.services.collect.segments.whose import Whose, whose
from holdfast.services.foresee import kept_features
from holdfast.store import segment_leaves

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.settings import Settings

    Marks = NDArray[np.bool_]


class Asked:
    """Some customers, ready to be asked about; use :func:`asked`."""

    def __init__(
        self,
        settings: Settings,
        engine: EmbeddedEngine,
        now_us: int,
        rules: Mapping[str, Expression],
        some: Collection[int] | None,
    ) -> None:
        self.settings, self.engine, self.now_us, self.rules = settings, engine, now_us, rules
        self.moment: Moment = moment_of(settings, now_us)
        self.some = some
        self._answered: dict[str, Marks] = {}
        self._open: set[str] = set()

    @cached_property
    def units(self) -> NDArray[np.int64]:
        """The customers, sorted."""
        if self.some is None:
            return segment_leaves.everybody(self.settings)
        return segment_leaves.listed(self.settings, self.some)

    @cached_property
    def everyone(self) -> Marks:
        """True for each."""
        return np.ones(len(self.units), bool)

    @cached_property
    def _index(self) -> NDArray[np.int64] | None:
        return _index_of(self.units)

    @cached_property
    def whose(self) -> Whose:
        """Which subjects are whose."""
        return whose(self.settings, self.some)

    @cached_property
    def events(self) -> EventsAsked:
        """The log of these customers."""
        return EventsAsked(
            *(self.settings, self.engine, self.moment, self.now_us, self.whose),
            everybody=self.some is None,
        )

    def begin(self, rules: Iterable[Expression]) -> None:
        """Begin to ask what happened, all windows of the rules together: it takes longest."""
        wanted = [leaf.of for rule in rules for leaf in self._leaves(rule, set())]
        if wanted:
            self.events.start(wanted)

    def _leaves(self, rule: Expression, seen: set[str]) -> Iterator[Condition]:
        """The conditions on events, those of segments that the rule asks for too."""
        for leaf in conditions(rule):
            if leaf.of.kind in ("event", "answer"):
                yield leaf
            elif leaf.of.kind == "segment" and leaf.of.name not in seen and leaf.of.name in self.rules:
                seen.add(leaf.of.name)
                yield from self._leaves(self.rules[leaf.of.name], seen)

    def meets(self, rule: Expression) -> Marks:
        """Of whom a rule holds."""
        self.begin([rule])
        return evaluate(rule, self.holds, self.everyone)

    def close(self) -> None:
        """End what was begun."""
        if "events" in self.__dict__:
            self.events.close()

    def holds(self, condition: Condition) -> Marks:
        """Of whom one condition holds."""
        said = repr(condition)
        if said not in self._answered:
            answers: dict[str, Callable[[Condition], Marks]] = {
                "trait": self._of_column(self.trait),
                "event": self._of_column(self._event),
                "answer": self._of_column(self._event),
                "feature": self._of_column(self._feature),
                "fact": self._fact,
                "score": self._fact,
                "segment": self._segment,
            }
            self._answered[said] = answers[condition.of.kind](condition)
        return self._answered[said]

    def marks(self, ids: NDArray[np.int64]) -> Marks:
        """True at the places of these units."""
        found = np.zeros(len(self.units), bool)
        place = self.places(ids)
        found[place[place >= 0]] = True
        return found

    def places(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The place of each unit, -1 where it is none of the customers."""
        if not len(self.units):
            return np.full(len(ids), -1, np.int64)
        if self._index is None:
            place = np.minimum(np.searchsorted(self.units, ids), len(self.units) - 1)
            return np.where(self.units[place] == ids, place, -1)
        last = len(self._index) - 1
        found: NDArray[np.int64] = self._index[np.clip(ids, 0, last)]
        return np.where((ids >= 0) & (ids <= last), found, -1) if len(ids) else found

    def _of_column(self, column: Callable[[Looked], Column]) -> Callable[[Condition], Marks]:
        return lambda condition: holding(column(condition.of), condition.test)

    def _fact(self, condition: Condition) -> Marks:
        """From the list of customers, or from the scores; ``missing`` is the opposite of ``known``."""
        found, opposite = fact_units(self.settings, condition, self.moment, self.some)
        marked = self.marks(found)
        return marked ^ self.everyone if opposite else marked

    def _segment(self, condition: Condition) -> Marks:
        """By its rule, not by who is in it now: a segment may not have been looked at yet.

        A circle is refused when a rule is saved; where two were saved at one moment, nobody meets it.
        """
        key = condition.of.name
        if key in self._open or key not in self.rules:
            return self.everyone ^ self.everyone
        self._open.add(key)
        try:
            return self.meets(self.rules[key])
        finally:
            self._open.discard(key)

    def _feature(self, of: Looked) -> Column:
        if "events" in self.__dict__:
            self.events.wait()  # the engine answers one question at a time
        return kept_features.column(self.settings, self.engine, of.name, self.units, self.some)

    def trait(self, of: Looked) -> Column:
        """What is known of a trait of each customer now."""
        if self.some is None:
            told = kept_traits.said(self.settings, of.name)
        else:
            told = kept_traits.said_of(self.settings, of.name, self.whose.subjects)
        in_time = (told.valid_from_us <= self.moment.now_us) & (told.known_us <= self.moment.now_us)
        rows = np.flatnonzero(in_time & self.whose.speaks(told.subject_id))
        place = self.places(self.whose.units(told.subject_id[rows]))
        inside = place >= 0
        rows, place = rows[inside], place[inside]
        found = latest(
            place, told.valid_from_us[rows], told.known_us[rows], told.value[rows], len(self.units)
        )
        # Nothing said is as good as taken back.
        empty = [at for at, word in enumerate(told.words) if not word.strip()]
        if empty:
            found[np.isin(found, empty)] = -1
        return Words(found, told.words)

    def _event(self, of: Looked) -> Column:
        unit, value = self.events.ask(of)
        found = np.full(len(self.units), 0.0 if measure_of(of) in COUNTED else np.nan)
        place = self.places(unit)
        found[place[place >= 0]] = value[place >= 0]
        return Numbers(found)


_SPARSEST = 20
_FEW = 10_000


def _index_of(units: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """The place of each id where ids are many and lie close: a search in a long list takes ten times as
    long. ``None`` elsewhere.
    """
    if len(units) < _FEW or units[0] < 0 or units[-1] > _SPARSEST * len(units):
        return None
    index = np.full(int(units[-1]) + 1, -1, np.int64)
    index[units] = np.arange(len(units))
    return index


@contextmanager
def asked(
    settings: Settings,
    now_us: int,
    rules: Mapping[str, Expression],
    some: Collection[int] | None = None,
) -> Iterator[Asked]:
    """Everybody on the customer list, or ``some`` of them, ready to be asked about.

    ``now_us`` is the actual time; ``rules`` are those of all segments, by key.
    """
    from holdfast.engines.embedded import EmbeddedEngine

    settings.measured.mkdir(parents=True, exist_ok=True)
    with EmbeddedEngine(temp=settings.measured) as engine:
        customers = Asked(settings, engine, now_us, rules, some)
        try:
            yield customers
        finally:
            customers.close()
