"""``holdfast restore``: put a backup back, into an empty folder."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 81


def _run(
    session: Session, source: Path, database_url: str, passphrase: Path | None, erased: Path | None
) -> None:
    from holdfast.services.collect.recover import recover
    from holdfast.services.keep.restore import restore

    words = None if passphrase is None else passphrase.read_text(encoding="utf-8").strip()
    with session.progress() as progress:
        done = restore(
            source,
            session.folder,
            database_url=database_url,
            passphrase=words,
            erased=erased,
            progress=progress,
        )
    recover(done.settings)
    answer = {
        "workspace": str(session.folder),
        "made_at": done.made_at,
        "files": done.files,
        "erased_again": done.erased_again,
    }

    def show() -> None:
        session.tell(
            Text(
                "{folder} is as it was at {moment}; every file was checked.",
                folder=str(session.folder),
                moment=done.made_at,
            )
        )
        if erased is None:
            session.tell(
                Text(
                    "Whoever was erased since is in it again: --erased erasures.json of the workspace of now "
                    "erases them while it is put back."
                )
            )

    session.finish(answer, show)


COMMAND = Command(
    "restore",
    Text("Put a backup back into an empty folder."),
    _run,
    [
        click.Argument(["source"], type=click.Path(path_type=Path), metavar="BACKUP"),
        Option(
            "--database-url",
            words=Text("An empty PostgreSQL database for the tables; otherwise they are kept in the folder."),
            default="",
            envvar="HOLDFAST_DATABASE_URL",
            metavar="URL",
        ),
        Option(
            "--passphrase",
            words=Text("The file with the passphrase with which the backup was made."),
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            metavar="FILE",
        ),
        Option(
            "--erased",
            words=Text("The list erasures.json: whoever was erased since is erased again."),
            type=click.Path(path_type=Path),
            metavar="FILE",
        ),
    ],
)
