"""What every snapshot of one company stands on: which features, whose stays, which currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import numpy as np

from holdfast import registry
from holdfast.analytics import panel, taken
from holdfast.analytics.churn import Ended
from holdfast.analytics.converting import RATES, amount_in
from holdfast.analytics.emit import emit
from holdfast.analytics.feature import Feature, FeatureFamily
from holdfast.analytics.grace import usual_grace
from holdfast.analytics.local_days import day_start_us
from holdfast.analytics.panel import Stays
from holdfast.analytics.rates import RateTable
from holdfast.analytics.snapshot import Basis
from holdfast.analytics.spec import Query, columns
from holdfast.engines.tables import Rows, Table
from holdfast.services.measure.measure import Ready
from holdfast.services.measure.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.settings import UnitKind

_SPELLS = ("unit_id", "start_day", "end_day", "ended", "contract_day", "active_day")


def declared_features(names: Mapping[str, int], unit: UnitKind = "person") -> tuple[Feature, ...]:
    """Every feature of this installation that says something of a company with events of these names,
    in which such a ``unit`` leaves.
    """
    if "features" not in registry.FAMILIES:
        return ()
    families = [cast(FeatureFamily, part.declared) for part in registry.parts("features").values()]
    return tuple(
        feature
        for family in families
        if (not family.watch or any(names.get(name) for name in family.watch))
        and (unit == "account" or not family.of_accounts)
        for feature in family.features
    )


def basis_of(tables: Ready, source: Source, end_day: int) -> tuple[Basis, dict[str, Table]]:
    """What all questions have in common, and the table of rates where there are several currencies."""
    plan, census = tables.plan, tables.kept.census
    end_us = day_start_us(end_day, plan.zone)
    first_us = end_us if census.first_us is None else census.first_us
    currencies = sorted(census.currencies)
    first_day = tables.kept.first_day
    amount, held = amount_in(
        RateTable(plan.rates, tables.kept.currency),
        currencies,
        plan.zone,
        first_us,
        end_us,
        range(end_day if first_day is None else first_day, end_day + 1),
    )
    paid = tables.kept.receipts == "payments"
    basis = Basis(
        zone=plan.zone,
        first_us=first_us,
        last_us=end_us,
        receipts=(taken.PAID,) if paid else (taken.ORDERED,),
        returns=(taken.PAID_BACK,) if paid else (taken.REFUNDED,),
        amount=amount,
        linked=source.links is not None,
    )
    return basis, {} if held is None else {RATES: Rows(held)}


def stays_of(
    tables: Ready, end_day: int, grace_days: int | None = None
) -> tuple[Stays, dict[str, NDArray[np.int64]]]:
    """The spells of all units and their contracts (the kept table ``terms``).

    ``grace_days``, the silence usual in the company, is told by who looks at a few units only.
    """
    spells = _whole(
        tables, "spells", ("unit_id", "start_day", "end_day", "ended", "contract_day", "active_day")
    )
    order = np.lexsort((spells["start_day"], spells["unit_id"]))
    unit, start, end, ended, contract, active = (values[order] for values in spells.values())
    terms = _whole(tables, "terms", ("unit_id", "start_day", "end_day", "amount"))
    running = np.isin(unit, panel.held_units(terms["unit_id"], terms["end_day"]))
    held = running & (contract <= end_day) & (ended == Ended.OPEN)
    # Where most have a contract, leaving shows at once for most.
    present = ended == Ended.OPEN
    by_contract = bool(present.any()) and held[present].mean() > 0.5
    usual = 0 if by_contract else usual_grace(tables.plan.lost, tables.kept.usual)
    grace = usual if grace_days is None else grace_days
    return Stays(unit, start, end, ended, active, held, end_day, grace), terms


def _whole(tables: Ready, table: str, names: tuple[str, ...]) -> dict[str, NDArray[np.int64]]:
    query = emit(Query(table, columns(*names)), tables.engine.dialect)
    found = tables.engine.columns(query, {table: tables.kept.tables[table]})
    return {name: np.asarray(found[name], np.int64) for name in names}
