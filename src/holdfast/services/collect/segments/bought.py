"""What customers bought most, for groups by product."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from holdfast.analytics import taken
from holdfast.analytics.emit import emit
from holdfast.analytics.spec import Column, Count, Every, Missing, Not, Query, equals
from holdfast.services.collect.segments.census import census

if TYPE_CHECKING:
    from holdfast.settings import Settings

BUYING = (taken.ORDERED, taken.PAID, taken.STARTED)
"""What counts as buying: the first of these that happens in the workspace."""


def buying_event(settings: Settings, now_us: int) -> str:
    """The event by which customers of this workspace buy."""
    names = census(settings, now_us).names
    return next((name for name in BUYING if name in names), BUYING[0])


def most_bought(settings: Settings, most: int, now_us: int) -> tuple[str, str, list[tuple[str, str]]]:
    """The event of buying, "category" or "product", and (name, shown name) of what was bought most."""
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.visible import finished_events
    from holdfast.store import readers

    event = buying_event(settings, now_us)
    bought = Every((equals("name", event), Not(Missing(Column("product_id")))))
    query = Query("events", {"product": Column("product_id")}, {"rows": Count()}, where=bought)
    settings.measured.mkdir(parents=True, exist_ok=True)
    with EmbeddedEngine(temp=settings.measured) as engine:
        rows = engine.rows(emit(query, engine.dialect), {"events": finished_events(settings)})
    products = {each.product_id: each for each in readers.products(settings)}
    categories = Counter[str]()
    for product, count in rows:
        if product in products and products[product].category:
            categories[products[product].category] += count
    if categories:
        return event, "category", [(name, name) for name, _ in categories.most_common(most)]
    chosen = sorted(rows, key=lambda row: (-row[1], row[0]))[:most]
    named = [(str(p), products[p].name if p in products and products[p].name else str(p)) for p, _ in chosen]
    return event, "product", named
