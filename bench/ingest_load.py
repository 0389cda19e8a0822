"""Sends batches of events to a server: as fast as it answers, or at a steady pace.

``python -m bench.ingest_load PORT KEY SECONDS CALLS_A_SECOND`` (0: as fast as it answers) prints one
line of JSON: calls answered, seconds, and the milliseconds that the answers took.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
from collections.abc import Callable

EVENTS = 100
AT_ONCE = 16


def body(number: int) -> bytes:
    """A call of 100 events of some 300 customers, as a shop's server would send it."""
    batch = [
        {
            "type": "track",
            "messageId": f"m-{number}-{i}",
            "userId": f"c{(number * 37 + i) % 300}",
            "event": "Order Completed",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
            "properties": {
                "order_id": f"O{number}-{i}",
                "total": 10 + i,
                "currency": "EUR",
                "products": [{"product_id": f"P{i}", "quantity": 1, "price": 10 + i}],
            },
            "context": {"library": {"name": "analytics-python", "version": "2.4.0"}},
        }
        for i in range(EVENTS)
    ]
    return json.dumps({"batch": batch, "sentAt": batch[0]["timestamp"]}, separators=(",", ":")).encode()


def request(key: str, number: int) -> bytes:
    """The whole request, so that sending it costs the sender little."""
    return call(key, body(number))


def call(key: str, sent: bytes) -> bytes:
    """The request that brings ``sent``."""
    allowed = base64.b64encode(f"{key}:".encode()).decode()
    head = (
        "POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Basic {allowed}\r\nContent-Length: {len(sent)}\r\n\r\n"
    )
    return head.encode() + sent


class Line:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> None:
        """Connect."""
        self._in, self._out = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)

    async def call(self, sent: bytes) -> None:
        """Send a request and read its answer whole; raises ``RuntimeError`` for anything but 200."""
        self._out.write(sent)
        head = await self._in.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await self._in.readexactly(length)


async def as_fast_as_it_answers(port: int, requests: list[bytes], seconds: float) -> list[float]:
    """How many milliseconds each answer took, over ``AT_ONCE`` connections at the same time."""
    took: list[float] = []
    until = time.perf_counter() + seconds
    waiting = iter(requests * 1000)

    async def one() -> None:
        line = Line(port)
        await line.open()
        while (begun := time.perf_counter()) < until:
            await line.call(next(waiting))
            took.append((time.perf_counter() - begun) * 1000)

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    return took


async def at_a_pace(
    port: int, make: Callable[[int], bytes], seconds: float, calls_a_second: float
) -> list[float]:
    """How long each answer took, counted from when the call was due, whatever came before it.

    ``make`` makes the request with a number.
    """
    took: list[float] = []
    free: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(AT_ONCE):
        line = Line(port)
        await line.open()
        free.put_nowait(line)

    async def one(due: float, sent: bytes) -> None:
        line = await free.get()
        await line.call(sent)
        free.put_nowait(line)
        took.append((time.perf_counter() - due) * 1000)

    begun, under_way = time.perf_counter(), set[asyncio.Task[None]]()
    for number in range(int(seconds * calls_a_second)):
        sent = make(number)
        due = begun + number / calls_a_second
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        under_way.add(asyncio.create_task(one(due, sent)))
    await asyncio.gather(*under_way)
    return took


def main(port: str, key: str, seconds: str, calls_a_second: str) -> None:
    """Send, then print what was measured."""
    pace = float(calls_a_second)
    begun = time.perf_counter()
    if pace:
        first = int(time.time() * 1000) % 10**8 * 100
        took = asyncio.run(
            at_a_pace(int(port), lambda number: request(key, first + number), float(seconds), pace)
        )
    else:
        requests = [request(key, number) for number in range(200)]
        begun = time.perf_counter()
        took = asyncio.run(as_fast_as_it_answers(int(port), requests, float(seconds)))
    print(json.dumps({"calls": len(took), "seconds": time.perf_counter() - begun, "took": sorted(took)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
