"""Links in messages that need no sign-in: signed, with an end, and without anybody's address in them.

A token holds numbers only: whose wishes it opens, under which keyed hash of an address, for which
channel, in which language, until when. Its signature is keyed by the workspace's secret, so that
nobody makes one up.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from dataclasses import dataclass
from typing import Literal

Use = Literal["wishes", "unsubscribe"]
"""What a link is for: it opens the preference page, or ends messages by one click."""

_USES: tuple[Use, ...] = ("wishes", "unsubscribe")
_FORM = struct.Struct(">BBqq16sIB12s")
_SIGNATURE = 16
_DAY_US = 86_400_000_000

VALID_DAYS = 400
"""A link in a message works for so long: whoever looks after their mail once a year finds it working."""

LONGEST = 120
"""Characters; what is longer is no token of ours."""


class Forged(Exception):  # noqa: N818  (an answer: the page says what happened)
    """The link was made or changed by somebody else, or cut off on its way."""


class Expired(Exception):  # noqa: N818
    """The link is a true one, and old."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says. ``subject_id`` is 0 for an address that belongs to no customer; ``touch_id`` the
    message that bore the link, 0 for none. ``address_key`` is the keyed hash of the address, 16 bytes.
    """

    use: Use
    subject_id: int
    address_key: bytes
    channel: str
    language: str
    ends_on: int
    touch_id: int = 0


def ends_on(now_us: int, days: int = VALID_DAYS) -> int:
    """The day, counted from 1970-01-01, on which a link made now stops working."""
    return now_us // _DAY_US + days


def written(link: Link, secret: bytes, channels: tuple[str, ...]) -> str:
    """The token, about 90 characters that every mail program leaves as they are."""
    body = _FORM.pack(
        _USES.index(link.use),
        channels.index(link.channel),
        link.subject_id,
        link.touch_id,
        link.address_key,
        link.ends_on,
        len(link.language.encode("ascii")),
        link.language.encode("ascii"),
    )
    return urlsafe_b64encode(body + _signature(body, secret)).decode("ascii").rstrip("=")


def read(token: str, secret: bytes, channels: tuple[str, ...], *, now_us: int) -> Link:
    """What a token says. Raises :class:`Forged` for what is not ours, :class:`Expired` for what is old."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (UnicodeEncodeError, NoBase64, ValueError) as error:
        raise Forged from error
    body, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
    if len(token) > LONGEST or len(body) != _FORM.size:
        raise Forged
    if not hmac.compare_digest(signature, _signature(body, secret)):
        raise Forged
    if urlsafe_b64encode(raw).decode("ascii").rstrip("=") != token:
        raise Forged  # another spelling of the same bits
    use, channel, subject_id, touch_id, address_key, end, length, language = _FORM.unpack(body)
    if now_us // _DAY_US >= end:
        raise Expired
    code = language[:length].decode("ascii", "replace")
    return Link(_USES[use], subject_id, address_key, channels[channel], code, end, touch_id)


def _signature(body: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, b"holdfast link\0" + body, hashlib.sha256).digest()[:_SIGNATURE]
