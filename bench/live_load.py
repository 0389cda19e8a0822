"""Sends events of single customers at a steady pace and follows some of them to where a person sees them.

``python -m bench.live_load PORT KEY WORKSPACE EMAIL PASSWORD CUSTOMERS EVENTS_A_SECOND SECONDS`` prints one
line of JSON. Each customer is as likely as any other, which is the worst case: in life somebody who is
here comes with several events, and they are looked at once.
"""

from __future__ import annotations

import base64
import http.client
import json
import random
import re
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CALLS_A_SECOND = 20
PROBES_A_SECOND = 1.0
LOOK_SECONDS = 0.1
GIVE_UP_SECONDS = 30.0
WARM_UP_SECONDS = 5.0
FAILED, WARNED = "Payment Failed", "/warn/of/payment_failed"
"""An event that raises a warning (C8), and the link of that warning on its customer's page."""

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Found:
    """What was measured, in milliseconds, and how many events were acknowledged."""

    page: list[float] = field(default_factory=list)
    risk: list[float] = field(default_factory=list)
    signal: list[float] = field(default_factory=list)
    events: int = 0


class Sender:
    """A connection that brings events."""

    def __init__(self, port: int, key: str) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        allowed = base64.b64encode(f"{key}:".encode()).decode()
        self._head = {"Content-Type": "application/json", "Authorization": f"Basic {allowed}"}

    def send(self, batch: list[dict[str, Any]]) -> None:
        """Send a call; raises ``RuntimeError`` where it is not acknowledged."""
        self._line.request("POST", "/v1/batch", json.dumps({"batch": batch}), self._head)
        answer = self._line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {body[:200]!r}")

    def send_anew(self, batch: list[dict[str, Any]]) -> None:
        """The same over a new connection: a server closes one that was silent for some time."""
        self._line.close()
        self.send(batch)


class Reader:
    """A person who has signed in and looks at pages.

    ``status``, ``took`` (milliseconds until all of it was here) and ``location`` are of the last answer.
    """

    def __init__(self, port: int, email: str, password: str) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._token = self.location = ""
        self.status, self.took = 0, 0.0
        self.get("/sign-in")
        if not self._token:
            raise RuntimeError("no form to sign in")
        self.post("/sign-in", email=email, password=password)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form, as the page that was looked at last would."""
        return self._ask("POST", path, urllib.parse.urlencode({"csrfmiddlewaretoken": self._token} | fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self._line.close()  # a browser's connection would have been closed between two looks too
        self._line.request(method, path, body, head)
        answer = self._line.getresponse()
        text = answer.read().decode()
        self.took = (time.perf_counter() - begun) * 1000
        self.status, self.location = answer.status, answer.getheader("Location") or ""
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, rest = value.partition("=")
                self._cookies[cookie] = rest.partition(";")[0]
        if token := _TOKEN.search(text):
            self._token = token[1]
        return answer.status, text


def event(name: str, customer: str, number: str) -> dict[str, Any]:
    """An event of a customer; an order is one in four."""
    call: dict[str, Any] = {"type": "track", "messageId": number, "userId": customer, "event": name}
    if name == "Order Completed":
        call["properties"] = {"order_id": number, "total": 20, "currency": "EUR"}
    return call


def background(sender: Sender, customers: int, rate: int, until: float, found: Found) -> None:
    """Bring ``rate`` events a second, whatever else goes on."""
    draw, each, due, number = random.Random(1), max(1, rate // CALLS_A_SECOND), time.monotonic(), 0
    while due < until:
        names = ("Order Completed", "Product Viewed", "Page Viewed", "Cart Viewed")
        batch = [
            event(draw.choice(names), f"C{draw.randrange(customers)}", f"b{number}-{at}")
            for at in range(each)
        ]
        sender.send(batch)
        found.events += each
        number += 1
        due += each / rate
        time.sleep(max(0.0, due - time.monotonic()))


def follow(sender: Sender, reader: Reader, unit: int, customer: str, number: int, found: Found) -> None:
    """Send an event nobody else has and a payment that failed; look until the page names the one, warns of
    the other, and the risk is new.
    """
    name = f"Probe {number}"
    failed = event(FAILED, customer, f"failed-{number}")
    failed["properties"] = {"object_id": f"bill-{number}"}
    _, page = reader.get(f"/customers/{unit}")
    since = re.search(r"news\?since=(\d+)", page)
    news = f"/customers/{unit}/news?since={since[1] if since else 0}"
    begun = time.monotonic()
    sender.send_anew([event(name, customer, f"probe-{number}"), failed])
    waits: dict[str, Callable[[], bool]] = {
        "risk": lambda: reader.get(news)[0] == 200,
        "page": lambda: name in reader.get(f"/customers/{unit}")[1],
        "signal": lambda: WARNED in reader.get(f"/customers/{unit}")[1],
    }
    while waits and time.monotonic() < begun + GIVE_UP_SECONDS:
        for what in [each for each, shows in waits.items() if shows()]:
            getattr(found, what).append((time.monotonic() - begun) * 1000)
            del waits[what]
        time.sleep(LOOK_SECONDS)
    for what in waits:
        getattr(found, what).append(GIVE_UP_SECONDS * 1000)


def main(port: str, key: str, folder: str, email: str, password: str, *numbers: str) -> None:
    """Send and look, then print what was measured."""
    customers, rate, seconds = (int(number) for number in numbers)
    units, reader = _units(folder, customers), Reader(int(port), email, password)
    alone = [_milliseconds(lambda unit=unit: reader.get(f"/customers/{unit}")) for unit, _ in units[:20]]  # type: ignore[misc]
    found, begun = Found(), time.monotonic()
    until = begun + WARM_UP_SECONDS + seconds
    others = threading.Thread(target=background, args=(Sender(int(port), key), customers, rate, until, found))
    others.start()
    time.sleep(WARM_UP_SECONDS)
    probe, number = Sender(int(port), key), 0
    while time.monotonic() < until - 1:
        follow(probe, reader, *units[20 + number], number, found)
        number += 1
        time.sleep(max(0.0, begun + WARM_UP_SECONDS + number / PROBES_A_SECOND - time.monotonic()))
    others.join()
    told = {
        "page": found.page,
        "risk": found.risk,
        "signal": found.signal,
        "page_alone": alone,
        "events": found.events,
        "seconds": time.monotonic() - begun,
        "waiting": _waiting(folder),
        "worker_mb": _worker_megabytes(folder),
    }
    print(json.dumps(told))


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _units(folder: str, customers: int) -> list[tuple[int, str]]:
    """Some customers who are there now: their unit and their id, in no order."""
    from holdfast import store
    from holdfast.settings import read_settings
    from holdfast.store import sql

    store.connect(read_settings(Path(folder)))
    rows = sql.read(
        "SELECT s.unit_id, j.key FROM standing s JOIN subject j ON j.id = s.unit_id WHERE s.state = 'active' "
        "ORDER BY s.unit_id"
    )
    return random.Random(2).sample([(int(unit), str(key)) for unit, key in rows], min(1_000, len(rows)))


def _waiting(folder: str) -> int:
    from holdfast.settings import read_settings
    from holdfast.store import due_work

    return due_work.waiting(read_settings(Path(folder)), time.time_ns() // 1_000)[0]


def _worker_megabytes(folder: str) -> float:
    """The largest memory of the worker of this workspace so far; 0 where the system does not tell."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            if b"holdfast.services.pulse.process" in command and folder.encode() in command:
                peak = re.search(r"VmHWM:\s+(\d+) kB", (process / "status").read_text())
                return int(peak[1]) / 1024 if peak else 0.0
        except OSError:
            continue
    return 0.0


if __name__ == "__main__":
    main(*sys.argv[1:])
