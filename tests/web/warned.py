"""Early warnings of a few customers, as the nightly run leaves them."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from holdfast.services.warn.reading import today
from holdfast.settings import Settings
from holdfast.store import episodes, sql
from web.history import Happened, Person, bring, unit_of

KEYS = ("ioana", "tariq", "maria")
NAMES = ("Ioana Marin", "طارق رستمی", "Мария Попова")
VALUES = (90_000, 250_000, 1_000)


def company(settings: Settings) -> dict[str, int]:
    """Three customers with a risk and a value at risk; their units."""
    from holdfast.store.models import RiskScore, Standing

    people = (
        Person(key, name, (Happened("2024-05-01", "Order Completed", 4_600),))
        for key, name in zip(KEYS, NAMES, strict=True)
    )
    bring(settings, *people)
    units = {key: unit_of(key) for key in KEYS}
    for key, name, value in zip(KEYS, NAMES, VALUES, strict=True):
        Standing.objects.create(unit_id=units[key], name=name, name_key=name.casefold())
        RiskScore.objects.create(
            unit_id=units[key],
            risk=0.4,
            value_minor=2 * value,
            value_at_risk_minor=value,
            as_of_day=20_000,
            model_version=1,
        )
    return units


def warn(
    settings: Settings,
    key: str,
    *units: int,
    days_ago: int = 0,
    quiet: bool = False,
    storm_id: int | None = None,
    **numbers: float,
) -> list[int]:
    """A signal warns of some customers; the numbers of the warnings."""
    now = datetime.now(UTC)
    now_us = int(now.timestamp() * 1_000_000) - days_ago * 86_400_000_000
    size = len(units)
    begun = episodes.Begun(
        np.array(sorted(units), np.int64),
        today(settings, now) - days_ago,
        np.full(size, 0.7),
        {name: np.full(size, value) for name, value in numbers.items()},
        np.full(size, quiet),
        storm_id,
    )
    return episodes.apply(settings, key, episodes.Changes(begun), now_us=now_us, present_us=now_us)


def storm(settings: Settings, key: str, customers: int, *, days_ago: int = 0) -> int:
    """A storm of a signal; its number."""
    day = today(settings, datetime.now(UTC)) - days_ago
    rows = sql.read(
        "INSERT INTO signal_storm (signal_key, day, customers, usual, raised_us) "
        "VALUES (%s, %s, %s, 2.0, 1) RETURNING id",
        (key, day, customers),
    )
    return int(rows[0][0])
