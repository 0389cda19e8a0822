"""Codes that change every half minute, as every authenticator app makes them (RFC 6238 over RFC 4226).

SHA-1, six digits, 30 seconds: what all of them understand. HMAC does not rest on what is broken in SHA-1.
"""

from __future__ import annotations

import hmac
import struct
from base64 import b32encode
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
"""160 bits, the length of the hash, as RFC 4226 recommends."""

DRIFT = 1
"""So many steps before and after are taken too: telephones are late, and people type slowly."""


def step_at(now_us: int) -> int:
    """The number of the half minute in which ``now_us`` lies."""
    return now_us // (STEP_SECONDS * 1_000_000)


def code_of(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of one step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: bytes, given: str, *, now_us: int, after: int) -> int | None:
    """The step that ``given`` is the code of, near ``now_us`` and later than ``after``; else ``None``.

    ``after`` is the last step whose code was taken: neither it nor one before it is taken again.
    """
    now = step_at(now_us)
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        # Every step is looked at, so that the time says nothing.
        if hmac.compare_digest(code_of(secret, step).encode(), given.encode()) and step > after:
            found = step
    return found


def written(secret: bytes) -> str:
    """The secret as it is typed into an app where no camera is: base 32 in groups of four."""
    letters = b32encode(secret).decode("ascii").rstrip("=")
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def address(secret: bytes, *, account: str, issuer: str) -> str:
    """What stands in the picture that the app takes: ``otpauth://totp/Company:niamh@example.com?...``."""
    label = quote(f"{issuer.replace(':', ' ')}:{account}", safe="@:")
    asked = {
        "secret": b32encode(secret).decode("ascii").rstrip("="),
        "issuer": issuer.replace(":", " "),
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": STEP_SECONDS,
    }
    return f"otpauth://totp/{label}?{urlencode(asked, quote_via=quote)}"
