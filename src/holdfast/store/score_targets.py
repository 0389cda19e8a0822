"""Where risks are written back to, and how it went."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.domain.identity import ANONYMOUS
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.sealed import decrypt, encrypt


@dataclass(frozen=True, slots=True)
class ScoreTarget:
    """A table of a SQL database; ``rows`` were written at ``last_us``, or ``trouble`` says what is wrong."""

    id: int
    name: str
    table: str
    enabled: bool
    last_us: int | None
    rows: int | None
    trouble: Text | None


_COLUMNS = "id, name, table_name, enabled, last_us, rows, trouble"


def add(settings: Settings, name: str, *, url: str, table: str, now_us: int) -> bool:
    """A new target; whether the name was free."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "INSERT INTO score_target (name, table_name, sealed, enabled, created_us) "
            "VALUES (%s, %s, '', %s, %s) ON CONFLICT (name) DO NOTHING RETURNING id",
            (name, table, True, now_us),
        )
        if row is None:
            return False
        closed = encrypt(settings, f"score target {row[0]}", {"url": url})
        sql.write("UPDATE score_target SET sealed = %s WHERE id = %s", (closed, row[0]))
    return True


def url_of(settings: Settings, target: ScoreTarget) -> str:
    """The address of the target's database. Refuses ("sealed_elsewhere") what cannot be read."""
    store.connect(settings)
    row = sql.one("SELECT sealed FROM score_target WHERE id = %s", (target.id,))
    return decrypt(settings, f"score target {target.id}", "" if row is None else str(row[0])).get("url", "")


def listed(settings: Settings) -> list[ScoreTarget]:
    """Every target, by name."""
    from holdfast.store.written import from_json

    store.connect(settings)
    found = []
    for id_, name, table, enabled, last_us, rows, trouble in sql.read(
        f"SELECT {_COLUMNS} FROM score_target ORDER BY name"
    ):
        said = None
        if trouble is not None:
            said = from_json(json.loads(trouble) if isinstance(trouble, str) else trouble)
        found.append(ScoreTarget(id_, name, table, bool(enabled), last_us, rows, said))
    return found


def note(
    settings: Settings, target_id: int, *, at_us: int, rows: int | None = None, trouble: Text | None = None
) -> None:
    """How writing went; a failure leaves standing how many rows are there."""
    from holdfast.store.written import as_json

    store.connect(settings)
    said = None if trouble is None else json.dumps(as_json(trouble))
    sql.write("UPDATE score_target SET trouble = %s WHERE id = %s", (said, target_id))
    if rows is not None:
        sql.write("UPDATE score_target SET rows = %s, last_us = %s WHERE id = %s", (rows, at_us, target_id))


def enable(settings: Settings, target_id: int, enabled: bool) -> None:
    """Write there after each scoring, or not."""
    store.connect(settings)
    sql.write("UPDATE score_target SET enabled = %s WHERE id = %s", (enabled, target_id))


def remove(settings: Settings, target_id: int) -> None:
    """Forget a target; its table stays as it is."""
    store.connect(settings)
    sql.write("DELETE FROM score_target WHERE id = %s", (target_id,))


def ids_of_subjects(settings: Settings, subjects: Sequence[int]) -> Iterable[tuple[int, str, str]]:
    """(subject, namespace, key) of subjects; without ids that a browser made up."""
    store.connect(settings)
    for first in range(0, len(subjects), 5_000):
        among = ", ".join(map(str, subjects[first : first + 5_000]))
        yield from sql.read(
            f"SELECT id, namespace, key FROM subject WHERE id IN ({among}) AND namespace <> %s",
            (ANONYMOUS,),
        )
