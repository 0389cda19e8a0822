"""Events that could not be understood: listed, changed, and taken out of the quarantine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.written import from_json

WAITING, REPLAYED, DROPPED = "waiting", "replayed", "dropped"
STATES = (WAITING, REPLAYED, DROPPED)


@dataclass(frozen=True, slots=True)
class QuarantinedEvent:
    """An event as it was sent, and why it could not be understood.

    ``found``, ``expected`` and ``remedy`` are the sentences of the refusal whose ``code`` this is.
    """

    id: int
    source_id: int
    source: str
    endpoint: str
    browser: bool
    received_us: int
    event: str
    code: str
    found: Text
    expected: Text
    remedy: Text
    state: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events: their state, and perhaps the reason and the source; ``before`` an id, newest first."""

    state: str = WAITING
    code: str = ""
    source_id: int = 0
    before: int = 0


_SELECT = (
    "SELECT q.id, q.source_id, COALESCE(s.name, ''), q.endpoint, q.browser, q.received_us, q.event, q.code, "
    "q.reason, q.state FROM quarantined q LEFT JOIN live_source s ON s.id = q.source_id"
)


def listed(settings: Settings, asked: Asked, most: int) -> list[QuarantinedEvent]:
    """The newest ``most`` of the events asked for."""
    store.connect(settings)
    condition, values = _condition(asked)
    rows = sql.read(f"{_SELECT} WHERE {condition} ORDER BY q.id DESC LIMIT {int(most)}", values)
    return [_event(row) for row in rows]


def by_id(settings: Settings, event_id: int) -> QuarantinedEvent | None:
    """The event with this id."""
    store.connect(settings)
    row = sql.one(f"{_SELECT} WHERE q.id = %s", (event_id,))
    return None if row is None else _event(row)


def counted(settings: Settings) -> dict[str, int]:
    """State -> how many events are in it."""
    store.connect(settings)
    found: dict[str, int] = dict(sql.read("SELECT state, COUNT(*) FROM quarantined GROUP BY state"))
    return {state: int(found.get(state, 0)) for state in STATES}


def reasons(settings: Settings, state: str) -> list[tuple[str, int, str, int]]:
    """(code, source id, source, how many) of the events in a state, the most frequent first."""
    store.connect(settings)
    return [
        (str(code), int(source_id), str(source), int(count))
        for code, source_id, source, count in sql.read(
            "SELECT q.code, q.source_id, COALESCE(s.name, ''), COUNT(*) FROM quarantined q "
            "LEFT JOIN live_source s ON s.id = q.source_id WHERE q.state = %s "
            "GROUP BY q.code, q.source_id, s.name ORDER BY COUNT(*) DESC, q.code, q.source_id",
            (state,),
        )
    ]


def move(event_ids: Sequence[int], to: str, *, but: str) -> int:
    """Put events into another state, inside the caller's transaction, but those in ``but``. How many."""
    if not event_ids:
        return 0
    among = ", ".join(str(int(each)) for each in event_ids)
    return sql.write(f"UPDATE quarantined SET state = %s WHERE id IN ({among}) AND state <> %s", (to, but))


def write_event(settings: Settings, event_id: int, event: str) -> None:
    """Keep an event as somebody mended it."""
    store.connect(settings)
    sql.write("UPDATE quarantined SET event = %s WHERE id = %s AND state <> %s", (event, event_id, REPLAYED))


def _condition(asked: Asked) -> tuple[str, list[object]]:
    parts: list[str] = ["q.state = %s"]
    values: list[object] = [asked.state]
    for part, value in (
        ("q.code = %s", asked.code),
        ("q.source_id = %s", asked.source_id),
        ("q.id < %s", asked.before),
    ):
        if value:
            parts.append(part)
            values.append(value)
    return " AND ".join(parts), values


def _event(row: sql.Row) -> QuarantinedEvent:
    *plain, reason, state = row
    said = json.loads(reason) if isinstance(reason, str) else reason
    event_id, source_id, source, endpoint, browser, received_us, event, code = plain
    sentences = {name: from_json(said[name]) for name in ("found", "expected", "remedy")}
    return QuarantinedEvent(
        event_id,
        source_id,
        source,
        endpoint,
        bool(browser),
        received_us,
        event,
        code,
        state=state,
        **sentences,
    )
