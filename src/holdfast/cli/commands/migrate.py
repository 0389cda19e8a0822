"""``holdfast migrate``: from SQLite to PostgreSQL, or back."""

from __future__ import annotations

import re

from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 82


def _run(session: Session, to: str) -> None:
    from holdfast.services.keep.move_database import move_database

    settings = session.settings()
    with session.progress() as progress:
        moved = move_database(settings, to, progress=progress)
    shown = re.sub(r"//[^@/]*@", "//", to)
    answer = {
        "database": "postgresql" if moved.settings.database_url else "sqlite",
        "tables": moved.tables,
        "rows": moved.rows,
        "old": None if moved.old is None else str(moved.old),
    }

    def show() -> None:
        session.tell(
            Text(
                "{tables} tables with {n} row are at {place} now, compared value by value.",
                "{tables} tables with {n} rows are at {place} now, compared value by value.",
                tables=moved.tables,
                n=moved.rows,
                place=shown,
            )
        )
        if moved.old is not None:
            session.tell(Text("The old file is kept for a week: {file}", file=str(moved.old)))

    session.finish(answer, show)


COMMAND = Command(
    "migrate",
    Text("Move the database to PostgreSQL, or back to a SQLite file; nothing is lost meanwhile."),
    _run,
    [
        Option(
            "--to",
            words=Text("postgresql://user:password@host/name, or sqlite."),
            required=True,
            envvar="HOLDFAST_DATABASE_URL",
            metavar="URL",
        ),
    ],
)
