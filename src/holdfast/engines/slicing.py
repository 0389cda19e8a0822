"""All events of a few customers, laid into the engine's memory: many questions then stand on one reading."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from holdfast.domain.events import LAKE_COLUMNS
from holdfast.engines.tables import Held

if TYPE_CHECKING:
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.engines.tables import Table

_UNASKED = ("bucket", "slot", "seq", "event_key", "message_id", "import_id", "details")
"""Columns of which no declaration makes anything: reading them would take as long as all the others."""

_COLUMNS = ", ".join(name for name in LAKE_COLUMNS if name not in _UNASKED)


def lay_in_memory(engine: EmbeddedEngine, events: Table, subjects: Collection[int]) -> Held:
    """The events of these subjects, in the place of those laid there before."""
    return engine.hold(
        "slice",
        f"SELECT {_COLUMNS} FROM events WHERE subject_id IN ({_among(subjects)})",
        {"events": events},
    )


def part_of(engine: EmbeddedEngine, held: Held, subjects: Collection[int], *, name: str) -> Held:
    """Those of some of the subjects, beside what is held, as the table ``name``."""
    return engine.hold(
        name,
        f"SELECT * FROM held_slice WHERE subject_id IN ({_among(subjects)})",
        {"held_slice": held},
    )


def with_events_since(engine: EmbeddedEngine, held: Held, at_us: int) -> set[int]:
    """The subjects that have an event from ``at_us`` on, or of whom one came to be known since."""
    since = int(at_us)
    rows = engine.rows(
        f"SELECT DISTINCT subject_id FROM held_slice WHERE at_us >= {since} OR known_us >= {since}",
        {"held_slice": held},
    )
    return {int(subject) for (subject,) in rows}


def names_in(engine: EmbeddedEngine, held: Held) -> dict[str, int]:
    """How many events of each name there are."""
    rows = engine.rows("SELECT name, COUNT(*) FROM held_slice GROUP BY name", {"held_slice": held})
    return {str(name): int(number) for name, number in rows}


def _among(subjects: Collection[int]) -> str:
    return ", ".join(str(int(subject)) for subject in subjects) or "NULL"
