"""What happened to customers, asked of the log: of everybody by one query a window, of some from a slice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.emit import emit
from holdfast.analytics.segment_events import (
    PLAIN,
    Moment,
    condition_of,
    different_query,
    measure_of,
    plain_query,
    values_of,
)
from holdfast.analytics.spec import Column, OneOf, Query, columns
from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.expression import Looked, folded
from holdfast.engines.tables import Rows, Table
from holdfast.services.collect.segments.census import ground_of
from holdfast.services.collect.segments.whose import Whose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.settings import Settings

_LOOKED_AT = (
    *("subject_id", "at_us", "known_us", "name", "source", "object_id", "amount_minor", "currency"),
    *("product_id", "code", "score"),
)


TOGETHER = 8
"""So many windows are answered by one query: each is a column of everybody in memory."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """A query, and the column of its answer for each thing that is looked at."""

    query: Query
    asked: Mapping[str, str]


class EventsAsked:
    """The log as of one moment; the same for every window that is asked."""

    def __init__(
        self,
        settings: Settings,
        engine: EmbeddedEngine,
        moment: Moment,
        now_us: int,
        whose: Whose,
        *,
        everybody: bool,
    ) -> None:
        self.settings, self.engine, self.moment = settings, engine, moment
        linked = len(whose.subject_id) > 0
        self.ground, self.tables = ground_of(settings, moment, now_us, linked=linked)
        if linked:
            self.tables["links"] = _links(whose)
        self._thread = ThreadPoolExecutor(1, "segments")
        self._answered: dict[str, tuple[Future[dict[str, NDArray[Any]]], str]] = {}
        self.tables["events"] = self._everybody() if everybody else self._slice(whose.subjects)

    def start(self, wanted: Sequence[Looked]) -> None:
        """Begin to answer: in a thread, so that the database can be asked meanwhile."""
        new = {repr(of): of for of in wanted if repr(of) not in self._answered}
        for query in self._queries(new):
            said, sql = query.asked, emit(query.query, self.engine.dialect)
            future = self._thread.submit(self.engine.columns, sql, self.tables)
            self._answered |= {name: (future, column) for name, column in said.items()}

    def ask(self, of: Looked) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Units with an event of which something is looked at, and what it is; ``nan`` for nothing."""
        self.start([of])
        future, column = self._answered[repr(of)]
        answer = future.result()
        told = values_of(of, answer[column], self.ground, self.moment)
        return np.asarray(answer["unit"], np.int64), told

    def wait(self) -> None:
        """Until everything that was begun is answered: the engine is free then."""
        for future, _ in self._answered.values():
            future.result()

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _queries(self, wanted: Mapping[str, Looked]) -> Iterator[_Asking]:
        """Plain measures together, some at a time; others each by itself."""
        conditions = {
            said: (of, condition_of(of, self.ground, self.moment, products=self._products(of)))
            for said, of in wanted.items()
        }
        plain = [said for said, of in wanted.items() if measure_of(of) in PLAIN]
        for start in range(0, len(plain), TOGETHER):
            names = {f"v{place}": said for place, said in enumerate(plain[start : start + TOGETHER])}
            asked = {name: conditions[said] for name, said in names.items()}
            query = plain_query(asked, self.ground, self.moment)
            yield _Asking(query, {said: name for name, said in names.items()})
        for said, of in wanted.items():
            if said not in plain:
                query = different_query(of, conditions[said][1], self.ground, self.moment)
                yield _Asking(query, {said: "value"})

    def _everybody(self) -> Table:
        from holdfast.services.visible import finished_events

        return finished_events(self.settings)

    def _slice(self, subjects: Collection[int]) -> Table:
        """The events of some subjects, taken into memory once."""
        from holdfast.services.visible import events_of

        types = {name: LAKE_COLUMNS[name] for name in _LOOKED_AT}
        if not subjects:
            return Rows({name: [] for name in _LOOKED_AT}, types=types)
        wanted = OneOf(Column("subject_id"), tuple(sorted(subjects)))
        query = Query("events", columns(*_LOOKED_AT), where=wanted)
        found = self.engine.columns(
            emit(query, self.engine.dialect), {"events": events_of(self.settings, subjects)}
        )
        return Rows({name: _with_none(values) for name, values in found.items()}, types=types)

    def _products(self, of: Looked) -> tuple[str, ...] | None:
        """The products of the categories that are asked for."""
        from holdfast.store import readers

        if of.option("category") is None:
            return None
        wanted = {folded(each) for each in of.option("category")}
        return tuple(
            each.product_id for each in readers.products(self.settings) if folded(each.category) in wanted
        )


def _with_none(values: NDArray[Any]) -> list[Any]:
    return list(np.ma.asarray(values).tolist())


def _links(whose: Whose) -> Rows:
    """Every subject of a unit of several, the one that gives it its id too."""
    itself = np.setdiff1d(whose.unit_id, whose.subject_id)
    return Rows(
        {
            "subject_id": np.concatenate([whose.subject_id, itself]),
            "unit_id": np.concatenate([whose.unit_id, itself]),
        },
        types={"subject_id": "BIGINT", "unit_id": "BIGINT"},
    )
