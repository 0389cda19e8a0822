"""Mails to a real mail server: how many a second with everything written down, and what one connection saves.

The server is a process of its own that takes everything (aiosmtpd). Dispatchers are processes as in use,
each mail is signed (RSA, 2048 bits), has text and HTML, and leaves its result, its history and its fact in
the event log, synced to disk before the next one on its connection goes.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.ingest import _postgresql
from bench.measuring import Line
from holdfast.settings import Settings, write_settings

if TYPE_CHECKING:
    from smtp_sink import Sink

MAILS = {"small": 2_000, "large": 20_000}
ROUNDS = 3
CONNECTIONS = 8
SQLITE_GOAL, POSTGRESQL_GOAL, REUSE_GOAL = 200.0, 400.0, 1.8

_WITHIN_SECONDS = 600.0


def run(size: str, folder: Path) -> list[Line]:
    """One dispatcher on SQLite, two on PostgreSQL; then each mail over a connection of its own."""
    lines = _of(folder / "sqlite", "SQLite", "", MAILS[size], 1, SQLITE_GOAL)
    with _postgresql() as url:
        if url:
            lines += _of(folder / "postgresql", "PostgreSQL", url, MAILS[size], 2, POSTGRESQL_GOAL)
    return lines


def _of(folder: Path, database: str, url: str, mails: int, dispatchers: int, goal: float) -> list[Line]:
    settings = Settings(folder, currency="EUR", database_url=url)
    write_settings(settings)
    rates: dict[bool, list[float]] = {True: [], False: []}
    for number in range(ROUNDS):
        for reuse, measured in rates.items():
            with _sink(folder / f"sink-{number}-{reuse}") as sink:
                measured.append(_rate(settings, sink, mails, dispatchers, reuse=reuse))
    kept, anew = statistics.median(rates[True]), statistics.median(rates[False])
    processes = "1 dispatcher" if dispatchers == 1 else f"{dispatchers} dispatchers"
    return [
        Line(
            f"mails, signed, full history, {database}, {processes}",
            kept,
            "mails/s",
            f"a connection for each mail ({anew:,.0f})",
            kept / anew,
            f"at least {goal:.0f}/s, {REUSE_GOAL}x",
            kept >= goal and kept / anew >= REUSE_GOAL,
        )
    ]


@contextmanager
def _sink(folder: Path) -> Iterator[Sink]:
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    import smtp_sink

    with smtp_sink.running(folder, keep=False) as sink:
        yield sink


def _rate(settings: Settings, sink: Sink, mails: int, dispatchers: int, *, reuse: bool) -> float:
    """Mails a second from the first that arrives to the last that is written down."""
    from holdfast import store
    from holdfast.store import sql

    store.connect(settings)
    _ask(settings, sink.port, mails)
    command = [
        sys.executable,
        "-m",
        "bench.outbox_sender",
        str(settings.folder),
        "reuse" if reuse else "anew",
    ]
    running = [subprocess.Popen(command) for _ in range(dispatchers)]
    try:
        _wait(lambda: bool(sink.ids()))
        began, before = time.perf_counter(), len(sink.ids())
        _wait(lambda: sql.one("SELECT 1 FROM touch WHERE state IN ('waiting', 'claimed') LIMIT 1") is None)
        seconds = time.perf_counter() - began
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()
    sent = sql.one("SELECT COUNT(*) FROM touch WHERE state = 'sent'")
    if sent is None or sent[0] != mails or len(set(sink.ids())) != mails:
        raise RuntimeError(f"{sent} of {mails} are sent, {len(sink.ids())} arrived")
    return (mails - before) / seconds


def _wait(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + _WITHIN_SECONDS
    while not holds():
        if time.monotonic() > until:
            raise RuntimeError("the mails do not go out")
        time.sleep(0.05)


def _ask(settings: Settings, port: int, mails: int) -> None:
    """Ask for mails to customers, in a workspace where none was asked for before."""
    from holdfast.channels._dkim import new_key
    from holdfast.channels.contract import kept_of
    from holdfast.channels.email import SmtpSettings
    from holdfast.domain.touch import Recipient, TouchRequest
    from holdfast.store import channel_settings, message_settings, outbox, sql

    now_us = time.time_ns() // 1_000
    for table in ("touch", "touch_content", "touch_try", "log_row"):
        sql.write(f"DELETE FROM {table}")
    options = SmtpSettings(
        host="127.0.0.1",
        port=port,
        security="none",
        from_address="hello@shop.example",
        from_name="The Shop",
        dkim_selector="holdfast",
        dkim_key=new_key(),
        connections=CONNECTIONS,
    )
    channel_settings.write(settings, "email", *kept_of(options), now_us=now_us)
    message_settings.list_addresses(settings, ["@example.com"])
    for first in range(0, mails, 500):
        with sql.short_write():
            for number in range(first, min(first + 500, mails)):
                outbox.ask(
                    settings,
                    TouchRequest(
                        f"order {number}",
                        "service",
                        "email",
                        Recipient(f"customer{number}@example.com", subject_id=number + 1),
                        f"Your order {number} is on its way",
                        "Dear customer,\n\nyour parcel left our house today.\n" * 10,
                        html="<p>Dear customer,</p><p>your parcel left our house today.</p>" * 10,
                    ),
                    now_us=now_us,
                )
