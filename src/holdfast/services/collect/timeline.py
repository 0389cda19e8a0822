"""One customer's events, newest first, a stretch at a time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from holdfast.settings import Settings

LONGEST = 1_000
"""Events that one stretch holds at most, when a single moment has very many (a day of an import)."""


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """An event as a timeline shows it: the lake's columns, and what was written with it."""

    at_us: int
    event_key: bytes
    name: str
    source: str | None
    object_kind: str | None
    object_id: str | None
    amount_minor: int | None
    currency: str | None
    quantity: Decimal | None
    product_id: str | None
    code: str | None
    score: float | None
    details: str | None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Events newest first; ``earlier_us`` is where the next stretch begins, ``None`` at the oldest."""

    events: tuple[TimelineEvent, ...]
    earlier_us: int | None


def timeline(settings: Settings, unit_id: int, *, before_us: int | None = None, limit: int = 40) -> Stretch:
    """About ``limit`` events of a customer that lie before ``before_us``, newest first.

    A stretch never ends within a moment: the lines of one order stay together. Reads only the
    buckets in which the customer's rows lie.
    """
    from holdfast.domain.events import slot_of
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.visible import finished_events
    from holdfast.store.profile import subjects_of, texts_of

    subjects = subjects_of(settings, unit_id)
    events = finished_events(settings, buckets={slot_of(each, settings.buckets) for each in subjects})
    with EmbeddedEngine(temp=settings.folder / "spill", memory_mb=200) as engine:
        rows = engine.rows(_sql(subjects, before_us, limit), {"events": events})
    texts = texts_of(settings, [bytes(row[1]) for row in rows])
    found = tuple(_event(row, texts) for row in rows)
    return Stretch(found, found[-1].at_us if found and rows[-1][-1] else None)


def _event(row: tuple[object, ...], texts: dict[bytes, str]) -> TimelineEvent:
    key = bytes(row[1])  # type: ignore[call-overload]
    return TimelineEvent(row[0], key, *row[2:-1], text=texts.get(key))  # type: ignore[arg-type, misc]


_COLUMNS = (
    "at_us, event_key, name, source, object_kind, object_id, amount_minor, currency, quantity, "
    "product_id, code, score, details"
)


def _sql(subjects: list[int], before_us: int | None, limit: int) -> str:
    """The stretch, each row with whether anything lies before all of it."""
    among = ", ".join(str(int(subject)) for subject in subjects)
    bound = "" if before_us is None else f" AND at_us < {int(before_us)}"
    return f"""
    WITH theirs AS (SELECT {_COLUMNS} FROM events WHERE subject_id IN ({among}){bound}),
    oldest AS (
        SELECT MIN(at_us) AS at_us FROM (SELECT at_us FROM theirs ORDER BY at_us DESC LIMIT {int(limit)})
    )
    SELECT {_COLUMNS}, (SELECT MIN(at_us) FROM theirs) < (SELECT at_us FROM oldest) AS earlier
    FROM theirs WHERE at_us >= (SELECT at_us FROM oldest)
    ORDER BY at_us DESC, name, object_id, event_key LIMIT {LONGEST}
    """
