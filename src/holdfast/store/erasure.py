"""Who was erased: keyed hashes of ids and addresses that may not come back, and how far each erasure is.

An id or address is kept as its HMAC under a key made from the workspace's own ``secret`` file: from
the database alone nobody can tell whose it was, and whoever names one can be told that it is erased.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import personal, sql

Key = tuple[str, str]
"""(namespace, key) of an id, or (kind, value) of a contact point: "email" or "phone" and its one spelling."""

CONTACTS = ("email", "phone")

_AT_ONCE = 2_000
_ERASING = 0x686F6C64_657261
"""The number of the lock on PostgreSQL ("holdera" in ASCII)."""


@dataclass(frozen=True, slots=True)
class ErasureRecord:
    """One erasure; moments in microseconds UTC. See :class:`holdfast.store.models.keep.Erasure`.

    ``keys`` counts ids and addresses that may not come back, ``refused`` what was dropped under them
    since, the last at ``last_us``.
    """

    id: int
    kind: str
    state: str
    asked_us: int
    asked_by: str
    subjects: tuple[int, ...]
    sealed: str
    grace_hours: int
    forgotten_us: int | None
    cut_us: int | None
    scanned_us: int | None
    done: Mapping[str, Any]
    certificate: Mapping[str, Any] | None
    lifted_us: int | None
    lifted_by: str
    keys: int = 0
    refused: int = 0
    last_us: int | None = None

    @property
    def open(self) -> bool:
        """Whether something is left to do."""
        return self.state in ("asked", "forgotten", "cut")

    @property
    def clean_from_us(self) -> int | None:
        """From when on files that left the event log may be deleted: readers may have them open before."""
        return None if self.cut_us is None else self.cut_us + self.grace_hours * 3_600_000_000


_COLUMNS = (
    "e.id, e.kind, e.state, e.asked_us, e.asked_by, e.subjects, e.sealed, e.grace_hours, e.forgotten_us, "
    "e.cut_us, e.scanned_us, e.done, e.certificate, e.lifted_us, e.lifted_by"
)
_LISTED = (
    f"SELECT {_COLUMNS}, COUNT(k.digest), COALESCE(SUM(k.refused), 0), MAX(k.last_us) FROM erasure e "
    "LEFT JOIN erased_key k ON k.erasure_id = e.id {where} GROUP BY e.id ORDER BY e.id DESC"
)


def digest(settings: Settings, key: Key) -> str:
    """What is kept of an id or address."""
    return hmac.digest(_secret(settings), "\x1f".join(key).encode(), "sha256").hex()


def erased_among(settings: Settings, keys: Iterable[Key]) -> set[Key]:
    """Which of these ids (namespace, key) and addresses ("email" or "phone", value) were erased.

    An id that is itself an e-mail address counts as erased where the address is. Costs one look where
    nobody was ever erased.
    """
    store.connect(settings)
    if not any_erased():
        return set()
    secret = _secret(settings)
    by_digest: dict[str, set[Key]] = {}
    for key in set(keys):
        for known_as in _known_as(key):
            made = hmac.digest(secret, "\x1f".join(known_as).encode(), "sha256").hex()
            by_digest.setdefault(made, set()).add(key)
    found: set[Key] = set()
    digests = list(by_digest)
    for first in range(0, len(digests), _AT_ONCE):
        some = digests[first : first + _AT_ONCE]
        marks = ", ".join(["%s"] * len(some))
        for (made,) in sql.read(
            f"SELECT digest FROM erased_key WHERE lifted_us IS NULL AND digest IN ({marks})", some
        ):
            found |= by_digest[made]
    return found


def any_erased() -> bool:
    """Whether anybody was ever erased."""
    return sql.one("SELECT 1 FROM erased_key LIMIT 1") is not None


def _known_as(key: Key) -> list[Key]:
    """What an id is looked up as: itself, and the address that it is."""
    namespace, written = key
    if namespace not in CONTACTS and "@" in written:
        return [key, ("email", written.strip().lower())]
    return [key]


def count_refused(settings: Settings, refused: Mapping[Key, int], now_us: int) -> None:
    """Count what was dropped because it came under an erased id or address; joins the transaction."""
    for key, number in refused.items():
        digests = [digest(settings, known_as) for known_as in _known_as(key)]
        marks = ", ".join(["%s"] * len(digests))
        sql.write(
            "UPDATE erased_key SET refused = refused + %s, last_us = %s WHERE digest = "
            f"(SELECT MIN(k.digest) FROM erased_key k WHERE k.lifted_us IS NULL AND k.digest IN ({marks}))",
            (number, now_us, *digests),
        )


def same_person(settings: Settings, key: Key, erased: Key, now_us: int) -> None:
    """Remember that a new id is that of somebody erased: it came with an address that was erased."""
    row = sql.one(
        "SELECT erasure_id FROM erased_key WHERE digest = %s AND lifted_us IS NULL",
        (digest(settings, erased),),
    )
    if row is not None:
        _remember(settings, [key], int(row[0]), now_us)


def sign(settings: Settings) -> int:
    """How many were erased: whoever read ids before a transaction asks :func:`still` in it."""
    store.connect(settings)
    row = sql.one("SELECT COUNT(*) FROM erasure WHERE forgotten_us IS NOT NULL")
    return 0 if row is None else int(row[0])


def still(settings: Settings, before: int) -> bool:
    """Whether nobody was erased since :func:`sign`; nobody is until the caller's transaction ends."""
    if not sql.is_sqlite():  # on SQLite the caller is the only writer
        sql.read("SELECT pg_advisory_xact_lock_shared(%s)", (_ERASING,))
    return sign(settings) == before


def begin(
    settings: Settings,
    kind: str,
    subjects: Sequence[int],
    *,
    sealed: str,
    by: str,
    now_us: int,
    grace_hours: int,
) -> int:
    """Note that somebody is to be erased; the number of the erasure."""
    store.connect(settings)
    row = sql.one(
        "INSERT INTO erasure "
        "(kind, state, asked_us, asked_by, subjects, sealed, grace_hours, done, lifted_by) "
        "VALUES (%s, 'asked', %s, %s, %s, %s, %s, '{}', '') RETURNING id",
        (kind, now_us, by, json.dumps(sorted(subjects)), sealed, grace_hours),
    )
    if row is None:
        raise RuntimeError("an INSERT ... RETURNING returned nothing")
    return int(row[0])


def forget(
    settings: Settings,
    record: ErasureRecord,
    keys: Collection[Key],
    lines: Mapping[str, Sequence[int]],
    now_us: int,
    *,
    accounts: Sequence[int] = (),
) -> dict[str, int]:
    """Delete everything about the erased from the database, in one transaction; rows by table.

    ``keys`` are what may not come back; ``lines`` ids of rows in tables that had to be read through;
    ``accounts`` are those whose contacts went, and which stay.
    """
    from holdfast.store import api_answers, audit, due, standings
    from holdfast.store.told_out import customers_erased

    store.connect(settings)
    gone: dict[str, int] = {}
    with sql.short_write():
        if not sql.is_sqlite():
            sql.read("SELECT pg_advisory_xact_lock(%s)", (_ERASING,))
        _remember(settings, keys, record.id, now_us)
        gone |= _delete(record.subjects)
        for table, ids in lines.items():
            gone[table] = delete_lines(table, ids)
        standings.file_again(settings, accounts)
        due.touch(settings, accounts, now_us)
        done = {**record.done, "rows": {table: count for table, count in gone.items() if count}}
        sql.write(
            "UPDATE erasure SET state = 'forgotten', forgotten_us = %s, done = %s WHERE id = %s",
            (now_us, json.dumps(done), record.id),
        )
        api_answers.empty()
        customers_erased(settings, record.subjects, now_us=now_us)
        audit.forget(settings, record.subjects, now_us=now_us)
    return gone


def come_back(settings: Settings, keys: Iterable[Key]) -> list[int]:
    """Subjects that have an erased id again: whoever gave it had asked just before it was erased."""
    store.connect(settings)
    erased = erased_among(settings, keys)
    rows = [
        row
        for namespace, key in sorted(erased)
        for row in sql.read("SELECT id FROM subject WHERE namespace = %s AND key = %s", (namespace, key))
    ]
    return sorted(id_ for (id_,) in rows)


def sweep(settings: Settings, subjects: Sequence[int]) -> dict[str, int]:
    """Delete again what is about the erased: somebody may have been writing while they were erased."""
    store.connect(settings)
    with sql.short_write():
        return {table: count for table, count in _delete(subjects).items() if count}


def _delete(subjects: Sequence[int]) -> dict[str, int]:
    _take_from_counts(subjects)
    return {
        table: personal.delete(table, holding, subjects) for table, holding in personal.holdings().items()
    }


def _take_from_counts(subjects: Sequence[int]) -> None:
    """The list counts one less of each sort of customer that goes."""
    facets = ("state", "country", "source", "kind")
    rows = sql.read(
        f"SELECT {', '.join(facets)}, COUNT(*) FROM standing WHERE unit_id IN {personal.among(subjects)} "
        f"GROUP BY {', '.join(facets)}"
    )
    for *facet, number in rows:
        sql.write(
            "UPDATE standing_count SET units = units - %s "
            "WHERE state = %s AND country = %s AND source = %s AND kind = %s",
            (number, *facet),
        )
    if rows:
        sql.write("DELETE FROM standing_count WHERE units <= 0")


def delete_lines(table: str, ids: Sequence[int]) -> int:
    """Delete rows by their ids; how many."""
    gone = 0
    for first in range(0, len(ids), _AT_ONCE):
        listed = personal.among(ids[first : first + _AT_ONCE])
        gone += sql.write(f"DELETE FROM {personal.quoted(table)} WHERE id IN {listed}")
    return gone


def _remember(settings: Settings, keys: Collection[Key], erasure_id: int, now_us: int) -> None:
    for key in keys:
        sql.write(
            "INSERT INTO erased_key (digest, erasure_id, made_us, refused) VALUES (%s, %s, %s, 0) "
            "ON CONFLICT (digest) DO UPDATE SET erasure_id = excluded.erasure_id, "
            "made_us = excluded.made_us, lifted_us = NULL",
            (digest(settings, key), erasure_id, now_us),
        )


def digests(settings: Settings) -> dict[int, list[str]]:
    """The hashes of what may not come back, by erasure."""
    store.connect(settings)
    found: dict[int, list[str]] = {}
    for erasure_id, made in sql.read("SELECT erasure_id, digest FROM erased_key ORDER BY digest"):
        found.setdefault(erasure_id, []).append(made)
    return found


def remember_digests(settings: Settings, erasure_id: int, made: Iterable[str], now_us: int) -> None:
    """Let hashes of another copy of this workspace count here too."""
    store.connect(settings)
    with sql.short_write():
        for each in made:
            sql.write(
                "INSERT INTO erased_key (digest, erasure_id, made_us, refused) VALUES (%s, %s, %s, 0) "
                "ON CONFLICT (digest) DO NOTHING",
                (each, erasure_id, now_us),
            )


def note(settings: Settings, erasure_id: int, **changes: object) -> None:
    """Write down how far an erasure is: columns of its row."""
    store.connect(settings)
    values = [
        json.dumps(value) if isinstance(value, dict | list | tuple) else value for value in changes.values()
    ]
    listed = ", ".join(f"{name} = %s" for name in changes)
    sql.write(f"UPDATE erasure SET {listed} WHERE id = %s", (*values, erasure_id))


def get(settings: Settings, erasure_id: int) -> ErasureRecord | None:
    """One erasure by its number."""
    store.connect(settings)
    rows = sql.read(_LISTED.format(where="WHERE e.id = %s"), (erasure_id,))
    return _record(rows[0]) if rows else None


def listed(settings: Settings) -> list[ErasureRecord]:
    """Every erasure, the newest first."""
    store.connect(settings)
    return [_record(row) for row in sql.read(_LISTED.format(where=""))]


def erasure_of(settings: Settings, key: Key) -> int | None:
    """The number of the erasure under which an id or address was erased, lifted or not."""
    store.connect(settings)
    digests = [digest(settings, known_as) for known_as in _known_as(key)]
    marks = ", ".join(["%s"] * len(digests))
    row = sql.one(f"SELECT MAX(erasure_id) FROM erased_key WHERE digest IN ({marks})", digests)
    return None if row is None or row[0] is None else int(row[0])


def lift(settings: Settings, erasure_id: int, *, by: str, now_us: int) -> None:
    """Let in again what arrives under the ids and addresses of an erasure. Nothing comes back by it."""
    store.connect(settings)
    with sql.short_write():
        sql.write(
            "UPDATE erased_key SET lifted_us = %s WHERE erasure_id = %s AND lifted_us IS NULL",
            (now_us, erasure_id),
        )
        sql.write(
            "UPDATE erasure SET lifted_us = %s, lifted_by = %s WHERE id = %s AND lifted_us IS NULL",
            (now_us, by, erasure_id),
        )


def _secret(settings: Settings) -> bytes:
    from holdfast.store.connection import workspace_secret

    return hmac.digest(workspace_secret(settings.folder).encode(), b"holdfast erased keys", "sha256")


def _record(row: sql.Row) -> ErasureRecord:
    values = list(row)
    values[5] = tuple(sql.json_value(values[5]))
    values[11] = sql.json_value(values[11])
    values[12] = sql.json_value(values[12])
    values[16] = int(values[16])
    return ErasureRecord(*values)
