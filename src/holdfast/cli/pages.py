"""How commands start the pages: by name, as a process of its own, with a sign-in that works."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import NoReturn

from holdfast.cli.session import Session
from holdfast.domain.texts import Text
from holdfast.settings import Settings, public_url


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that everybody knows: that of the demo."""

    email: str
    password: str


def set_up_link(settings: Settings, where: str) -> str | None:
    """A link that makes the first administrator, once; ``None`` where people can sign in already.

    ``where`` is the address of the pages. Every earlier link ends.
    """
    import time

    from holdfast.store import start
    from holdfast.store.users import has_users

    if has_users(settings):
        return None
    token = start.make_link(settings, time.time_ns() // 1_000)
    return f"{public_url() or where}/set-up/{token}"


def tell_way_in(session: Session, link: str | None) -> None:
    """Print how to come in."""
    if link is None:
        session.tell(Text("Sign in as before; `holdfast user EMAIL` makes another sign-in."))
        return
    session.tell(Text("Nobody can sign in yet. Open this link within a day; it works once:"))
    session.write(link)


def address(host: str, port: int) -> str:
    """Where the pages will be."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve_pages(
    session: Session, settings: Settings, host: str, port: int, *, web: int = 1, worker: bool = True
) -> NoReturn:
    """Turn this process into the one that serves the pages, so that signals reach it.

    ``web`` is the number of web processes, ``worker`` whether what arrives is taken in there too.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    arguments = [str(settings.folder.absolute()), host, str(port), session.language, str(web)]
    arguments.append("worker" if worker else "none")
    os.execv(sys.executable, [sys.executable, "-m", "holdfast.web", *arguments])  # noqa: S606
