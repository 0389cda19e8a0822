"""Segments of customers who were just touched: who enters and who leaves, within the tick."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from holdfast.domain.expression import Expression
from holdfast.services.collect.segments.leaves import asked
from holdfast.services.collect.segments.refresh import is_looking
from holdfast.services.collect.segments.rules import rules_of
from holdfast.services.foresee import kept_features
from holdfast.store import segments

if TYPE_CHECKING:
    from holdfast.analytics.snapshot import FeatureTable
    from holdfast.settings import Settings
    from holdfast.store.segments import KeptSegment

AT_ONCE = 1_000
"""Customers that are looked at together."""


def refresh_units(
    settings: Settings,
    unit_ids: Collection[int],
    now_us: int,
    *,
    features: FeatureTable | None = None,
) -> int:
    """Bring the segments of these customers up to date; how many entered or left one.

    ``now_us`` is the actual time. ``features`` are theirs, where the caller has just computed them.
    Called by the pulse after it has brought standing and risk up to date; may be called twice without
    harm. While everybody is being looked at they are put off until after that.
    """
    if features is not None and len(features):
        kept_features.note(settings, features, now_us=now_us)
    kept = [each for each in segments.listed(settings) if each.checked_us is not None]
    units = sorted({int(unit) for unit in unit_ids})
    if not kept or not units:
        return 0
    if is_looking(settings):
        segments.put_off(settings, units)
        return 0
    units = sorted({*units, *segments.take_due(settings, AT_ONCE)})
    rules = rules_of(settings)
    return sum(
        _look(settings, units[start : start + AT_ONCE], kept, rules, now_us)
        for start in range(0, len(units), AT_ONCE)
    )


def refresh_put_off(settings: Settings, now_us: int) -> int:
    """Look at those who were put off; how many entered or left a segment."""
    moved = 0
    while units := segments.take_due(settings, AT_ONCE):
        moved += refresh_units(settings, units, now_us)
        if is_looking(settings):
            break
    return moved


def _look(
    settings: Settings,
    units: Sequence[int],
    kept: Sequence[KeptSegment],
    rules: dict[str, Expression],
    now_us: int,
) -> int:
    there = segments.members_among(settings, [each.id for each in kept], units)
    moved = 0
    with asked(settings, now_us, rules, units) as customers:
        customers.begin(rules.values())
        for segment in kept:
            if segment.key not in rules:
                continue  # deleted meanwhile
            meets = set(customers.units[customers.meets(rules[segment.key])].tolist())
            entered, left = sorted(meets - there[segment.id]), sorted(there[segment.id] - meets)
            moved += len(entered) + len(left)
            if entered or left:
                moment = customers.moment
                segments.apply(*(settings, segment.id, entered, left), day=moment.today, now_us=moment.now_us)
    return moved
