"""Looking at everybody anew: when a segment was made, when a day has begun, at the end of a run."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np

from holdfast.domain.expression import Expression
from holdfast.services.collect.segments.leaves import Asked, asked
from holdfast.services.collect.segments.rules import rules_of
from holdfast.store import leases, segments

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.segments import KeptSegment

LEASE = "segments"
"""Held while everybody is looked at; who is touched meanwhile is looked at after that."""

_SECONDS = 300.0


def refresh_all(settings: Settings, now_us: int, *, only: Collection[str] | None = None) -> bool:
    """Bring the members of every segment (or of those with the keys ``only``) to what their rules say.

    False when somebody else is at it. Writes in short transactions; killed in between, what is missing is
    written by the next look, which is due since the segment was not marked as looked at.
    """
    with _alone(settings) as alone:
        if not alone:
            return False
        kept = [each for each in segments.listed(settings) if only is None or each.key in only]
        if kept:
            rules = rules_of(settings)
            with asked(settings, now_us, rules) as customers:
                customers.begin(rules[each.key] for each in kept if each.key in rules)
                for segment in kept:
                    _bring(settings, segment, rules.get(segment.key), customers)
                    _prolong(settings, alone)
    _after(settings, now_us)
    return True


def refresh_due(settings: Settings, now_us: int) -> bool:
    """Look at everybody where that is due: a segment is new, its rule is, or a day has begun since.

    Time alone changes who meets a rule only at midnight: windows are whole days. The worker asks
    every minute; whether anything was done.
    """
    from holdfast.analytics.local_days import day_start_us
    from holdfast.services.collect.segments.moments import moment_of

    kept = segments.listed(settings)
    if not kept:
        return False
    moment = moment_of(settings, now_us)
    begun = min(day_start_us(moment.today, settings.zone), moment.now_us)
    due = [each.key for each in kept if each.checked_us is None or each.checked_us < begun]
    return bool(due) and refresh_all(settings, now_us, only=due)


def _bring(settings: Settings, segment: KeptSegment, rule: Expression | None, customers: Asked) -> None:
    if rule is None:
        return  # deleted meanwhile
    meets = customers.units[customers.meets(rule)]
    there = segments.member_ids(settings, segment.id)
    moment = customers.moment
    segments.apply(
        settings,
        segment.id,
        np.setdiff1d(meets, there, assume_unique=True).tolist(),
        np.setdiff1d(there, meets, assume_unique=True).tolist(),
        day=moment.today,
        now_us=moment.now_us,
        moved=segment.checked_us is not None,
    )
    segments.note_checked(
        settings,
        segment.id,
        size=len(meets),
        day=moment.today,
        now_us=moment.now_us,
        ruled_us=segment.ruled_us,
    )


def _after(settings: Settings, now_us: int) -> None:
    """Look at those who were touched meanwhile."""
    from holdfast.services.collect.segments.live import refresh_put_off

    refresh_put_off(settings, now_us)


@contextmanager
def _alone(settings: Settings) -> Iterator[str]:
    """The name under which the lease is held; "" when somebody else has it."""
    holder = uuid4().hex
    mine = leases.take(settings, LEASE, holder, now_us=_actual_us(), seconds=_SECONDS)
    try:
        yield holder if mine else ""
    finally:
        if mine:
            leases.give_back(settings, LEASE, holder)


def _prolong(settings: Settings, holder: str) -> None:
    leases.take(settings, LEASE, holder, now_us=_actual_us(), seconds=_SECONDS)


def is_looking(settings: Settings) -> bool:
    """Whether everybody is being looked at now."""
    return leases.is_held(settings, LEASE, now_us=_actual_us())


def _actual_us() -> int:
    return int(datetime.now(UTC).timestamp() * 1_000_000)
