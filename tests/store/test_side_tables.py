from __future__ import annotations

from decimal import Decimal

from holdfast.settings import Settings
from holdfast.store import imports, readers, side_tables
from holdfast.store.side_tables import TableLoaded


def load(
    settings: Settings, kind: str, rows: list[tuple[object, ...]], *, done: bool = True
) -> tuple[int, TableLoaded]:
    import_id = imports.begin(settings, kind, "", [], 1)
    loaded = side_tables.load_table(settings, import_id, kind, rows)
    if done:
        imports.finish(settings, import_id, {}, 2)
    return import_id, loaded


def test_costs_of_a_day_and_source_add_up_within_a_file_and_are_replaced_by_the_next(base: Settings) -> None:
    lines = [(1, "ads", "EUR", 100), (1, "ads", "EUR", 100), (2, "ads", "EUR", 50), (1, "fair", "EUR", 9)]
    first, loaded = load(base, "costs", lines)
    assert loaded == TableLoaded(taken=4, duplicates=0)
    assert readers.costs(base) == [(1, "ads", "EUR", 200), (1, "fair", "EUR", 9), (2, "ads", "EUR", 50)]
    assert load(base, "costs", lines)[1] == TableLoaded(taken=0, duplicates=4), "A1: twice changes nothing"
    restated, loaded = load(base, "costs", [(2, "ads", "EUR", 70), (1, "fair", "EUR", 9)])
    assert loaded == TableLoaded(taken=1, duplicates=1)
    assert readers.costs(base)[2] == (2, "ads", "EUR", 70)
    imports.undo(base, restated, 9)
    assert readers.costs(base)[2] == (2, "ads", "EUR", 50)
    imports.undo(base, first, 9)


def test_products_rates_and_series(base: Settings) -> None:
    load(base, "products", [("p2", "Cup", "cups", None, ""), ("p1", "Pot", "pots", 950, "EUR")])
    load(base, "products", [("p2", "Cup", "cups", 120, "EUR")])
    assert [(row.product_id, row.unit_cost_minor) for row in readers.products(base)] == [
        ("p1", 950),
        ("p2", 120),
    ]
    load(base, "rates", [(1, "USD", "EUR", Decimal("0.912345678901"))])
    assert readers.rates(base) == [(1, "USD", "EUR", Decimal("0.912345678901"))]
    assert load(base, "rates", [(1, "USD", "EUR", Decimal("0.912345678901"))])[1].duplicates == 1
    load(base, "series", [("rating", 5, 4.5), ("mood", 5, 3.0), ("rating", 5, 4.6)])
    assert readers.series(base) == [("mood", 5, 3.0), ("rating", 5, 4.6)], "B12: the last row of a key counts"


def test_a_table_that_is_not_done_is_not_seen_and_may_be_written_again(base: Settings) -> None:
    running, _ = load(base, "series", [("rating", 5, 4.5)], done=False)
    assert readers.series(base) == []
    side_tables.load_table(base, running, "series", [("rating", 5, 4.5)])
    imports.finish(base, running, {}, 3)
    assert readers.series(base) == [("rating", 5, 4.5)]
