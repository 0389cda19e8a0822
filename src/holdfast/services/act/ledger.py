"""What all connections of one process write: gathered, so that one commit carries the results of many.

A connection gives what became of its last touch and waits until that is on disk; meanwhile others give
theirs. On one disk a commit takes its time however much it carries: so more connections are more touches
a second, and every single step of each is still written down before the next one begins.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING

from holdfast.domain.moments import actual_us
from holdfast.services.act.consequences import apply
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.outbox_sending import Claimed, Result

LEASE_SECONDS = 30.0
"""After so long without a sign of life another process takes over what a connection had claimed."""

_PROLONG_SECONDS = LEASE_SECONDS / 4
_GATHER_SECONDS = 0.006
"""So long a result waits for that of another connection: a commit carries them all."""

_GATHER_MOST_SECONDS = 0.02
"""So long the first one waits at most, however the others come in."""

_STOP_SECONDS = 0.2
"""How long a look at the Stop button holds."""

_TRY_AGAIN_SECONDS = 0.5

_log = logging.getLogger("holdfast.act")


@dataclass(slots=True)
class Wish:
    """What a connection gives and wants: results to be written, and how many new touches to claim."""

    sender_id: int
    channel: str
    results: Sequence[Result]
    most: int
    leaves: bool = False
    claimed: list[Claimed] = field(default_factory=list)
    alive: bool = True
    stopped: bool = False
    done: Event = field(default_factory=Event)


class Ledger:
    """Writes for all connections of this process, in a thread of its own."""

    def __init__(
        self, settings: Callable[[], Settings], holder: str, clock: Callable[[], int] = actual_us
    ) -> None:
        self._settings, self._holder, self.clock_us = settings, holder, clock
        self._wishes: SimpleQueue[Wish | None] = SimpleQueue()
        self._senders: dict[int, str] = {}
        self._given_up = Event()
        self._left: list[Wish] = []
        self._prolonged_at = self._looked_at = self._tried_at = float("-inf")
        self._stopped = False
        self._thread = Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    def enter(self, channel: str) -> int:
        """A new connection on ``channel``; its number."""
        from holdfast.store import outbox_sending as outbox

        sender_id = outbox.enter(self._settings(), self._holder, channel, self._until_us())
        self._senders[sender_id] = channel
        return sender_id

    def exchange(
        self,
        sender_id: int,
        channel: str,
        results: Sequence[Result] = (),
        *,
        most: int = 0,
        leaves: bool = False,
    ) -> Wish:
        """Give results, wait until they are on disk, and get up to ``most`` new touches.

        ``alive`` is false where somebody took over: nothing may be handed over any more.
        """
        wish = Wish(sender_id, channel, results, most, leaves)
        if self._given_up.is_set():
            wish.alive = False
            return wish
        self._wishes.put(wish)
        wish.done.wait()
        return wish

    def end(self, within_seconds: float = 5.0) -> None:
        """Write what was given, and end."""
        self._wishes.put(None)
        self._thread.join(within_seconds)
        self._given_up.set()

    def _run(self) -> None:
        from holdfast import store

        try:
            while (wishes := self._gather()) is not None:
                self._turn(wishes)
            while self._left and not self._given_up.wait(_TRY_AGAIN_SECONDS):
                self._try_again()
        finally:
            self._given_up.set()
            self._refuse_rest()
            store.let_go()

    def _gather(self) -> list[Wish] | None:
        """All wishes that are there, once there is one or the leases have to be prolonged."""
        try:
            first = self._wishes.get(timeout=_TRY_AGAIN_SECONDS if self._left else _PROLONG_SECONDS)
        except Empty:
            return []
        if first is None:
            return None
        found, until = [first], time.monotonic() + _GATHER_MOST_SECONDS
        while True:
            others = len(found) < len(self._senders)
            left = min(_GATHER_SECONDS, until - time.monotonic()) if others else 0.0
            try:
                more = self._wishes.get(timeout=left) if left > 0 else self._wishes.get_nowait()
            except Empty:
                return found
            if more is None:
                self._wishes.put(None)
                return found
            found.append(more)

    def _turn(self, wishes: list[Wish]) -> None:
        """Write all together; where that fails each by itself, so that one that cannot be holds nobody up.

        What is left is tried again until it is written or we are told to end.
        """
        if not self._written(wishes):
            self._left += [wish for wish in wishes if not self._written([wish])]
            self._tried_at = time.monotonic()
        if self._left and time.monotonic() - self._tried_at > _TRY_AGAIN_SECONDS:
            self._try_again()

    def _try_again(self) -> None:
        self._left = [wish for wish in self._left if not self._written([wish])]
        self._tried_at = time.monotonic()

    def _written(self, wishes: list[Wish]) -> bool:
        from holdfast import store
        from holdfast.store import sql

        if not wishes and not self._senders:
            return True
        try:
            settings = self._settings()
            with sql.short_write():
                self._write(settings, wishes)
        except Exception:
            _log.exception("results of sending cannot be written; it is tried again")
            store.let_go()  # of a database that went away: the next try connects anew
            return False
        for wish in wishes:
            if wish.leaves or not wish.alive:
                self._senders.pop(wish.sender_id, None)
            wish.done.set()
        return True

    def _write(self, settings: Settings, wishes: Sequence[Wish]) -> None:
        from holdfast.store import outbox_sending as outbox

        now_us = self.clock_us()
        alive = self._alive(settings, wishes)
        settled = outbox.settle(settings, [result for wish in wishes for result in wish.results])
        said = {each.result.touch_id for each in settled if each.was == "claimed"}
        stopped = self._is_stopped(settings)
        for wish in wishes:
            lives = alive is None or wish.sender_id in alive
            wish.alive = lives and all(each.touch_id in said for each in wish.results)
            wish.stopped, wish.claimed = stopped, []
            if wish.leaves and lives:
                outbox.leave(settings, wish.sender_id, now_us)
            elif wish.most and wish.alive and not stopped:
                wish.claimed = outbox.claim(settings, wish.sender_id, wish.channel, now_us, wish.most)
        apply(settings, settled, now_us)

    def _alive(self, settings: Settings, wishes: Sequence[Wish]) -> set[int] | None:
        """Prolong the leases, and which connections still have one; ``None`` where it need not be asked.

        Whoever only says what became of a touch is told by that: a touch that somebody took over is not
        its any more. Whoever claims has to have a lease, and holds it until the claim is committed.
        """
        from holdfast.store import outbox_sending as outbox

        claims = any(wish.most or wish.leaves for wish in wishes)
        if not claims and time.monotonic() - self._prolonged_at < _PROLONG_SECONDS:
            return None
        self._prolonged_at = time.monotonic()
        asking = {wish.sender_id for wish in wishes}
        return outbox.prolong(settings, asking | set(self._senders), self._until_us())

    def _is_stopped(self, settings: Settings) -> bool:
        from holdfast.store import message_settings

        if time.monotonic() - self._looked_at > _STOP_SECONDS:
            self._stopped = message_settings.stopped(settings) is not None
            self._looked_at = time.monotonic()
        return self._stopped

    def _refuse_rest(self) -> None:
        rest: list[Wish | None] = [*self._left]
        with suppress(Empty):
            while True:
                rest.append(self._wishes.get_nowait())
        for wish in rest:
            if wish is not None:
                wish.alive = False
                wish.done.set()

    def _until_us(self) -> int:
        return self.clock_us() + int(LEASE_SECONDS * 1_000_000)
