"""What measuring needs to know about the company beside the log: read once, from the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Company, Point, Spent
from holdfast.analytics.emit import emit
from holdfast.analytics.kept import Origins
from holdfast.analytics.local_days import day_start_us
from holdfast.analytics.rates import Rate, RateTable
from holdfast.analytics.taken import product_totals
from holdfast.language.calendars import calendar
from holdfast.services.measure.build import Engine, Kept, Plan
from holdfast.services.measure.source import Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from holdfast.settings import Settings
    from holdfast.store.readers import Product

PROSPECT = "prospect"
"""The kind of a unit that is no customer yet."""


@dataclass(frozen=True, slots=True)
class Known:
    """The plan of the kept tables, and the names behind the numbers in them."""

    plan: Plan
    countries: Sequence[str]
    sources: Sequence[str]
    prospects: NDArray[np.int64]


def known(settings: Settings, end_day: int, *, for_advice: bool = False) -> Known:
    """How the kept tables of a workspace are built up to ``end_day``.

    ``for_advice`` looks at categories of products too, whatever the rule.
    """
    import numpy as np

    from holdfast.store import readers

    facts = readers.unit_facts(settings)
    countries, country = _numbered(facts.country)
    sources, source = _numbered(facts.source)
    kinds = np.array([kind == PROSPECT for kind in facts.kind], bool)
    origins = Origins(facts.unit_id, country, source)
    plan = plan_of(settings, end_day, origins, by_category=for_advice or settings.lost.rule == "category")
    return Known(plan, countries, sources, facts.unit_id[kinds])


def plan_of(settings: Settings, end_day: int, origins: Origins, *, by_category: bool) -> Plan:
    """The plan of a workspace up to ``end_day``, for units of these ``origins``."""
    from holdfast.store import readers

    products = readers.products(settings) if by_category else []
    names = sorted({product.category for product in products if product.category})
    return Plan(
        zone=settings.zone,
        calendar=calendar(settings.calendar),
        currency=settings.currency,
        lost=settings.lost,
        end_day=end_day,
        origins=origins,
        rates=[
            Rate(each.day, each.from_currency, each.to_currency, float(each.rate))
            for each in readers.rates(settings)
        ],
        categories={each.product_id: names.index(each.category) for each in products if each.category},
        of_accounts=settings.unit == "account",
    )


def company(
    settings: Settings,
    engine: Engine,
    source: Source,
    found: Known,
    kept: Kept,
    *,
    units: NDArray[np.int64] | None = None,
) -> Company:
    """What the metrics need to know about the company; with ``units``, as if these were all its customers.

    What was spent on winning and keeping customers, and plain series, are the whole company's: they belong
    to no part of it.
    """
    from holdfast.store import readers

    seen, prospects = _first_seen(settings, found, units)
    return Company(
        currency=kept.currency,
        lost=settings.lost,
        usual=kept.usual,
        first_seen=seen,
        prospects=prospects,
        margin=settings.margin if settings.margin is not None else _margin(settings, engine, source, found),
        countries=found.countries,
        sources=found.sources,
        spent=_spent(settings, found, kept) if units is None else (),
        points=tuple(Point(each.name, each.day, each.value) for each in readers.series(settings))
        if units is None
        else (),
        without_rate=kept.without_rate,
        unattributed=_unattributed(settings) if units is None else {},
        receipts=kept.receipts,
        has_contracts=kept.has_contracts,
        has_amounts=kept.has_amounts,
    )


def _numbered(names: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Different names in order, "" first, and the number of each given one."""
    import numpy as np

    different = ("", *sorted(set(names) - {""}))
    numbers = {name: at for at, name in enumerate(different)}
    return different, np.fromiter((numbers[name] for name in names), np.int64, len(names))


def _first_seen(
    settings: Settings, found: Known, only: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], int]:
    """The first day of each customer before the end, and how many prospects there are."""
    import numpy as np

    from holdfast.store.first_seen import first_seen

    units, first_us = first_seen(settings)
    if only is not None:
        chosen = np.isin(units, only)
        units, first_us = units[chosen], first_us[chosen]
    end_us = day_start_us(found.plan.end_day, found.plan.zone)
    inside = first_us < end_us
    prospect = np.isin(units, found.prospects)
    offset = end_us - found.plan.end_day * 86_400_000_000
    # Only whole periods are compared with these days, and a zone moves by an hour or two a year.
    days = (first_us[inside & ~prospect] - offset) // 86_400_000_000
    return days, int((inside & prospect).sum())


def _spent(settings: Settings, found: Known, kept: Kept) -> tuple[Spent, ...]:
    """What winning and keeping customers cost, in the reporting currency; without a rate left out."""
    import numpy as np

    from holdfast.store import readers

    rates, spent = RateTable(found.plan.rates, kept.currency), []
    for each in readers.costs(settings):
        amount, known_rate = rates.convert(
            np.array([each.amount_minor]),
            np.array([0]),
            [each.currency or kept.currency],
            np.array([each.day]),
        )
        if known_rate[0]:
            spent.append(Spent(each.day, each.source, int(amount[0])))
    return tuple(spent)


def _unattributed(settings: Settings) -> dict[str, int]:
    """Signed sums of rejected rows without a customer, in minor units by currency."""
    from holdfast.domain.money import Money
    from holdfast.store import imports

    total: dict[str, int] = {}
    for each in imports.list_imports(settings):
        sums = each.report.get("unattributed_revenue", {}) if each.state == "done" else {}
        if isinstance(sums, dict):
            for code, amount in sums.items():
                total[code] = total.get(code, 0) + Money.of(str(amount), code).minor
    return total


def _margin(settings: Settings, engine: Engine, source: Source, found: Known) -> float | None:
    """The margin from what products cost, where that is known of any that were sold."""
    from holdfast.store import readers

    costs = {each.product_id: each for each in readers.products(settings) if each.unit_cost_minor is not None}
    if not costs:
        return None
    end_us = day_start_us(found.plan.end_day, found.plan.zone)
    rows = engine.rows(emit(product_totals(end_us), engine.dialect), {"events": source.events})
    return _margin_of(rows, costs)


def _margin_of(
    rows: Sequence[tuple[str | None, str, Decimal | None, int]], costs: dict[str, Product]
) -> float | None:
    """1 - costs / revenue over the products whose cost is known, sold in the currency of the cost."""
    cost, revenue = Decimal(0), 0
    for product_id, currency, quantity, amount in rows:
        product = costs.get(product_id or "")
        if product is None or product.unit_cost_minor is None or not quantity:
            continue
        if not currency or not product.currency or product.currency == currency:
            cost += product.unit_cost_minor * quantity
            revenue += amount
    margin = 1 - float(cost) / revenue if revenue > 0 else None
    return margin if margin is not None and 0 < margin <= 1 else None
