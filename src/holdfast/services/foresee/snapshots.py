"""Snapshots of the past and of now: the features of everybody present, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics import panel
from holdfast.analytics.churn import Ended
from holdfast.analytics.company_days import company_days
from holdfast.analytics.emit import emit
from holdfast.analytics.feature import AMOUNT, PURCHASE, RETURN, Feature, Over
from holdfast.analytics.grace import GRACE, SILENCE, USUAL_GAP, rhythm_features
from holdfast.analytics.known_days import Company
from holdfast.analytics.local_days import day_start_us
from holdfast.analytics.panel import Stays
from holdfast.analytics.snapshot import (
    SPINE,
    At,
    Basis,
    FeatureTable,
    features_at,
)
from holdfast.analytics.snapshot_each import features_at_each, pays_in_one_pass, spine_of
from holdfast.analytics.spec import Column, Compare, Count, Expression, Literal, Missing, OneOf, Query, Some
from holdfast.analytics.terms import OPEN
from holdfast.analytics.undecided import Silences
from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.tables import Rows, Table
from holdfast.services.foresee.beside import Beside
from holdfast.services.foresee.company_basis import basis_of, declared_features, stays_of
from holdfast.services.foresee.panels import (
    Panel,
    Snapshot,
    decided,
    joined,
    panel_of,
    sampled,
    thinned,
    too_long,
)
from holdfast.services.foresee.traits import TraitsThen, choose_traits
from holdfast.services.measure.measure import EngineName, Ready, ready
from holdfast.services.measure.source import Part, Source, workspace_source
from holdfast.services.measure.until import measured_until

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.settings import Settings
    from holdfast.store.readers import UnitLinks

    Ask = Callable[[Query], Mapping[str, NDArray[Any]]]

__all__ = ["FeatureTable", "History", "Panel", "Snapshot", "declared_features", "open_history"]

MOST_ROWS = 200_000
"""A panel with more rows would not make a better model: then a fixed part of the customers is taken."""

_FEW_UNITS = 2_000
_BOUGHT = Feature(
    "bought in a year",
    Text("Bought in the last 365 days"),
    Text("What the customer bought in the last 365 days, returns subtracted."),
    "money",
    "money",
    {"money": Over("sum", AMOUNT, Some((PURCHASE, RETURN)), days=365)},
)


@dataclass(frozen=True, slots=True)
class History:
    """A workspace's log up to ``end_day``, ready to be asked how things stood on any day before."""

    settings: Settings
    ready: Ready
    source: Source
    basis: Basis
    features: tuple[Feature, ...]
    rhythm: tuple[Feature, ...]
    stays: Stays
    terms: Mapping[str, NDArray[np.int64]]
    tables: Mapping[str, Table]
    traits: TraitsThen
    linked: NDArray[np.int64]
    links: dict[int, UnitLinks] = field(default_factory=dict)
    beside: Beside | None = None

    @property
    def dropout(self) -> float:
        """The share of purchases after which nobody came back, among those of which it is known."""
        lost = int((self.stays.ended == Ended.SILENT).sum())
        return lost / max(1, lost + self.ready.kept.usual.gaps)

    @property
    def end_day(self) -> int:
        """The first day of which nothing is known."""
        return self.stays.end_day

    def snapshot(self, day: int, units: NDArray[np.int64] | None = None) -> FeatureTable:
        """The features of the units present at the beginning of ``day``, sorted by unit.

        ``units`` narrows to some of them.
        """
        return self.standing(day, units).table

    def standing(self, day: int, units: NDArray[np.int64] | None = None) -> Snapshot:
        """:meth:`snapshot`, with the money each customer brings in a year."""
        return joined(list(self.slices(day, units)), self.features)

    def slices(self, day: int, units: NDArray[np.int64] | None = None) -> Iterator[Snapshot]:
        """:meth:`standing` in slices of the customers, so that memory stays bounded."""
        wanted = self.stays.unit[panel.present(self.stays, day)]
        if units is not None:
            wanted = np.intersect1d(wanted, units)
        beside = self.beside if units is None and self.beside and self.beside.day == day else None
        for part in self._parts(day, None if units is None else wanted):
            yield self._slice(part, day, wanted, beside)

    def numbers(
        self, features: Sequence[Feature], days: Sequence[int], units: NDArray[np.int64]
    ) -> Iterator[list[FeatureTable]]:
        """Other ``features`` of the sorted ``units`` at the beginning of each of ``days``, in slices.

        Of those who had an event before the day, whether present or not.
        """
        for part in self._parts(days[-1], units):
            yield self._numbers_of(part, features, days, units)

    def company(self, features: Sequence[Feature], days: Sequence[int]) -> Company:
        """What the company's days counted for ``features``, as known at each of ``days`` in order."""
        # Where units are linked most of them may be in the last slice.
        ats, (first, *others) = [self._at(day) for day in days], reversed(self.source.parts)
        parts = ((self._asking(part, ats[-1]), part.where) for part in (first, *reversed(others)))
        each = len(self.stays.unit) // (len(others) + 1)
        return company_days(parts, features, self.basis, ats, each)

    def _numbers_of(
        self, part: Part, features: Sequence[Feature], days: Sequence[int], units: NDArray[np.int64]
    ) -> list[FeatureTable]:
        """One slice; days between which no link changed are asked together."""
        found: list[FeatureTable] = []
        for ats in self._alike(part, [self._at(day) for day in days]):
            traits = [self._knowing(at) for at in ats]
            asked = (self._asking(part, ats[-1]), features, self.basis)
            if len(ats) == 1:
                found.append(features_at(*asked, ats[0], units=units, where=part.where, traits=traits[0]))
                continue
            along = self._asking(part, ats[-1], {SPINE: Rows(spine_of(units, ats))})
            each = [units] * len(ats)
            found += features_at_each(*asked, ats, units=each, where=part.where, traits=traits, along=along)
        return found

    def _alike(self, part: Part, ats: Sequence[At]) -> list[list[At]]:
        """Moments in order, those together between which no link of the slice changed."""
        linked = self.source.links is not None and not isinstance(part.where, Missing)
        found: list[list[At]] = []
        for at in ats:
            if found and (not linked or self._links(found[-1][-1].us or 0) is self._links(at.us or 0)):
                found[-1].append(at)
            else:
                found.append([at])
        return found

    def awake(self, day: int) -> NDArray[np.int64]:
        """The units with an event on ``day`` or after it, sorted."""
        since = Compare(Column("at_us"), ">=", Literal(day_start_us(day, self.settings.zone)))
        asked = Query("events", {"unit": self.basis.unit}, {"rows": Count()}, where=since)
        found = [
            self._asking(part, self._at(self.end_day))(part.narrowed(asked)) for part in self.source.parts
        ]
        return np.unique(np.concatenate([np.asarray(each["unit"], np.int64) for each in found]))

    def moments(self, horizon_days: int, step_days: int = 28, most: int = 12) -> tuple[int, ...]:
        """The newest :meth:`past_days` at which most customers are mature, oldest first."""
        last = self.end_day - horizon_days - self.stays.grace_days
        days = [day for day in self.past_days(horizon_days, step_days) if day <= last]
        return tuple(days[-most:])

    def past_days(self, horizon_days: int, step_days: int = 28) -> tuple[int, ...]:
        """Past days whose horizon is over, oldest first.

        None before there is a step, and a horizon, of history: what is asked of less is another thing.
        """
        first = self.ready.kept.first_day
        if first is None:
            return ()
        last = self.end_day - horizon_days
        return panel.moments(last, first + max(step_days, horizon_days), step_days, last)

    def panel(
        self,
        days: Sequence[int],
        horizon_days: int,
        *,
        most_rows: int = MOST_ROWS,
        with_undecided: bool = False,
    ) -> Panel:
        """Past snapshots at ``days``, with their outcome; rows that are not mature are left out.

        ``with_undecided`` keeps them, and what :meth:`Panel.known_by` draws their outcome from.

        Beyond about ``most_rows`` the same part of the customers is taken at every day. Traits of
        which nothing was known on any of the days are left out. Refuses (``horizon_too_long``)
        where no row is left.
        """
        past = tuple(sorted(day for day in set(days) if day + horizon_days <= self.end_day))
        if not past or self.ready.kept.first_day is None:
            raise self._too_long(horizon_days)
        present = [self.stays.unit[panel.present(self.stays, day)] for day in past]
        share = min(1.0, most_rows / max(1, sum(map(len, present))))
        parts, share = thinned(self.source.parts, share)
        wanted = [units[sampled(units, share)] for units in present]
        slices = [self._each_day(part, past, wanted) for part in parts]
        pieces = [
            self._rows(joined([each[place] for each in slices], self.features), day, horizon_days)
            for place, day in enumerate(past)
        ]
        if not with_undecided:
            pieces = [decided(piece, self.end_day) for piece in pieces]
        if not any(map(len, pieces)):
            raise self._too_long(horizon_days)
        return panel_of(pieces, self.features, horizon_days)

    def _rows(self, snapshot: Snapshot, day: int, horizon_days: int) -> Panel:
        units = snapshot.table.unit_id
        found = panel.outcomes(self.stays, day, horizon_days, units, snapshot.grace_days)
        at_day, grace, gap = snapshot.table.at_day, snapshot.grace_days, snapshot.mean_gap
        silences = Silences(
            *(units, at_day, snapshot.last_day, found.latest_day, grace, gap),
            *(self.dropout, self.end_day),
        )
        return Panel(
            *(snapshot.table, found.left, found.departed_day, horizon_days, (day,)),
            *(snapshot.yearly_minor, found.mature_day, 0, silences),
        )

    def _each_day(
        self, part: Part, days: Sequence[int], wanted: Sequence[NDArray[np.int64]]
    ) -> list[Snapshot]:
        """One slice at each day: in one pass where that pays and links are the same on all days."""
        asked = (*self.features, _BOUGHT, *self.rhythm)
        rows, customers = sum(self.ready.kept.names.values()), len(np.unique(self.stays.unit))
        first_day = self.ready.kept.first_day or 0
        unlinked = self.source.links is None or isinstance(part.where, Missing)
        if not unlinked or not pays_in_one_pass(asked, days, first_day, rows, customers):
            return [self._slice(part, day, units) for day, units in zip(days, wanted, strict=True)]
        ats = [self._at(day) for day in days]
        tables = features_at_each(
            *(self._asking(part, ats[-1]), asked, self.basis, ats),
            units=wanted,
            where=part.where,
            traits=[self._knowing(at) for at in ats],
        )
        return [self._snapshot(table, day) for table, day in zip(tables, days, strict=True)]

    def _slice(
        self, part: Part, day: int, wanted: NDArray[np.int64], beside: Beside | None = None
    ) -> Snapshot:
        at, own = self._at(day), (*self.features, _BOUGHT, *self.rhythm)
        table = features_at(
            *(self._asking(part, at), (*own, *beside.features) if beside else own, self.basis, at),
            units=np.union1d(wanted, beside.units) if beside else wanted,
            where=part.where,
            traits=self._knowing(at),
        )
        return self._snapshot(beside.taken_out(table, wanted) if beside else table, day)

    def _at(self, day: int) -> At:
        return At(day_start_us(day, self.settings.zone), day)

    def _asking(self, part: Part, at: At, more: Mapping[str, Table] | None = None) -> Ask:
        """How a slice answers queries, by the links of the moment; ``more`` tables may stand beside it."""
        tables = {**self.tables, **(more or {}), "events": part.events}
        if self.source.links is not None:
            tables["links"] = _rows_of(self.linked, self._links(at.us or 0))
        engine = self.ready.engine
        return lambda query: engine.columns(emit(query, engine.dialect), tables)

    def _knowing(self, at: At) -> Callable[[str, NDArray[np.int64]], NDArray[np.object_]]:
        links, at_us = self._links(at.us or 0), at.us or 0
        return lambda trait, units: self.traits.known(trait, units, links, at_us)

    def _snapshot(self, table: FeatureTable, day: int) -> Snapshot:
        """A slice as it is handed out: its money apart from its features."""
        bought = np.rint(table.columns[_BOUGHT.name]).astype(np.int64)
        own = {feature.name: table.columns[feature.name] for feature in self.features}
        own_table = FeatureTable(table.unit_id, table.at_day, own, self.features)
        unit, start, end, amount = (
            self.terms[name] for name in ("unit_id", "start_day", "end_day", "amount")
        )
        monthly = panel.monthly_amounts(unit, start, end, amount, table.unit_id, day)
        signed = panel.under_contract(unit, start, end, table.unit_id, day)
        grace = np.where(signed, 0, table.columns[GRACE]).astype(np.int64)
        silence = np.nan_to_num(table.columns[SILENCE], nan=float(OPEN))
        last_day = np.rint(day - silence).astype(np.int32)
        return Snapshot(own_table, bought + 12 * monthly, grace, table.columns[USUAL_GAP], last_day)

    def _parts(self, day: int, units: NDArray[np.int64] | None) -> Sequence[Part]:
        """The slices of the log; for few units the log narrowed to their rows.

        Not where they are everybody there is: long lists of ids would only make each query slower.
        """
        if units is None or len(units) > _FEW_UNITS or not len(np.setdiff1d(self.stays.unit, units)):
            return self.source.parts
        links = self._links(day_start_us(day, self.settings.zone))
        subjects = np.union1d(units, links.subject_id[np.isin(links.unit_id, units)])
        own: Expression = OneOf(Column("subject_id"), subjects.tolist())
        return (Part(self.source.events, own),)

    def _links(self, at_us: int) -> UnitLinks:
        """The links as they were at a moment, of those who are asked here: a few, of a whole company."""
        from holdfast.store import readers

        if at_us not in self.links:
            then = readers.unit_links(self.settings, as_of_us=at_us)
            ours = np.isin(then.subject_id, self.linked)
            self.links[at_us] = readers.UnitLinks(then.subject_id[ours], then.unit_id[ours])
        return self.links[at_us]

    def _too_long(self, horizon_days: int) -> Refusal:
        return too_long(self.ready.kept.first_day, self.end_day, self.stays.grace_days, horizon_days)


@contextmanager
def open_history(
    settings: Settings,
    *,
    as_of: date | None = None,
    engine: EngineName | None = None,
    now: datetime | None = None,
    tables: Ready | None = None,
    features: Sequence[Feature] | None = None,
) -> Iterator[History]:
    """Read what every snapshot of a workspace needs, once, and keep it open inside the block.

    Only what happened before ``as_of``, and was known by then, counts (without one: what has happened
    by ``now``). ``tables`` are kept tables that are ready already; else they are built. ``features``
    take the place of those of this installation, to which own traits are added.
    """
    if tables is not None:
        yield _history(settings, tables, features)
        return
    until = measured_until(settings, as_of, now or datetime.now(UTC))
    settings.measured.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=settings.measured, prefix="history-") as folder,
        ready(settings, until, Path(folder), engine=engine or "embedded") as built,
    ):
        yield _history(settings, built, features)


def _history(settings: Settings, tables: Ready, features: Sequence[Feature] | None) -> History:
    from holdfast.store import trait_history

    linked = trait_history.ever_linked(settings)
    touched = Rows({"subject_id": linked, "unit_id": linked}) if len(linked) else None
    source = workspace_source(settings, linked=touched)
    end_day = day_number(tables.until.end)
    basis, rates = basis_of(tables, source, end_day)
    declared = declared_features(tables.kept.names, settings.unit) if features is None else features
    chosen = choose_traits(settings)
    stays, terms = stays_of(tables, end_day)
    return History(
        settings=settings,
        ready=tables,
        source=source,
        basis=basis,
        features=(*declared, *(each.feature for each in chosen)),
        rhythm=rhythm_features(tables.plan.lost, tables.kept.usual, basis.receipts),
        stays=stays,
        terms=terms,
        tables=rates,
        traits=TraitsThen(settings, chosen),
        linked=linked,
    )


def _rows_of(linked: NDArray[np.int64], links: UnitLinks) -> Rows:
    """Every subject that is in a link at any moment, with its unit at one."""
    unit = linked.copy()
    unit[np.searchsorted(linked, links.subject_id)] = links.unit_id
    return Rows({"subject_id": linked, "unit_id": unit})
