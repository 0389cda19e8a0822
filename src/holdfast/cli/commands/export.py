"""``holdfast export``: everything that Holdfast knows, as files for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 65


def _run(session: Session, kind: str, to: Path) -> None:
    from holdfast.services.keep.export import export

    settings = session.settings()
    with session.progress() as progress:
        report = export(settings, kind, to, progress=progress)
    words = Text("{n} row in {file}.", "{n} rows in {file}.", n=report.rows, file=str(report.file))
    session.finish(report.as_json(), lambda: session.tell(words))


COMMAND = Command(
    "export",
    Text("Write customers, events, orders, ... into a file; its ending says the format."),
    _run,
    [
        click.Argument(["kind"], metavar="KIND"),
        Option(
            "--to",
            words=Text("The file: .csv, .jsonl (also .gz), .parquet or .xlsx."),
            type=click.Path(path_type=Path),
            required=True,
            metavar="FILE",
        ),
    ],
)
