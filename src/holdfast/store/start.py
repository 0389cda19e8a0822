"""The beginning of a workspace: the link that makes the first administrator, and the steps taken."""

from __future__ import annotations

import hashlib
import secrets

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

LINK_HOURS = 24
"""A link that nobody opened so long is worth nothing any more; `holdfast serve` prints a new one."""


def make_link(settings: Settings, now_us: int) -> str:
    """The secret part of a new set-up link; every earlier link ends. 256 bits, kept only as a hash."""
    store.connect(settings)
    token = secrets.token_urlsafe(32)
    with sql.short_write():
        sql.write("DELETE FROM set_up_link")
        sql.write(
            "INSERT INTO set_up_link (digest, made_us, expires_us) VALUES (%s, %s, %s)",
            (_digest(token), now_us, now_us + LINK_HOURS * 3_600_000_000),
        )
    return token


def is_open(settings: Settings, token: str, now_us: int) -> bool:
    """Whether the link still makes an administrator."""
    store.connect(settings)
    found = sql.one(
        "SELECT 1 FROM set_up_link WHERE digest = %s AND expires_us > %s", (_digest(token), now_us)
    )
    return found is not None


def use_link(settings: Settings, token: str, now_us: int) -> bool:
    """Use the link up, inside the caller's transaction; whether it was open. Of two, one uses it."""
    store.connect(settings)
    return bool(
        sql.write("DELETE FROM set_up_link WHERE digest = %s AND expires_us > %s", (_digest(token), now_us))
    )


def take_step(settings: Settings, name: str, *, by_id: int | None, now_us: int) -> None:
    """Note that a step of the guided start was taken; taking it again changes nothing."""
    store.connect(settings)
    sql.write(
        "INSERT INTO start_step (name, done_us, by_id) VALUES (%s, %s, %s) ON CONFLICT (name) DO NOTHING",
        (name, now_us, by_id),
    )


def steps_taken(settings: Settings) -> frozenset[str]:
    """The names of the steps that were taken."""
    store.connect(settings)
    return frozenset(name for (name,) in sql.read("SELECT name FROM start_step"))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
