"""Links in mails that lead over us, so that we hear that they were followed, and by whom they were not.

A token holds the number of the message and the address itself, signed: nobody can make us lead elsewhere,
and the link works when the message is long forgotten. It can do nothing but lead on: ways out are never
links of this kind, and following one changes nothing of what a customer agreed to.

Machines that look into mails follow links too. What they do is told apart by four signs, each seen in
what mail scanners do: they ask only for the head, they name themselves, they come before anybody can have
read the mail, and they follow several links at once. A scanner that shows none of them is counted as a
person; a person who follows a link within half a minute of the mail leaving is not counted.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from collections.abc import Sequence
from typing import Literal

OPEN = b"holdfast open\0"
"""What the signature of a picture begins with that says that a mail was opened: it leads nowhere."""

Sign = Literal["", "head", "named", "early", "several"]
"""By what a machine was known; "" for a person."""

EARLY_SECONDS = 30
AT_ONCE_SECONDS = 10
AT_ONCE = 2
"""So many links of one message within :data:`AT_ONCE_SECONDS` are followed by a person; more are not."""

LONGEST_LINK = 2_000
LONGEST = 3_000
"""Characters of a token."""

_SIGNATURE = 16
_NUMBER = struct.Struct(">q")
_NAMED = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|scan|preview|monitor|proofpoint|barracuda|mimecast|symantec|trendmicro"
    r"|cisco|fireeye|trustwave|safelinks|urldefense|virustotal|google-safety|googleimageproxy|headless"
    r"|phantomjs|python|curl/|wget|libwww|java/|go-http|okhttp|httpclient|axios|node-fetch|ruby|perl",
    re.IGNORECASE,
)


class Forged(Exception):  # noqa: N818  (an answer: nothing is there)
    """The link was made or changed by somebody else, or cut off on its way."""


def token(touch_id: int, link: str, secret: bytes) -> str:
    """The token of a link in a message."""
    body = _NUMBER.pack(touch_id) + link.encode()
    return urlsafe_b64encode(_signature(body, secret) + body).decode("ascii").rstrip("=")


def read(written: str, secret: bytes) -> tuple[int, str]:
    """The message and the address that a token names. Raises :class:`Forged`."""
    try:
        raw = urlsafe_b64decode(written.encode("ascii") + b"=" * (-len(written) % 4))
        signature, body = raw[:_SIGNATURE], raw[_SIGNATURE:]
        link = body[_NUMBER.size :].decode()
    except (UnicodeError, NoBase64, ValueError) as error:
        raise Forged from error
    if len(written) > LONGEST or not link or not hmac.compare_digest(signature, _signature(body, secret)):
        raise Forged
    return int(_NUMBER.unpack(body[: _NUMBER.size])[0]), link


def open_token(touch_id: int, secret: bytes) -> str:
    """The token of the picture in a message that is fetched when the mail is opened."""
    body = _NUMBER.pack(touch_id)
    return urlsafe_b64encode(_signature(body, secret, OPEN) + body).decode("ascii").rstrip("=")


def read_open(written: str, secret: bytes) -> int:
    """The message that the token of a picture names. Raises :class:`Forged`."""
    try:
        raw = urlsafe_b64decode(written.encode("ascii") + b"=" * (-len(written) % 4))
    except (UnicodeError, NoBase64, ValueError) as error:
        raise Forged from error
    signature, body = raw[:_SIGNATURE], raw[_SIGNATURE:]
    whole = len(body) == _NUMBER.size
    if not whole or not hmac.compare_digest(signature, _signature(body, secret, OPEN)):
        raise Forged
    return int(_NUMBER.unpack(body)[0])


def machine_by(
    method: str, agent: str, *, sent_us: int | None, others_us: Sequence[int], now_us: int
) -> Sign:
    """By what sign a link was followed by a machine; "" where it looks like a person.

    ``sent_us`` is when the mail left (``None``: it is on its way), ``others_us`` are moments at which
    links of the same message were followed before.
    """
    if method != "GET":
        return "head"
    if not agent.strip() or _NAMED.search(agent):
        return "named"
    if sent_us is None or now_us - sent_us < EARLY_SECONDS * 1_000_000:
        return "early"
    lately = sum(1 for each in others_us if now_us - each < AT_ONCE_SECONDS * 1_000_000)
    return "several" if lately >= AT_ONCE else ""


def _signature(body: bytes, secret: bytes, what: bytes = b"holdfast click\0") -> bytes:
    return hmac.new(secret, what + body, hashlib.sha256).digest()[:_SIGNATURE]
