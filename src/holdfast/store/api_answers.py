"""What writes with an ``Idempotency-Key`` were answered, so that a repeat is answered the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

KEPT_US = 24 * 3_600_000_000
"""An answer is kept for so long; then the same key is a new one."""

_ANSWERING_US = 120_000_000
"""So long the first one may take; when it has died, a repeat is carried out after that."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a key: ``status`` is ``None`` while its write is being answered."""

    id: int
    digest: str
    status: int | None
    headers: Mapping[str, str]
    body: str


def begin(
    settings: Settings, key_id: int, name: str, digest: str, *, unit_id: int | None, now_us: int
) -> tuple[int, Kept | None]:
    """The number under which to :func:`finish`, and nothing; or 0 and what an earlier one has left."""
    store.connect(settings)
    with sql.short_write():
        sql.write(
            "DELETE FROM api_answer WHERE key_id = %s AND name = %s AND until_us <= %s",
            (key_id, name, now_us),
        )
        made = sql.one(
            "INSERT INTO api_answer (key_id, name, digest, headers, body, unit_id, until_us) "
            "VALUES (%s, %s, %s, '{}', '', %s, %s) ON CONFLICT (key_id, name) DO NOTHING RETURNING id",
            (key_id, name, digest, unit_id, now_us + _ANSWERING_US),
        )
        if made is not None:
            return int(made[0]), None
        row = sql.one(
            "SELECT id, digest, status, headers, body FROM api_answer WHERE key_id = %s AND name = %s",
            (key_id, name),
        )
    if row is None:  # the one before was forgotten at this moment
        return begin(settings, key_id, name, digest, unit_id=unit_id, now_us=now_us)
    id_, kept_digest, status, headers, body = row
    read = json.loads(headers) if isinstance(headers, str) else headers
    return 0, Kept(id_, kept_digest, status, read, body)


def finish(
    settings: Settings, answer_id: int, status: int, headers: Mapping[str, str], body: str, *, now_us: int
) -> None:
    """Keep the answer for a day."""
    store.connect(settings)
    sql.write(
        "UPDATE api_answer SET status = %s, headers = %s, body = %s, until_us = %s WHERE id = %s",
        (status, json.dumps(dict(headers)), body, now_us + KEPT_US, answer_id),
    )


def empty() -> None:
    """Leave of every answer only that it was given: whom it speaks of besides its customer nobody can tell.

    Joins the transaction of an erasure.
    """
    sql.write("UPDATE api_answer SET body = '' WHERE body <> ''")


def drop(settings: Settings, answer_id: int) -> None:
    """Forget a write that was not carried out: a repeat begins anew."""
    store.connect(settings)
    sql.write("DELETE FROM api_answer WHERE id = %s", (answer_id,))


def forget_before(settings: Settings, now_us: int) -> int:
    """Forget the answers whose time is over; how many."""
    store.connect(settings)
    return sql.write("DELETE FROM api_answer WHERE until_us <= %s", (now_us,))
