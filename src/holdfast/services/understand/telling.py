"""Every night: why each customer left who ever did, by all that is known now, kept for pages and commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics import loss_evidence
from holdfast.analytics.churn import Ended
from holdfast.analytics.emit import emit
from holdfast.analytics.local_days import day_start_us
from holdfast.analytics.loss_causes import Causes, Losses, attribute, decided_days
from holdfast.analytics.loss_evidence import KIND_NAMES, REQUESTED, WITHDRAWN, Hints, Kind, hints_of, whole
from holdfast.analytics.loss_money import yearly_lost
from holdfast.analytics.spec import Column, Compare, Literal, Query, columns
from holdfast.analytics.taken import Taking
from holdfast.analytics.terms import OPEN
from holdfast.domain.origins import origin_of_group
from holdfast.services.measure.source import workspace_source
from holdfast.store.losses import KeptLoss, Told

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.services.measure.measure import Ready
    from holdfast.services.measure.source import Source
    from holdfast.settings import Settings

    Table = Mapping[str, NDArray[Any]]
    Whole = NDArray[np.int64]

MOST_EVIDENCE = 6
"""So many things that spoke for a cause are kept of a loss, the strongest first."""

HOW: Mapping[int, str] = {Ended.SILENT: "silent", Ended.CONTRACT: "contract", Ended.DELETED: "deleted"}


@dataclass(frozen=True, slots=True)
class Gone:
    """Everybody who left: the ``losses``, the rows of the kept spells behind them, what each had brought
    in a year, the ``hints`` with the ``rows`` of their events, and the ``causes``: places in ``ids``, each
    with its origin in ``origins``.
    """

    losses: Losses
    spells: Table
    money: Whole
    hints: Hints
    rows: Table
    causes: Causes
    ids: tuple[str, ...]
    origins: tuple[str, ...]

    @property
    def how(self) -> NDArray[np.object_]:
        """How each loss ended: "contract", "deleted" or "silent"."""
        names: NDArray[np.object_] = np.array([HOW.get(each, "") for each in range(len(Ended))], object)
        return names[self.spells["ended"]]

    def __len__(self) -> int:
        return len(self.losses)


def tell(settings: Settings, tables: Ready) -> Gone:
    """Find the cause of every loss, and keep them; what is the same as last night is not written."""
    from holdfast.store import losses

    gone = gone_of(settings, tables)
    losses.save(settings, _kept(gone, tables))
    return gone


def gone_of(settings: Settings, tables: Ready) -> Gone:
    """Everybody who left up to the day measured, with the cause of each."""
    taxonomy = _taxonomy(settings)
    ids = tuple(cause for cause, _ in taxonomy)
    known = {cause: place for place, cause in enumerate(ids)}
    spells = _spells(tables)
    rows = _evidence(settings, tables, ids, spells["unit_id"])
    hints = hints_of(rows, known)
    losses = _losses(spells, rows)
    causes = attribute(losses, hints, len(ids))
    money = yearly_lost(losses, *(_kept_rows(tables, name, losses.unit) for name in ("months", "terms")))
    origins = tuple(origin_of_group(group) for _, group in taxonomy)
    return Gone(losses, spells, money, hints, rows, causes, ids, origins)


def _taxonomy(settings: Settings) -> Sequence[tuple[str, str]]:
    """Each cause with its group, those that only this workspace has too."""
    from holdfast.store import own_words

    return [(cause.id, cause.group) for cause in own_words.causes(settings).values()]


def _spells(tables: Ready) -> Table:
    """The stretches that ended, by unit and day."""
    names = (
        *("unit_id", "start_day", "end_day", "ended", "active_day", "country", "source"),
        "number",
    )
    asked = Query("spells", columns(*names), where=Compare(Column("end_day"), "<", Literal(OPEN)))
    found = _ask(tables, asked, {"spells": tables.kept.tables["spells"]})
    order = np.lexsort((whole(found["end_day"]), whole(found["unit_id"])))
    return {name: whole(values)[order] for name, values in found.items()}


def _losses(spells: Table, rows: Table) -> Losses:
    unit, began, left = spells["unit_id"], spells["start_day"], spells["end_day"]
    silent = spells["ended"] == Ended.SILENT
    otherwise = np.where(silent & (spells["active_day"] > -OPEN), spells["active_day"], left)
    asked = _asked_to_end(rows)
    decided = decided_days(unit, began, left, otherwise, *asked)
    until = np.full(len(unit), OPEN, np.int64)
    same = unit[1:] == unit[:-1]
    until[:-1][same] = began[1:][same]
    return Losses(unit, began, decided, left, until, ~silent)


def _asked_to_end(rows: Table) -> tuple[Whole, Whole]:
    """Unit and day of every wish to end that was not taken back after."""
    unit, day, at_us = whole(rows["unit"]), whole(rows["day"]), whole(rows["at_us"])
    asked = np.flatnonzero(rows["name"] == REQUESTED)
    back = np.flatnonzero(rows["name"] == WITHDRAWN)
    last_back: dict[int, int] = {}
    for row in back[np.argsort(at_us[back], kind="stable")].tolist():
        last_back[int(unit[row])] = int(at_us[row])
    stands = [at_us[row] > last_back.get(int(unit[row]), -1) for row in asked.tolist()]
    kept = asked[np.array(stands, bool)] if len(asked) else asked
    return unit[kept], day[kept]


def _evidence(settings: Settings, tables: Ready, ids: tuple[str, ...], unit: Whole) -> Table:
    """The rows of events that say something about these customers, bills that were never paid among them."""
    source = workspace_source(settings)
    taking = _taking(tables, source)
    parts: list[Table] = []
    for part in source.parts:
        beside: dict[str, Any] = {"events": part.events}
        if source.links is not None:
            beside["links"] = source.links
        queries = [part.narrowed(loss_evidence.evidence_rows(taking, ids))]
        if loss_evidence.FAILED in tables.kept.names:
            queries.append(loss_evidence.never_paid(part.narrowed(loss_evidence.bills(taking)), taking))
        parts += [_of_units(_ask(tables, query, beside), unit) for query in queries]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _taking(tables: Ready, source: Source) -> Taking:
    end_us = day_start_us(tables.plan.end_day, tables.plan.zone)
    return Taking(
        zone=tables.plan.zone,
        first_us=tables.kept.census.first_us or 0,
        end_us=end_us,
        currencies=(tables.kept.currency,),
        linked=source.links is not None,
        of_accounts=tables.plan.of_accounts,
    )


def _ask(tables: Ready, query: Query, beside: Mapping[str, Any]) -> Table:
    return tables.engine.columns(emit(query, tables.engine.dialect), beside)


def _of_units(rows: Table, unit: Whole) -> Table:
    chosen = np.isin(whole(rows["unit"]), unit)
    return {name: values[chosen] for name, values in rows.items()}


def _kept_rows(tables: Ready, name: str, unit: Whole) -> Table:
    """The rows of a kept table that are of these customers."""
    wanted = {
        "months": ("unit_id", "month", "amount"),
        "terms": ("unit_id", "start_day", "end_day", "amount"),
    }
    rows = _ask(tables, Query(name, columns(*wanted[name])), {name: tables.kept.tables[name]})
    chosen = np.isin(whole(rows["unit_id"]), unit)
    return {column: whole(values)[chosen] for column, values in rows.items()}


def _kept(gone: Gone, tables: Ready) -> Iterator[KeptLoss]:
    """The losses as they are kept."""
    losses, causes, spells, how = gone.losses, gone.causes, gone.spells, gone.how
    starts = np.searchsorted(causes.evidence.loss, np.arange(len(losses) + 1))
    countries, sources = tables.company.countries, tables.company.sources
    for at in range(len(losses)):
        place = int(causes.cause[at])
        cause = gone.ids[place] if place >= 0 else ""
        yield KeptLoss(
            unit_id=int(losses.unit[at]),
            left_day=int(losses.left_day[at]),
            began_day=int(losses.began_day[at]),
            how=how[at],
            cause=cause,
            origin=gone.origins[place] if cause else "",
            confidence=float(causes.confidence[at]),
            told_by=KIND_NAMES[Kind(causes.told_by[at])] if cause else "",
            evidence=_told(gone, range(starts[at], starts[at + 1])),
            money_minor=int(gone.money[at]),
            country=countries[spells["country"][at]],
            source=sources[spells["source"][at]],
        )


def _told(gone: Gone, places: range) -> tuple[Told, ...]:
    evidence, weight = gone.causes.evidence, gone.causes.weight
    order = sorted(places, key=lambda place: (-weight[place], evidence.kind[place], place))
    return tuple(_one_told(gone, place) for place in order[:MOST_EVIDENCE])


def _one_told(gone: Gone, place: int) -> Told:
    evidence, hint = gone.causes.evidence, int(gone.causes.evidence.hint[place])
    row = int(gone.hints.row[hint])
    return Told(
        kind=KIND_NAMES[Kind(evidence.kind[place])],
        cause=gone.ids[evidence.cause[place]],
        day=int(gone.hints.day[hint]),
        weight=round(float(gone.causes.weight[place]), 3),
        name=str(gone.rows["name"][row]),
        code=str(gone.rows["code"][row]),
        subject_id=int(gone.rows["subject_id"][row]),
        at_us=int(gone.rows["at_us"][row]),
    )
