"""The door for calls that arrive over HTTP: a raw connection of its own, beside Django's.

What is given to :meth:`Door.keep` is on disk when that returns. One thread uses a door at a time.
"""

from __future__ import annotations

import json
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from holdfast.domain.moments import actual_us
from holdfast.settings import Settings, read_settings
from holdfast.store.arriving import PUT
from holdfast.store.connection import SQLITE_PRAGMAS

if TYPE_CHECKING:
    import psycopg

SECONDS_FOR_A_LOCK = 5.0
"""So long a group of calls waits for another writer; then it is refused and its senders try again."""

_PAUSE = 0.002


class Call(NamedTuple):
    """One call as it arrived: whose key sent it, where to, when, how many events, and the body."""

    key_id: int
    source_id: int
    endpoint: str
    browser: bool
    received_us: int
    events: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Pass:
    """What the door knows of a key: ``origins`` are the sites that may use it, none means any."""

    key_id: int
    source_id: int
    scope: str
    browser: bool
    origins: tuple[str, ...]


class NotNow(Exception):  # noqa: N818  (an answer: the sender tries again)
    """Nothing was kept: the database could not take it. ``reason`` is "busy", "disk_full" or "broken"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_OPENS = "k.revoked_us IS NULL AND (k.expires_us IS NULL OR k.expires_us > {now_us})"
_ACTIVE = (
    "SELECT k.id FROM write_key k JOIN live_source s ON s.id = k.source_id "
    f"WHERE {_OPENS} AND s.enabled AND k.id IN ({{ids}})"
)
_PASSES = (
    "SELECT k.digest, k.id, k.source_id, k.scope, k.browser, k.origins FROM write_key k "
    "LEFT JOIN live_source s ON s.id = k.source_id "
    f"WHERE {_OPENS} AND (s.enabled OR k.source_id = 0)"
)


class Door(ABC):
    """A connection that keeps calls; opened when first used, and again after it broke."""

    @abstractmethod
    def keep(self, calls: Sequence[Call]) -> list[bool]:
        """Put ``calls`` on disk in one transaction; of which of them the key is still in use.

        The others are not kept. Raises :class:`NotNow` when none is.
        """

    @abstractmethod
    def read(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query without values. Raises :class:`NotNow`."""

    @abstractmethod
    def close(self) -> None:
        """End the connection."""

    def passes(self) -> dict[str, Pass]:
        """Every key that is in use, by its digest."""
        return {
            digest: Pass(key_id, source_id, scope, bool(browser), _origins(origins))
            for digest, key_id, source_id, scope, browser, origins in self.read(
                _PASSES.format(now_us=actual_us())
            )
        }

    def waiting(self) -> int:
        """About how many calls wait to be taken in; looks only at the ends of the queue."""
        ((first, last),) = self.read("SELECT MIN(id), MAX(id) FROM arrived")
        return 0 if first is None else int(last - first + 1)


def open_door(settings: Settings) -> Door:
    """The door of a workspace, whose schema :func:`holdfast.store.connect` has brought up to date.

    It follows the workspace when that moves to another database.
    """
    return _FollowingDoor(settings)


class _FollowingDoor(Door):
    """The door to the database that ``holdfast.toml`` names now."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._written = settings, _written_ns(settings)
        self._door = _door_to(settings)

    def keep(self, calls: Sequence[Call]) -> list[bool]:
        return self._now().keep(calls)

    def read(self, query: str) -> list[tuple[Any, ...]]:
        return self._now().read(query)

    def close(self) -> None:
        self._door.close()

    def _now(self) -> Door:
        written = _written_ns(self._settings)
        if written != self._written:
            there = read_settings(self._settings.folder)
            self._written = written
            if there.database_url != self._settings.database_url:
                self._door.close()
                self._settings, self._door = there, _door_to(there)
        return self._door


def _door_to(settings: Settings) -> Door:
    return _PostgreSQLDoor(settings.database_url) if settings.database_url else _SQLiteDoor(settings)


def _written_ns(settings: Settings) -> int:
    try:
        return settings.toml.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


class _SQLiteDoor(Door):
    def __init__(self, settings: Settings) -> None:
        # Never made by us: what is not there has moved.
        self._path = f"{settings.database.absolute().as_uri()}?mode=rw"
        self._opened: sqlite3.Connection | None = None

    def keep(self, calls: Sequence[Call]) -> list[bool]:
        try:
            raw = self._raw()
            _begin(raw)
            try:
                active = {row[0] for row in raw.execute(_asked(calls))}
                kept = [call[1:] for call in calls if call.key_id in active]
                if kept:
                    raw.execute(_put_all(len(kept)), list(chain.from_iterable(kept)))
                raw.execute("COMMIT")
            except BaseException:
                if raw.in_transaction:
                    raw.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise self._refused(error) from error
        return [call.key_id in active for call in calls]

    def read(self, query: str) -> list[tuple[Any, ...]]:
        try:
            return self._raw().execute(query).fetchall()
        except sqlite3.Error as error:
            raise self._refused(error) from error

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _raw(self) -> sqlite3.Connection:
        if self._opened is None:
            opened = sqlite3.connect(
                self._path, uri=True, timeout=0, isolation_level=None, check_same_thread=False
            )
            opened.executescript(SQLITE_PRAGMAS)
            self._opened = opened
        return self._opened

    def _refused(self, error: sqlite3.Error) -> NotNow:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return NotNow("busy")
        self.close()
        return NotNow("disk_full" if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) else "broken")


_HEAD, _, _PLACES_OF_ONE = PUT.replace("%s", "?").partition(" VALUES ")


@cache
def _put_all(count: int) -> str:
    """One statement for all: with each call of SQLite another thread may have to give way to ours."""
    return f"{_HEAD} VALUES {', '.join([_PLACES_OF_ONE] * count)}"


def _begin(raw: sqlite3.Connection) -> None:
    """Take the write lock. We ask often: SQLite's own waiting sleeps up to a tenth of a second at a time."""
    until = time.monotonic() + SECONDS_FOR_A_LOCK
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(_PAUSE)


class _PostgreSQLDoor(Door):
    def __init__(self, url: str) -> None:
        self._url = url
        self._opened: psycopg.Connection[Any] | None = None

    def keep(self, calls: Sequence[Call]) -> list[bool]:
        import psycopg

        try:
            raw = self._raw()
            with raw.transaction(), raw.cursor() as cursor:
                active = {row[0] for row in cursor.execute(_asked(calls).encode()).fetchall()}
                kept = [call[1:] for call in calls if call.key_id in active]
                if kept:
                    cursor.executemany(PUT, kept)
        except psycopg.Error as error:
            raise self._refused(error) from error
        return [call.key_id in active for call in calls]

    def read(self, query: str) -> list[tuple[Any, ...]]:
        import psycopg

        try:
            return self._raw().execute(query.encode()).fetchall()
        except psycopg.Error as error:
            raise self._refused(error) from error

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _raw(self) -> psycopg.Connection[Any]:
        """Acknowledged means on disk, whatever the server's own habit is."""
        import psycopg

        if self._opened is None:
            wait = int(SECONDS_FOR_A_LOCK)
            opened = psycopg.connect(self._url, autocommit=True, connect_timeout=wait)
            opened.execute(f"SET statement_timeout = '{wait}s'".encode())
            opened.execute("SET synchronous_commit = on")
            self._opened = opened
        return self._opened

    def _refused(self, error: psycopg.Error) -> NotNow:
        self.close()
        if error.sqlstate in ("53100", "58030"):  # the disk is full; reading or writing a file failed
            return NotNow("disk_full")
        return NotNow("busy" if error.sqlstate in ("55P03", "57014") else "broken")


def _asked(calls: Sequence[Call]) -> str:
    ids = ", ".join(str(int(key)) for key in {call.key_id for call in calls})
    return _ACTIVE.format(ids=ids, now_us=actual_us())


def _origins(written: Any) -> tuple[str, ...]:
    return tuple(json.loads(written) if isinstance(written, str) else written)
