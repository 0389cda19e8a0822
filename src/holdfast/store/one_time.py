"""Links that open one door once: signed, so that a forged one is known before the database is asked.

A token holds the number of a row and 128 random bits, and a signature over both that is keyed by the
workspace's secret and what the link is for. The row holds a hash: who reads the database has no link.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64

from holdfast.settings import Settings

_NUMBER = struct.Struct(">q")
_RANDOM, _SIGNATURE = 16, 16
LONGEST = 60
"""Characters; what is longer is no token of ours."""


def new() -> tuple[bytes, str]:
    """The random part of a new link, and the hash that its row keeps."""
    drawn = secrets.token_bytes(_RANDOM)
    return drawn, _digest(drawn)


def written(settings: Settings, use: str, number: int, drawn: bytes) -> str:
    """The token for row ``number``: 54 characters that every mail program leaves as they are."""
    body = _NUMBER.pack(number) + drawn
    return urlsafe_b64encode(body + _signature(settings, use, body)).decode("ascii").rstrip("=")


def read(settings: Settings, use: str, token: str) -> tuple[int, str] | None:
    """The row's number and its hash; ``None`` for what we never wrote for this use."""
    if len(token) > LONGEST:
        return None
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (UnicodeEncodeError, NoBase64, ValueError):
        return None
    body, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
    if len(body) != _NUMBER.size + _RANDOM:
        return None
    if not hmac.compare_digest(signature, _signature(settings, use, body)):
        return None
    (number,) = _NUMBER.unpack(body[: _NUMBER.size])
    return number, _digest(body[_NUMBER.size :])


def _digest(drawn: bytes) -> str:
    return hashlib.sha256(drawn).hexdigest()


def _signature(settings: Settings, use: str, body: bytes) -> bytes:
    from holdfast.store.connection import workspace_secret

    key = hmac.digest(workspace_secret(settings.folder).encode(), f"holdfast {use}".encode(), "sha256")
    return hmac.digest(key, body, "sha256")[:_SIGNATURE]
