"""A PostgreSQL server of our own for the tests that run on both databases."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from machine import Missing, folder_in_memory


@dataclass(frozen=True)
class Server:
    """A running server; it listens on a socket in ``folder`` only."""

    folder: Path

    def url(self, database: str) -> str:
        """``database_url`` of one of its databases."""
        return f"postgresql:///{database}?host={self.folder}&user=holdfast"

    def create(self, database: str, *, template: str = "template1") -> str:
        """Make a database as a copy of ``template``; its ``database_url``."""
        import psycopg

        with psycopg.connect(f"host={self.folder} user=holdfast dbname=postgres", autocommit=True) as control:
            control.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Delete one of its databases, whoever is connected to it: each is a thousand files."""
        import psycopg

        with psycopg.connect(f"host={self.folder} user=holdfast dbname=postgres", autocommit=True) as control:
            control.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def find_binaries() -> Path:
    """The folder of ``initdb`` and ``postgres``."""
    places = [Path(shutil.which("initdb") or "/nowhere").resolve().parent]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise Missing("no PostgreSQL server: install the package postgresql")


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """A server in a temporary folder; syncs to disk, which is safe and slow, only where ``durable``."""
    binaries = find_binaries()
    # Not below pytest's folder: the server's own user, where we are root, could not enter it.
    folder = Path(
        tempfile.mkdtemp(prefix="holdfast-postgresql-", dir=None if durable else folder_in_memory(2 << 30))
    )
    owner: dict[str, str] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        owner = {"user": "postgres"}
        shutil.chown(folder, "postgres")
    cluster = folder / "cluster"
    made = subprocess.run(
        [binaries / "initdb", "-D", cluster, "-U", "holdfast", "-A", "trust", "-E", "UTF8", "--locale=C"],
        capture_output=True,
        text=True,
        cwd=folder,
        **owner,  # type: ignore[call-overload]
    )
    if made.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise Missing(f"PostgreSQL's initdb fails here: {made.stderr.strip()[-200:]}")
    options = [
        "-c",
        f"fsync={'on' if durable else 'off'}",
        "-c",
        "listen_addresses=",
        "-c",
        f"unix_socket_directories={folder}",
    ]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", cluster, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        **owner,  # type: ignore[call-overload]
    )
    try:
        subprocess.run([binaries / "pg_isready", "-h", folder, "-t", "30"], capture_output=True, check=False)
        _wait_until_it_answers(folder)
        yield Server(folder)
    finally:
        server.send_signal(signal.SIGINT)  # does not wait for connections that somebody left open
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_answers(folder: Path) -> None:
    import time

    import psycopg

    until = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"host={folder} user=holdfast dbname=postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
