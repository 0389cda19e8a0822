"""``holdfast simulate``: a company whose truth is known, as files."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.options import company
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 70


def _run(session: Session, to: Path, mess: bool, customers: int, days: int, seed: int) -> None:
    from holdfast.simulate.files import simulate

    with session.progress() as progress:
        written = simulate(
            to,
            mess=mess,
            progress=lambda done, total: progress.step(Text("Living through the days"), done, total),
            customers=customers,
            days=days,
            seed=seed,
        )
    answer = {
        "folder": str(written.folder),
        "customers": written.customers,
        "seed": written.seed,
        "files": written.files,
    }
    reader = session.reader()
    rows = [(name, reader.number(count)) for name, count in written.files.items()]
    session.finish(answer, lambda: session.write(columns(rows, numbers=frozenset({1}))))


COMMAND = Command(
    "simulate",
    Text("Write the files of a company whose truth is known, and the truth beside them."),
    _run,
    [
        Option(
            "--to",
            words=Text("The folder for the files; made if need be."),
            type=click.Path(path_type=Path, file_okay=False),
            required=True,
            metavar="DIR",
        ),
        *company(),
        Option("--mess", words=Text("Make the files as untidy as real ones."), is_flag=True),
    ],
)
