"""DKIM signatures (RFC 6376, RFC 8463): relaxed canonicalisation of headers and body, RSA or Ed25519.

Source: RFC 6376, sections 3.4.2, 3.4.4, 3.5, 3.7 and 5.4; RFC 8463, section 3.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_NAMES = (
    "from to cc subject date message-id reply-to in-reply-to references mime-version content-type "
    "content-transfer-encoding content-language auto-submitted list-id list-unsubscribe list-unsubscribe-post"
)
SIGNED = tuple(_NAMES.split())
"""Headers that are signed where they are there."""

_ONCE_MORE = ("from", "to", "subject")
"""Signed once more than they occur: nobody may add another one on the way."""

_BITS = 2_048
_WEAKEST_BITS = 1_024
_BLANKS = re.compile(rb"[ \t]+")


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for ``domain`` with the key that the DNS publishes under ``selector``."""

    domain: str
    selector: str
    key: RSAPrivateKey | Ed25519PrivateKey

    def header(self, headers: Sequence[tuple[str, bytes]], body: bytes, at_s: int) -> tuple[str, bytes]:
        """The ``DKIM-Signature`` header of a mail; to be put before the others."""
        names = _names(headers)
        unsigned = _lines(
            "v=1",
            f"a={_algorithm(self.key)}",
            "c=relaxed/relaxed",
            f"d={self.domain}",
            f"s={self.selector}",
            f"t={at_s}",
            "h=" + ":\r\n ".join(_rows(names)),
            f"bh={b64encode(sha256(relaxed_body(body)).digest()).decode('ascii')}",
            "b=",
        )
        hashed = b"".join(_chosen(headers, names)) + relaxed_header("DKIM-Signature", unsigned)
        signature = b64encode(_sign(self.key, hashed)).decode("ascii")
        folded = "\r\n ".join(signature[place : place + 72] for place in range(0, len(signature), 72))
        return "DKIM-Signature", unsigned + b"\r\n " + folded.encode("ascii")


@lru_cache(maxsize=4)
def read_key(pem: str) -> RSAPrivateKey | Ed25519PrivateKey:
    """A private key in PEM. Raises ``ValueError`` for what is none, or is of no use for DKIM.

    Remembered: that a key is a true one takes 50 ms to find out.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem.strip().encode("utf-8"), password=None)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("no PEM of a private key without a password") from error
    if isinstance(key, RSAPrivateKey):
        if key.key_size < _WEAKEST_BITS:
            raise ValueError(f"an RSA key of {key.key_size} bits is believed by nobody")
        return key
    if isinstance(key, Ed25519PrivateKey):
        return key
    raise ValueError("neither an RSA nor an Ed25519 key")


def new_key(kind: str = "rsa") -> str:
    """A new private key in PEM: "rsa" (every receiver knows it) or "ed25519"."""
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key: RSAPrivateKey | Ed25519PrivateKey
    if kind == "ed25519":
        key = ed25519.Ed25519PrivateKey.generate()
    else:
        key = rsa.generate_private_key(public_exponent=65_537, key_size=_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def public_record(pem: str) -> str:
    """What the DNS has to say under ``<selector>._domainkey.<domain>``, as a TXT record."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = read_key(pem)
    if isinstance(key, RSAPrivateKey):
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={b64encode(public).decode('ascii')}"
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k=ed25519; p={b64encode(raw).decode('ascii')}"


def relaxed_body(body: bytes) -> bytes:
    """The body as it is hashed: blanks at ends of lines and empty lines at the end count for nothing."""
    plain = _BLANKS.sub(b" ", body + b"\r\n").replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return plain + b"\r\n" if plain else b""


def relaxed_header(name: str, value: bytes) -> bytes:
    """A header as it is hashed, without the end of its line."""
    unfolded = _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return name.lower().encode("ascii") + b":" + unfolded


def _names(headers: Sequence[tuple[str, bytes]]) -> list[str]:
    there = [name.lower() for name, _ in headers]
    names = [name for name in SIGNED for _ in range(there.count(name))]
    return names + list(_ONCE_MORE)


def _chosen(headers: Sequence[tuple[str, bytes]], names: Sequence[str]) -> list[bytes]:
    """The headers as they are hashed: of several of one name the last first; one too many is nothing."""
    left: dict[str, list[bytes]] = {}
    for name, value in headers:
        left.setdefault(name.lower(), []).append(relaxed_header(name, value) + b"\r\n")
    return [left[name].pop() for name in names if left.get(name)]


def _rows(names: Sequence[str]) -> list[str]:
    return [":".join(names[first : first + 4]) for first in range(0, len(names), 4)]


def _lines(*tags: str) -> bytes:
    return ";\r\n ".join(tags).encode("ascii")


def _algorithm(key: RSAPrivateKey | Ed25519PrivateKey) -> str:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    return "rsa-sha256" if isinstance(key, RSAPrivateKey) else "ed25519-sha256"


def _sign(key: RSAPrivateKey | Ed25519PrivateKey, hashed: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256

    if isinstance(key, RSAPrivateKey):
        return key.sign(hashed, PKCS1v15(), SHA256())
    return key.sign(sha256(hashed).digest())
