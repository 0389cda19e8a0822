"""Storms: one row a signal and day, and its episodes marked."""

from __future__ import annotations

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql, told_out
from holdfast.store.episodes import AT_ONCE


def of_day(settings: Settings, key: str, day: int) -> int | None:
    """The storm of a signal on a day, if there is one."""
    store.connect(settings)
    row = sql.one("SELECT id FROM signal_storm WHERE signal_key = %s AND day = %s", (key, day))
    return None if row is None else int(row[0])


def known_since(settings: Settings, key: str) -> int | None:
    """The first day of which there is an episode of a signal."""
    store.connect(settings)
    row = sql.one("SELECT MIN(began_day) FROM episode WHERE signal_key = %s", (key,))
    return None if row is None or row[0] is None else int(row[0])


def raise_storm(
    settings: Settings,
    key: str,
    day: int,
    *,
    customers: int,
    usual: float,
    now_us: int,
    present_us: int,
) -> int:
    """Make one thing of what a signal raised on a day, told once; what is no news is left out. Its number.

    ``now_us`` is the actual time, ``present_us`` that of the workspace.
    """
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "INSERT INTO signal_storm (signal_key, day, customers, usual, raised_us) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (signal_key, day) DO NOTHING RETURNING id",
            (key, day, customers, usual, present_us),
        )
        if row is not None:
            told_out.storm_raised(
                *(settings, key, int(row[0])), day=day, customers=customers, usual=usual, now_us=now_us
            )
    storm_id = of_day(settings, key, day)
    assert storm_id is not None  # noqa: S101  (written above, by us or by somebody else)
    while (
        sql.write(
            "UPDATE episode SET storm_id = %s WHERE id IN (SELECT id FROM episode WHERE signal_key = %s "
            f"AND began_day = %s AND NOT quiet AND storm_id IS NULL AND merged_into IS NULL LIMIT {AT_ONCE})",
            (storm_id, key, day),
        )
        == AT_ONCE
    ):
        pass
    return storm_id


def count(settings: Settings, storm_id: int) -> None:
    """Bring the number of customers of a storm up to date."""
    store.connect(settings)
    sql.write(
        "UPDATE signal_storm SET customers = (SELECT COUNT(*) FROM episode e WHERE e.storm_id = %s) "
        "WHERE id = %s",
        (storm_id, storm_id),
    )
