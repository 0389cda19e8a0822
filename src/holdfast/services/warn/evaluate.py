"""Every night: what each signal says of everybody at the end of the day, and what that changes.

The day is asked as of its end, by what was known then; live looks ask the same of a day that is not over.
Where nights were missed, the days between are asked too. A rule that is asked for the first time is asked of
some days back, so that what it finds is dated; that is no news, but for the last day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.episodes import Kept
from holdfast.domain.texts import Text
from holdfast.services.warn import answers, asking, storms
from holdfast.services.warn.catalogue import Listed, listed, says_something
from holdfast.services.warn.merged import follow_links
from holdfast.store import episodes, recent_imports
from holdfast.store.first_seen import first_seen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.snapshot import FeatureTable
    from holdfast.services.foresee.snapshots import History
    from holdfast.services.progress import Progress
    from holdfast.settings import Settings
    from holdfast.store.episodes import Changes

    Whole = NDArray[np.int64]

CATCH_UP_DAYS = 14
"""So many missed days are asked at most."""

FIRST_DAYS = 7
FIRST_CUSTOMER_DAYS = 100_000
"""A new rule is asked of so many days back, fewer where there are many customers."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a night found: ``signals`` asked of ``customers``, episodes that ``began`` and were news."""

    signals: int = 0
    customers: int = 0
    began: int = 0


@dataclass(slots=True)
class _Look:
    """One signal on one day: its kept episodes, and what the slices change."""

    listed: Listed
    kept: Kept
    quiet_all: bool
    parts: list[Changes] = field(default_factory=list)


def evaluate(
    settings: Settings, history: History, *, at_day: int, now_us: int, progress: Progress
) -> Evaluated:
    """Ask every signal that is on of everybody, as of the beginning of ``at_day``; the day before decides.

    May be repeated: a day that was asked already is set right by what is known by now. A day before the
    last one asked changes nothing.
    """
    names = history.ready.kept.names
    every = listed(settings)
    signals = [each for each in every if each.on and says_something(each.signal, names)]
    if any(day > at_day - 1 for day, _ in episodes.looked(settings).values()):
        return Evaluated()
    follow_links(settings, at_day - 1, now_us=now_us)
    _end_the_others(settings, every, signals, at_day - 1, now_us)
    units, _ = first_seen(settings)
    plan = _plan(settings, signals, at_day - 1, len(units))
    imported, before_us = _imported(settings), episodes.last_look_us(settings) or 0
    began = 0
    for number, (day, looks) in enumerate(sorted(plan.items())):
        progress.step(Text("Asking the signals"), number, len(plan))
        began += _look(settings, history, looks, day, units, imported, now_us)
    progress.step(Text("Asking the signals"), len(plan), len(plan))
    present = present_us(settings, now_us)
    answers.note_night(settings, history.ready.engine, history.source.events, before_us, present)
    asked = {each.signal.name: each.rule for each in every if each.on}
    episodes.note_looked(settings, asked, at_day - 1, now_us=now_us)
    return Evaluated(len(signals), len(units), began)


def _plan(
    settings: Settings, signals: Sequence[Listed], last: int, customers: int
) -> dict[int, list[tuple[Listed, bool]]]:
    """Day to the signals that are asked of it, each with whether what it finds is no news."""
    before = episodes.looked(settings)
    back = max(1, min(FIRST_DAYS, FIRST_CUSTOMER_DAYS // max(1, customers)))
    plan: dict[int, list[tuple[Listed, bool]]] = {}
    for each in signals:
        if each.signal.name not in before:
            days, quiet = range(last - back + 1, last + 1), back == 1
        elif before[each.signal.name][1] != each.rule:
            days, quiet = range(last, last + 1), True
        else:
            missed = before[each.signal.name][0] + 1
            days, quiet = range(min(last, max(missed, last - CATCH_UP_DAYS + 1)), last + 1), False
        new = each.signal.name not in before
        for day in days:
            plan.setdefault(day, []).append((each, quiet or (new and day < last)))
    return plan


def _look(
    settings: Settings,
    history: History,
    wanted: Sequence[tuple[Listed, bool]],
    day: int,
    units: Whole,
    imported: Whole,
    now_us: int,
) -> int:
    """Ask some signals of a day; how many episodes began that were news."""
    looks = [_begin(settings, each, quiet, day) for each, quiet in wanted]
    tuned = [look.listed.tuned for look in looks]
    asked = asking.asked(history, tuned, [day + 1])
    seen = [np.empty(0, np.int64)]
    for (table,) in asked.slices(asking.not_gone(history.stays, day + 1, units)):
        seen.append(table.unit_id)
        for look in looks:
            look.parts.append(_said(look, table, day))
    there = np.unique(np.concatenate(seen))
    found = [(look.listed.tuned, _ended(look, there, day)) for look in looks]
    told = asking.no_news(history, found, imported, day + 1)
    began = 0
    for look, changes in zip(looks, told, strict=True):
        began += int((~changes.begun.quiet).sum())
        storms.apply(
            *(settings, look.listed.signal.name, changes, day),
            now_us=now_us,
            present_us=present_us(settings, now_us),
        )
    return began


def _begin(settings: Settings, each: Listed, quiet: bool, day: int) -> _Look:
    since = day - each.signal.cooldown_days - 1
    return _Look(each, episodes.standing(settings, each.signal.name, since_day=since), quiet)


def _said(look: _Look, table: FeatureTable, day: int) -> Changes:
    tuned = look.listed.tuned
    quiet = np.full(len(table), look.quiet_all)
    return asking.changes_of(look.kept, table, asking.say(table, tuned), tuned, day, quiet)


def _ended(look: _Look, there: Whole, day: int) -> Changes:
    """What the day changed for a signal; who was not asked any more is warned of no longer."""
    others = np.setdiff1d(look.kept.unit, there)
    rest = asking.all_over(look.kept, others, day, look.listed.tuned)
    return asking.together([*look.parts, rest])


def _end_the_others(
    settings: Settings, every: Sequence[Listed], signals: Sequence[Listed], day: int, now_us: int
) -> None:
    """End what signals raised that are off, gone, or have nothing to look at any more."""
    asked = {each.signal.name for each in signals}
    for key in episodes.open_keys(settings):
        if key not in asked:
            episodes.end_all(settings, key, day, now_us=now_us)
    episodes.forget_looks(settings, {each.signal.name for each in every if each.on})


def _imported(settings: Settings) -> Whole:
    """The customers of whom an import has told since everybody was looked at."""
    last_us = episodes.last_look_us(settings)
    return np.empty(0, np.int64) if last_us is None else recent_imports.told_of(settings, last_us)


def present_us(settings: Settings, now_us: int) -> int:
    """The moment of the workspace's clock at an actual one, never after it."""
    present = settings.now(datetime.fromtimestamp(now_us / 1_000_000, UTC))
    return min(now_us, int(present.timestamp() * 1_000_000))
