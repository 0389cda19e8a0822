"""Warnings follow the customer they are about through merging, undoing a merge, and joining an account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from holdfast.store import episodes_merged, readers

if TYPE_CHECKING:
    from holdfast.settings import Settings


def follow_links(
    settings: Settings, day: int, *, now_us: int, unit_of: Mapping[int, int] | None = None
) -> int:
    """Put every episode under the customer of now; how many moved.

    ``unit_of`` names the unit of each subject of a few customers; without it everybody is looked at.
    """
    if unit_of is None:
        moved = episodes_merged.astray_among_all(settings, readers.unit_links(settings))
    else:
        moved = episodes_merged.astray(settings, unit_of)
    episodes_merged.follow(settings, moved, day, now_us=now_us)
    return len(moved)
