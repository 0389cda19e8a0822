"""Who is signed in where: listed and ended. The rows are written by :mod:`holdfast.store.session_engine`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Session:
    """A session of somebody: ``id`` names it in a form and is no key to it."""

    id: str
    since_us: int
    last_us: int
    address: str
    device: str
    here: bool


def digest_of(cookie: str) -> str:
    """What is kept of a cookie: it is long and random, so that a plain hash cannot be guessed back."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def of_person(settings: Settings, person_id: int, *, now_us: int, here: str = "") -> list[Session]:
    """The sessions of somebody, last used first; ``here`` is the cookie of the one who asks."""
    store.connect(settings)
    mine = digest_of(here) if here else ""
    rows = sql.read(
        "SELECT key, since_us, last_us, address, device FROM person_session "
        "WHERE person_id = %s AND expires_us > %s ORDER BY last_us DESC, key",
        (person_id, now_us),
    )
    return [
        Session(key[:_SHOWN], since_us, last_us, address, device, key == mine)
        for key, since_us, last_us, address, device in rows
    ]


def end(settings: Settings, person_id: int, session_id: str) -> bool:
    """End one session of somebody; whether there was one."""
    store.connect(settings)
    if len(session_id) != _SHOWN:
        return False
    return (
        sql.write(
            "DELETE FROM person_session WHERE person_id = %s AND SUBSTR(key, 1, 20) = %s",
            (person_id, session_id),
        )
        > 0
    )


def end_all(settings: Settings, person_id: int, *, but: str = "") -> int:
    """End every session of somebody, without that of the cookie ``but``; how many."""
    store.connect(settings)
    return sql.write(
        "DELETE FROM person_session WHERE person_id = %s AND key <> %s",
        (person_id, digest_of(but) if but else ""),
    )


def counted(settings: Settings, *, now_us: int) -> dict[int, int]:
    """How many sessions each person has who is signed in."""
    store.connect(settings)
    return {
        int(person): int(count)
        for person, count in sql.read(
            "SELECT person_id, COUNT(*) FROM person_session "
            "WHERE person_id IS NOT NULL AND expires_us > %s GROUP BY person_id",
            (now_us,),
        )
    }
