"""People who sign in, in tests: made without hashing a password each time."""

from __future__ import annotations

import re
import time
from functools import cache
from typing import TYPE_CHECKING

from holdfast.domain import totp
from holdfast.settings import Settings
from holdfast.store import second_factor, users

if TYPE_CHECKING:
    from django.test import Client

PASSWORD = "kelp-holds-to-rock"
LONG_AGO_US = 10**15


@cache
def _hash() -> str:
    return users.hashed(PASSWORD)


def costly_hash() -> str:
    """The hash of :data:`PASSWORD` as it was kept before decision 0018: Argon2id of another cost."""
    from argon2 import PasswordHasher

    return "argon2" + PasswordHasher(time_cost=2, memory_cost=47_104, parallelism=2).hash(PASSWORD)


def make(settings: Settings, email: str, role: str = "agent", *, password: bool = False) -> int:
    """Somebody who signs in with ``email``, and with :data:`PASSWORD` where that is wanted."""
    return users.add(settings, email, _hash() if password else "!none", name="Ada", role=role)


def prove(client: Client) -> Client:
    """The person of this client has just proved who they are."""
    session = client.session
    session["proved_us"] = time.time_ns() // 1000
    session.save()
    return client


def with_factor(settings: Settings, person_id: int) -> bytes:
    """Turn somebody's second factor on; its secret. No code of these days is used up."""
    secret = second_factor.begin(settings, person_id, now_us=LONG_AGO_US)
    step = totp.step_at(LONG_AGO_US)
    assert second_factor.confirm(settings, person_id, totp.code_of(secret, step), now_us=LONG_AGO_US)
    return secret


def code(secret: bytes, later: int = 0) -> str:
    """The code that the phone shows now, or so many half minutes later."""
    return totp.code_of(secret, totp.step_at(time.time_ns() // 1000) + later)


def link_in(text: str, path: str) -> str:
    """The one link that a page shows below ``path``."""
    (found,) = set(re.findall(rf"http://testserver({path}[\w-]+)", text))
    return found


def set_up_mail(settings: Settings) -> None:
    """Let mails go out of this workspace."""
    from holdfast.store import channel_settings

    channel_settings.write(settings, "email", {"sender": "hold@example.com"}, {}, now_us=1)


def asked_mails(settings: Settings) -> list[tuple[str, str, str]]:
    """Address, subject and text of each mail that was asked for."""
    from holdfast.store import sql

    rows = sql.read(
        "SELECT t.address, c.subject, c.text FROM touch t "
        "JOIN touch_content c ON c.touch_id = t.id ORDER BY t.id"
    )
    return [(str(address), str(subject), str(text)) for address, subject, text in rows]
