"""Who of us looks after a customer, and who did before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.notes import among


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in."""

    id: int
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Ownership:
    """That a person looks after a customer; ``person`` is ``None``: nobody does.

    ``account`` is the account through which they do, ``None`` where it is the customer's own owner.
    """

    person: Person | None
    from_us: int
    set_by: str
    account: int | None = None


def people(settings: Settings) -> list[Person]:
    """Everybody who may sign in, by name."""
    store.connect(settings)
    rows = sql.read("SELECT id, email, name FROM person WHERE is_active ORDER BY LOWER(name), email")
    return [Person(*row) for row in rows]


def owners_of(settings: Settings, subjects: Sequence[int]) -> tuple[Ownership | None, Ownership | None]:
    """(the customer's own owner, that of an account the customer belongs to); ``None`` where there is none.

    One statement. Of several customers merged into one, the owner who was named last counts.
    """
    store.connect(settings)
    own = account = None
    for own_row, account_id, *row in sql.read(_OWNERS.format(among=among(subjects))):
        person_id, email, name, from_us, set_by = row
        person = None if email is None else Person(person_id, email, name)
        if own_row:
            own = Ownership(person, from_us, set_by)
        else:
            account = Ownership(person, from_us, set_by, account_id)
    return own, account


def history(settings: Settings) -> list[tuple[int, str, int, int | None]]:
    """Who looked after whom from when until when: customer, the name of one of us, microseconds."""
    store.connect(settings)
    return sql.read(
        "SELECT o.subject_id, COALESCE(NULLIF(p.name, ''), p.email), o.from_us, o.until_us "
        "FROM owner o JOIN person p ON p.id = o.person_id ORDER BY o.from_us, o.id"
    )


_OWNERS = """
SELECT own, account_id, person_id, email, name, from_us, set_by FROM (
    SELECT 1 AS own, 0 AS account_id, o.person_id, o.from_us, o.set_by, o.id FROM owner o
    WHERE o.subject_id IN {among} AND o.until_us IS NULL
    UNION ALL
    SELECT 0, a.account_id, o.person_id, o.from_us, o.set_by, o.id FROM account_contact a
    JOIN owner o ON o.subject_id = a.account_id AND o.until_us IS NULL
    LEFT JOIN import i ON i.id = a.import_id
    WHERE a.subject_id IN {among} AND a.account_id NOT IN {among} AND a.to_us IS NULL
    AND (a.import_id IS NULL OR i.state = 'done')
) f LEFT JOIN person p ON p.id = f.person_id ORDER BY f.from_us, f.id
"""


def set_owner(
    settings: Settings,
    subjects: Sequence[int],
    subject_id: int,
    person_id: int | None,
    *,
    by: str,
    now_us: int,
) -> None:
    """Let ``person_id`` look after the customer (``None``: nobody); who did before stays in the history.

    The owner of every id of the customer ends, the new one hangs on ``subject_id``.
    """
    store.connect(settings)
    with sql.short_write():
        sql.write(
            f"UPDATE owner SET until_us = %s WHERE subject_id IN {among(subjects)} AND until_us IS NULL",
            (now_us,),
        )
        sql.write(
            "INSERT INTO owner (subject_id, person_id, from_us, until_us, set_by) "
            "VALUES (%s, %s, %s, NULL, %s)",
            (subject_id, person_id, now_us, by),
        )


def person_by_email(settings: Settings, email: str) -> Person | None:
    """Who signs in with this address; nobody who may not any more."""
    store.connect(settings)
    row = sql.one(
        "SELECT id, email, name FROM person WHERE is_active AND email = %s", (email.strip().lower(),)
    )
    return None if row is None else Person(*row)


def person_by_id(settings: Settings, person_id: int) -> Person | None:
    """Who signs in under this id; nobody who may not any more."""
    store.connect(settings)
    row = sql.one("SELECT id, email, name FROM person WHERE is_active AND id = %s", (person_id,))
    return None if row is None else Person(*row)
