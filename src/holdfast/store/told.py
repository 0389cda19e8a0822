"""Everything ever said about one customer: each value with who said it, and edits by our own people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.notes import among


@dataclass(frozen=True, slots=True)
class Said:
    """One value of a trait, valid from a moment on; "" takes the trait away.

    ``source`` is the name of the import's or the live source, ``made_by`` the person of ours who typed
    it ("" where nobody did).
    """

    id: int
    subject_id: int
    trait: str
    value: str
    valid_from_us: int
    source: str
    made_by: str


MOST = 2_000
"""Rows that are read of one customer: the newest."""


def said_of(settings: Settings, subjects: Sequence[int]) -> list[Said]:
    """Everything said about these subjects, by trait, of each what holds now first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT t.id, t.subject_id, t.trait, t.value, t.valid_from_us, COALESCE(i.source, ''), "
        "COALESCE(e.made_by, '') FROM trait_row t LEFT JOIN import i ON i.id = t.import_id "
        "LEFT JOIN trait_edit e ON e.row_id = t.id "
        f"WHERE t.subject_id IN {among(subjects)} AND (t.import_id IS NULL OR i.state = 'done') "
        f"ORDER BY t.valid_from_us DESC, t.known_us DESC, t.id DESC LIMIT {MOST}"
    )
    found = [Said(*row) for row in rows]
    return sorted(found, key=lambda each: each.trait)  # stable: within a trait the newest stays first


def say(
    settings: Settings, subject_id: int, trait: str, value: str, *, by: str, now_us: int, import_id: int
) -> int:
    """Say something about a customer from now on; the id of the row. What held before stays known."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "INSERT INTO trait_row (subject_id, trait, value, valid_from_us, known_us, import_id, also) "
            "VALUES (%s, %s, %s, %s, %s, %s, '') RETURNING id",
            (subject_id, trait, value, now_us, now_us, import_id),
        )
        if row is None:
            raise RuntimeError("an INSERT ... RETURNING returned nothing")
        sql.write("INSERT INTO trait_edit (row_id, made_by) VALUES (%s, %s)", (row[0], by))
    return int(row[0])
