"""Who works on what: a lease is held until it is given back or its time is over."""

from __future__ import annotations

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


def take(settings: Settings, name: str, holder: str, *, now_us: int, seconds: float) -> bool:
    """Take, or prolong, the lease ``name`` for ``seconds``; whether ``holder`` has it now."""
    store.connect(settings)
    sql.write(
        "INSERT INTO lease (name, holder, until_us) VALUES (%s, %s, %s) "
        "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_us = excluded.until_us "
        "WHERE lease.until_us <= %s OR lease.holder = excluded.holder",
        (name, holder, now_us + int(seconds * 1_000_000), now_us),
    )
    return sql.one("SELECT holder FROM lease WHERE name = %s", (name,)) == (holder,)


def give_back(settings: Settings, name: str, holder: str) -> None:
    """End the lease ``name``, if ``holder`` still has it."""
    store.connect(settings)
    sql.write("DELETE FROM lease WHERE name = %s AND holder = %s", (name, holder))


def is_held(settings: Settings, name: str, *, now_us: int) -> bool:
    """Whether anyone holds the lease ``name`` now."""
    store.connect(settings)
    found = sql.one("SELECT 1 FROM lease WHERE name = %s AND until_us > %s", (name, now_us))
    return found is not None


def holder(settings: Settings, name: str) -> str | None:
    """Who took the lease ``name`` last and has not given it back, even if its time is over."""
    store.connect(settings)
    found = sql.one("SELECT holder FROM lease WHERE name = %s", (name,))
    return None if found is None else str(found[0])


def forget_all(settings: Settings) -> None:
    """Let nobody hold anything: in a copy of a workspace, none of those who did is at work."""
    store.connect(settings)
    sql.write("DELETE FROM lease")
