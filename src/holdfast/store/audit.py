"""The audit trail: who saw and who changed what, written in the transaction that changes it.

A note joins the caller's transaction: what is rolled back was not done, and is not noted. Notes form one
chain (:mod:`holdfast.domain.audit`) whose end is a row that is held until the transaction ends, so write
notes last in it: on PostgreSQL the next writer waits for that row. Where the chain ends is kept once more in
the workspace's folder (:mod:`holdfast.store.audit_anchor`): rows cut off at the end are missed there.
"""

from __future__ import annotations

import getpass
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence

from holdfast import store
from holdfast.domain import audit as chain
from holdfast.domain.audit import BY_COMMAND, Deed, Value
from holdfast.settings import Settings
from holdfast.store import sql

FORGOTTEN = "audit.forgotten"
"""Noted when the details of notes about somebody were emptied: only then may they be."""

_COLUMNS = "id, at_us, who, via, did, sort, about, details, salt, digest, hash"
_AT_ONCE = 50


def by_command() -> str:
    """The way of a command, with the account of this machine that gave it."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        account = "somebody"
    return f"{BY_COMMAND}{account}"


def note(
    settings: Settings,
    *,
    who: int | None,
    did: str,
    about: str,
    details: Mapping[str, Value] | None = None,
    now_us: int,
    via: str = "",
) -> None:
    """Note that ``who`` (a person's number, ``None`` for a program) ``did`` something to ``about``.

    ``did`` reads "customer.seen", "segment.changed"; ``about`` "customer:12", "segment:vip"; ``details`` hold
    what changed in few words, never addresses (what looks like one is left out); ``via`` the way
    (:func:`by_command`, "api key 7"), "" for a page. Joins the caller's transaction, in order; call
    it last there.
    """
    note_all(settings, [Deed(who, did, about, now_us, details or {}, via)])


def note_all(settings: Settings, deeds: Iterable[Deed]) -> None:
    """Note several deeds, in their order, in one go."""
    store.connect(settings)
    wanted = list(deeds)
    if not wanted:
        return
    key = chain_key(settings)
    with sql.short_write():
        position, before = hold_head()
        rows: list[tuple[object, ...]] = []
        for deed in wanted:
            position += 1
            row = _row(key, before, position, deed)
            before = str(row[-1])
            rows.append(row)
        _insert(rows)
        sql.write("UPDATE audit_head SET position = %s, hash = %s WHERE id = 1", (position, before))
        _anchor_when_done(settings, key, position, before)


def _row(key: bytes, before: str, position: int, deed: Deed) -> tuple[object, ...]:
    salt, details = secrets.token_hex(16), chain.written(deed.details)
    digest = chain.digest(key, salt, details)
    about, via = deed.about[:240], deed.via[:80]
    said = (deed.at_us, deed.who, via, deed.did, chain.sort_of(deed.did), about)
    return (position, *said, details, salt, digest, chain.link(key, before, position, said, digest))


def _insert(rows: Sequence[tuple[object, ...]]) -> None:
    marks = f"({', '.join(['%s'] * 11)})"
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        sql.write(
            f"INSERT INTO audit_note ({_COLUMNS}) VALUES {', '.join([marks] * len(some))}",
            [value for row in some for value in row],
        )


def hold_head() -> tuple[int, str]:
    """(position, hash) of the last note, held until the transaction ends; (0, "") before the first."""
    held = "SELECT position, hash FROM audit_head WHERE id = 1"
    if not sql.is_sqlite():  # on SQLite whoever writes is alone
        held += " FOR UPDATE"
    row = sql.one(held)
    if row is None:
        sql.write(
            "INSERT INTO audit_head (id, position, hash) VALUES (1, 0, %s) ON CONFLICT (id) DO NOTHING",
            (chain.START,),
        )
        row = sql.one(held)
    if row is None:
        raise RuntimeError("a row that was just written is not there")
    return int(row[0]), str(row[1])


def _anchor_when_done(settings: Settings, key: bytes, position: int, last: str) -> None:
    from django.db import transaction

    from holdfast.store import audit_anchor

    transaction.on_commit(lambda: audit_anchor.advance(settings.folder, key, position, last))


def forget(settings: Settings, subjects: Sequence[int], *, now_us: int) -> int:
    """Empty the details of every note about these customers, and note it; how many; joins the transaction.

    What stays says that somebody saw or changed a number which means nobody any more. The chain holds.
    """
    store.connect(settings)
    abouts = [chain.about_customer(int(subject)) for subject in subjects]
    emptied: list[tuple[str, int]] = []
    for about in abouts:
        count = sql.write(
            "UPDATE audit_note SET details = '', salt = '' WHERE about = %s AND salt <> '' AND did <> %s",
            (about, FORGOTTEN),
        )
        if count:
            emptied.append((about, count))
    note_all(settings, [Deed(None, FORGOTTEN, about, now_us, {"notes": n}) for about, n in emptied])
    return sum(count for _, count in emptied)


def chain_key(settings: Settings) -> bytes:
    """The key of the chain, from the workspace's secret."""
    from holdfast.store.connection import workspace_secret

    return hmac.digest(workspace_secret(settings.folder).encode(), b"holdfast audit trail", "sha256")
