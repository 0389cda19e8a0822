"""``holdfast backup``: a copy of everything, of one moment, while everybody works."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 80


def _run(session: Session, to: Path | None, keep_days: int, passphrase: Path | None) -> None:
    from holdfast.services.keep.backup import backup

    settings = session.settings()
    words = None if passphrase is None else passphrase.read_text(encoding="utf-8").strip()
    with session.progress() as progress:
        made = backup(
            settings, to, now=session.now(), keep_days=keep_days, passphrase=words, progress=progress
        )
    reader = session.reader(settings)

    def show() -> None:
        session.tell(
            Text(
                "{file} holds everything; it is deleted by a backup after {moment}.",
                file=str(made.place),
                moment=reader.moment(made.expires_at),
            )
        )
        if made.secret == "included":  # noqa: S105
            session.tell(
                Text("It holds the workspace's secret as well: whoever can read it can read everything.")
            )

    session.finish(made.as_json(), show)


COMMAND = Command(
    "backup",
    Text("Copy the whole workspace into one file, while it is in use."),
    _run,
    [
        Option(
            "--to",
            words=Text("The new file (.tar) or folder; otherwise a file in the workspace's folder backups."),
            type=click.Path(path_type=Path),
            metavar="FILE",
        ),
        Option(
            "--keep-days",
            words=Text("For how many days it is kept."),
            type=click.IntRange(1, 3650),
            default=35,
            show_default=True,
        ),
        Option(
            "--passphrase",
            words=Text("A file with a passphrase, by which the secret in the backup is encrypted."),
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            metavar="FILE",
        ),
    ],
)
