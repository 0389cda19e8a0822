"""Keys with which programs may do something: made, listed, taken back. Only their hashes are kept."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

INGEST, METRICS = "ingest", "metrics"
READ, WRITE, ADMIN = "read", "write", "admin"
API_SCOPES = (READ, WRITE, ADMIN)
"""What a key of the HTTP API may be made for; each opens what those before it open."""

SCOPES = (INGEST, METRICS, *API_SCOPES)
"""What a key may be made for: send events, read the measurements of the running service, use the API."""

_USED_EVERY_US = 60_000_000
"""When a key was last used is noted once a minute: a call that reads should not have to write."""

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class WriteKey:
    """A key as everybody may see it: ``shown`` is how it begins, ``origins`` the sites that may use it.

    ``source`` is the source of live events that it belongs to ("" where it sends none), ``last_us`` when
    that source last told, or when a key of the API was last used. ``person_id`` is whom a key of the
    API acts for (``None``: it stands for itself), ``expires_us`` from when on it opens nothing.
    """

    id: int
    source_id: int
    source: str
    name: str
    scope: str
    browser: bool
    origins: tuple[str, ...]
    shown: str
    made_us: int
    made_by: str
    revoked_us: int | None
    last_us: int | None
    person_id: int | None = None
    expires_us: int | None = None


_SELECT = (
    "SELECT k.id, k.source_id, COALESCE(s.name, ''), k.name, k.scope, k.browser, k.origins, k.shown, "
    "k.made_us, k.made_by, k.revoked_us, COALESCE(s.last_us, k.used_us), k.person_id, k.expires_us "
    "FROM write_key k LEFT JOIN live_source s ON s.id = k.source_id"
)


def digest_of(key: str) -> str:
    """What is kept of a key. It is long and random, so that a plain hash cannot be guessed back."""
    return hashlib.sha256(key.encode()).hexdigest()


def make(
    settings: Settings,
    source_id: int,
    name: str,
    *,
    scope: str,
    browser: bool,
    origins: Sequence[str],
    made_by: str,
    now_us: int,
    person_id: int | None = None,
    expires_us: int | None = None,
) -> tuple[WriteKey, str]:
    """Make a key; the key itself is told this once."""
    store.connect(settings)
    key = f"{_beginning(scope, browser)}_{secrets.token_urlsafe(24)}"
    sql.write(
        "INSERT INTO write_key (source_id, name, scope, browser, origins, shown, digest, made_us, made_by, "
        "person_id, expires_us) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            source_id,
            name,
            scope,
            browser,
            json.dumps(list(origins)),
            key[:_SHOWN],
            digest_of(key),
            now_us,
            made_by,
            person_id,
            expires_us,
        ),
    )
    (made,) = _found("WHERE k.digest = %s", digest_of(key))
    return made, key


def listed(settings: Settings) -> list[WriteKey]:
    """Every key, those in use first, then by name; of one name the newest first."""
    store.connect(settings)
    found = _found("ORDER BY k.name, k.id DESC")
    return sorted(found, key=lambda key: key.revoked_us is not None)


def by_id(settings: Settings, key_id: int) -> WriteKey | None:
    """The key with this id."""
    store.connect(settings)
    return next(iter(_found("WHERE k.id = %s", key_id)), None)


def of_api(settings: Settings, key: str, *, now_us: int) -> WriteKey | None:
    """The key of the API that ``key`` is, if it opens anything now; notes that it was used."""
    store.connect(settings)
    found = next(iter(_found("WHERE k.digest = %s AND k.revoked_us IS NULL", digest_of(key))), None)
    if found is None or found.scope not in API_SCOPES or expired(found, now_us):
        return None
    if found.last_us is None or found.last_us <= now_us - _USED_EVERY_US:
        sql.write("UPDATE write_key SET used_us = %s WHERE id = %s", (now_us, found.id))
    return found


def expired(key: WriteKey, now_us: int) -> bool:
    """Whether the key has come to its end by itself."""
    return key.expires_us is not None and key.expires_us <= now_us


def in_use(settings: Settings, named: str) -> list[WriteKey]:
    """The keys that still work and are called ``named``, or begin as ``named`` does, or are ``named``."""
    store.connect(settings)
    return _found(
        "WHERE k.revoked_us IS NULL AND (k.name = %s OR k.shown = %s OR k.digest = %s) ORDER BY k.id",
        named,
        named[:_SHOWN],
        digest_of(named),
    )


def revoke(settings: Settings, key_id: int, *, now_us: int) -> bool:
    """Take a key back: from the next commit on nothing is taken from it; whether it was in use."""
    store.connect(settings)
    changed = sql.write(
        "UPDATE write_key SET revoked_us = %s WHERE id = %s AND revoked_us IS NULL", (now_us, key_id)
    )
    return changed > 0


def _beginning(scope: str, browser: bool) -> str:
    """How a key begins, so that people and scanners of secrets see what it is."""
    if scope in API_SCOPES:
        return f"hfk_{scope[0]}"
    return "hfb" if browser else "hf"


def _found(rest: str, *values: object) -> list[WriteKey]:
    return [_key(row) for row in sql.read(f"{_SELECT} {rest}", values)]


def _key(row: sql.Row) -> WriteKey:
    key_id, source_id, source, name, scope, browser, origins, *rest = row
    given = json.loads(origins) if isinstance(origins, str) else origins
    return WriteKey(key_id, source_id, source, name, scope, bool(browser), tuple(given), *rest)
