"""How commands start the pages: by name, as a process of its own, with a sign-in that works."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import NoReturn

from holdfast.cli.session import Session
from holdfast.domain.texts import Text
from holdfast.settings import Settings

FIRST_EMAIL = "admin@holdfast.localhost"
"""Signs in to a workspace in which nobody can yet."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that was just made; ``password`` is ``None`` where people could sign in already."""

    email: str | None
    password: str | None


def first_sign_in(settings: Settings) -> SignIn:
    """Make an administrator where nobody can sign in yet; the password is shown this once."""
    from holdfast.store.users import create_user, has_users

    if has_users(settings):
        return SignIn(None, None)
    return SignIn(FIRST_EMAIL, create_user(settings, email=FIRST_EMAIL, role="admin"))


def tell_sign_in(session: Session, sign_in: SignIn) -> None:
    """Print it, where there is one to print."""
    if sign_in.password is None:
        session.tell(Text("Sign in as before; `holdfast user EMAIL` makes another sign-in."))
        return
    session.tell(
        Text(
            "Sign in as {email} with the password {password}", email=sign_in.email, password=sign_in.password
        )
    )


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
