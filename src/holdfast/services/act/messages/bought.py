"""What customers bought, as fields of messages: so that content fits what they have.

``bought`` holds every product by its name, and is asked by product, its number or its category
(``{{#if bought = tea}}``, or ``bought = tea`` as the condition of a block). ``last_product`` and
``last_category`` are of what was bought last. Read for many customers by one query, and only where a message
names one of these fields.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from holdfast.domain.merge_fields import Several

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.readers import Product

FIELDS = ("bought", "last_product", "last_category")

Bought = Mapping[str, object]


def names_any(names: Collection[str]) -> bool:
    """Whether a message that names these fields has to know what was bought."""
    return not set(FIELDS).isdisjoint(names)


def of_unit(settings: Settings, unit_id: int) -> Bought:
    """What one customer bought."""
    return of_units(settings, [unit_id]).get(unit_id, {})


def of_units(settings: Settings, units: Collection[int]) -> dict[int, Bought]:
    """What customers bought; who bought nothing is not among them."""
    from holdfast.store import readers
    from holdfast.store.members import members

    wanted = set(units)
    unit_of = {subject: unit for subject, unit in members(settings, wanted).unit_of.items() if unit in wanted}
    if not unit_of:
        return {}
    last: dict[int, dict[str, int]] = {}
    for subject, product, at_us in _rows(settings, unit_of):
        of = last.setdefault(unit_of[subject], {})
        of[product] = max(at_us, of.get(product, at_us))
    products = {each.product_id: each for each in readers.products(settings)} if last else {}
    return {unit: _values(when, products) for unit, when in last.items()}


def _rows(settings: Settings, subjects: Collection[int]) -> Iterable[tuple[int, str, int]]:
    """Customer, product, and when it was bought last."""
    from holdfast.analytics.emit import emit
    from holdfast.analytics.spec import Column, Every, Greatest, Missing, Not, OneOf, Query
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.collect.segments.bought import BUYING
    from holdfast.services.visible import events_of

    where = Every(
        (
            OneOf(Column("subject_id"), tuple(sorted(subjects))),
            OneOf(Column("name"), BUYING),
            Not(Missing(Column("product_id"))),
        )
    )
    by = {"subject": Column("subject_id"), "product": Column("product_id")}
    query = Query("events", by, {"last_us": Greatest(Column("at_us"))}, where=where)
    settings.measured.mkdir(parents=True, exist_ok=True)
    with EmbeddedEngine(temp=settings.measured) as engine:
        rows = engine.rows(emit(query, engine.dialect), {"events": events_of(settings, subjects)})
    return [(int(subject), str(product), int(last_us)) for subject, product, last_us in rows]


def _values(when: Mapping[str, int], products: Mapping[str, Product]) -> Bought:
    """The fields of one customer, what was bought last first."""
    ids = sorted(when, key=lambda product: (-when[product], product))
    names = {each: (products[each].name or each) if each in products else each for each in ids}
    categories = {each: products[each].category or "" for each in ids if each in products}
    also = {each.casefold() for each in (*ids, *categories.values()) if each}
    return {
        "bought": Several(tuple(dict.fromkeys(names.values())), frozenset(also)),
        "last_product": names[ids[0]],
        "last_category": categories.get(ids[0], ""),
    }
