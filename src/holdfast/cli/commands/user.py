"""``holdfast user``: someone who may sign in to the pages."""

from __future__ import annotations

import click

from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 55


def _run(session: Session, email: str, name: str, role: str) -> None:
    from holdfast.store.users import create_user

    password = create_user(session.settings(), email=email, name=name, role=role)
    answer = {"email": email, "role": role, "password": password}
    session.finish(
        answer,
        lambda: session.tell(
            Text("Sign in as {email} with the password {password}", email=email, password=password)
        ),
    )


COMMAND = Command(
    "user",
    Text("Make a sign-in to the pages; its password is made up and shown once."),
    _run,
    [
        click.Argument(["email"], metavar="EMAIL"),
        Option("--name", words=Text("The person's name."), default="", metavar="NAME"),
        Option(
            "--role",
            words=Text("What this person may do: admin, manager, analyst, read_only, ..."),
            default="read_only",
            show_default=True,
            metavar="ROLE",
        ),
    ],
)
