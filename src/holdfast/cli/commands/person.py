"""``holdfast person``: everything that is known of one person, for that person."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 70


def _run(session: Session, wanted: str, to: Path, with_contacts: bool) -> None:
    from holdfast.services.keep.erase.whom import whom
    from holdfast.services.keep.person import export_person_to

    settings = session.settings()
    who = whom(settings, wanted, with_contacts=with_contacts)
    done = export_person_to(settings, who, to, now=session.now(), say=session.say)
    words = Text(
        "{file} holds {rows} rows about {name}, {n} event among them.",
        "{file} holds {rows} rows about {name}, {n} events among them.",
        file=str(to),
        rows=sum(done.tables.values()) + done.events,
        name=who.name,
        n=done.events,
    )
    session.finish(done.as_json(), lambda: session.tell(words))


COMMAND = Command(
    "person",
    Text("Write everything that is known of one person into a ZIP of tables and JSON."),
    _run,
    [
        click.Argument(["wanted"], metavar="ID"),
        Option(
            "--to",
            words=Text("The new file, .zip."),
            type=click.Path(path_type=Path),
            required=True,
            metavar="FILE",
        ),
        Option("--with-contacts", words=Text("Of an account, its people too."), is_flag=True),
    ],
)
