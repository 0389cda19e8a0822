"""Files that our own people asked for: who asked for what, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql, told_out
from holdfast.store.written import as_json, from_json

State = Literal["waiting", "running", "ready", "failed", "gone"]

HELD_US = 600_000_000
"""So long a process may write at a file before another one takes it up."""

MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file; see :class:`holdfast.store.models.ExportFile`."""

    id: int
    person_id: int
    kind: str
    asked: Mapping[str, Any]
    file_format: str
    state: State
    asked_us: int
    ready_us: int | None
    ends_us: int | None
    rows: int | None
    size: int | None
    stored: str
    trouble: Text | None
    tries: int


def ask(
    settings: Settings, person_id: int, kind: str, asked: Mapping[str, Any], file_format: str, *, now_us: int
) -> int:
    """Ask for a file; its number. The same one that is still to be written is not asked for twice."""
    store.connect(settings)
    written = json.dumps(dict(asked), sort_keys=True, ensure_ascii=False)
    with sql.short_write():
        for each in _read("WHERE person_id = %s AND state IN ('waiting', 'running')", (person_id,)):
            if (each.kind, each.file_format, dict(each.asked)) == (kind, file_format, dict(asked)):
                return each.id
        row = sql.one(
            "INSERT INTO export_file (person_id, kind, asked, file_format, state, asked_us, stored, trouble, "
            "tries, held_until_us) VALUES (%s, %s, %s, %s, 'waiting', %s, '', '', 0, 0) RETURNING id",
            (person_id, kind, written, file_format, now_us),
        )
    if row is None:
        raise RuntimeError("an INSERT ... RETURNING returned nothing")
    return int(row[0])


def one(settings: Settings, export_id: int) -> ExportFile | None:
    """One file; ``None`` when there is none."""
    store.connect(settings)
    found = _read("WHERE id = %s", (export_id,))
    return found[0] if found else None


def of_person(
    settings: Settings, person_id: int, *, before: int | None = None, limit: int = 50
) -> list[ExportFile]:
    """The files that somebody asked for, the newest first; with ``before`` those with a smaller number."""
    store.connect(settings)
    older, values = ("", ()) if before is None else (" AND id < %s", (before,))
    return _read(f"WHERE person_id = %s{older} ORDER BY id DESC LIMIT {int(limit)}", (person_id, *values))


def waiting(settings: Settings, person_id: int) -> int:
    """How many files of a person are still to be written."""
    store.connect(settings)
    row = sql.one(
        "SELECT COUNT(*) FROM export_file WHERE person_id = %s AND state IN ('waiting', 'running')",
        (person_id,),
    )
    return int(row[0]) if row else 0


def claim(settings: Settings, now_us: int) -> ExportFile | None:
    """The file that waits longest, ours to write from now on; ``None`` without any.

    One whose writer was not heard of for :data:`HELD_US` is taken up again, at most :data:`MOST_TRIES` times.
    """
    store.connect(settings)
    rows = sql.read(
        "SELECT id, tries FROM export_file WHERE state = 'waiting' "
        "OR (state = 'running' AND held_until_us < %s) ORDER BY id LIMIT 20",
        (now_us,),
    )
    for id_, tries in rows:
        changed = sql.write(
            "UPDATE export_file SET state = %s, tries = tries + 1, held_until_us = %s "
            "WHERE id = %s AND tries = %s "
            "AND (state = 'waiting' OR (state = 'running' AND held_until_us < %s))",
            ("running" if tries < MOST_TRIES else "failed", now_us + HELD_US, id_, tries, now_us),
        )
        if changed and tries < MOST_TRIES:
            return one(settings, id_)
    return None


def finish(
    settings: Settings, export_id: int, *, stored: str, rows: int, size: int, now_us: int, ends_us: int
) -> None:
    """Say that a file is ready; joins the caller's transaction."""
    sql.write(
        "UPDATE export_file SET state = 'ready', stored = %s, rows = %s, size = %s, ready_us = %s, "
        "ends_us = %s WHERE id = %s",
        (stored, rows, size, now_us, ends_us, export_id),
    )
    told_out.export_ready(settings, export_id, rows=rows, size=size, now_us=now_us)


def fail(settings: Settings, export_id: int, trouble: Text, *, again: bool) -> None:
    """Say that a file could not be written, and why; ``again`` lets it be tried once more."""
    store.connect(settings)
    sql.write(
        "UPDATE export_file SET state = %s, trouble = %s, held_until_us = 0 WHERE id = %s",
        ("waiting" if again else "failed", json.dumps(as_json(trouble)), export_id),
    )


def ended(settings: Settings, now_us: int) -> list[ExportFile]:
    """Files whose time is over."""
    store.connect(settings)
    return _read("WHERE state = 'ready' AND ends_us < %s ORDER BY id", (now_us,))


def known(settings: Settings, stored: Sequence[str]) -> set[str]:
    """Those of these names under which a file lies."""
    store.connect(settings)
    marks = ", ".join(["%s"] * len(stored)) or "NULL"
    rows = sql.read(f"SELECT stored FROM export_file WHERE stored IN ({marks})", stored)
    return {name for (name,) in rows}


def forget(settings: Settings, export_id: int) -> None:
    """Say that a file is not there any more."""
    store.connect(settings)
    sql.write("UPDATE export_file SET state = 'gone', stored = '' WHERE id = %s", (export_id,))


def sweep(settings: Settings, before_us: int) -> int:
    """Forget what was asked for before a moment and is over; how many."""
    store.connect(settings)
    return sql.write(
        "DELETE FROM export_file WHERE state IN ('gone', 'failed') AND asked_us < %s", (before_us,)
    )


_COLUMNS = (
    "id, person_id, kind, asked, file_format, state, asked_us, ready_us, ends_us, rows, size, stored, "
    "trouble, tries"
)


def _read(where: str, values: tuple[Any, ...]) -> list[ExportFile]:
    return [_file(row) for row in sql.read(f"SELECT {_COLUMNS} FROM export_file {where}", values)]


def _file(row: sql.Row) -> ExportFile:
    values = list(row)
    values[3] = json.loads(values[3]) if isinstance(values[3], str) else values[3]
    values[12] = from_json(json.loads(values[12])) if values[12] else None
    return ExportFile(*values)
