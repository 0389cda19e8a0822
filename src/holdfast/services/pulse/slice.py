"""All that is known of a few customers, cut out of the workspace and measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.local_days import day_start_us
from holdfast.domain.period import day_number
from holdfast.engines import slicing
from holdfast.services.foresee.live import foreseen_now
from holdfast.services.measure import standing
from holdfast.services.measure.live import measured_now
from holdfast.services.measure.source import Source, link_rows, whole_source
from holdfast.services.visible import events_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.engines.tables import Held, Rows
    from holdfast.services.foresee.live import Foreseen
    from holdfast.services.measure.measure import Ready
    from holdfast.services.pulse.basis import Basis
    from holdfast.settings import Settings
    from holdfast.store.members import Members
    from holdfast.store.standings import Standings


@dataclass(frozen=True)
class Slice:
    """A few customers, measured as of the end of ``today``: whose they are, and all their ``events``."""

    settings: Settings
    engine: EmbeddedEngine
    whose: Members
    events: Held
    links: Rows | None
    tables: Ready
    today: int
    today_us: int

    @property
    def units(self) -> NDArray[np.int64]:
        """The customers, sorted."""
        return self.whose.units

    def standings(self) -> Standings:
        """How each stands."""
        return standing.standings(self.tables)

    def foreseen(self, basis: Basis) -> Foreseen | None:
        """The risk of each who is present; ``None`` where there is no model to ask."""
        if basis.foresight is None:
            return None
        sources = {day: source for day, (source, _) in self.sources.items()}
        return foreseen_now(self.settings, basis.foresight, self.tables, sources, self.whose.links)

    @cached_property
    def sources(self) -> dict[int, tuple[Source, NDArray[np.int64]]]:
        """Those asked of at the beginning of a day, sorted, and their events, by day: tomorrow for whom
        something happened to today, today for the silent ones.
        """
        from holdfast.store.members import spoken_of

        unit_of = self.whose.unit_of
        subjects_awake = slicing.with_events_since(self.engine, self.events, self.today_us)
        subjects_awake |= spoken_of(self.settings, unit_of, self.today_us)
        awake = np.unique(np.array([unit_of[each] for each in subjects_awake], np.int64))
        of_all = whole_source(self.events, self.links)
        if len(awake) in (0, len(self.units)):
            return {self.today + bool(len(awake)): (of_all, self.units)}
        found, awake_ones = {}, set(awake.tolist())
        silent = np.setdiff1d(self.units, awake)
        for day, units, name in ((self.today, silent, "silent"), (self.today + 1, awake, "awake")):
            wanted = name == "awake"
            subjects = [subject for subject, unit in unit_of.items() if (unit in awake_ones) is wanted]
            part = slicing.part_of(self.engine, self.events, subjects, name=name)
            found[day] = whole_source(part, self.links), units
        return found


def cut(settings: Settings, engine: EmbeddedEngine, whose: Members, basis: Basis, now: datetime) -> Slice:
    """Read all events of these customers, and measure them by what the last run learnt."""
    today = day_number(settings.now(now).astimezone(settings.zone).date())
    sparse = whose.links
    links = link_rows(sparse.subject_id, sparse.unit_id) if len(sparse.subject_id) else None
    subjects = sorted(whose.unit_of)
    held = slicing.lay_in_memory(engine, events_of(settings, subjects), subjects)
    plan = replace(basis.plan, end_day=today + 1)
    tables = measured_now(engine, whole_source(held, links), plan, basis.learnt)
    today_us = day_start_us(today, settings.zone)
    return Slice(settings, engine, whose, held, links, tables, today, today_us)
