"""One beat of the plays: customers who are due go on, a bounded number of them.

What a beat costs depends on who is due. Each batch is one transaction; whoever is killed in between does it
again, and asks for nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from holdfast.domain import plays as p
from holdfast.domain.arms import Draw, draw_of
from holdfast.domain.moments import microseconds
from holdfast.domain.schedules import next_after
from holdfast.services.act.plays.applying import Batch, apply, written
from holdfast.services.act.plays.known import Wanted, known
from holdfast.services.act.plays.messages import Letters
from holdfast.services.act.plays.spending import month_of
from holdfast.services.act.plays.walking import Purse, walk
from holdfast.services.act.plays.written import Ready, kept
from holdfast.settings import Settings
from holdfast.store import due_work, plays, plays_walking
from holdfast.store.plays import KeptPlay
from holdfast.store.plays_walking import Walker

AT_ONCE = 100
"""Customers of one transaction: on SQLite it then holds the write lock for well under 100 ms."""

MOST = 1_000
"""Customers of one beat."""

_AGAIN_US = 600_000_000

_log = logging.getLogger("holdfast.worker")


@dataclass(frozen=True, slots=True)
class Ticked:
    """How many customers went on; ``more``: others are due too."""

    walked: int = 0
    more: bool = False


def tick(settings: Settings, now: datetime, *, most: int = MOST) -> Ticked:
    """Let those who are due go on, plays of a higher priority first. ``now`` is the actual time.

    Plays live in the time of the workspace (a demo company has its own).
    """
    present_us = microseconds(settings.now(now))
    walked, room = 0, most
    for play in plays.walking(settings):
        if room <= 0:
            return Ticked(walked, more=True)
        due = plays_walking.due(settings, play.id, present_us, room)
        for start in range(0, len(due), AT_ONCE):
            walked += _batch(settings, play, due[start : start + AT_ONCE], now)
        room -= len(due)
    return Ticked(walked, more=room <= 0)


def _batch(settings: Settings, play: KeptPlay, walkers: Sequence[Walker], now: datetime) -> int:
    """Let some of one play go on; where that fails, halves of them, until who makes it fail stands alone."""
    try:
        return _walked(settings, play, walkers, now)
    except due_work.NOT_THEIRS:
        raise
    except Exception:
        if len(walkers) > 1:
            middle = len(walkers) // 2
            return sum(_batch(settings, play, part, now) for part in (walkers[:middle], walkers[middle:]))
        _log.exception("enrolment %d cannot go on; put off", walkers[0].id)
        _put_off(settings, walkers[0], microseconds(settings.now(now)))
        return 0


def _walked(settings: Settings, play: KeptPlay, walkers: Sequence[Walker], now: datetime) -> int:
    done = 0
    versions = plays.versions_of_play(settings, play.id, {each.version_id for each in walkers})
    for version_id, version in sorted(versions.items()):
        ready = kept(version_id, version.made_us, version.written)
        theirs = [each for each in walkers if each.version_id == version_id]
        done += _of_one_version(settings, play, ready, theirs, now)
    return done


def _of_one_version(
    settings: Settings, play: KeptPlay, ready: Ready, walkers: Sequence[Walker], now: datetime
) -> int:
    present_us = microseconds(settings.now(now))
    wanted = Wanted(ready.rules, ready.listens, min(each.entered_us for each in walkers), ready.play.topic)
    draw = split_draw(settings, play.key)
    customers = known(settings, {each.unit_id for each in walkers}, wanted, draw, now)
    purse, month = purse_of(settings, play.id, ready.play, now)
    letters = Letters(settings, ready.play, customers)
    # One after the other: what cannot be written leaves its share of the budget to the next.
    written_ways = [
        written(walk(ready, each, customers.get(each.unit_id), purse, present_us), letters, customers, purse)
        for each in walkers
    ]
    batch = Batch(ready.play, play.id, written_ways, letters, customers, month, now, present_us)
    return apply(settings, batch)


def split_draw(settings: Settings, play_key: str) -> Draw:
    """By what the ways of a split are drawn: not by what decides about the arms."""
    return draw_of(plays.read_settings(settings).workspace, play_key, "split")


def purse_of(settings: Settings, play_id: int, play: p.Play, now: datetime) -> tuple[Purse, int]:
    """What a play may still spend, and the month that it is spent in."""
    month = month_of(settings, microseconds(settings.now(now)))
    if play.budget is None:
        return Purse(None, 0, 0, None), month
    monthly = play.budget.per == "month"
    spent = plays_walking.spent(settings, play_id, month if monthly else 0)
    opens = next_after(settings.now(now), "month", 1, 0, settings.zone) if monthly else None
    return Purse(play.budget, *spent, None if opens is None else microseconds(opens)), month


def _put_off(settings: Settings, walker: Walker, present_us: int) -> None:
    """Nobody waits for one who cannot go on."""
    from holdfast.store import sql
    from holdfast.store.plays_walking import Happened, Walked

    because = Happened(walker.step, "held", "failed")
    later = Walked(
        walker, walker.step, walker.reached_us, present_us + _AGAIN_US, walker.waits_for, happened=(because,)
    )
    with sql.short_write():
        if plays_walking.still(settings, [walker]):
            plays_walking.keep(settings, [replace(later, goal_us=walker.goal_us)], now_us=present_us)
