"""Our own people as mails find them: address, language, role."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of us who may sign in; ``language`` is "" where they follow their browser."""

    id: int
    email: str
    name: str
    language: str
    role: str


_COLUMNS = "id, email, name, language, role"


def colleague(settings: Settings, person_id: int) -> Colleague | None:
    """Who has this number; nobody who may not sign in any more."""
    store.connect(settings)
    row = sql.one(f"SELECT {_COLUMNS} FROM person WHERE is_active AND id = %s", (person_id,))
    return None if row is None else Colleague(*row)


def colleagues(settings: Settings) -> list[Colleague]:
    """Everybody who may sign in."""
    store.connect(settings)
    rows = sql.read(f"SELECT {_COLUMNS} FROM person WHERE is_active ORDER BY LOWER(name), email")
    return [Colleague(*row) for row in rows]
