"""Imports as the database knows them: staging, committing, done; or undone, or failed.

Only what a *done* import wrote is visible. So an import writes in short transactions, in any
number, and becomes visible, or disappears, in one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import. ``state`` is staging, committing, done, undone or failed; moments are in
    microseconds UTC, ``first_us`` and ``last_us`` bound its events and are ``None`` without any.
    """

    id: int
    kind: str
    source: str
    files: tuple[str, ...]
    state: str
    report: Mapping[str, object]
    started_us: int
    finished_us: int | None
    first_us: int | None
    last_us: int | None


_COLUMNS = "id, kind, source, files, state, report, started_us, finished_us, first_us, last_us"


def begin(settings: Settings, kind: str, source: str, files: Iterable[str], now_us: int) -> int:
    """Note that an import starts (state staging) and give it its id, which is never given again."""
    store.connect(settings)
    from holdfast.store.models import Import

    return Import.objects.create(kind=kind, source=source, files=list(files), started_us=now_us).id


def commit(settings: Settings, import_id: int, *, first_us: int | None, last_us: int | None) -> None:
    """Note that the stage is complete and rows are being written (state committing).

    ``first_us`` and ``last_us`` bound the moments of the events; links that the import makes date
    from the first. May be called again after a restart.
    """
    store.connect(settings)
    sql.write(
        "UPDATE import SET state = 'committing', first_us = %s, last_us = %s "
        "WHERE id = %s AND state IN ('staging', 'committing')",
        (first_us, last_us, import_id),
    )


def finish(settings: Settings, import_id: int, report: Mapping[str, object], now_us: int) -> None:
    """Make everything the import wrote visible, at once (state done)."""
    store.connect(settings)
    changed = sql.write(
        "UPDATE import SET state = 'done', report = %s, finished_us = %s "
        "WHERE id = %s AND state IN ('staging', 'committing', 'done')",
        (json.dumps(report), now_us, import_id),
    )
    if not changed:
        raise ValueError(f"import {import_id} is neither staging nor committing")


def fail(settings: Settings, import_id: int, report: Mapping[str, object], now_us: int) -> None:
    """Note that the import ended without effect (state failed), and clear what it wrote."""
    store.connect(settings)
    sql.write(
        "UPDATE import SET state = 'failed', swept = %s, report = %s, finished_us = %s "
        "WHERE id = %s AND state IN ('staging', 'committing')",
        (False, json.dumps(report), now_us, import_id),
    )
    sweep(settings)


def undo(
    settings: Settings,
    import_id: int,
    now_us: int,
    *,
    with_it: Iterable[int] = (),
    heirs: Mapping[int, Mapping[str, object]] | None = None,
) -> None:
    """Take a done import back: invisible at once, its rows cleared after.

    What a later import said as well stays, as that import's. In the same moment the imports
    ``with_it`` are undone too, and the committing imports ``heirs`` become done, with their
    reports: they carry events that a later import said as well. Refuses an import that is not
    there or not done; one that is undone already stays so.
    """
    from holdfast.store import sweeping

    found = get(settings, import_id)
    if found.state == "undone":
        return
    if found.state != "done":
        raise Refusal(
            "import_not_done",
            found=Text("Import {id} is {state}.", id=str(import_id), state=found.state),
            expected=Text("Only an import that is done can be undone."),
            remedy=Text("See `holdfast imports` for the imports that are done."),
        )
    sweeping.hand_over(import_id)
    with sql.short_write():
        for gone in (import_id, *with_it):
            sql.write(
                "UPDATE import SET state = 'undone', swept = %s, finished_us = %s "
                "WHERE id = %s AND state = 'done'",
                (False, now_us, gone),
            )
        for heir, report in (heirs or {}).items():
            finish(settings, heir, report, now_us)
    sweep(settings)


def sweep(settings: Settings) -> int:
    """Clear what imports that are undone or failed wrote; how many imports were cleared.

    May be interrupted and called again; a starting process calls it once.
    """
    store.connect(settings)
    from holdfast.store import sweeping

    waiting = [i for (i,) in sql.read("SELECT id FROM import WHERE swept = %s ORDER BY id", (False,))]
    for import_id in waiting:
        sweeping.clear(import_id)
        sql.write("UPDATE import SET swept = %s WHERE id = %s", (True, import_id))
    return len(waiting)


def get(settings: Settings, import_id: int) -> ImportRecord:
    """One import by its id; refuses an id that was never given."""
    store.connect(settings)
    row = sql.one(f"SELECT {_COLUMNS} FROM import WHERE id = %s", (import_id,))
    if row is None:
        raise Refusal(
            "no_such_import",
            found=Text("There is no import {id}.", id=str(import_id)),
            expected=Text("The number of an import of this workspace."),
            remedy=Text("See `holdfast imports` for all of them."),
        )
    return _record(row)


def list_imports(settings: Settings) -> list[ImportRecord]:
    """All imports, newest first."""
    store.connect(settings)
    return [_record(row) for row in sql.read(f"SELECT {_COLUMNS} FROM import ORDER BY id DESC")]


def newest(
    settings: Settings, *, most: int, before: int | None = None, without: Sequence[str] = ()
) -> list[ImportRecord]:
    """The newest imports, ``most`` at most: with numbers below ``before``, and of no kind in ``without``."""
    store.connect(settings)
    conditions = [*(["id < %s"] if before is not None else []), *["kind <> %s" for _ in without]]
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    values = [*([before] if before is not None else []), *without, most]
    return [
        _record(row)
        for row in sql.read(f"SELECT {_COLUMNS} FROM import {where}ORDER BY id DESC LIMIT %s", values)
    ]


def brought_events(settings: Settings) -> bool:
    """Whether any import that is done has brought events."""
    store.connect(settings)
    found = sql.one("SELECT 1 FROM import WHERE state = 'done' AND first_us IS NOT NULL LIMIT 1")
    return found is not None


def unfinished(settings: Settings) -> list[ImportRecord]:
    """Imports that are staging or committing: running, or left by a process that was killed."""
    return [found for found in list_imports(settings) if found.state in ("staging", "committing")]


def not_done(settings: Settings) -> frozenset[int]:
    """Ids of the imports whose rows nobody may see."""
    store.connect(settings)
    return frozenset(i for (i,) in sql.read("SELECT id FROM import WHERE state <> 'done'"))


def _record(row: sql.Row) -> ImportRecord:
    id_, kind, source, files, state, report, *moments = row
    return ImportRecord(
        id_, kind, source, tuple(sql.json_value(files)), state, sql.json_value(report), *moments
    )
