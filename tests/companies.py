"""Small companies for the tests, and ways to compare what happened in two of them."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast.simulate.world import Day, World


def live(world: World, days: int) -> list[Day]:
    """Let days go by without touching anybody."""
    return [world.step() for _ in range(days)]


def lives(days: Iterable[Day], only: set[str] | None = None) -> dict[str, list[tuple[str, object]]]:
    """Everything that happened to each customer (guest ids with their owners), in order."""
    found: dict[str, list[tuple[str, object]]] = {}
    for day in days:
        for table, columns in day.tables.items():
            if "customer" not in columns:
                continue
            names = [name for name in columns if name != "customer"]
            customers = columns["customer"].tolist()
            rows = zip(*(columns[name].tolist() for name in names), strict=True)
            for customer, row in zip(customers, rows, strict=True):
                owner = "C" + customer[1:]
                if only is None or owner in only:
                    known = {n: v for n, v in zip(names, row, strict=True) if v is not None}
                    found.setdefault(owner, []).append((table, known))
    return found
