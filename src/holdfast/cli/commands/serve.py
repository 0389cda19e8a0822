"""``holdfast serve``: the pages, the events' way in and the worker, until you stop it."""

from __future__ import annotations

import click

from holdfast.cli.group import Command, Option
from holdfast.cli.options import host, port
from holdfast.cli.pages import address, first_sign_in, serve_pages, tell_sign_in
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 50


def _run(session: Session, port: int, host: str, web: int, no_worker: bool) -> None:
    from holdfast.services.collect.recover import recover

    settings = session.settings()
    recover(settings)
    sign_in = first_sign_in(settings)
    answer = {
        "workspace": str(settings.folder.absolute()),
        "address": address(host, port),
        "email": sign_in.email,
        "password": sign_in.password,
    }
    session.finish(answer, lambda: tell_sign_in(session, sign_in))
    serve_pages(session, settings, host, port, web=web, worker=not no_worker)


COMMAND = Command(
    "serve",
    Text("Serve the pages of the workspace and take in events until you press Ctrl-C."),
    _run,
    [
        port(),
        host(),
        Option(
            "--web",
            words=Text("So many processes answer requests; more than one needs PostgreSQL."),
            type=click.IntRange(1, 64),
            default=1,
            show_default=True,
        ),
        Option(
            "--no-worker",
            words=Text("Leave the worker out: `holdfast worker` runs it elsewhere."),
            is_flag=True,
        ),
    ],
)
