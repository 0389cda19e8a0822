"""One process, one workspace at a time: Django configured once, its default connection re-pointed."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import RLock
from urllib.parse import unquote, urlsplit

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings, read_settings

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
    "PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; PRAGMA temp_store=FILE"
)
_lock = RLock()


@dataclass(frozen=True, slots=True)
class _Workspace:
    folder: Path
    database_url: str
    file: int
    """Which file the SQLite database is: another one may take its place (a move, a backup put back)."""


_connected: _Workspace | None = None


def open_workspace(settings: Settings) -> None:
    """See :func:`holdfast.store.connect`."""
    global _connected
    if _connected == _wanted(settings):
        _follow()
        return
    with _lock:
        _set_up_django()
        if _connected == _wanted(settings):
            _follow()
            return
        _check_not_moved(settings)
        _connected = None
        _point_at(settings)
        _migrate(settings)
        _connected = _wanted(settings)


def _wanted(settings: Settings) -> _Workspace:
    file = 0
    if not settings.database_url:
        with suppress(OSError):
            file = settings.database.stat().st_ino
    return _Workspace(settings.folder.absolute(), settings.database_url, file)


def _check_not_moved(settings: Settings) -> None:
    """Refuse to make a SQLite file anew in a workspace that has moved: whoever asks has old settings."""
    if settings.database_url or settings.database.exists() or not settings.toml.is_file():
        return
    if read_settings(settings.folder).database_url:
        raise Refusal(
            "moved",
            found=Text("The workspace in {folder} has moved to PostgreSQL.", folder=str(settings.folder)),
            expected=Text("The database that holdfast.toml names now."),
            remedy=Text("Try again: what runs notices it by itself."),
        )


def _follow() -> None:
    """A thread that was connected elsewhere is not any more: another one has moved the process."""
    from django.db import connections

    mine = connections["default"]
    if mine.settings_dict is not connections.settings["default"]:
        mine.close()
        del connections["default"]


@cache
def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.store.django_settings")
    import django

    django.setup()


def _point_at(settings: Settings) -> None:
    from django.conf import settings as django_settings
    from django.db import connections

    connections.close_all()
    with suppress(AttributeError):  # this thread may not have used it yet
        del connections["default"]
    connections.settings = connections.configure_settings({"default": _database(settings)})
    django_settings.SECRET_KEY = workspace_secret(settings.folder)


def _database(settings: Settings) -> dict[str, object]:
    """The database as Django wants it described."""
    if not settings.database_url:
        _touch(settings.database)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(settings.database),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"init_command": SQLITE_PRAGMAS, "transaction_mode": "IMMEDIATE", "timeout": 30},
        }
    url = urlsplit(settings.database_url)
    if url.scheme not in ("postgresql", "postgres"):
        raise Refusal(
            "bad_setting",
            found=Text("database_url begins with {scheme}.", scheme=f"{url.scheme}://"),
            expected=Text("Expected postgresql://user:password@host:port/name, or nothing for SQLite."),
            remedy=Text("Mend the file and try again; nothing was changed."),
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": None,
        "OPTIONS": dict(pair.split("=", 1) for pair in url.query.split("&") if "=" in pair),
    }


def _touch(database: Path) -> None:
    """Make the file before SQLite does, readable by its owner only, and able to give pages back.

    That is written into a new file once: said at each connection it would be a write each time.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(database, os.O_CREAT | os.O_RDWR, 0o600))
    if database.stat().st_size == 0:
        with closing(sqlite3.connect(database, timeout=30)) as new, suppress(sqlite3.OperationalError):
            new.executescript("PRAGMA auto_vacuum=INCREMENTAL; VACUUM")


def workspace_secret(folder: Path) -> str:
    """The workspace's own secret, with which sessions are signed and secrets sealed; made when missing."""
    path = folder / "secret"
    with suppress(FileNotFoundError):
        status = os.stat(path)  # noqa: PTH116  (asked for each address of each message)
        return _secret_in(path, status.st_mtime_ns, status.st_ino)
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".secret-{secrets.token_hex(4)}"
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(beside, path)
    except FileExistsError:  # another process made one at the same moment: theirs it is
        pass
    finally:
        beside.unlink()
    return workspace_secret(folder)


@lru_cache(maxsize=8)
def _secret_in(path: Path, written_ns: int, file: int) -> str:
    """Read once: each address of a message is hashed with it."""
    return path.read_text().strip()


def _migrate(settings: Settings) -> None:
    """Bring the schema to this release, unless it is there; refuse one that is ahead of us."""
    applied, known = _applied_migrations(), known_migrations()
    if ahead := applied - known:
        raise Refusal(
            "newer_workspace",
            found=Text("The database was written by a newer Holdfast (migration {name}).", name=max(ahead)),
            expected=Text("This release knows migrations up to {name}.", name=max(known)),
            remedy=Text("Install the newer release; nothing was changed."),
        )
    if applied != known:
        from django.core.management import call_command

        with _one_at_a_time(settings.folder):
            call_command("migrate", interactive=False, verbosity=0)


def _applied_migrations() -> set[str]:
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            if "django_migrations" not in connection.introspection.table_names(cursor):
                return set()
            cursor.execute("SELECT name FROM django_migrations WHERE app = 'store'")
            return {name for (name,) in cursor.fetchall()}
    except DatabaseError as error:
        connection.close()
        raise Refusal(
            "no_database",
            found=Text("The database cannot be opened: {error}.", error=str(error).strip()),
            expected=Text("A SQLite file of this workspace, or a PostgreSQL server that answers."),
            remedy=Text("Start the server, or mend database_url or the file; nothing was changed."),
        ) from error


def known_migrations() -> set[str]:
    """The migrations of this release."""
    from holdfast.store import migrations

    return {path.stem for path in Path(migrations.__path__[0]).glob("[0-9]*.py")}


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two processes that find an old schema migrate one after the other."""
    import fcntl

    with (folder / ".migrating").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
