"""The worker: takes in what arrives, looks at touched customers again, and runs the jobs that are due.

One thread ticks, one thread per lane runs jobs. Whatever is cut short is begun again by the next
worker: nothing is remembered here that is not in the database.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from datetime import UTC, datetime
from threading import Event, Thread

from holdfast.services.processes import is_gone
from holdfast.services.pulse import jobs
from holdfast.services.pulse.tick import Beat, Ticked
from holdfast.settings import Settings, read_settings

PULSE = "pulse"
"""The lease of the worker that ticks; others stand by."""

LEASE_SECONDS = 15.0
IDLE_SECONDS = 0.25
"""So long a tick waits when there is nothing to do."""

_JOBS_SECONDS = 1.0
_STAND_BY_SECONDS = 2.0
_SENT_SECONDS = 15.0

_log = logging.getLogger("holdfast.worker")


def work(settings: Settings, stop: Event) -> None:
    """Work until ``stop`` is set; what was begun is finished first (a long computation is not waited for)."""
    from holdfast import store

    store.connect(settings)
    lanes = [Thread(target=_run_lane, args=(settings, lane, stop), daemon=True) for lane in jobs.LANES]
    sending = Thread(target=_send, args=(settings, stop), name="sending", daemon=True)
    for thread in (*lanes, sending):
        thread.start()
    try:
        _beat(settings, stop)
    finally:
        stop.set()
        for thread in lanes:
            thread.join(timeout=3)
        sending.join(timeout=_SENT_SECONDS)  # what is being handed over would be unknown


def _beat(settings: Settings, stop: Event) -> None:
    from holdfast import store
    from holdfast.store import leases

    holder = f"{socket.gethostname()}:{os.getpid()}"
    beat = Beat()
    held_until = 0.0
    try:
        while not stop.is_set():
            settings = _settings_of_now(settings)
            try:
                if time.monotonic() > held_until - LEASE_SECONDS / 2:
                    if not _hold(settings, holder):
                        stop.wait(_STAND_BY_SECONDS)
                        continue
                    held_until = time.monotonic() + LEASE_SECONDS
                done = beat.tick(settings, datetime.now(UTC))
            except Exception:
                _log.exception("a tick failed; it is tried again")
                store.let_go()  # the database may have gone away: the next one connects anew
                stop.wait(_STAND_BY_SECONDS)
                continue
            if done == Ticked():
                stop.wait(IDLE_SECONDS)
    finally:
        beat.close()
        leases.give_back(settings, PULSE, holder)
        store.let_go()


def _hold(settings: Settings, holder: str) -> bool:
    """Take or prolong the lease; one left by a process of this machine that is gone is nobody's."""
    from holdfast.store import leases

    now_us = time.time_ns() // 1_000
    if leases.take(settings, PULSE, holder, now_us=now_us, seconds=LEASE_SECONDS):
        return True
    left_by = leases.holder(settings, PULSE)
    if left_by is not None and is_gone(left_by):
        leases.give_back(settings, PULSE, left_by)
        return leases.take(settings, PULSE, holder, now_us=now_us, seconds=LEASE_SECONDS)
    return False


def _run_lane(settings: Settings, lane: jobs.Lane, stop: Event) -> None:
    from holdfast import store

    while not stop.is_set():
        try:
            jobs.run_due(_settings_of_now(settings), lane, datetime.now(UTC))
        except Exception:
            _log.exception("jobs of the lane %s cannot be looked at", lane)
            store.let_go()
        stop.wait(_JOBS_SECONDS)
    store.let_go()


def _send(settings: Settings, stop: Event) -> None:
    """Send messages that were asked for; other workers may do the same at once."""
    from holdfast.services.act.dispatch import Dispatcher

    while not stop.is_set():
        try:
            Dispatcher(lambda: _settings_of_now(settings)).run(stop)
        except Exception:
            _log.exception("sending broke off; it is begun again")
            stop.wait(_STAND_BY_SECONDS)


_read: tuple[float, Settings] | None = None


def _settings_of_now(settings: Settings) -> Settings:
    """The settings as the file has them now: a currency is set by the first import, a rule by a person."""
    global _read
    try:
        written = settings.toml.stat().st_mtime
    except FileNotFoundError:
        return settings
    if _read is None or _read[0] != written or _read[1].folder != settings.folder:
        _read = (written, read_settings(settings.folder))
    return _read[1]
