"""Looking again at the customers who were touched: standing, features, risk and segments follow an event.

The same declarations, compiled to the same queries, are asked here of a few customers and at night of
everybody. What differs is where they are asked: all events of the touched customers, of the lake and of the
ingest log, are laid into the engine's memory once, and every query stands on that.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from holdfast.analytics.snapshot import together
from holdfast.services.pulse import basis as kept_basis
from holdfast.services.pulse.slice import cut
from holdfast.services.pulse.when_again import check_again

if TYPE_CHECKING:
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.foresee.live import Foreseen
    from holdfast.services.pulse.basis import Basis
    from holdfast.services.pulse.slice import Slice
    from holdfast.settings import Settings
    from holdfast.store.due_work import Done

AT_ONCE = 1_000
"""Customers of one look at most: their events are then some 10 MB, and a look takes about a second.

Of few customers it takes a quarter as long, so that many small looks would do less.
"""

MEMORY_MB = 300
"""What the engine may hold in memory before it spills to disk."""

AGAIN_SECONDS = 600
"""A customer who cannot be looked at is put off for so long, so that nobody else waits for him."""

_log = logging.getLogger("holdfast.worker")


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a look did: ``customers`` whose standing was brought up to date, ``scored`` among them, ``gone``
    that were merged into another, ``put_off`` that could not be looked at. ``more``: others are due too.
    """

    customers: int = 0
    scored: int = 0
    gone: int = 0
    put_off: int = 0
    more: bool = False


class Live:
    """What a worker holds between two looks: the engine, and what the last run learnt.

    Use it as a context manager, from one thread.
    """

    def __init__(self) -> None:
        self._engine: EmbeddedEngine | None = None
        self._basis: tuple[Settings, Basis] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back what is held; a later look takes it anew."""
        if self._engine is not None:
            self._engine.__exit__(None, None, None)
        self._engine = self._basis = None

    def engine(self, settings: Settings) -> EmbeddedEngine:
        """The engine, with the folder of this workspace to spill into."""
        from holdfast.engines.embedded import EmbeddedEngine

        if self._engine is None:
            engine = EmbeddedEngine(temp=settings.folder / "spill", memory_mb=MEMORY_MB)
            self._engine = engine.__enter__()
        return self._engine

    def basis(self, settings: Settings) -> Basis:
        """What the last run learnt; read again when another run has announced something else."""
        from holdfast.store import basis

        held = self._basis
        if held is None or held[0] != settings or basis.version(settings) != held[1].version:
            held = self._basis = settings, kept_basis.load(settings)
        return held[1]

    def get_ready(self, settings: Settings) -> None:
        """Load what every look needs, so that the first event does not wait for it."""
        self.engine(settings)
        self.basis(settings)

    def forget_basis(self) -> None:
        """Read it again the next time."""
        self._basis = None


def rescore(settings: Settings, live: Live, now: datetime, *, most: int = AT_ONCE) -> Rescored:
    """Look again at customers who are due, those who wait longest first; ``Rescored()`` when nobody is.

    ``now`` is the actual time. However often a customer was touched since the last look, one look takes
    it all in: overload makes looks rarer, and loses none. A customer is taken off the list of those due
    only when everything is written, and only if nothing touched him meanwhile; whoever is killed in
    between leaves all of them due.
    """
    from holdfast.store import due_work

    now_us = int(now.timestamp() * 1_000_000)
    taken = due_work.due(settings, now_us, most)
    if not taken:
        live.get_ready(settings)
        return Rescored()
    if live.basis(settings).learnt is None and kept_basis.is_missing(settings):
        return Rescored()  # a run is on its way; who is due stays so
    return replace(_look_at_all(settings, live, taken, now), more=len(taken) == most)


def _look_at_all(settings: Settings, live: Live, taken: Sequence[tuple[int, int]], now: datetime) -> Rescored:
    """Look at them together; where that fails, at halves of them, until who makes it fail stands alone."""
    from holdfast.store import due_work

    try:
        return _look(settings, live, taken, now)
    except due_work.NOT_THEIRS:
        raise
    except Exception:
        live.close()
        if len(taken) > 1:
            middle = len(taken) // 2
            halves = [_look_at_all(settings, live, part, now) for part in (taken[:middle], taken[middle:])]
            return _sum(halves)
        unit, mark = taken[0]
        _log.exception("customer %d cannot be looked at; put off", unit)
        again_us = int(now.timestamp() * 1_000_000) + AGAIN_SECONDS * 1_000_000
        due_work.settle(settings, [(unit, mark, again_us)])
        return Rescored(put_off=1)


def _look(settings: Settings, live: Live, taken: Sequence[tuple[int, int]], now: datetime) -> Rescored:
    from holdfast.store import due_work, rescored
    from holdfast.store.members import members

    basis, engine = live.basis(settings), live.engine(settings)
    read_us = int(now.timestamp() * 1_000_000)
    whose = members(settings, [unit for unit, _ in taken])
    piece = cut(settings, engine, whose, basis, now)
    foreseen = piece.foreseen(basis)
    found = rescored.Rescored(
        unit_of=whose.unit_of,
        gone=whose.gone,
        standings=piece.standings(),
        scores=None if foreseen is None else foreseen.scores,
        as_of_day=piece.today,
        model_version=None if basis.foresight is None else basis.foresight.learnt.version,
        read_us=read_us,
        basis_version=basis.version,
    )
    if not rescored.save(settings, found):
        live.forget_basis()
        return Rescored()
    _warn(settings, piece, basis, read_us)
    _bring_segments_up_to_date(settings, [*piece.units.tolist(), *whose.gone], foreseen, read_us)
    again = check_again(settings, piece.tables, piece.today, found.scores)
    done: list[Done] = [(unit, mark, again.get(unit)) for unit, mark in taken]
    due_work.settle(settings, done)
    return Rescored(len(piece.units), len(found.scores or ()), len(whose.gone))


def _warn(settings: Settings, piece: Slice, basis: Basis, now_us: int) -> None:
    """Raise and end warnings, before a customer is settled: done again, it does no harm."""
    from holdfast.services.warn import live

    if basis.learnt is not None:
        live.look(settings, piece, basis.company, dict(basis.learnt.census.names), now_us)


def _bring_segments_up_to_date(
    settings: Settings, units: Sequence[int], foreseen: Foreseen | None, now_us: int
) -> None:
    """Before a customer is settled: whoever is killed in between does it again, which does no harm."""
    from holdfast.services.collect.segments.live import refresh_units

    tables = [] if foreseen is None else foreseen.features
    features = together(tables, tables[0].features) if tables else None
    refresh_units(settings, units, now_us, features=features)


def _sum(parts: Sequence[Rescored]) -> Rescored:
    return Rescored(
        sum(each.customers for each in parts),
        sum(each.scored for each in parts),
        sum(each.gone for each in parts),
        sum(each.put_off for each in parts),
    )
