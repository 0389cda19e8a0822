"""What the event log says of the events of some texts: which event it was, about what, when it was known."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.domain.written import Told
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import Rows, Table


def told_of(engine: EmbeddedEngine, events: Table, keys: Sequence[bytes]) -> dict[bytes, Told]:
    """The events of these keys, as far as they are there; of a key that stands there twice the first."""
    wanted = Rows({"event_key": list(keys)}, types={"event_key": "BLOB"})
    rows = engine.rows(
        "SELECT e.event_key, e.name, e.object_kind, e.object_id, e.at_us, e.known_us "
        "FROM events e JOIN wanted w ON w.event_key = e.event_key ORDER BY e.at_us DESC, e.name DESC",
        {"events": events, "wanted": wanted},
    )
    return {bytes(key): Told(name, kind, number, at, known) for key, name, kind, number, at, known in rows}
