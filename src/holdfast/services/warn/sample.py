"""A part of the customers with all their history in memory, so that many past days can be asked of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics import panel
from holdfast.analytics.local_days import day_start_us
from holdfast.domain.events import slot_of
from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.foresee.live import slice_history
from holdfast.services.measure.live import Learnt, learnt_from, live_plan, measured_now
from holdfast.services.measure.source import link_rows, whole_source
from holdfast.services.measure.until import measured_until
from holdfast.services.visible import events_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.services.foresee.snapshots import History
    from holdfast.settings import Settings
    from holdfast.store.readers import UnitLinks

    Whole = NDArray[np.int64]

LINKED_ANEW_DAYS = 7
"""Who is whom is looked up once a week of the past."""

MEMORY_MB = 500


@dataclass(frozen=True, slots=True)
class Sample:
    """Some customers (``units``, sorted) out of ``customers``, and their ``history`` up to today."""

    history: History
    units: Whole
    customers: int
    names: dict[str, int]

    @property
    def first_day(self) -> int:
        """The day of the first event."""
        first = self.history.ready.kept.first_day
        return self.history.end_day if first is None else first

    def grace(self, units: Whole, day: int) -> Whole:
        """The silence each is allowed at a day: none for whoever has a contract, else the usual one."""
        unit, start, end = (self.history.terms[name] for name in ("unit_id", "start_day", "end_day"))
        signed = panel.under_contract(unit, start, end, units, day)
        return np.where(signed, 0, self.history.stays.grace_days).astype(np.int64)


@contextmanager
def sampled(settings: Settings, most: int, now: datetime) -> Iterator[Sample]:
    """About ``most`` customers at most, always the same ones, ready inside the block.

    Refuses (``no_run_yet``) before the loop has run once: what is usual in the company is not known.
    """
    from holdfast.engines import slicing
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.store.first_seen import first_seen
    from holdfast.store.members import members

    learnt, everybody = _learnt(settings), first_seen(settings)[0]
    units = _some(everybody, most, settings.buckets)
    whose = members(settings, units.tolist())
    end_day = day_number(measured_until(settings, None, now).over)
    settings.measured.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=settings.measured, prefix="history-") as folder,
        EmbeddedEngine(temp=Path(folder), memory_mb=MEMORY_MB) as engine,
    ):
        subjects = sorted(whose.unit_of)
        links = whose.links
        rows = link_rows(links.subject_id, links.unit_id) if len(links.subject_id) else None
        held = slicing.lay_in_memory(engine, events_of(settings, subjects), subjects)
        plan = replace(live_plan(settings, learnt), end_day=end_day)
        tables = measured_now(engine, whole_source(held, rows), plan, learnt)
        history = slice_history(settings, tables, whole_source(held, rows), links, end_day, grace_days=None)
        history = replace(history, linked=np.intersect1d(_linked(settings, history), subjects))
        yield Sample(history, whose.units, len(everybody), slicing.names_in(engine, held))


def link_back(sample: Sample, days: Sequence[int]) -> None:
    """Let the past be asked by the links of then, looked up once a week."""
    from holdfast.store import readers

    history, found = sample.history, None
    for place, day in enumerate(days):
        at_us = day_start_us(day, history.settings.zone)
        if found is None or (len(history.linked) and place % LINKED_ANEW_DAYS == 0):
            then = _only(readers.unit_links(history.settings, as_of_us=at_us), history.linked)
            # The same object tells that nothing has changed.
            found = found if found is not None and _same(found, then) else then
        history.links[at_us] = found


def _only(links: UnitLinks, linked: Whole) -> UnitLinks:
    from holdfast.store.readers import UnitLinks as Links

    mine = np.isin(links.subject_id, linked)
    return Links(links.subject_id[mine], links.unit_id[mine])


def _same(one: UnitLinks, other: UnitLinks) -> bool:
    return np.array_equal(one.subject_id, other.subject_id) and np.array_equal(one.unit_id, other.unit_id)


def _linked(settings: Settings, history: History) -> Whole:
    from holdfast.store import trait_history

    return np.union1d(trait_history.ever_linked(settings), history.linked)


def _some(units: Whole, most: int, buckets: int) -> Whole:
    """A fixed part of the customers; of very many, those of a few buckets, which few files hold."""
    if len(units) > 4 * most:
        slots = np.array([slot_of(unit, buckets) for unit in units.tolist()])
        units = units[slots < max(1, -(-2 * most * buckets // len(units)))]
    mixed = (units.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    return np.sort(units[np.argsort(mixed, kind="stable")[:most]])


def _learnt(settings: Settings) -> Learnt:
    from holdfast.store import basis

    kept = basis.current(settings)
    if kept is None:
        raise Refusal(
            "no_run_yet",
            found=Text("The loop has not run yet."),
            expected=Text("A run, which learns what is usual in the company."),
            remedy=Text("Run `holdfast run`, and try again."),
        )
    return learnt_from(kept.content["learnt"])
