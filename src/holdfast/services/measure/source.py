"""From where measuring reads, cut into parts that fit into memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from holdfast.analytics.spec import (
    Arithmetic,
    Column,
    Compare,
    Every,
    Expression,
    Literal,
    Lookup,
    Missing,
    Not,
    Query,
    WholeDivision,
)
from holdfast.domain.events import LEVEL_0
from holdfast.engines.tables import Rows, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from holdfast.domain.events import EventFile
    from holdfast.settings import Settings

PART_ROWS = 3_000_000
"""About so many rows of the log are laid out in memory at once (some 500 MB with what is made of them)."""


@dataclass(frozen=True, slots=True)
class Part:
    """The events of some units, all of them: ``events``, narrowed by ``where``."""

    events: Table
    where: Expression | None = None

    def narrowed(self, query: Query) -> Query:
        """The query, asked of these units only."""
        if self.where is None:
            return query
        both = self.where if query.where is None else Every((query.where, self.where))
        return replace(query, where=both)


@dataclass(frozen=True, slots=True)
class Source:
    """All ``events``, the ``links`` of subjects to units (``None``: each is its own), and the parts.

    ``links`` name every subject of a unit of several, the one that gives it its id too.
    ``version`` tells one state of the log from another.
    """

    events: Table
    links: Rows | None
    parts: tuple[Part, ...]
    version: int = 0


def whole_source(events: Table, links: Rows | None = None) -> Source:
    """A source in one part: for what fits into memory anyway."""
    return Source(events, links, (Part(events),))


def workspace_source(settings: Settings, *, part_rows: int = PART_ROWS, linked: Rows | None = None) -> Source:
    """The finished events of a workspace, cut by buckets of about ``part_rows`` rows.

    Units of several subjects lie in several buckets: they make parts of their own. ``linked`` takes
    the place of the links of now, for who asks by those of the past too: it names every subject that
    is in a link at any moment.
    """
    from holdfast.services.visible import visible
    from holdfast.store import readers

    now = visible(settings)
    links = linked
    if links is None:
        sparse = readers.unit_links(settings)
        links = link_rows(sparse.subject_id, sparse.unit_id) if len(sparse.subject_id) else None
    events = now.table()
    if now.rows <= part_rows:
        return Source(events, links, (Part(events),), now.files.version)
    parts = [
        Part(now.table(slots=buckets), None if links is None else Missing(_unit_of_link()))
        for buckets in _groups(now.files.files, settings.buckets, part_rows)
    ]
    if links is not None:
        parts += _linked_parts(events, -(-now.rows // part_rows))
    return Source(events, links, tuple(parts), now.files.version)


def link_rows(subject: NDArray[np.int64], unit: NDArray[np.int64]) -> Rows:
    """The table of links: every subject of a unit of several, with its unit."""
    import numpy as np

    itself = np.setdiff1d(unit, subject)
    columns = {
        "subject_id": np.concatenate([subject, itself]),
        "unit_id": np.concatenate([unit, itself]),
    }
    return Rows(columns, types={"subject_id": "BIGINT", "unit_id": "BIGINT"})


def _unit_of_link() -> Lookup:
    return Lookup("links", "subject_id", "unit_id", Column("subject_id"), Literal(None))


def _linked_parts(events: Table, turns: int) -> Iterator[Part]:
    """The units of several subjects, dealt out in ``turns`` by their id."""
    unit = _unit_of_link()
    for turn in range(turns):
        whole = Arithmetic("*", WholeDivision(unit, turns), Literal(turns))
        its_turn = Compare(Arithmetic("-", unit, whole), "=", Literal(turn))
        yield Part(events, Every((Not(Missing(unit)), its_turn)))


def _groups(files: Sequence[EventFile], buckets: int, part_rows: int) -> list[list[int]]:
    """All buckets in order, gathered until a group holds about ``part_rows`` rows.

    Rows that wait for compaction belong to any bucket: they are shared out evenly.
    """
    rows = Counter[int]()
    for file in files:
        rows[file.bucket] += file.rows
    groups: list[list[int]] = [[]]
    held = 0
    for bucket in range(buckets):
        share = rows[bucket] + rows[LEVEL_0] // buckets
        if groups[-1] and held + share > part_rows:
            groups.append([])
            held = 0
        groups[-1].append(bucket)
        held += share
    return groups
