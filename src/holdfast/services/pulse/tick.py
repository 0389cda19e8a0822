"""One beat of the pulse: take in what arrived, read its texts, look again at the customers touched, let plays
go on.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from holdfast.services.act.plays.beat import beat
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.pulse.rescoring import Live, Rescored, rescore
from holdfast.services.understand.reading import LiveReading
from holdfast.settings import Settings

PLAYS_SECONDS = 1.0
"""While nothing happens plays are looked at so often."""

REST_SECONDS = 0.5
"""A look costs a good part of a second whoever is looked at: between two of them customers gather."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a beat did: events taken in (repeats and bad ones too), texts read, customers looked at again,
    and those who entered plays or went on in them.
    """

    events: int = 0
    rescored: int = 0
    texts: int = 0
    played: int = 0


class Beat:
    """What a worker keeps between two beats, so that each costs only what changed.

    For one thread, which closes it.
    """

    def __init__(self) -> None:
        self._live, self._reading = Live(), LiveReading()
        self._rests_until = self._plays_rest_until = 0.0

    def _look(self, settings: Settings, now: datetime) -> Rescored:
        """Look at who is due, unless the last look has just ended and more may gather meanwhile."""
        if time.monotonic() < self._rests_until:
            return Rescored()
        looked = rescore(settings, self._live, now)
        if looked != Rescored() and not looked.more:
            self._rests_until = time.monotonic() + REST_SECONDS
        return looked

    def close(self) -> None:
        """Give back what is held."""
        self._live.close()

    def tick(self, settings: Settings, now: datetime) -> Ticked:
        """Do what there is to do now, a bounded part of it; nothing to do is ``Ticked()``."""
        now_us = int(now.timestamp() * 1_000_000)
        taken = take_in_arrived(settings, now_us=now_us)
        read = self._reading.read_new(settings, now_us=now_us)
        looked = self._look(settings, now)
        events = taken.events + taken.repeats + taken.quarantined
        looked_at = looked.customers + looked.gone + looked.put_off
        played = self._play(settings, now, at_once=bool(events or looked_at or read.texts))
        return Ticked(events, looked_at, read.texts, played)

    def _play(self, settings: Settings, now: datetime, *, at_once: bool) -> int:
        """Let plays go on: at once when something happened or they are at it, else once a second."""
        if not at_once and time.monotonic() < self._plays_rest_until:
            return 0
        played = beat(settings, now)
        self._plays_rest_until = 0.0 if played else time.monotonic() + PLAYS_SECONDS
        return played
