"""Ten people who click through the pages, and a shop that sends events: each a process of the benchmark.

``python -m bench.people_load click PORT SECONDS PASSWORD UNITS EMAIL ...`` prints one line of JSON: how many
milliseconds each sort of page took, and what went wrong. ``python -m bench.people_load send PORT SECONDS
KEY`` sends 2,000 events a second of 1,000 customers, and prints how long the answers took.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator

from bench.ingest_load import at_a_pace, call
from bench.live_load import Reader, event

EVENTS_A_CALL = 100
CALLS_A_SECOND = 20
CUSTOMERS = 1_000
PAUSE_SECONDS = (0.5, 1.5)
"""So long a person looks at a page before the next click."""

WORDS = ("Popescu", "Maria Ivanov", "Chen1", "Sara Murphy", "stoica7")


class Clicking:
    """One person at work; what they saw goes into ``took`` and ``wrong``, which all of them share."""

    def __init__(
        self, number: int, reader: Reader, units: int, took: dict[str, list[float]], wrong: list[str]
    ) -> None:
        self._reader, self._units = reader, units
        self._draw = random.Random(number)
        self._took, self._wrong = took, wrong

    def until(self, end: float) -> None:
        """Click until ``end``, with a look at each page."""
        while True:
            for _ in self.go_round():
                if time.monotonic() > end:
                    return
                time.sleep(self._draw.uniform(*PAUSE_SECONDS))

    def go_round(self) -> Iterator[str]:
        """What somebody does who looks after customers; each step ends with a look at a page."""
        unit = self._draw.randint(1, self._units)
        yield self._see("overview", "/measure")
        yield self._see("customers", "/customers")
        yield self._see("search", f"/customers?q={self._draw.choice(WORDS)}".replace(" ", "+"))
        page = self._see_text("one customer", f"/customers/{unit}")
        yield "one customer"
        yield self._see_news(unit, page)
        yield self._send("note", f"/customers/{unit}/notes", text="Called; wants to hear of the new price.")
        yield self._see("at risk", "/foresee")
        yield self._see("inbox", "/inbox")
        yield self._see("tasks", "/tasks")
        self._see("new task", f"/tasks/new?customer={unit}")
        yield self._send("task made", "/tasks/make", title="Call about the price", customer=str(unit))
        if found := re.search(r"/tasks/(\d+)", self._reader.location):
            yield self._send("task done", f"/tasks/{found[1]}/do/finish", outcome="done")

    def _see(self, name: str, path: str) -> str:
        self._see_text(name, path)
        return name

    def _see_text(self, name: str, path: str) -> str:
        status, text = self._reader.get(path)
        self._note(name, path, status in (200, 204))
        return text

    def _see_news(self, unit: int, page: str) -> str:
        """What the page itself asks every two seconds."""
        since = re.search(r"news\?since=(\d+)", page)
        return self._see("news of a customer", f"/customers/{unit}/news?since={since[1] if since else 0}")

    def _send(self, name: str, path: str, **fields: str) -> str:
        """Send a form, and look at the page that it leads to."""
        self._reader.post(path, **fields)
        to = self._reader.location
        self._note(name, path, self._reader.status == 302 and "/sign-in" not in to)
        if to:
            self._see(f"after: {name}", to)
            self._reader.location = to
        return name

    def _note(self, name: str, path: str, well: bool) -> None:
        self._took[name].append(self._reader.took)
        if not well:
            self._wrong.append(f"{path}: {self._reader.status}")


def click(port: int, seconds: float, password: str, units: int, emails: list[str]) -> None:
    """Let everybody sign in and click for so long, then print what they saw.

    The first goes round once before, uncounted: a server that has just started reads its templates first.
    """
    took: dict[str, list[float]] = defaultdict(list)
    wrong: list[str] = []
    people = [
        Clicking(number, Reader(port, email, password), units, took, wrong)
        for number, email in enumerate(emails)
    ]
    for _ in people[0].go_round():
        pass
    took.clear()

    def work(person: Clicking) -> None:
        try:
            person.until(end)
        except Exception as error:  # whatever it is, the person would have seen it
            wrong.append(repr(error))

    end = time.monotonic() + seconds
    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"took": took, "wrong": wrong}))


def send(port: int, seconds: float, key: str) -> None:
    """Send events at their pace, then print how many were acknowledged and how long that took each."""
    draw, first = random.Random(1), int(time.time() * 1000)
    names = ("Order Completed", "Product Viewed", "Page Viewed", "Cart Viewed")

    def make(number: int) -> bytes:
        batch = [
            event(draw.choice(names), f"C{draw.randrange(CUSTOMERS)}", f"{first}-{number}-{at}")
            for at in range(EVENTS_A_CALL)
        ]
        return call(key, json.dumps({"batch": batch}, separators=(",", ":")).encode())

    took = asyncio.run(at_a_pace(port, make, seconds, CALLS_A_SECOND))
    print(json.dumps({"events": len(took) * EVENTS_A_CALL, "took": sorted(took)}))


def main(what: str, port: str, seconds: str, *more: str) -> None:
    """Do one of the two."""
    if what == "click":
        password, units, *emails = more
        click(int(port), float(seconds), password, int(units), emails)
    else:
        send(int(port), float(seconds), *more)


if __name__ == "__main__":
    main(*sys.argv[1:])
