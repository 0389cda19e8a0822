"""How many warnings were raised, day by day: for pictures of them."""

from __future__ import annotations

from collections.abc import Collection

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.narrowing import narrowed


def raised_by_day(settings: Settings, *, since_day: int, among: Collection[int] | None) -> dict[int, int]:
    """Warnings that began on each day since one and were news; ``among`` are the only customers seen."""
    store.connect(settings)
    conditions = ["began_day >= %s", "NOT quiet", "merged_into IS NULL", *narrowed("unit_id", among)]
    rows = sql.read(
        f"SELECT began_day, COUNT(*) FROM episode WHERE {' AND '.join(conditions)} GROUP BY began_day",
        (since_day,),
    )
    return {int(day): int(number) for day, number in rows}
