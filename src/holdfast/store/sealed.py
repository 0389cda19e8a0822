"""Secrets of sources at rest: signing secrets, tokens, addresses of databases with their passwords.

They have to be used again, so they cannot be hashed: they are encrypted (Fernet: AES-128-CBC and
HMAC-SHA256) with a key made from the workspace's own ``secret`` file, which is never in the
database. Whoever has only the database, or a copy of it, has none of them; a backup that is to be
of use carries the file too.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql


def seal(settings: Settings, source_id: int, secrets: Mapping[str, str]) -> None:
    """Keep exactly these ``secrets`` (name to secret) of a source; what it had before is forgotten."""
    store.connect(settings)
    closed = encrypt(settings, _purpose(source_id), secrets)
    sql.write("UPDATE live_source SET sealed = %s WHERE id = %s", (closed, source_id))


def unseal(settings: Settings, source_id: int) -> dict[str, str]:
    """The secrets of a source; none for a source without, or for no such source.

    Refuses ("sealed_elsewhere") what was sealed with another ``secret`` file.
    """
    store.connect(settings)
    row = sql.one("SELECT sealed FROM live_source WHERE id = %s", (source_id,))
    return decrypt(settings, _purpose(source_id), "" if row is None else str(row[0]))


def encrypt(settings: Settings, purpose: str, secrets: Mapping[str, str]) -> str:
    """``secrets`` as text that only :func:`decrypt` with the same ``purpose`` can read; "" for none.

    The purpose ("source 7") is part of the key: what is copied to another row is of no use there.
    """
    from cryptography.fernet import Fernet

    if not secrets:
        return ""
    plain = json.dumps(dict(secrets), ensure_ascii=False).encode()
    return Fernet(_key(settings, purpose)).encrypt(plain).decode("ascii")


def decrypt(settings: Settings, purpose: str, closed: str) -> dict[str, str]:
    """What :func:`encrypt` was given. Refuses ("sealed_elsewhere") what it cannot read."""
    from cryptography.fernet import Fernet, InvalidToken

    if not closed:
        return {}
    try:
        plain = Fernet(_key(settings, purpose)).decrypt(closed.encode("ascii"))
    except (InvalidToken, UnicodeEncodeError) as error:
        raise Refusal(
            "sealed_elsewhere",
            found=Text("A secret cannot be read: it was sealed with another file {file}.", file="secret"),
            expected=Text("The file that stood in the workspace's folder when it was entered."),
            remedy=Text("Put that file back, or enter the secret again."),
        ) from error
    read: dict[str, str] = json.loads(plain)
    return read


def _purpose(source_id: int) -> str:
    return f"source {source_id}"


def _key(settings: Settings, purpose: str) -> bytes:
    """A key of its own for each purpose, from the workspace's secret (HKDF, RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    from holdfast.store.connection import workspace_secret

    derived = HKDF(SHA256(), length=32, salt=None, info=f"holdfast sealed: {purpose}".encode())
    return urlsafe_b64encode(derived.derive(workspace_secret(settings.folder).encode()))
