"""Addresses to which nothing may go: kept as keyed hashes, so that the list outlives an erasure."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from holdfast import store
from holdfast.domain.phones import e164
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import linked, sql

Reason = Literal["hard_bounce", "soft_bounces", "complaint", "by_hand", "import", "unreachable", "opted_out"]
REASONS: tuple[Reason, ...] = get_args(Reason)

REASON_WORDS: Mapping[Reason, Text] = {
    "hard_bounce": Text("Mail came back for good"),
    "soft_bounces": Text("Mail came back again and again"),
    "complaint": Text("Reported our mail as spam"),
    "by_hand": Text("Put on the list by one of us"),
    "import": Text("From an imported list"),
    "unreachable": Text("No messages arrive at the number"),
    "opted_out": Text("Told the provider to send no more"),
}

_ADDRESS = re.compile(r"[^\s@<>()\"',;:]+@[^\s@<>()\"',;:]+")

BY_NUMBER = ("sms", "whatsapp")
"""The channels whose addresses are telephone numbers."""

WHATEVER_IT_IS: frozenset[Reason] = frozenset({"hard_bounce", "soft_bounces", "by_hand", "unreachable"})
"""Why nothing at all goes to an address: it does not work, or one of us said so. Who reported a mail as
spam, or stands on an imported list, still hears about their own order."""

_LOOKED_FOR = ("email", "telegram", *BY_NUMBER)

SOFT_BOUNCES = 5
"""So many mails that came back in a row make an address suppressed."""

SOFT_WITHIN_US = 60 * 86_400 * 1_000_000
"""Mails that came back longer ago than this begin no row."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list; it holds while ``lifted_us`` is ``None``."""

    id: int
    channel: str
    shown: str
    reason: str
    note: str
    source: str
    at_us: int
    made_by: str
    lifted_us: int | None
    lifted_by: str
    lifted_note: str


@dataclass(frozen=True, slots=True)
class New:
    """An address to be put on the list, and why."""

    channel: str
    address: str
    reason: str
    note: str = ""
    source: str = ""
    made_by: str = ""


def one_spelling(channel: str, address: str) -> str:
    """An address as it is compared: a mail address in small letters, a number in E.164, others as is."""
    written = address.strip()
    if channel in BY_NUMBER:
        return e164(written) or written
    return written.lower() if channel == "email" else written


def address_key(settings: Settings, channel: str, address: str) -> bytes:
    """The keyed hash of an address, 16 bytes: nobody finds the address from it without our secret."""
    said = f"{channel}\0{one_spelling(channel, address)}".encode("utf-8", "replace")
    return hmac.new(_hash_key(_secret(settings)), said, hashlib.sha256).digest()[:16]


def links_secret(settings: Settings) -> bytes:
    """With what links in messages are signed."""
    return hashlib.sha256(b"holdfast links\0" + _secret(settings).encode()).digest()


def masked(address: str) -> str:
    """An address of which only enough is left to recognise one's own: "n•••h@example.com", "…4521"."""
    name, at, domain = address.strip().rpartition("@")
    if at:
        return f"{name[:1]}•••{name[-1:] if len(name) > 2 else ''}@{domain}"
    return f"…{address.strip()[-4:]}" if len(address.strip()) > 6 else "•••"


def _note(written: str) -> str:
    """What is kept of a note: servers repeat the address when they refuse it, and people write it."""
    return _ADDRESS.sub(lambda found: masked(found[0]), written)


def suppress(settings: Settings, new: Iterable[New], *, now_us: int) -> int:
    """Put addresses on the list; how many were not there. Joins the caller's transaction, if any.

    Where only offers and news were held (:data:`WHATEVER_IT_IS`) a reason for holding everything takes
    the place of the one before, which its source goes on naming; that counts as not there.
    """
    store.connect(settings)
    wide = ", ".join(f"'{each}'" for each in sorted(WHATEVER_IT_IS))
    return sum(
        sql.write(
            "INSERT INTO suppressed (channel, address_key, shown, reason, note, source, at_us, made_by, "
            "lifted_us, lifted_by, lifted_note) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, NULL, '', '') "
            "ON CONFLICT (channel, address_key) WHERE lifted_us IS NULL DO UPDATE SET "
            "reason = excluded.reason, note = excluded.note, at_us = excluded.at_us, "
            "made_by = excluded.made_by, source = CASE WHEN excluded.source = '' THEN '' "
            "ELSE excluded.source || ' · ' END || suppressed.reason || ' ' || suppressed.source "
            f"WHERE excluded.reason IN ({wide}) AND suppressed.reason NOT IN ({wide})",
            (
                each.channel,
                address_key(settings, each.channel, each.address),
                masked(one_spelling(each.channel, each.address)),
                each.reason,
                _note(each.note),
                each.source,
                now_us,
                each.made_by,
            ),
        )
        for each in new
    )


def lift(settings: Settings, entry_id: int, *, by: str, note: str, now_us: int) -> bool:
    """Take an address off the list, with the reason; whether it was on it. Its row stays, as history."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one("SELECT address_key FROM suppressed WHERE id = %s AND lifted_us IS NULL", (entry_id,))
        if row is None:
            return False
        sql.write("DELETE FROM soft_bounce WHERE address_key = %s", (bytes(row[0]),))
        return bool(
            sql.write(
                "UPDATE suppressed SET lifted_us = %s, lifted_by = %s, lifted_note = %s "
                "WHERE id = %s AND lifted_us IS NULL",
                (now_us, by, _note(note), entry_id),
            )
        )


def is_suppressed(settings: Settings, channel: str, address: str) -> str:
    """Why nothing may go to an address: one of :data:`REASONS`; "" where it is not on the list."""
    return reasons(settings, [(channel, address)]).get((channel, address), "")


def reasons(settings: Settings, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(channel, address) to the reason of those that are on the list; one statement for five hundred."""
    store.connect(settings)
    found: dict[tuple[str, str], str] = {}
    for first in range(0, len(wanted), 400):
        some = wanted[first : first + 400]
        key_of = {each: address_key(settings, *each) for each in some}
        keys = set(key_of.values())
        marks = ", ".join(["%s"] * len(keys))
        rows = sql.read(
            # Asked for what holds only, SQLite would go through all that hold.
            f"SELECT channel, address_key, reason, lifted_us FROM suppressed WHERE address_key IN ({marks})",
            list(keys),
        )
        held = {(channel, bytes(key)): str(reason) for channel, key, reason, lifted in rows if lifted is None}
        found |= {each: held[each[0], key] for each, key in key_of.items() if (each[0], key) in held}
    return found


def keys_of(settings: Settings, subjects: Collection[int]) -> frozenset[bytes]:
    """The hashes of all addresses at which these are reached: for who sees their own customers only."""
    store.connect(settings)
    return frozenset(
        address_key(settings, channel, value)
        for some in linked.stretches(sorted(subjects))
        for kind, value in sql.read(
            "SELECT kind, value FROM contact_point WHERE kind IN ('email', 'phone') "
            f"AND subject_id IN {linked.among(some)}"
        )
        for channel in (BY_NUMBER if kind == "phone" else ("email",))
    )


def listed(
    settings: Settings,
    *,
    limit: int,
    before: int | None = None,
    address: str = "",
    lifted: bool = False,
    keys: Collection[bytes] | None = None,
) -> list[Entry]:
    """The list, the newest first; of one ``address`` also what was lifted. ``before`` is a number of it.

    With ``keys`` only of the addresses that have these hashes.
    """
    store.connect(settings)
    conditions, values = ["lifted_us IS NOT NULL" if lifted else "lifted_us IS NULL"], list[object]()
    if address:
        conditions = [f"address_key IN ({', '.join(['%s'] * len(_LOOKED_FOR))})"]
        values += [address_key(settings, channel, address) for channel in _LOOKED_FOR]
    if before is not None:
        conditions.append("id < %s")
        values.append(before)
    rows = [
        Entry(*row)
        for held, those in _among(keys)
        for row in sql.read(
            f"{_ENTRY} WHERE {' AND '.join([*conditions, *held])} ORDER BY id DESC LIMIT {int(limit)}",
            [*values, *those],
        )
    ]
    return sorted(rows, key=lambda each: -each.id)[:limit]


def entry(settings: Settings, entry_id: int) -> Entry | None:
    """One line of the list."""
    store.connect(settings)
    row = sql.one(f"{_ENTRY} WHERE id = %s", (entry_id,))
    return None if row is None else Entry(*row)


_ENTRY = (
    "SELECT id, channel, shown, reason, note, source, at_us, made_by, lifted_us, lifted_by, lifted_note "
    "FROM suppressed"
)


def _among(keys: Collection[bytes] | None) -> Iterator[tuple[list[str], Sequence[bytes]]]:
    """(further conditions, their values) for all of the list, or for some of ``keys`` after the others."""
    if keys is None:
        yield [], ()
        return
    for some in linked.stretches(sorted(keys)):
        yield [f"address_key IN ({', '.join(['%s'] * len(some))})"], some


def counts(settings: Settings, keys: Collection[bytes] | None = None) -> dict[str, int]:
    """How many addresses are on the list, by reason; with ``keys`` of those that have these hashes."""
    store.connect(settings)
    found: dict[str, int] = {}
    for held, those in _among(keys):
        conditions = ["lifted_us IS NULL", *held]
        for reason, count in sql.read(
            f"SELECT reason, COUNT(*) FROM suppressed WHERE {' AND '.join(conditions)} GROUP BY reason", those
        ):
            found[str(reason)] = found.get(str(reason), 0) + int(count)
    return found


def came_back(settings: Settings, address: str, *, hard: bool, status: str, source: str, now_us: int) -> bool:
    """A mail of ours to ``address`` came back; whether nothing may go there from now on.

    For good (``hard``) it is suppressed at once, otherwise after :data:`SOFT_BOUNCES` in a row. Joins the
    caller's transaction, where there is one.
    """
    if hard:
        suppress(settings, [New("email", address, "hard_bounce", status, source)], now_us=now_us)
        return True
    count = _count_soft(address_key(settings, "email", address), status, now_us)
    if count < SOFT_BOUNCES:
        return False
    suppress(settings, [New("email", address, "soft_bounces", status, source)], now_us=now_us)
    return True


def arrived(settings: Settings, address: str) -> None:
    """A mail to ``address`` arrived or was answered: what came back before counts no more."""
    store.connect(settings)
    sql.write("DELETE FROM soft_bounce WHERE address_key = %s", (address_key(settings, "email", address),))


def soft_bounces(settings: Settings, address: str) -> tuple[int, int] | None:
    """(how many in a row, the last) of mails to an address that came back for now; ``None`` for none."""
    store.connect(settings)
    row = sql.one(
        "SELECT count, last_us FROM soft_bounce WHERE address_key = %s",
        (address_key(settings, "email", address),),
    )
    return None if row is None else (int(row[0]), int(row[1]))


def _count_soft(key: bytes, status: str, now_us: int) -> int:
    sql.write(
        "INSERT INTO soft_bounce (address_key, count, first_us, last_us, status) VALUES (%s, 1, %s, %s, %s) "
        "ON CONFLICT (address_key) DO UPDATE SET "
        "count = CASE WHEN soft_bounce.last_us < %s THEN 1 ELSE soft_bounce.count + 1 END, "
        "first_us = CASE WHEN soft_bounce.last_us < %s THEN excluded.first_us ELSE soft_bounce.first_us END, "
        "last_us = excluded.last_us, status = excluded.status",
        (key, now_us, now_us, _note(status)[:20], now_us - SOFT_WITHIN_US, now_us - SOFT_WITHIN_US),
    )
    row = sql.one("SELECT count FROM soft_bounce WHERE address_key = %s", (key,))
    return 0 if row is None else int(row[0])


def _secret(settings: Settings) -> str:
    """The workspace's secret, read anew only where its file is another: it is asked for each address."""
    from holdfast.store.connection import workspace_secret

    folder = os.fspath(settings.folder)
    try:
        found = os.stat(f"{folder}/secret")  # noqa: PTH116  (a Path costs more than all else here)
    except FileNotFoundError:
        return workspace_secret(settings.folder)
    return _read_secret(folder, found.st_ino, found.st_mtime_ns)


@lru_cache(maxsize=8)
def _read_secret(folder: str, file: int, changed_ns: int) -> str:
    from holdfast.store.connection import workspace_secret

    return workspace_secret(Path(folder))


@lru_cache(maxsize=8)
def _hash_key(secret: str) -> bytes:
    """Another key than any other use of the secret has."""
    return hashlib.sha256(b"holdfast addresses\0" + secret.encode()).digest()
