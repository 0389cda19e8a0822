"""Plain aggregates as of many days from one pass over the log.

All windows of all days end at some days; between two of those nothing changes. Each customer's rows
are aggregated once for each such stretch, without any window, and every window of every day is then
a sum (or extreme) over stretches. Exact, and it pays where customers have many events to a stretch:
see :data:`PAYS_FROM`. A row that was known only after a day it lies before stands apart, so that the
day does not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.feature import MOMENT, Over
from holdfast.analytics.snapshot_queries import At, Basis, Rows, by_customer, total
from holdfast.analytics.snapshot_values import floats, placed
from holdfast.analytics.spec import (
    Aggregate,
    Arithmetic,
    Bands,
    Choice,
    Column,
    Compare,
    Count,
    Expression,
    Literal,
    Query,
    WholeDivision,
    replaced,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Answer = Mapping[str, NDArray[Any]]
    Ask = Callable[[Query], Answer]

PAYS_FROM = 5.0
"""Rows of the log for one of a customer and stretch, from which this costs less than asking again."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A need without its window and its moment: what to ask, and how its value is made of the answer.

    ``since`` turns a moment into how long ago that was: divided by ``by``, rounded down, where given.
    """

    asked: Over
    since: bool = False
    by: int | None = None

    def value(self, found: NDArray[np.float64], at_us: int) -> NDArray[np.float64]:
        if not self.since:
            return found
        ago = at_us - found
        return ago if self.by is None else np.floor_divide(ago, self.by)


def stretches(needs: Sequence[Over], days: Sequence[int]) -> tuple[int, ...]:
    """The days at which a window of any need begins or ends, as seen from any of ``days``."""
    apart = {0} | {need.days for need in needs if need.days is not None} | {need.until_days for need in needs}
    return tuple(sorted({day - before for day in days for before in apart}))


def by_customer_at(
    ask: Ask,
    needs: Mapping[str, Over],
    basis: Basis,
    ats: Sequence[At],
    where: Expression | None,
    direct: Callable[[Mapping[str, Over]], list[Answer]] | None = None,
) -> list[Answer]:
    """What :func:`~holdfast.analytics.snapshot_queries.by_customer` answers at each of ``ats``.

    ``ats`` are literal beginnings of days, in order. ``direct`` answers at all of them what cannot be
    asked so; without it that is asked moment by moment.
    """
    parts = {name: part for name, need in needs.items() if (part := _part(need)) is not None}
    asked, columns = _query(parts, tuple(needs.values()), basis, ats, where)
    table = _Table(ask(asked), stretches(tuple(needs.values()), [_day(at) for at in ats]), columns)
    answers: list[Answer] = []
    others = {name: need for name, need in needs.items() if name not in parts}
    told = direct(others) if direct is not None and others else None
    for place, at in enumerate(ats):
        answer = table.at(place, at, needs, parts)
        if others:
            again = ask(by_customer(others, basis, at, where)) if told is None else told[place]
            key = np.asarray(answer["key"], np.int64)
            answer |= {name: placed(key, again["key"], again[name], np.nan) for name in others}
        answers.append(answer)
    return answers


def _part(need: Over) -> _Part | None:
    """``None`` where the moment stands where it cannot be taken out."""
    plain = replace(need, days=None, until_days=0)
    if need.where is not None and _says_moment(need.where):
        return None
    if need.of is None or not _says_moment(need.of):
        return _Part(plain)
    of, by = (need.of.of, need.of.by) if isinstance(need.of, WholeDivision) else (need.of, None)
    is_since = isinstance(of, Arithmetic) and of.operator == "-" and of.left == MOMENT
    if not isinstance(of, Arithmetic) or not is_since or _says_moment(of.right):
        return None
    if need.aggregate not in ("least", "greatest"):
        return None
    opposite = Over("greatest" if need.aggregate == "least" else "least", of.right, need.where)
    return _Part(opposite, since=True, by=by)


def _says_moment(expression: Expression) -> bool:
    return replaced(expression, {MOMENT.name: Literal(0)}) != expression


def _day(at: At) -> int:
    if at.day is None or at.us is None:
        raise ValueError("days are counted from literal moments")
    return at.day


def _query(
    parts: Mapping[str, _Part],
    needs: Sequence[Over],
    basis: Basis,
    ats: Sequence[At],
    where: Expression | None,
) -> tuple[Query, dict[str, str]]:
    """One row per customer, stretch and moment from which its rows could be used.

    Needs that ask the same share a column: the second answer names the column of each.
    """
    rows = Rows(basis, ats[-1], where)
    last = _day(ats[-1])
    bounds = stretches(needs, [_day(at) for at in ats])
    # A stretch is a band of ages: the oldest days have the highest ages.
    ages = tuple(sorted(last - day + 1 for day in bounds))
    aggregates: dict[str, Aggregate] = {"rows": Count()}
    columns: dict[str, str] = {}
    for name, part in parts.items():
        made = total(part.asked, rows)
        held = next((column for column, each in aggregates.items() if each == made), name)
        aggregates[held], columns[name] = made, held
    late = rows.column(known_from(ats))
    keys: dict[str, Expression] = {
        "key": Column("key"),
        "stretch": Bands(Column("age"), ages, tuple(range(len(ages), -1, -1))),
        "late": late,
    }
    return Query(rows.query(), keys, aggregates), columns


def known_from(ats: Sequence[At]) -> Expression:
    """The first of ``ats`` at which a row was known; 0 for what was known as it happened."""
    known = tuple(_us(at) + 1 for at in ats)
    from_then = Bands(Column("known_us"), known, tuple(range(len(known) + 1)))
    at_once = Compare(Column("known_us"), "<=", Column("at_us"))
    return Choice(((at_once, Literal(0)),), from_then)


def _us(at: At) -> int:
    return at.us or 0


class _Table:
    """Partial aggregates: customer by customer, the oldest stretch first; late rows apart."""

    def __init__(self, answer: Answer, bounds: tuple[int, ...], columns: Mapping[str, str]) -> None:
        self.bounds, self.wide = bounds, len(bounds) + 1
        key, stretch = (np.asarray(answer[name], np.int64) for name in ("key", "stretch"))
        late = np.asarray(answer["late"], np.int64)
        self.keys = np.unique(key)
        place = np.searchsorted(self.keys, key) * self.wide + stretch
        on_time = np.flatnonzero(late == 0)
        self.order = on_time[np.argsort(place[on_time], kind="stable")]
        self.place = place[self.order]
        self.late = np.flatnonzero(late > 0)
        self.late_place, self.late_from = place[self.late], late[self.late]
        self.answer, self.columns = answer, columns
        self.sums: dict[str, NDArray[Any]] = {}
        self.values: dict[str, NDArray[np.float64]] = {}
        self.starts: dict[int, NDArray[np.intp]] = {}

    def at(
        self, moment: int, at: At, needs: Mapping[str, Over], parts: Mapping[str, _Part]
    ) -> dict[str, NDArray[Any]]:
        """The answer at one moment, of those with any row before it."""
        day = _day(at)
        self.starts.clear()  # the windows of a moment share them, those of the next have others
        seen = self._total("rows", "count", moment, (0, self._stretch(day)))
        some = np.flatnonzero(seen > 0)
        found: dict[str, NDArray[Any]] = {"key": self.keys[some]}
        for name, part in parts.items():
            need = needs[name]
            first = 0 if need.days is None else self._stretch(day - need.days)
            window = (first, self._stretch(day - need.until_days))
            values = self._total(self.columns[name], part.asked.aggregate, moment, window)
            found[name] = part.value(values[some], _us(at))
        return found

    def _stretch(self, day: int) -> int:
        """The first stretch that does not lie before ``day``."""
        return int(np.searchsorted(self.bounds, day, side="right"))

    def _total(
        self, column: str, aggregate: str, moment: int, window: tuple[int, int]
    ) -> NDArray[np.float64]:
        adds = aggregate in ("count", "sum")
        found = self._added(column, window) if adds else self._extreme(column, aggregate, window)
        self._add_late(found, column, aggregate, moment, window)
        return found

    def _start(self, stretch: int) -> NDArray[np.intp]:
        """Where the rows of each customer from a stretch on begin."""
        if stretch not in self.starts:
            base = np.arange(len(self.keys)) * self.wide
            self.starts[stretch] = np.searchsorted(self.place, base + stretch)
        return self.starts[stretch]

    def _added(self, column: str, window: tuple[int, int]) -> NDArray[np.float64]:
        first, last = self._start(window[0]), self._start(window[1])
        if column not in self.sums:
            values = np.ma.getdata(self.answer[column])[self.order]
            exact = values.dtype.kind in "iu"
            self.sums[column] = np.cumsum(np.concatenate([[0], values if exact else values.astype(float)]))
        running = self.sums[column]
        found: NDArray[np.float64] = (running[last] - running[first]).astype(np.float64)
        return found

    def _extreme(self, column: str, aggregate: str, window: tuple[int, int]) -> NDArray[np.float64]:
        first, last = self._start(window[0]), self._start(window[1])
        if column not in self.values:
            self.values[column] = np.append(floats(self.answer[column])[self.order], np.nan)
        found = np.full(len(self.keys), np.nan)
        some = np.flatnonzero(last > first)
        if len(some):
            pairs = np.stack([first[some], last[some]], axis=1).ravel()
            reduce = np.fmin.reduceat if aggregate == "least" else np.fmax.reduceat
            found[some] = reduce(self.values[column], pairs)[::2]
        return found

    def _add_late(
        self,
        found: NDArray[np.float64],
        column: str,
        aggregate: str,
        moment: int,
        window: tuple[int, int],
    ) -> None:
        stretch = self.late_place % self.wide
        usable = (self.late_from <= moment) & (stretch >= window[0]) & (stretch < window[1])
        rows = np.flatnonzero(usable)
        if not len(rows):
            return
        values = floats(self.answer[column])[self.late[rows]]
        key = self.late_place[rows] // self.wide
        if aggregate in ("count", "sum"):
            np.add.at(found, key, values)
        else:
            (np.fmin if aggregate == "least" else np.fmax).at(found, key, values)


def reduction(rows: int, customers: int, needs: Sequence[Over], days: Sequence[int], first_day: int) -> float:
    """How many rows of the log there are for one of a customer and stretch, about."""
    inside = [day for day in stretches(needs, days) if day > first_day]
    return rows / max(1, customers * (len(inside) + 1))


__all__ = ["PAYS_FROM", "by_customer_at", "known_from", "reduction", "stretches"]
