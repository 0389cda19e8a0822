"""Colleagues who were asked in: kept with a hash of their link, taken once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import one_time, sql

USE = "invitation"
DAY_US = 86_400_000_000
VALID_DAYS = 7
FORGOTTEN_AFTER_DAYS = 90
"""What was taken, revoked or has expired is forgotten then, with its address."""

State = Literal["open", "used", "revoked", "expired"]


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation; ``inviter`` is the name or address of who asked, "" for the command line."""

    id: int
    email: str
    role: str
    language: str
    invited_by: int | None
    inviter: str
    made_us: int
    expires_us: int
    used_us: int | None
    revoked_us: int | None

    def state(self, now_us: int) -> State:
        """Whether it can still be taken, and why not."""
        if self.used_us is not None:
            return "used"
        if self.revoked_us is not None:
            return "revoked"
        return "open" if now_us < self.expires_us else "expired"


_SELECT = (
    "SELECT i.id, i.email, i.role, i.language, i.invited_by, "
    "COALESCE(NULLIF(p.name, ''), p.email, ''), i.made_us, i.expires_us, i.used_us, i.revoked_us "
    "FROM invitation i LEFT JOIN person p ON p.id = i.invited_by"
)


def make(
    settings: Settings, email: str, role: str, *, language: str, invited_by: int | None, now_us: int
) -> tuple[Invitation, str]:
    """Keep an invitation; the token of its link is told this once. Those before it no longer open."""
    store.connect(settings)
    drawn, digest = one_time.new()
    with sql.short_write():
        sql.write("DELETE FROM invitation WHERE expires_us < %s", (now_us - FORGOTTEN_AFTER_DAYS * DAY_US,))
        sql.write(
            "UPDATE invitation SET revoked_us = %s WHERE email = %s AND used_us IS NULL "
            "AND revoked_us IS NULL AND expires_us > %s",
            (now_us, email, now_us),
        )
        row = sql.one(
            "INSERT INTO invitation (email, role, language, digest, invited_by, made_us, expires_us) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
            (email, role, language, digest, invited_by, now_us, now_us + VALID_DAYS * DAY_US),
        )
        made = by_id(settings, int(row[0])) if row else None
    assert made is not None  # noqa: S101  (inserted above)
    return made, one_time.written(settings, USE, made.id, drawn)


def by_token(settings: Settings, token: str) -> Invitation | None:
    """The invitation that a link opens, in whatever state; ``None`` for a link that we never wrote."""
    store.connect(settings)
    known = one_time.read(settings, USE, token)
    if known is None:
        return None
    return next(iter(_found("WHERE i.id = %s AND i.digest = %s", *known)), None)


def by_id(settings: Settings, invitation_id: int) -> Invitation | None:
    """The invitation with this number."""
    store.connect(settings)
    return next(iter(_found("WHERE i.id = %s", invitation_id)), None)


def listed(settings: Settings) -> list[Invitation]:
    """Every invitation that is remembered, the newest first."""
    store.connect(settings)
    return _found("ORDER BY i.id DESC")


def take(settings: Settings, invitation_id: int, *, person_id: int, now_us: int) -> bool:
    """Mark an invitation as taken by ``person_id``; false when it was not open any more."""
    store.connect(settings)
    changed = sql.write(
        "UPDATE invitation SET used_us = %s, person_id = %s WHERE id = %s AND used_us IS NULL "
        "AND revoked_us IS NULL AND expires_us > %s",
        (now_us, person_id, invitation_id, now_us),
    )
    return changed > 0


def revoke(settings: Settings, invitation_id: int, *, now_us: int) -> bool:
    """End an invitation that is open; whether it was."""
    store.connect(settings)
    changed = sql.write(
        "UPDATE invitation SET revoked_us = %s WHERE id = %s AND used_us IS NULL AND revoked_us IS NULL "
        "AND expires_us > %s",
        (now_us, invitation_id, now_us),
    )
    return changed > 0


def _found(rest: str, *values: object) -> list[Invitation]:
    return [Invitation(*row) for row in sql.read(f"{_SELECT} {rest}", values)]
