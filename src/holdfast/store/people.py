"""Our own people as rows: listed, given roles, let in and shut out.

Somebody always remains who can let others in: the last administrator keeps the role and the sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class Person:
    """One of us; ``last_seen_us`` is ``None`` for who has not come yet."""

    id: int
    name: str
    email: str
    role: str
    language: str
    active: bool
    has_password: bool
    second_factor: bool
    last_seen_us: int | None

    @property
    def called(self) -> str:
        """The name, else the address."""
        return self.name or self.email


_SELECT = (
    "SELECT p.id, p.name, p.email, p.role, p.language, p.is_active, p.password, f.confirmed_us, "
    "p.last_seen_us FROM person p LEFT JOIN second_factor f ON f.person_id = p.id"
)


def listed(settings: Settings) -> list[Person]:
    """Everybody: who may come in first, then by name."""
    store.connect(settings)
    everybody = [_person(row) for row in sql.read(_SELECT)]
    return sorted(everybody, key=lambda each: (not each.active, each.called.casefold(), each.id))


def by_id(settings: Settings, person_id: int) -> Person | None:
    """The person with this number."""
    store.connect(settings)
    row = sql.one(f"{_SELECT} WHERE p.id = %s", (person_id,))
    return None if row is None else _person(row)


def by_email(settings: Settings, email: str) -> Person | None:
    """The person who signs in with this address, in small letters."""
    store.connect(settings)
    row = sql.one(f"{_SELECT} WHERE p.email = %s", (email,))
    return None if row is None else _person(row)


def wanted(settings: Settings, email: str) -> Person:
    """The person who signs in with ``email``. Refuses ("unknown_person") an address of nobody."""
    if (found := by_email(settings, email.strip().lower())) is None:
        raise Refusal(
            "unknown_person",
            found=Text("Nobody signs in with {email}.", email=email.strip()[:100]),
            expected=Text("The address of somebody whom `holdfast user list` names."),
            remedy=Text("Mend the address; nothing was changed."),
        )
    return found


def set_role(settings: Settings, person_id: int, role: str) -> None:
    """Give somebody a role. Refuses ("last_admin") to take it from the last administrator."""
    store.connect(settings)
    with sql.short_write():
        if role != "admin":
            _keep_an_admin(person_id)
        sql.write("UPDATE person SET role = %s WHERE id = %s", (role, person_id))


def set_active(settings: Settings, person_id: int, active: bool) -> None:
    """Let somebody in or shut them out, with every session. Refuses ("last_admin") as above."""
    store.connect(settings)
    with sql.short_write():
        if not active:
            _keep_an_admin(person_id)
            sql.write("DELETE FROM person_session WHERE person_id = %s", (person_id,))
        sql.write("UPDATE person SET is_active = %s WHERE id = %s", (active, person_id))


def rename(settings: Settings, person_id: int, name: str) -> None:
    """Keep what somebody is called."""
    store.connect(settings)
    sql.write("UPDATE person SET name = %s WHERE id = %s", (name, person_id))


def saw(settings: Settings, person_id: int, *, now_us: int) -> None:
    """Write down that somebody came."""
    store.connect(settings)
    sql.write("UPDATE person SET last_seen_us = %s WHERE id = %s", (now_us, person_id))


def _keep_an_admin(person_id: int) -> None:
    """Refuse when nobody else is an administrator; on PostgreSQL those rows stay held until the end."""
    lock = "" if sql.is_sqlite() else " FOR UPDATE"
    admins = {
        int(row[0])
        for row in sql.read(
            f"SELECT id FROM person WHERE role = 'admin' AND is_active = %s ORDER BY id{lock}", (True,)
        )
    }
    if admins == {person_id}:
        raise Refusal(
            "last_admin",
            found=Text("This is the last administrator."),
            expected=Text("Somebody who can let others in."),
            remedy=Text("Make somebody else an administrator first; nothing was changed."),
        )


def _person(row: sql.Row) -> Person:
    id_, name, email, role, language, active, password, confirmed_us, last_seen_us = row
    usable = bool(password) and not str(password).startswith("!")
    seen: Any = last_seen_us
    return Person(int(id_), name, email, role, language, bool(active), usable, confirmed_us is not None, seen)
