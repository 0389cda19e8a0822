"""Until when offers and news to a customer pause: asked by them or set by us, with who and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import among, walk


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause; ``asked`` says that the customer wanted it, ``made_by`` is "" where they set it themselves."""

    id: int
    subject_id: int
    until_us: int
    asked: bool
    why: str
    made_us: int
    made_by: str


def pause(
    settings: Settings,
    subject_id: int,
    until_us: int,
    *,
    asked: bool,
    why: str = "",
    by: str = "",
    address_key: bytes = b"",
    now_us: int,
) -> int:
    """Keep a pause; its number. Those before it have to be ended: the one that holds longest counts."""
    store.connect(settings)
    row = sql.one(
        "INSERT INTO contact_pause (subject_id, address_key, until_us, asked, why, made_us, made_by, "
        "ended_us, ended_by) VALUES (%s, %s, %s, %s, %s, %s, %s, NULL, '') RETURNING id",
        (subject_id, address_key, until_us, asked, why, now_us, by),
    )
    return int(row[0]) if row else 0


def end(
    settings: Settings,
    subjects: Collection[int],
    *,
    by: str,
    now_us: int,
    address_key: bytes = b"",
) -> int:
    """End every pause of these subjects, and of the address, that holds; how many."""
    store.connect(settings)
    whose, values = _whose(subjects, address_key)
    if not whose:
        return 0
    return sql.write(
        f"UPDATE contact_pause SET ended_us = %s, ended_by = %s WHERE ({whose}) AND until_us > %s "
        "AND ended_us IS NULL",
        (now_us, by, *values, now_us),
    )


def ids_of(settings: Settings, subject_id: int) -> set[int]:
    """All ids of the customer whom a subject belongs to; none of nobody (0)."""
    store.connect(settings)
    return {subject_id, *walk({subject_id}).unit} if subject_id else set()


def holding(
    settings: Settings, subjects: Collection[int], *, now_us: int, address_key: bytes = b""
) -> Pause | None:
    """The pause of these subjects, or of the address, that holds longest; ``None`` where none does."""
    store.connect(settings)
    whose, values = _whose(subjects, address_key)
    if not whose:
        return None
    row = sql.one(
        "SELECT id, subject_id, until_us, asked, why, made_us, made_by FROM contact_pause "
        f"WHERE ({whose}) AND until_us > %s AND ended_us IS NULL ORDER BY until_us DESC, id DESC LIMIT 1",
        (*values, now_us),
    )
    return None if row is None else Pause(*row)


def _whose(subjects: Collection[int], address_key: bytes) -> tuple[str, list[object]]:
    parts: list[str] = []
    values: list[object] = []
    if subjects:
        parts.append(f"subject_id IN {among(sorted(subjects))}")
    if address_key:
        parts.append("address_key = %s")
        values.append(address_key)
    return " OR ".join(parts), values
