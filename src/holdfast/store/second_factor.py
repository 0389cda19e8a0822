"""Second factors: a secret in somebody's phone, and codes for when the phone is lost.

The secret has to be used again, so it is sealed; recovery codes are kept as Argon2 hashes. A code of one
step is taken once, by one condition in one statement: two browsers at the same moment are one and a refusal.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from holdfast import store
from holdfast.domain import totp
from holdfast.settings import Settings
from holdfast.store import sealed, sql

if TYPE_CHECKING:
    from argon2 import PasswordHasher

CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters that nobody mixes up when reading them off paper; twelve of them are 59 bits."""


def is_on(settings: Settings, person_id: int) -> bool:
    """Whether somebody is asked for a second factor."""
    store.connect(settings)
    row = sql.one(
        "SELECT 1 FROM second_factor WHERE person_id = %s AND confirmed_us IS NOT NULL", (person_id,)
    )
    return row is not None


def who_has_one(settings: Settings) -> frozenset[int]:
    """The numbers of the people who are asked for one."""
    store.connect(settings)
    rows = sql.read("SELECT person_id FROM second_factor WHERE confirmed_us IS NOT NULL")
    return frozenset(int(person) for (person,) in rows)


def begin(settings: Settings, person_id: int, *, now_us: int) -> bytes:
    """The secret to put into a phone: the one that was begun, else a new one.

    It is asked for once :func:`confirm` has seen a code of it. Only for somebody without one.
    """
    store.connect(settings)
    if (begun := _secret(settings, person_id, confirmed=False)) is not None:
        return begun
    secret = secrets.token_bytes(totp.SECRET_BYTES)
    closed = sealed.encrypt(settings, _purpose(person_id), {"secret": b64encode(secret).decode("ascii")})
    sql.write(
        "INSERT INTO second_factor (person_id, sealed, made_us, last_step) VALUES (%s, %s, %s, 0) "
        "ON CONFLICT (person_id) DO NOTHING",
        (person_id, closed, now_us),
    )
    return _secret(settings, person_id, confirmed=False) or secret


def confirm(settings: Settings, person_id: int, code: str, *, now_us: int) -> bool:
    """Turn it on, when ``code`` shows that the phone has the secret; whether it does."""
    store.connect(settings)
    secret = _secret(settings, person_id, confirmed=False)
    step = None if secret is None else totp.matching_step(secret, _plain(code), now_us=now_us, after=0)
    if step is None:
        return False
    changed = sql.write(
        "UPDATE second_factor SET confirmed_us = %s, last_step = %s "
        "WHERE person_id = %s AND confirmed_us IS NULL",
        (now_us, step, person_id),
    )
    return changed > 0


def check(settings: Settings, person_id: int, code: str, *, now_us: int) -> bool:
    """Take a code of the phone; whether it is right and was not taken before."""
    store.connect(settings)
    row = sql.one("SELECT last_step FROM second_factor WHERE person_id = %s", (person_id,))
    secret = _secret(settings, person_id, confirmed=True)
    if row is None or secret is None:
        return False
    step = totp.matching_step(secret, _plain(code), now_us=now_us, after=int(row[0]))
    if step is None:
        return False
    taken = sql.write(
        "UPDATE second_factor SET last_step = %s WHERE person_id = %s AND last_step < %s",
        (step, person_id, step),
    )
    return taken > 0


def turn_off(settings: Settings, person_id: int) -> bool:
    """Forget secret and recovery codes of somebody; whether there were any."""
    store.connect(settings)
    with sql.short_write():
        sql.write("DELETE FROM recovery_code WHERE person_id = %s", (person_id,))
        return sql.write("DELETE FROM second_factor WHERE person_id = %s", (person_id,)) > 0


def make_recovery_codes(settings: Settings, person_id: int) -> list[str]:
    """Ten new codes, told this once; those before them are forgotten."""
    store.connect(settings)
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)) for _ in range(CODES)
    ]
    hasher = _hasher()
    hashed = [(person_id, hasher.hash(_plain(code))) for code in codes]
    with sql.short_write():
        sql.write("DELETE FROM recovery_code WHERE person_id = %s", (person_id,))
        for row in hashed:
            sql.write("INSERT INTO recovery_code (person_id, digest) VALUES (%s, %s)", row)
    return codes


def use_recovery_code(settings: Settings, person_id: int, code: str) -> bool:
    """Take a recovery code; whether it is one of theirs. It is forgotten by that."""
    from argon2.exceptions import VerificationError

    store.connect(settings)
    given, hasher = _plain(code), _hasher()
    rows = sql.read("SELECT id, digest FROM recovery_code WHERE person_id = %s", (person_id,))
    for id_, digest in rows:
        try:
            hasher.verify(digest, given)
        except VerificationError:
            continue
        return sql.write("DELETE FROM recovery_code WHERE id = %s", (id_,)) > 0
    return False


def recovery_codes_left(settings: Settings, person_id: int) -> int:
    """How many recovery codes somebody has not used."""
    store.connect(settings)
    row = sql.one("SELECT COUNT(*) FROM recovery_code WHERE person_id = %s", (person_id,))
    return 0 if row is None else int(row[0])


def _secret(settings: Settings, person_id: int, *, confirmed: bool) -> bytes | None:
    row = sql.one("SELECT sealed, confirmed_us FROM second_factor WHERE person_id = %s", (person_id,))
    if row is None or (row[1] is not None) != confirmed:
        return None
    return b64decode(sealed.decrypt(settings, _purpose(person_id), str(row[0]))["secret"])


def _plain(code: str) -> str:
    """A code without what people type between its letters."""
    from holdfast.language.numbers import plain_digits

    return "".join(letter for letter in plain_digits(code).lower() if letter.isalnum())[:32]


def _purpose(person_id: int) -> str:
    return f"second factor {person_id}"


def _hasher() -> PasswordHasher:
    """Argon2id with 19 MiB and two passes: for codes that are drawn, OWASP's least is plenty."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
