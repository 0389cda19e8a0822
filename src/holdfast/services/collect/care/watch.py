"""Looks every few seconds for customers whose contact points something happened to."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.domain.channels import SIGNS
from holdfast.services.collect.care.refresh import AGAIN, refresh, refresh_units
from holdfast.settings import Settings

MOST = 500
"""Customers judged anew at once; the rest is next."""
_CURSORS = "cursors"


def watch(settings: Settings, *, now_us: int) -> int:
    """Judge anew whom something happened to since the last look; how many customers.

    Everybody, where somebody decided otherwise how long silence may last; then how many rows changed.

    Events are found while they lie in the ingest log. What the mover was quicker with, undone links and
    imports are found by the next run of the loop, which judges everybody.
    """
    from holdfast.store import care_settings, touched_points

    found = care_settings.read(settings, _CURSORS, AGAIN)
    if found.get(AGAIN):
        return refresh(settings, now_us=now_us)
    kept = found.get(_CURSORS)
    if kept is None:
        care_settings.write(settings, _CURSORS, touched_points.ends(settings))
        return 0
    subjects, cursors = touched_points.since(settings, kept, tuple(SIGNS), most=MOST)
    refresh_units(settings, _whole_units(settings, subjects), now_us=now_us)
    if cursors != kept:
        care_settings.write(settings, _CURSORS, cursors)
    return len(subjects)


def _whole_units(settings: Settings, subjects: Sequence[int]) -> dict[int, list[int]]:
    """Unit to all its ids, of every unit that one of ``subjects`` belongs to."""
    from holdfast.store.identity_live import units_of
    from holdfast.store.profile import subjects_of

    return {unit: subjects_of(settings, unit) for unit in sorted(set(units_of(settings, subjects).values()))}
