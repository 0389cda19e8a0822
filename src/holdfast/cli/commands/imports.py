"""``holdfast imports``: what has been imported, and what was undone."""

from __future__ import annotations

from datetime import UTC, datetime

from holdfast.cli.answers import columns
from holdfast.cli.group import Command
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 25

_STATES = {
    "staging": Text("running"),
    "committing": Text("running"),
    "done": Text("done"),
    "undone": Text("undone"),
    "failed": Text("failed"),
}


def _run(session: Session) -> None:
    from holdfast.services.collect.recover import HANDED_ON
    from holdfast.store.imports import list_imports
    from holdfast.store.live_sources import LIVE

    settings = session.settings()
    found = [each for each in list_imports(settings) if each.kind not in (HANDED_ON, LIVE)]
    answer = [
        {
            "import_id": each.id,
            "kind": each.kind,
            "state": each.state,
            "files": each.files,
            "started_at": _moment(each.started_us),
            "finished_at": _moment(each.finished_us),
            "rows_read": each.report.get("rows_read"),
            "rows_taken": each.report.get("rows_taken"),
        }
        for each in found
    ]
    reader = session.reader(settings)
    rows = [
        (
            str(each.id),
            each.kind,
            session.say(_STATES[each.state]),
            reader.moment(_moment(each.started_us) or datetime.now(UTC)),
            reader.list_of(each.files),
        )
        for each in found
    ]
    session.finish({"imports": answer}, lambda: session.write(columns(rows, numbers=frozenset({0}))))


def _moment(at_us: int | None) -> datetime | None:
    return None if at_us is None else datetime.fromtimestamp(at_us / 1_000_000, UTC)


COMMAND = Command("imports", Text("List the imports, newest first."), _run, [])
