"""Ten people clicking while a shop sends 2,000 events a second: a whole ``holdfast serve`` on this machine.

First alone: how long signing in takes, and the list of customers. Then both at once, the senders on the same
cores. At last how long the pulse needs until nobody waits any more.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.ingest import _wait
from bench.live import PASSWORD, Size, _company, _key
from bench.live_load import Reader
from bench.measuring import Line, p95
from bench.people_load import CALLS_A_SECOND, CUSTOMERS, EVENTS_A_CALL
from holdfast.settings import Settings

PEOPLE = 10
ALONE = 40
CONVERSATIONS = 300
SLOWEST_ALONE, SLOWEST, LATEST_SECONDS = 150.0, 500.0, 60.0
_GIVE_UP_SECONDS = 300.0


@dataclass(frozen=True)
class Load:
    """How large the company is, and for how long it is used."""

    customers: int
    orders_each: int
    seconds: int


SIZES = {"small": Load(20_000, 10, 60), "large": Load(100_000, 20, 300)}


def run(size: str, folder: Path) -> list[Line]:
    """Make the company, serve it, measure it alone and under load."""
    asked = SIZES[size]
    settings, admin = _company(folder, Size(asked.customers, asked.orders_each, 0, 0))
    emails = [admin, *_colleagues(settings)]
    _fill_inbox(settings)
    key = _key(settings)
    with _serving(settings, folder / "said") as port:
        alone = _alone(port, emails)
        told = _at_once(port, key, emails, asked)
        late = _seconds_until_caught_up(settings)
    wrong = _wrong(folder / "said", told)
    if wrong:
        print(*wrong[:20], (folder / "said").read_text()[-5_000:], sep="\n", file=sys.stderr)
    return [*_lines_alone(alone, asked), *_lines_at_once(told, asked, len(wrong), late)]


def _lines_alone(alone: dict[str, list[float]], asked: Load) -> list[Line]:
    floor = p95(alone["healthz"])
    found = []
    for name, words in (("sign in", "signing in"), ("customers", "list of customers")):
        slow = p95(alone[name])
        found.append(
            Line(
                f"{words}, over HTTP, {asked.customers:,} customers, p95",
                slow,
                "ms",
                f"the empty page /healthz ({floor:.1f} ms)",
                slow / floor,
                f"under {SLOWEST_ALONE:.0f} ms",
                slow < SLOWEST_ALONE,
            )
        )
    return found


def _lines_at_once(told: dict[str, Any], asked: Load, wrong: int, late: float) -> list[Line]:
    took: dict[str, list[float]] = told["click"]["took"]
    pages = sorted(each for some in took.values() for each in some)
    slow, middle = p95(pages), pages[len(pages) // 2]
    worst = max(took, key=lambda name: p95(sorted(took[name])))
    answers: list[float] = told["send"]["took"]
    arrived = told["send"]["events"] / asked.seconds
    rate = EVENTS_A_CALL * CALLS_A_SECOND
    beside = f"{PEOPLE} people, {rate:,} events/s"
    return [
        Line(f"errors, {beside}, {len(pages):,} pages", float(wrong), "errors", goal="none", met=not wrong),
        Line(f"page under load, {beside}, p95", slow, "ms", f"its median ({middle:.0f} ms)", slow / middle,
             f"under {SLOWEST:.0f} ms", slow < SLOWEST),
        Line(f"the slowest sort of page ({worst}), p95", p95(sorted(took[worst])), "ms"),
        Line(f"events acknowledged, {CUSTOMERS:,} customers", arrived, "events/s"),
        Line("answer to a call of 100 events meanwhile, p95", p95(answers), "ms"),
        Line("until the pulse had caught up", late, "s", goal=f"within {LATEST_SECONDS:.0f} s",
             met=late <= LATEST_SECONDS),
    ]  # fmt: skip


def _alone(port: int, emails: list[str]) -> dict[str, list[float]]:
    """Milliseconds of each, sorted: nothing else goes on."""
    reader = Reader(port, emails[0], PASSWORD)
    for _ in range(5):
        reader.get("/customers")
    found: dict[str, list[float]] = {"healthz": [], "customers": [], "sign in": []}
    for number in range(ALONE):
        for name in ("healthz", "customers"):
            reader.get(f"/{name}")
            found[name].append(reader.took)
        person = Reader(port, emails[number % len(emails)], PASSWORD)
        if person.status != 302:
            raise RuntimeError(f"signing in answered {person.status}")
        found["sign in"].append(person.took)
    return {name: sorted(some) for name, some in found.items()}


def _at_once(port: int, key: str, emails: list[str], asked: Load) -> dict[str, Any]:
    """What the two processes tell that click and send at the same time."""
    given = {
        "click": [PASSWORD, str(asked.customers), *emails],
        "send": [key],
    }
    running = {
        what: subprocess.Popen(
            [sys.executable, "-m", "bench.people_load", what, str(port), str(asked.seconds), *more],
            stdout=subprocess.PIPE,
            text=True,
        )
        for what, more in given.items()
    }
    told = {what: process.communicate()[0] for what, process in running.items()}
    if failed := [what for what, process in running.items() if process.returncode]:
        raise RuntimeError(f"{', '.join(failed)} broke off: an answer was an error")
    return {what: json.loads(said.splitlines()[-1]) for what, said in told.items()}


def _seconds_until_caught_up(settings: Settings) -> float:
    """How long until every event is taken in and every customer that it touched was looked at."""
    from holdfast import store
    from holdfast.store import due_work, sql

    store.connect(settings)
    begun = time.monotonic()
    while (late := time.monotonic() - begun) < _GIVE_UP_SECONDS:
        waiting = due_work.waiting(settings, time.time_ns() // 1_000)[0]
        if not waiting and sql.one("SELECT 1 FROM arrived LIMIT 1") is None:
            break
        time.sleep(0.2)
    return late


def _wrong(said: Path, told: dict[str, Any]) -> list[str]:
    """What went wrong: for a person, or by the word of the server itself."""
    failures = [line for line in said.read_text().splitlines() if "Traceback" in line or "failed" in line]
    return [*told["click"]["wrong"], *failures]


@contextmanager
def _serving(settings: Settings, said: Path) -> Iterator[int]:
    """``holdfast serve`` as it is used, with what it says in a file."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [str(Path(sys.executable).with_name("holdfast")), "serve", "--port", str(port)]
    with (
        said.open("wb") as words,
        subprocess.Popen(
            [*command, "--workspace", str(settings.folder)], stdout=words, stderr=words, env=os.environ
        ) as process,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/healthz")
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _colleagues(settings: Settings) -> list[str]:
    """Nine more people who sign in."""
    from holdfast.store.users import create_user

    emails = [f"colleague{number}@example.com" for number in range(1, PEOPLE)]
    for email in emails:
        create_user(settings, email=email, name=email.partition("@")[0], role="manager", password=PASSWORD)
    return emails


def _fill_inbox(settings: Settings) -> None:
    """Some conversations, as a mailbox would bring them."""
    from holdfast.store import inbox_writing, live_sources, sql
    from holdfast.store.inbox_writing import NewMessage

    now_us = time.time_ns() // 1_000
    source = live_sources.ensure(settings, "support", "mailbox", now_us=now_us)
    messages = [
        NewMessage(
            source_id=source.id,
            conversation_key=str(number),
            channel="email",
            subject_id=number,
            event_key=number.to_bytes(16, "big"),
            message_key="",
            at_us=now_us - number * 60_000_000,
            incoming=True,
            author=f"Customer {number}",
            address=f"c{number}@example.com",
            title=f"My order {number}",
            text="When will it be here? I ordered two weeks ago.",
        )
        for number in range(1, CONVERSATIONS + 1)
    ]
    with sql.short_write():
        inbox_writing.put(settings, messages, now_us)
