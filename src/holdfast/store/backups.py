"""Which copies of a workspace were made, and until when they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class BackupRecord:
    """A copy: where it lies, its size in bytes, when it was made, expires, and was deleted."""

    id: int
    made_us: int
    place: str
    size: int
    expires_us: int
    gone_us: int | None


def note(settings: Settings, *, made_us: int, place: str, size: int, expires_us: int) -> int:
    """Note that a copy was made; its number."""
    store.connect(settings)
    row = sql.one(
        "INSERT INTO backup_made (made_us, place, size, expires_us) VALUES (%s, %s, %s, %s) RETURNING id",
        (made_us, place, size, expires_us),
    )
    if row is None:
        raise RuntimeError("an INSERT ... RETURNING returned nothing")
    return int(row[0])


def listed(settings: Settings) -> Sequence[BackupRecord]:
    """Every copy that was made, the newest first."""
    store.connect(settings)
    rows = sql.read("SELECT id, made_us, place, size, expires_us, gone_us FROM backup_made ORDER BY id DESC")
    return [BackupRecord(*row) for row in rows]


def note_gone(settings: Settings, backup_id: int, now_us: int) -> None:
    """Note that a copy is not there any more."""
    store.connect(settings)
    sql.write("UPDATE backup_made SET gone_us = %s WHERE id = %s AND gone_us IS NULL", (now_us, backup_id))
