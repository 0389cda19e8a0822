"""Warnings of customers who were just touched: the same rules as at night, of a day that is not over yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.known_days import Company
from holdfast.engines import slicing
from holdfast.services.foresee.live import slice_history
from holdfast.services.warn import answers, asking, storms
from holdfast.services.warn.catalogue import Listed, in_use
from holdfast.services.warn.evaluate import present_us
from holdfast.services.warn.merged import follow_links
from holdfast.store import episodes, recent_imports

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.episodes import Kept
    from holdfast.analytics.snapshot import FeatureTable
    from holdfast.services.measure.source import Source
    from holdfast.services.pulse.slice import Slice
    from holdfast.settings import Settings
    from holdfast.store.episodes import Changes

    Whole = NDArray[np.int64]


def look(
    settings: Settings, piece: Slice, company: Company | None, names: dict[str, int], now_us: int
) -> None:
    """Bring the warnings of the customers in ``piece`` up to date.

    ``company`` and ``names`` (events by name) are what the last run learnt. A rule that has not been asked
    of everybody yet waits for the night. May be called twice without harm.
    """
    follow_links(settings, piece.today, now_us=now_us, unit_of=piece.whose.unit_of)
    held, unit_of = piece.events, piece.whose.unit_of
    answers.note_events(settings, piece.engine, held, unit_of, present_us(settings, now_us))
    signals = _asked_already(settings, names | slicing.names_in(piece.engine, piece.events))
    if signals:
        for at_day, (source, units) in piece.sources.items():
            _look(settings, piece, signals, company, at_day, source, units, now_us)


def _asked_already(settings: Settings, names: dict[str, int]) -> list[Listed]:
    """The signals by whose rule everybody was looked at."""
    before = episodes.looked(settings)
    return [each for each in in_use(settings, names) if before.get(each.signal.name, (0, ""))[1] == each.rule]


def _look(
    settings: Settings,
    piece: Slice,
    signals: Sequence[Listed],
    company: Company | None,
    at_day: int,
    source: Source,
    units: Whole,
    now_us: int,
) -> None:
    history = slice_history(settings, piece.tables, source, piece.whose.links, at_day, grace_days=0)
    tuned, known = [each.tuned for each in signals], company or Company({})
    asked = asking.asked(history, tuned, [at_day], known)
    tables = [table for (table,) in asked.slices(asking.not_gone(history.stays, at_day, units))]
    last_us = episodes.last_look_us(settings) or 0
    imported = np.array(sorted(_imported(settings, piece, last_us)), np.int64)
    standing = episodes.standing_among(
        *(settings, [each.signal.name for each in signals], units.tolist()),
        since_day=at_day - 2 - max(each.signal.cooldown_days for each in signals),
    )
    found = [(each.tuned, _changes(standing[each.signal.name], each, tables, at_day - 1)) for each in signals]
    for each, changes in zip(signals, asking.no_news(history, found, imported, at_day, known), strict=True):
        if len(changes):
            storms.apply(
                *(settings, each.signal.name, changes, at_day - 1),
                now_us=now_us,
                present_us=present_us(settings, now_us),
            )


def _imported(settings: Settings, piece: Slice, since_us: int) -> set[int]:
    """The customers of whom an import has told since everybody was looked at."""
    unit_of = piece.whose.unit_of
    return {unit_of[each] for each in recent_imports.told_among(settings, since_us, sorted(unit_of))}


def _changes(kept: Kept, each: Listed, tables: Sequence[FeatureTable], day: int) -> Changes:
    tuned = each.tuned
    parts = [asking.changes_of(kept, asking.hear(table, tuned), tuned, day) for table in tables]
    there = np.concatenate([np.empty(0, np.int64), *(table.unit_id for table in tables)])
    others = np.setdiff1d(kept.unit, there)
    return asking.together([*parts, asking.all_over(kept, others, day, tuned)])
