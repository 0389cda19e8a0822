"""``holdfast init``: make a workspace."""

from __future__ import annotations

import click

from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 10


def _run(session: Session, **chosen: str | None) -> None:
    from holdfast.services.keep.create import create_workspace
    from holdfast.settings import VERSION

    settings = create_workspace(session.folder, **{name: value for name, value in chosen.items() if value})
    answer = {
        "workspace": str(settings.folder.resolve()),
        "name": settings.name,
        "currency": settings.currency,
        "timezone": settings.timezone,
        "calendar": settings.calendar,
        "unit": settings.unit,
        "version": VERSION,
    }
    session.finish(answer, lambda: _show(session, answer))


def _show(session: Session, answer: dict[str, object]) -> None:
    session.tell(Text("{name} is ready in {workspace}.", **answer))
    session.tell(
        Text("Its settings are in {file}; change them there.", file=f"{answer['workspace']}/holdfast.toml")
    )
    session.tell(Text("Next: holdfast import FILE --as orders"))


COMMAND = Command(
    "init",
    Text("Make a workspace: a folder for one company's customers."),
    _run,
    [
        Option("--name", words=Text("The company's name; otherwise that of the folder."), metavar="NAME"),
        Option(
            "--currency",
            words=Text("The reporting currency, like EUR; otherwise that of the first import."),
            metavar="CUR",
        ),
        Option(
            "--timezone", words=Text("Where the company's days begin, like Europe/Dublin."), metavar="ZONE"
        ),
        Option(
            "--calendar",
            words=Text("The calendar of its months and years."),
            type=click.Choice(["gregorian", "solar_hijri"]),
        ),
        Option(
            "--unit",
            words=Text("Who can leave: a person, or an account with contacts."),
            type=click.Choice(["person", "account"]),
        ),
        Option(
            "--country",
            words=Text("Where its telephone numbers without a country belong, like IE."),
            metavar="XX",
        ),
    ],
)
