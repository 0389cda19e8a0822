"""``holdfast import``: files or a query into the customer base, and back out again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.choosing import chooser
from holdfast.cli.group import Command, Option
from holdfast.cli.imported import report_as_json, show_report
from holdfast.cli.session import Session
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings

ORDER = 20


def _run(
    session: Session,
    files: Sequence[Path],
    kind: str | None,
    map_path: Path | None,
    yes: bool,
    database: str | None,
    query: str | None,
    undo: int | None,
) -> None:
    settings = session.settings()
    if undo is not None:
        _undo(session, settings, undo)
        return
    if kind is None or not (files or database):
        raise _nothing_to_import()
    from holdfast.services.collect.import_file import import_file

    with session.progress() as progress:
        report = import_file(
            settings,
            files,
            kind,
            map_path=map_path,
            query=query,
            database=database,
            choose=chooser(session, progress, agreed=yes),
            progress=progress,
            now=settings.now(session.now()),
        )
    session.finish(report_as_json(report), lambda: show_report(session, settings, report))


def _undo(session: Session, settings: Settings, import_id: int) -> None:
    from holdfast.services.collect.undo_import import undo_import

    undo_import(settings, import_id)
    session.finish(
        {"import_id": import_id, "state": "undone"},
        lambda: session.tell(Text("Import {id} is undone.", id=str(import_id))),
    )


def _nothing_to_import() -> Refusal:
    return Refusal(
        "nothing_to_import",
        found=Text("No file and no kind were named."),
        expected=Text("holdfast import FILE --as KIND, or --from URL --query SQL --as KIND, or --undo ID."),
        remedy=Text("`holdfast parts` lists the kinds."),
    )


COMMAND = Command(
    "import",
    Text("Take files, or a query on a database, into the customer base; or undo an import."),
    _run,
    [
        click.Argument(["files"], nargs=-1, type=click.Path(path_type=Path), metavar="FILE..."),
        Option(
            "--as", "kind", words=Text("What a row is: orders, customers, subscriptions, ..."), metavar="KIND"
        ),
        Option(
            "--map",
            "map_path",
            words=Text("Which column is which; otherwise they are guessed."),
            type=click.Path(path_type=Path),
            metavar="MAP.toml",
        ),
        Option("--yes", words=Text("Take the guessed columns without asking."), is_flag=True),
        Option(
            "--from",
            "database",
            words=Text("A SQL database: sqlite:///FILE or postgresql://..."),
            metavar="URL",
        ),
        Option(
            "--query",
            words=Text("Take the rows of this query; each file is a table of its name."),
            metavar="SQL",
        ),
        Option("--undo", words=Text("Take back the import of that number."), type=int, metavar="ID"),
    ],
)
