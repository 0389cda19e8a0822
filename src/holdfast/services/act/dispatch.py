"""The dispatcher: the only code that sends. Some connections per channel, one ledger, and a look around.

It may run in several processes at once. What a process that died had claimed is taken over by whoever
looks next: what was perhaps handed over is *unknown*, the rest waits again.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import TYPE_CHECKING

from holdfast.domain.moments import actual_us
from holdfast.services.act.carriers import Ready, channels, ready
from holdfast.services.act.ledger import Ledger
from holdfast.services.act.sending import Connection, Down
from holdfast.services.processes import is_gone
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.connectors.outward import Door

LOOK_SECONDS = 0.5
"""How often the outbox is looked at while nothing is due."""

_TAKE_OVER_SECONDS = 5.0
_END_SECONDS = 8.0
_IDLE_SECONDS = 15.0
"""A connection without work for so long is closed."""

_REST_US = 5_000_000
"""After a failure of a whole channel it rests so long, then twice as long, up to an hour."""

_RELEASED = ("safe_mode", "no_way_out", "stopped")
"""Reasons for which touches are held that end when a rule of the workspace changes."""

_log = logging.getLogger("holdfast.act")


class Dispatcher:
    """Sends what is due until it is told to end. ``clock`` gives its time in microseconds."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        *,
        door: Door | None = None,
        most_connections: int = 20,
        clock: Callable[[], int] = actual_us,
    ) -> None:
        self._settings, self._clock_us = settings, clock
        self._door, self._most = door, most_connections
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stop = Event()
        self._crews: dict[str, _Crew] = {}
        self._rules: object = None
        self._taken_at = float("-inf")

    def run(self, stop: Event, *, until_empty: bool = False) -> None:
        """Send until ``stop`` is set (or nothing is due); a message that is being handed over is finished."""
        from holdfast import store

        ledger = Ledger(self._settings, self._holder, self._clock_us)
        try:
            while not stop.is_set():
                try:
                    due = self._look(ledger)
                except Exception:
                    _log.exception("the outbox cannot be looked at; it is tried again")
                    store.let_go()  # of a database that went away: the next look connects anew
                    due = True
                if until_empty and not due and not self._busy():
                    break
                stop.wait(LOOK_SECONDS if not until_empty else LOOK_SECONDS / 10)
        finally:
            self._stop.set()
            for crew in self._crews.values():
                crew.end()
            ledger.end()
            store.let_go()

    def _busy(self) -> bool:
        return any(crew.busy for crew in self._crews.values())

    def _look(self, ledger: Ledger) -> bool:
        """Take over from the dead, wake whoever has something to do; whether anything was due."""
        from holdfast.store import message_settings
        from holdfast.store import outbox_sending as outbox

        settings, now_us = self._settings(), self._clock_us()
        self._take_over(settings, now_us)
        rules = message_settings.rules(settings)
        self._release(settings, rules, now_us)
        due = outbox.waiting_on(settings, now_us)
        if not due or rules.stop is not None:
            return False
        can = ready(settings, now_us)
        for name in due & can.keys():
            self._crew(name, can[name], ledger).wake()
        return bool(due & can.keys())

    def _take_over(self, settings: Settings, now_us: int) -> None:
        from holdfast.store import outbox_taking

        if time.monotonic() - self._taken_at < _TAKE_OVER_SECONDS:
            return
        dedupes = {name for name, channel in channels().items() if channel.dedupes}
        taken = outbox_taking.take_over(settings, now_us, dedupes=dedupes, gone=is_gone, by=self._holder)
        if taken.connections:
            _log.warning(
                "took over from %d connections: %d unknown, %d wait again",
                taken.connections,
                taken.unknown,
                taken.returned,
            )
        self._taken_at = time.monotonic()

    def _release(self, settings: Settings, rules: object, now_us: int) -> None:
        """Look anew at what a rule held, when the rules have changed (or when we begin)."""
        from holdfast.store import outbox_reading

        if rules != self._rules:
            outbox_reading.release(settings, _RELEASED, now_us)
            self._rules = rules

    def _crew(self, name: str, can: Ready, ledger: Ledger) -> _Crew:
        crew = self._crews.get(name)
        if crew is not None and crew.ready.mark != can.mark:  # set anew: whoever has old settings ends
            crew.end()
            crew = None
        if crew is None:
            count = min(can.connections, self._most)
            crew = _Crew(self._settings, ledger, can, self._holder, self._door, count)
            self._crews[name] = crew
        return crew


class _Crew:
    """The threads of one channel; each sleeps until there is something to do."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        ledger: Ledger,
        can: Ready,
        holder: str,
        door: Door | None,
        count: int,
    ) -> None:
        self.ready = can
        self._settings, self._ledger, self._holder, self._door = settings, ledger, holder, door
        self._stop = Event()
        self._calls = [Event() for _ in range(count)]
        self._threads = [
            Thread(target=self._run, args=(number,), name=f"{can.channel.name}-{number}", daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def busy(self) -> bool:
        """Whether anybody is at work or was told to be."""
        return any(call.is_set() for call in self._calls)

    def wake(self) -> None:
        """There is something to do."""
        for call in self._calls:
            call.set()

    def end(self) -> None:
        """Let everybody finish the message they are at, and end."""
        self._stop.set()
        for call in self._calls:
            call.set()
        until = time.monotonic() + _END_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self, number: int) -> None:
        from holdfast import store

        call, connection = self._calls[number], None
        try:
            while not self._stop.is_set():
                called = call.wait(None if connection is None else _IDLE_SECONDS)
                if self._stop.is_set():
                    break
                if not called:
                    self._close(connection)
                    connection = None
                    continue
                connection = self._worked(connection, number)
                call.clear()
        finally:
            self._close(connection)
            store.let_go()

    def _worked(self, connection: Connection | None, number: int) -> Connection | None:
        """Send what is due; the connection, ``None`` where it ended. What goes wrong ends no thread."""
        from holdfast import store

        try:
            if connection is None:
                name = f"{self._holder}:{self.ready.channel.name}-{number}"
                connection = Connection(
                    self._settings, self._ledger, self.ready, name, self._stop, self._door
                )
            if self._sent(connection) and connection.alive:
                return connection
        except Exception:
            _log.exception("a connection of %s broke", self.ready.channel.name)
            store.let_go()  # of a database that went away: the next connection asks anew
        self._close(connection)
        return None

    def _sent(self, connection: Connection) -> bool:
        """Send what is due, and note whether the channel works; false where it does not.

        Whoever found nothing to send knows nothing of the channel: another may just have found it down.
        """
        try:
            if connection.work():
                self._works()
        except Down as down:
            self._rest(down)
            return False
        return True

    def _rest(self, down: Down) -> None:
        from holdfast.store import channel_settings

        _log.warning("%s: %s", self.ready.channel.name, down)
        now_us = self._ledger.clock_us()
        rest_us = max(_REST_US, round(down.rest_seconds * 1_000_000))
        channel_settings.note_trouble(
            self._settings(), self.ready.channel.name, down.trouble, rest_us=rest_us, now_us=now_us
        )

    def _works(self) -> None:
        from holdfast.store import channel_settings

        channel_settings.note_works(self._settings(), self.ready.channel.name)

    def _close(self, connection: Connection | None) -> None:
        if connection is not None:
            try:
                connection.close()
            except Exception:
                _log.exception("a connection of %s cannot be closed", self.ready.channel.name)


def send_due(
    settings: Settings,
    stop: Event | None = None,
    *,
    door: Door | None = None,
    clock: Callable[[], int] = actual_us,
) -> None:
    """Send what is due now, and end when nothing is. A company with a clock of its own may bring it."""
    Dispatcher(lambda: settings, door=door, clock=clock).run(stop or Event(), until_empty=True)
