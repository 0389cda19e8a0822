"""``holdfast serve``: the pages, the events' way in and the worker, until you stop it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.group import Command, Option
from holdfast.cli.options import host, port
from holdfast.cli.pages import address, serve_pages, set_up_link, tell_way_in
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings

ORDER = 50


def _run(session: Session, port: int, host: str, web: int, no_worker: bool) -> None:
    from holdfast.services.collect.recover import recover

    settings = _workspace(session)
    recover(settings)
    link = set_up_link(settings, address(host, port))
    answer = {
        "workspace": str(settings.folder.absolute()),
        "address": address(host, port),
        "set_up": link,
    }
    session.finish(answer, lambda: tell_way_in(session, link))
    serve_pages(session, settings, host, port, web=web, worker=not no_worker)


def _workspace(session: Session) -> Settings:
    """The workspace; an empty folder, or one that is not there yet, becomes one that the page sets up."""
    folder = session.folder
    if (folder / "holdfast.toml").exists() or (folder.exists() and not _is_empty(folder)):
        return session.settings()
    from holdfast.services.keep.create import create_workspace

    return create_workspace(folder)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


COMMAND = Command(
    "serve",
    Text("Serve the pages of the workspace, new or old, and take in events until you press Ctrl-C."),
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
