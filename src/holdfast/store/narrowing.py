"""Conditions that leave only the customers somebody may see."""

from __future__ import annotations

from collections.abc import Collection


def narrowed(column: str, units: Collection[int] | None) -> list[str]:
    """The condition that ``column`` is one of ``units``, as a list to add to others; none for ``None``."""
    if units is None:
        return []
    return [f"{column} IN ({', '.join(str(int(unit)) for unit in sorted(units)) or 'NULL'})"]
