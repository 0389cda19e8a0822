"""``holdfast serve``: the pages, until you stop it."""

from __future__ import annotations

from holdfast.cli.group import Command
from holdfast.cli.options import host, port
from holdfast.cli.pages import address, first_sign_in, serve_pages, tell_sign_in
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 50


def _run(session: Session, port: int, host: str) -> None:
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
    serve_pages(session, settings, host, port)


COMMAND = Command(
    "serve", Text("Serve the pages of the workspace until you press Ctrl-C."), _run, [port(), host()]
)
