"""Whether an id was ever given, and as which key it arrived."""

from __future__ import annotations

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


def exists(settings: Settings, subject_id: int) -> bool:
    """Whether this id was ever given to anybody."""
    store.connect(settings)
    return sql.one("SELECT 1 FROM subject WHERE id = %s", (subject_id,)) is not None


def id_of(settings: Settings, subject_id: int) -> tuple[str, str]:
    """(namespace, key) of an id. Raises ``LookupError`` for one that was never given."""
    store.connect(settings)
    row = sql.one("SELECT namespace, key FROM subject WHERE id = %s", (subject_id,))
    if row is None:
        raise LookupError(f"nobody has the id {subject_id}")
    return str(row[0]), str(row[1])
