"""Every night: what each signal says of everybody at the end of the day, and what that changes.

The day is asked as of its end, by what was known then; live looks ask the same of a day that is not over.
Where nights were missed, the days between are asked too. A rule that is asked for the first time is asked of
some days back, so that what it finds is dated; that is no news, but for the last day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.episodes import Kept
from holdfast.domain.texts import Text
from holdfast.services.warn import answers, asking, storms
from holdfast.services.warn.catalogue import Listed
from holdfast.services.warn.hearing import hear, tonight, was_asked_later
from holdfast.services.warn.merged import follow_links
from holdfast.store import episodes, recent_imports

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.services.foresee.snapshots import History
    from holdfast.services.progress import Progress
    from holdfast.services.warn.hearing import Hearing, Tonight
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
    """One signal on one day: its kept episodes, and whether nothing it finds is news."""

    listed: Listed
    kept: Kept
    quiet_all: bool


def evaluate(
    settings: Settings,
    history: History,
    *,
    at_day: int,
    now_us: int,
    progress: Progress,
    heard: Tonight | None = None,
) -> Evaluated:
    """Ask every signal that is on of everybody, as of the beginning of ``at_day``; the day before decides.

    May be repeated: a day that was asked already is set right by what is known by now. A day before the
    last one asked changes nothing. ``heard`` is what the signals said where they were asked already,
    together with the features.
    """
    if was_asked_later(settings, at_day):
        return Evaluated()
    asked = heard or tonight(settings, history, at_day)
    asked.ask_the_rest()
    signals = asked.signals
    follow_links(settings, at_day - 1, now_us=now_us)
    _end_the_others(settings, asked.every, signals, at_day - 1, now_us)
    plan = _plan(settings, signals, at_day - 1, len(asked.units))
    imported, before_us = _imported(settings), episodes.last_look_us(settings) or 0
    began = 0
    for number, (day, looks) in enumerate(sorted(plan.items())):
        progress.step(Text("Asking the signals"), number, len(plan))
        tuned = [each.tuned for each, _ in looks]
        said = asked.heard if day == at_day - 1 else hear(history, tuned, asked.units, day + 1)
        began += _look(settings, history, looks, day, said, imported, now_us)
    progress.step(Text("Asking the signals"), len(plan), len(plan))
    present = present_us(settings, now_us)
    answers.note_night(settings, history.ready.engine, history.source.events, before_us, present)
    rules = {each.signal.name: each.rule for each in asked.every if each.on}
    episodes.note_looked(settings, rules, at_day - 1, now_us=now_us)
    return Evaluated(len(signals), len(asked.units), began)


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
    said: Hearing,
    imported: Whole,
    now_us: int,
) -> int:
    """Take what some signals said of a day; how many episodes began that were news."""
    looks, there = [_begin(settings, each, quiet, day) for each, quiet in wanted], said.there
    found = [(look.listed.tuned, _changed(look, said, there, day)) for look in looks]
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


def _changed(look: _Look, said: Hearing, there: Whole, day: int) -> Changes:
    """What the day changed for a signal; who was not asked any more is warned of no longer."""
    tuned = look.listed.tuned
    parts = [
        asking.changes_of(look.kept, heard, tuned, day, look.quiet_all)
        for heard in said.of(tuned.signal.name)
    ]
    others = np.setdiff1d(look.kept.unit, there)
    return asking.together([*parts, asking.all_over(look.kept, others, day, tuned)])


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
