"""A sign-in is made on the command line, with a password that is shown once."""

from __future__ import annotations

from datetime import datetime

from holdfast.settings import Settings
from holdfast.store import audit, people, users


def create(settings: Settings, email: str, *, name: str, role: str, now: datetime) -> str:
    """Make a sign-in; the password, made up. Refuses like :func:`holdfast.store.users.create_user`."""
    password = users.create_user(settings, email=email, name=name, role=role)
    person = people.wanted(settings, email)
    audit.note(
        settings,
        who=None,
        did="person.made",
        about=f"person:{person.id}",
        details={"role": role},
        now_us=int(now.timestamp() * 1_000_000),
        via=audit.by_command(),
    )
    return password
