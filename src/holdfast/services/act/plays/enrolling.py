"""Customers of whom a play is to begin: who may, in which arm, all at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.domain.arms import Draw, below, draw_of
from holdfast.domain.expression import Expression
from holdfast.domain.moments import microseconds
from holdfast.domain.plays import Play
from holdfast.services.act.plays.walking import DAY_US
from holdfast.services.act.plays.written import Ready
from holdfast.settings import Settings
from holdfast.store import plays, plays_enrolling, plays_known
from holdfast.store.plays import KeptPlay, KeptVersion
from holdfast.store.plays_enrolling import Enrolled, Enrolling

Units = NDArray[np.int64]

FEW = 5_000
"""Up to so many customers rules are asked of them alone; of more, of everybody at once."""

ALL_PLAYS = "all plays"
"""Instead of the key of a play, in the draw of those whom no play of purpose marketing touches."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """Who of those a trigger is about may enter, and how many may not, by why."""

    units: Units
    without: Mapping[str, int]


def distinct(units: Units) -> Units:
    """Each customer once, sorted. (``numpy.unique`` hashes, which takes seconds for a million in order.)"""
    ordered = np.sort(units)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def arm_draw(settings: Settings, play_key: str) -> Draw:
    """By what the arms of a play are drawn."""
    return draw_of(plays.read_settings(settings).workspace, play_key)


def held_out_of_all(settings: Settings, play: Play, units: Units) -> NDArray[np.bool_]:
    """Of whom no play of purpose marketing may begin."""
    decided = plays.read_settings(settings)
    if play.purpose != "marketing" or decided.hold_out <= 0:
        return np.zeros(len(units), bool)
    drawn = draw_of(decided.workspace, ALL_PLAYS).of(units)
    return np.asarray(drawn < below(decided.hold_out))


def sift(settings: Settings, play: Play, units: Units, now: datetime) -> Sifted:
    """Leave out who is no customer any more, who is held out of all plays, whom the audience does not hold,
    and whom an exit would let go at once.
    """
    units = distinct(units)
    without: dict[str, int] = {}

    def only(keep: NDArray[np.bool_], why: str) -> None:
        nonlocal units
        if not keep.all():
            without[why] = int((~keep).sum())
            units = units[keep]

    only(~held_out_of_all(settings, play, units), "held_out_of_all")
    exits = tuple(each.rule for each in play.exits if each.rule is not None)
    rules = ([play.audience] if play.audience is not None else []) + list(exits)
    if rules and len(units):
        met = meeting(settings, rules, units, now)
        keep = met[0] if play.audience is not None else np.ones(len(units), bool)
        leaving = np.zeros(len(units), bool)
        for each in met[len(rules) - len(exits) :]:
            leaving |= each
        only(keep, "audience")
        only(~leaving[keep], "exit")
    words = {each.word for each in play.exits}
    if "left" in words and len(units):
        gone = plays_known.lost(settings, units.tolist())
        only(~np.isin(units, np.array(sorted(gone), np.int64)), "exit")
    if "case_opened" in words and len(units):
        cases = plays_known.with_open_cases(settings, units.tolist())
        only(~np.isin(units, np.array(sorted(cases), np.int64)), "exit")
    return Sifted(units, without)


def meeting(
    settings: Settings, rules: Sequence[Expression], units: Units, now: datetime
) -> list[NDArray[np.bool_]]:
    """Of whom of ``units`` each rule holds."""
    from holdfast.services.collect.segments.leaves import asked
    from holdfast.services.collect.segments.rules import rules_of

    some: Collection[int] | None = units.tolist() if len(units) <= FEW else None
    with asked(settings, microseconds(now), rules_of(settings), some) as customers:
        customers.begin(rules)
        return [np.isin(units, customers.units[customers.meets(rule)]) for rule in rules]


def everybody_in(settings: Settings, audience: Expression | None, now: datetime) -> Units:
    """Everybody of whom the audience holds; without one, everybody on the list."""
    from holdfast.services.collect.segments.leaves import asked
    from holdfast.services.collect.segments.rules import rules_of

    with asked(settings, microseconds(now), rules_of(settings)) as customers:
        if audience is None:
            return np.asarray(customers.units)
        return np.asarray(customers.units[customers.meets(audience)])


def enrol(
    settings: Settings,
    play: KeptPlay,
    version: KeptVersion,
    ready: Ready,
    found: Mapping[int, int],
    reason: Mapping[str, Any],
    now: datetime,
) -> Enrolled:
    """Enrol those of ``found`` (customer to the number of what began it) who may."""
    if not found:
        return Enrolled()
    units = np.fromiter(found, np.int64, len(found))
    may = sift(settings, ready.play, units, now).units.tolist()
    return plays_enrolling.enrol(
        settings,
        how_of(settings, play, version, ready, reason, now),
        ((unit, found[unit]) for unit in may),
    )


def how_of(
    settings: Settings,
    play: KeptPlay,
    version: KeptVersion,
    ready: Ready,
    reason: Mapping[str, Any],
    now: datetime,
) -> Enrolling:
    """How customers enter a version of a play now."""
    present_us, again = microseconds(settings.now(now)), ready.play.again_after_days
    return Enrolling(
        play.id,
        play.key,
        version.id,
        version.number,
        ready.first,
        arm_draw(settings, play.key),
        ready.play.hold_out,
        None if again is None else present_us - again * DAY_US,
        json.dumps(dict(reason), ensure_ascii=False),
        microseconds(now),
        present_us,
    )
