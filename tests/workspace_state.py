"""All that a workspace says, by names instead of numbers, so that two workspaces can be compared."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import Rows
from holdfast.lake.log import EventLog
from holdfast.services.visible import finished_events
from holdfast.settings import Settings, read_settings

_DONE = "(SELECT id FROM import WHERE state = 'done')"
_SAID = {
    "imports": "SELECT kind, source, files FROM import WHERE state = 'done' AND kind <> 'handed on'",
    "subjects": "SELECT s.namespace, s.key, MIN(g.first_us), SUM(g.rows) FROM sighting g "
    f"JOIN subject s ON s.id = g.subject_id WHERE g.import_id IN {_DONE} GROUP BY s.id",
    "points": "SELECT DISTINCT s.key, p.kind, p.value FROM contact_point p "
    f"JOIN subject s ON s.id = p.subject_id WHERE p.import_id IN {_DONE}",
    "traits": "SELECT DISTINCT s.key, t.trait, t.value, t.valid_from_us, t.known_us FROM trait_row t "
    f"JOIN subject s ON s.id = t.subject_id WHERE t.import_id IN {_DONE}",
    "texts": "SELECT DISTINCT hex(x.event_key), s.key, x.kind, x.text FROM customer_text x "
    f"JOIN subject s ON s.id = x.subject_id WHERE x.import_id IN {_DONE}",
    "links": "SELECT DISTINCT a.key, b.key, l.reason, l.evidence FROM identity_link l "
    "JOIN subject a ON a.id = l.subject_id JOIN subject b ON b.id = l.unit_id "
    f"WHERE l.unlinked_us IS NULL AND (l.import_id IS NULL OR l.import_id IN {_DONE})",
    "products": f"SELECT product_id, name FROM product WHERE import_id IN {_DONE}",
}
_LEFT = (
    "trait_row",
    "contact_point",
    "account_contact",
    "customer_text",
    "product",
    "cost",
    "rate",
    "sighting",
)


def state_of(settings: Settings) -> dict[str, Any]:
    """What readers see: events, customers, traits, texts, links; and the currency."""
    with closing(sqlite3.connect(settings.database)) as database:
        said: dict[str, Any] = {name: sorted(database.execute(sql), key=repr) for name, sql in _SAID.items()}
        keys = database.execute("SELECT id, namespace, key FROM subject").fetchall()
    said["events"] = _events(settings, keys)
    said["currency"] = read_settings(settings.folder).currency
    return said


def left_over(settings: Settings) -> list[str]:
    """Traces of imports that did not happen: rows, files, stages. After a recovery there are none."""
    with closing(sqlite3.connect(settings.database)) as database:
        rows = [
            f"{count} rows in {table}"
            for table in _LEFT
            for (count,) in database.execute(f"SELECT COUNT(*) FROM {table} WHERE import_id NOT IN {_DONE}")
            if count
        ]
        waiting = database.execute(
            "SELECT id, state FROM import WHERE state IN ('staging', 'committing')"
        ).fetchall()
    files = {settings.lake / file.path for file in EventLog(settings.lake, settings.buckets).files().files}
    orphans = [str(path) for path in settings.lake.glob("bucket=*/*") if path not in files]
    stages = [str(path) for path in settings.imports.glob("*/stage")]
    return [*rows, *map(str, waiting), *orphans, *stages]


def _events(settings: Settings, keys: list[tuple[int, str, str]]) -> list[tuple[Any, ...]]:
    subjects = Rows(
        {"subject_id": [k[0] for k in keys], "namespace": [k[1] for k in keys], "key": [k[2] for k in keys]},
        types={"subject_id": "BIGINT", "namespace": "VARCHAR", "key": "VARCHAR"},
    )
    with EmbeddedEngine(temp=settings.folder / "spill") as engine:
        return engine.rows(
            "SELECT s.namespace, s.key, HEX(e.event_key) AS event_key, "
            "e.* EXCLUDE (seq, bucket, slot, subject_id, import_id, event_key) "
            "FROM events e LEFT JOIN subjects s USING (subject_id) ORDER BY ALL",
            {"events": finished_events(settings), "subjects": subjects},
        )
