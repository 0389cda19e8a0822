"""One customer's events out of very many: the engine reads only the row groups that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from holdfast.engines.embedded import literal

if TYPE_CHECKING:
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.engines.tables import Table

Place = tuple[int, bytes]
"""Where in a timeline an event stands: its moment and its key."""

LONGEST = 1_000
"""Events in one stretch at most, where a single moment holds very many (a day of an import)."""


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """An event as a timeline shows it: the columns of the event log that say something."""

    at_us: int
    event_key: bytes
    name: str
    source: str | None
    import_id: int | None
    object_kind: str | None
    object_id: str | None
    amount_minor: int | None
    currency: str | None
    quantity: Decimal | None
    product_id: str | None
    code: str | None
    score: float | None
    promised_us: int | None
    details: str | None

    @property
    def place(self) -> Place:
        """Where the event stands in the timeline."""
        return self.at_us, self.event_key


@dataclass(frozen=True, slots=True)
class Stretch:
    """Events newest first; ``earlier`` is the place to go on from, ``None`` at the oldest."""

    events: tuple[TimelineEvent, ...]
    earlier: Place | None


@dataclass(frozen=True, slots=True)
class History:
    """All of a customer's events in a few numbers.

    ``orders`` counts different orders, ``revenue`` is the signed sum of orders and refunds in minor
    units by currency, ``ordered_us`` the moments of the orders, oldest first, ``counts`` how many
    events there are of each name. The bounds are ``None`` for a customer without an event.
    """

    first_us: int | None
    last_us: int | None
    orders: int
    revenue: dict[str, int]
    ordered_us: tuple[int, ...]
    counts: dict[str, int] = field(default_factory=dict)


def stretch(
    engine: EmbeddedEngine,
    events: Table,
    subjects: Sequence[int],
    *,
    before: Place | None = None,
    limit: int = 40,
    names: Sequence[str] | None = None,
) -> Stretch:
    """About ``limit`` events of these subjects that stand before ``before``, newest first.

    ``names`` leaves only events of these names. A stretch ends between two moments, so that the
    lines of one order stay together, unless one moment holds more than :data:`LONGEST`. Within a
    moment, events stand by name and object.
    """
    if not subjects or (names is not None and not names):
        return Stretch((), None)
    rows = engine.rows(_stretch_sql(subjects, before, limit, names), {"events": events})
    found = [TimelineEvent(row[0], bytes(row[1]), *row[2:-1]) for row in rows]
    earlier = found[-1].place if found and rows[0][-1] > len(found) else None
    found.sort(key=lambda event: (-event.at_us, event.name, event.object_id or "", event.event_key))
    return Stretch(tuple(found), earlier)


def history(engine: EmbeddedEngine, events: Table, subjects: Sequence[int]) -> History:
    """What these subjects' events amount to."""
    if not subjects:
        return History(None, None, 0, {}, ())
    engine.run(
        "CREATE OR REPLACE TEMP TABLE theirs AS SELECT at_us, name, object_id, amount_minor, currency "
        f"FROM events WHERE subject_id IN ({_among(subjects)})",
        {"events": events},
    )
    first, last, orders, ordered = engine.rows(_HISTORY, {})[0]
    ordered_us = sorted(moment for moment in ordered or () if moment is not None)
    revenue, counts = dict(engine.rows(_REVENUE, {})), dict(engine.rows(_COUNTS, {}))
    return History(first, last, orders, revenue, tuple(ordered_us), counts)


_COUNTS = "SELECT name, COUNT(*) FROM theirs GROUP BY name ORDER BY name"
_HISTORY = """
SELECT MIN(at_us), MAX(at_us), COUNT(DISTINCT CASE WHEN name = 'Order Completed' THEN object_id END),
       LIST(DISTINCT CASE WHEN name = 'Order Completed' THEN at_us END)
FROM theirs
"""
_REVENUE = """
SELECT COALESCE(currency, ''), CAST(SUM(amount_minor) AS BIGINT) FROM theirs
WHERE name IN ('Order Completed', 'Order Refunded') AND amount_minor IS NOT NULL
GROUP BY ALL ORDER BY 1
"""

_COLUMNS = ", ".join(TimelineEvent.__slots__)


def _stretch_sql(
    subjects: Sequence[int], before: Place | None, limit: int, names: Sequence[str] | None
) -> str:
    """The rows of a stretch, each with how many there were to choose from.

    Materialized: sorting first would read the row groups twice (measured: 14 ms against 9).
    """
    bound = ""
    if before is not None:
        at_us, key = int(before[0]), before[1].hex()
        bound = f" AND (at_us < {at_us} OR (at_us = {at_us} AND event_key < unhex('{key}')))"
    if names is not None:
        bound += f" AND name IN ({', '.join(literal(name) for name in names)})"
    return (
        f"WITH theirs AS MATERIALIZED (SELECT {_COLUMNS} FROM events "
        f"WHERE subject_id IN ({_among(subjects)}){bound}), "
        f"newest AS (SELECT at_us FROM theirs ORDER BY at_us DESC LIMIT {int(limit)}) "
        f"SELECT {_COLUMNS}, (SELECT COUNT(*) FROM theirs) FROM theirs "
        "WHERE at_us >= (SELECT MIN(at_us) FROM newest) "
        f"ORDER BY at_us DESC, event_key DESC LIMIT {LONGEST}"
    )


def _among(subjects: Sequence[int]) -> str:
    return ", ".join(str(int(subject)) for subject in subjects)
