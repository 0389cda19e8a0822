"""Which events have come and what their properties are called, and what of that fills a column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import property_map

MAPPED = ("code", "score", "amount", "quantity", "object_id", "product_id", "currency", "promised_at")
"""The columns that a property can be mapped to; those of the event log that can be counted and filtered."""

MOST_NAMES = 500
_LOOKED_AT = 500
_MOST_PROPERTIES = 100
_DEEPEST = 3
_LONGEST = 200
_EXAMPLE = 60


@dataclass(frozen=True, slots=True)
class EventName:
    """A name under which events came: how many, and when the last of them happened."""

    name: str
    events: int
    last_us: int


def event_names(settings: Settings) -> list[EventName]:
    """Every name that an event has, the most frequent first, at most :data:`MOST_NAMES`."""
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.visible import finished_events

    with EmbeddedEngine(temp=settings.lake.parent / "spill") as engine:
        rows = engine.rows(
            "SELECT name, COUNT(*), MAX(at_us) FROM events GROUP BY name "
            f"ORDER BY COUNT(*) DESC, name LIMIT {MOST_NAMES}",
            {"events": finished_events(settings)},
        )
    return [EventName(str(name), int(events), int(last_us)) for name, events, last_us in rows]


def properties_of(settings: Settings, event_name: str) -> dict[str, str]:
    """Path -> example of the properties that some events of this name have and that no column holds yet."""
    from holdfast.engines.embedded import EmbeddedEngine, literal
    from holdfast.services.visible import finished_events

    with EmbeddedEngine(temp=settings.lake.parent / "spill") as engine:
        rows = engine.rows(
            f"SELECT details FROM events WHERE name = {literal(event_name)} AND details IS NOT NULL "
            f"LIMIT {_LOOKED_AT}",
            {"events": finished_events(settings)},
        )
    found: dict[str, str] = {}
    for (details,) in rows:
        for path, value in _leaves(json.loads(details), "", 1):
            found.setdefault(path, value)
    return dict(sorted(found.items())[:_MOST_PROPERTIES])


def map_property(settings: Settings, event_name: str, column: str, path: str) -> None:
    """Let a property fill a column from now on, and with the next compaction in events from before.

    An empty ``path`` maps nothing any more. Refuses a column that cannot be mapped, and names that
    no event or property has.
    """
    path = path.strip()
    if column not in MAPPED:
        raise Refusal(
            "unknown_column",
            found=Text("{column} is no column that a property can fill.", column=column),
            expected=Text("One of {columns}.", columns=", ".join(MAPPED)),
            remedy=Text("Choose the column by what the property means."),
        )
    _check(event_name)
    if not path:
        property_map.clear_map(settings, event_name, column)
        return
    _check(path)
    property_map.set_map(settings, event_name, column, path)


def _check(name: str) -> None:
    if not name or len(name) > _LONGEST or not name.isprintable() or name != name.strip():
        raise Refusal(
            "bad_name",
            found=Text("{name} is no name of an event or a property.", name=name[:_LONGEST] or '""'),
            expected=Text("1 to {most} characters, as the sender writes them.", most=_LONGEST),
            remedy=Text("Write it as it stands in the events; inner ones with a dot, like shipping.method."),
        )


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """Path and example of every plain value within a property."""
    if isinstance(value, Mapping) and depth <= _DEEPEST:
        for name, inner in value.items():
            if "." not in name:
                yield from _leaves(inner, f"{path}.{name}" if path else str(name), depth + 1)
    elif path and not isinstance(value, dict | list) and value is not None:
        written = value if isinstance(value, str) else json.dumps(value)
        yield path, written[:_EXAMPLE]
