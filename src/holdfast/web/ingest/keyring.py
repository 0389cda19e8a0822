"""Which keys there are, and how much a public one may send."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from holdfast.settings import Settings
from holdfast.store.door import Door, Pass, open_door
from holdfast.store.write_keys import digest_of

_LONGEST_KEY = 200
_FRESH_SECONDS = 5.0

EVENTS_A_SECOND = 50.0
"""What one visitor's address may send with a public key on average ..."""
EVENTS_AT_ONCE = 5_000.0
"""... and at once: an office behind one address, a queue that was kept while offline."""
_MOST_ADDRESSES = 20_000


class Keyring:
    """Knows the keys of the workspace, in memory; a key that it does not know makes it look again.

    A key that was taken back is noticed at the latest when its call is written (``group``). Its reader
    is a connection and a thread of their own, so that no one who waits for the disk holds it up.
    """

    def __init__(self, settings: Settings) -> None:
        self._door: Door = open_door(settings)
        self._thread = ThreadPoolExecutor(1, "keyring")
        self._passes: dict[str, Pass] = {}
        self._looked = float("-inf")
        self._looking: asyncio.Task[None] | None = None

    async def find(self, key: str) -> Pass | None:
        """What is known of ``key``; ``None`` for a key that nobody may use.

        Raises :class:`holdfast.store.door.NotNow` when the database cannot be asked.
        """
        if not key or len(key) > _LONGEST_KEY:
            return None
        digest = digest_of(key)
        found = self._passes.get(digest)
        if found is None or time.monotonic() - self._looked > _FRESH_SECONDS:
            await self._look()
            found = self._passes.get(digest)
        return found

    async def read(self, query: str) -> list[tuple[Any, ...]]:
        """The answer to a query, for whoever wants to know how things stand. Raises :class:`NotNow`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._door.read, query)

    async def close(self) -> None:
        """End the connection and its thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._door.close)
        self._thread.shutdown()

    async def _look(self) -> None:
        """Read the keys; all who ask while that goes on wait for the next reading together."""
        asked = time.monotonic()
        while self._looked < asked:
            if self._looking is None:
                self._looking = asyncio.get_running_loop().create_task(self._read_passes())
            await asyncio.shield(self._looking)

    async def _read_passes(self) -> None:
        begun = time.monotonic()
        try:
            passes = await asyncio.get_running_loop().run_in_executor(self._thread, self._door.passes)
        finally:
            self._looking = None
        self._passes, self._looked = passes, begun


class Allowance:
    """How many events an address may send with a public key: a bucket that fills again, per address."""

    def __init__(self) -> None:
        self._left: OrderedDict[tuple[int, str], tuple[float, float]] = OrderedDict()

    def take(self, key_id: int, address: str, events: int, now: float) -> float:
        """Take ``events`` from the bucket; 0, or the seconds after which there is room for them."""
        who = (key_id, address)
        left, since = self._left.pop(who, (EVENTS_AT_ONCE, now))
        left = min(EVENTS_AT_ONCE, left + (now - since) * EVENTS_A_SECOND)
        missing = events - left
        self._left[who] = (left if missing > 0 else left - events, now)
        if len(self._left) > _MOST_ADDRESSES:
            self._left.popitem(last=False)
        return max(0.0, missing / EVENTS_A_SECOND)
