"""Links to choose a new password: they work once and for an hour, and a new one ends those before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import one_time, sql

USE = "password reset"
HOUR_US = 3_600_000_000
VALID_HOURS = 1
_FORGOTTEN_AFTER_US = 30 * 24 * HOUR_US

State = Literal["open", "used", "expired"]


@dataclass(frozen=True, slots=True)
class Reset:
    """A link that was asked for; ``person_id`` is ``None`` where nobody signs in with the address."""

    id: int
    person_id: int | None
    expires_us: int
    used_us: int | None

    def state(self, now_us: int) -> State:
        """Whether it still works, and why not."""
        if self.used_us is not None:
            return "used"
        return "open" if self.person_id is not None and now_us < self.expires_us else "expired"


def make(settings: Settings, person_id: int | None, *, now_us: int) -> tuple[int, str]:
    """Keep a link for somebody, or for nobody: the work is the same. Its number, and its token, told once."""
    store.connect(settings)
    drawn, digest = one_time.new()
    with sql.short_write():
        sql.write("DELETE FROM password_reset WHERE expires_us < %s", (now_us - _FORGOTTEN_AFTER_US,))
        end_all(settings, person_id, now_us=now_us)
        row = sql.one(
            "INSERT INTO password_reset (person_id, digest, made_us, expires_us) "
            "VALUES (%s, %s, %s, %s) RETURNING id",
            (person_id, digest, now_us, now_us + VALID_HOURS * HOUR_US),
        )
    assert row is not None  # noqa: S101  (inserted above)
    return int(row[0]), one_time.written(settings, USE, int(row[0]), drawn)


def by_token(settings: Settings, token: str) -> Reset | None:
    """What a link opens, in whatever state; ``None`` for a link that we never wrote."""
    store.connect(settings)
    known = one_time.read(settings, USE, token)
    if known is None:
        return None
    row = sql.one(
        "SELECT id, person_id, expires_us, used_us FROM password_reset WHERE id = %s AND digest = %s", known
    )
    return None if row is None else Reset(*row)


def take(settings: Settings, reset_id: int, *, now_us: int) -> bool:
    """Use a link; false when it did not work any more."""
    store.connect(settings)
    changed = sql.write(
        "UPDATE password_reset SET used_us = %s WHERE id = %s AND used_us IS NULL AND expires_us > %s",
        (now_us, reset_id, now_us),
    )
    return changed > 0


def end_all(settings: Settings, person_id: int | None, *, now_us: int) -> None:
    """End every link of somebody: the password was changed, or a newer link was asked for."""
    store.connect(settings)
    sql.write(
        "UPDATE password_reset SET expires_us = %s WHERE person_id = %s AND used_us IS NULL "
        "AND expires_us > %s",
        (now_us, person_id, now_us),
    )
