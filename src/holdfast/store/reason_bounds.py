"""From which share on a measure of a reason is weak, and bad, where people set it otherwise than we did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class Bounds:
    """From the share ``weak_from`` on the grade is weak, from ``bad_from`` on bad."""

    weak_from: float
    bad_from: float


def listed(settings: Settings) -> dict[str, dict[str, Bounds]]:
    """What people set, by reason and measure; what is not named is as it was delivered."""
    store.connect(settings)
    found: dict[str, dict[str, Bounds]] = {}
    for key, measure, weak, bad in sql.read(
        "SELECT reason_key, measure, weak_from, bad_from FROM reason_bound"
    ):
        found.setdefault(key, {})[measure] = Bounds(float(weak), float(bad))
    return found


def save(settings: Settings, key: str, bounds: Mapping[str, Bounds], *, by: str, now_us: int) -> None:
    """Let these be the bounds that people set for a reason, in the place of those that were."""
    store.connect(settings)
    with sql.short_write():
        sql.write("DELETE FROM reason_bound WHERE reason_key = %s", (key,))
        for measure, each in bounds.items():
            sql.write(
                "INSERT INTO reason_bound (reason_key, measure, weak_from, bad_from, changed_us, changed_by) "
                "VALUES (%s, %s, %s, %s, %s, %s)",
                (key, measure, each.weak_from, each.bad_from, now_us, by),
            )
