"""A dry run: who would get something from a play now, who not, each with why. Nothing is written.

Who it is about is looked for as the trigger would; whoever would enter is taken through the steps up to the
first wait, and every message is asked whether it may go, by the same questions as when it is sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from holdfast.domain import plays as p
from holdfast.domain.arms import below
from holdfast.domain.effects import AskTouch
from holdfast.domain.moments import microseconds
from holdfast.domain.texts import Text
from holdfast.domain.touch import TouchRequest
from holdfast.services.act.plays.enrolling import (
    Units,
    arm_draw,
    distinct,
    everybody_in,
    held_out_of_all,
    sift,
)
from holdfast.services.act.plays.known import Customer, Wanted, known
from holdfast.services.act.plays.messages import Letters, NotWritten
from holdfast.services.act.plays.tick import split_draw
from holdfast.services.act.plays.walking import Purse, Way, walk
from holdfast.services.act.plays.written import Ready
from holdfast.settings import Settings
from holdfast.store import plays_now
from holdfast.store.plays_walking import Walker

AT_ONCE = 500
SHOWN = 200
OF_EACH = 10
"""So many are told of each reason before more are told of any."""

MOST = 2_000
"""Of more customers so many, drawn by chance, are taken through the steps, and the counts are scaled up."""

WORDS: Mapping[str, Text] = {
    "held_out": Text("Held out of this play, to compare with."),
    "held_out_of_all": Text("Held out of all plays, to compare with."),
    "audience": Text("Not in the audience of the play."),
    "exit": Text("What ends the play holds already."),
    "in_already": Text("In the play already, or was and may not enter again."),
}


@dataclass(frozen=True, slots=True)
class Person:
    """What would become of one customer: ``what`` is "sent", "held", "skipped" or "waits", with why.

    ``title`` is the subject of the message, "" where there is none.
    """

    unit_id: int
    what: str
    code: str
    because: Text | None
    channel: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class DryRun:
    """``about`` counts whom the trigger is about now, ``counts`` what would become of them: (what, code).

    ``scale`` above 1: counts are scaled up from a part.
    """

    about: int
    counts: Mapping[tuple[str, str], int]
    people: tuple[Person, ...]
    scale: float = 1.0


def dry_run(
    settings: Settings, ready: Ready, now: datetime, *, play_id: int | None = None, units: Units | None = None
) -> DryRun:
    """What the play would do now; ``units`` are those that somebody would enrol by hand."""
    found = distinct(about(settings, ready, now) if units is None else units)
    sifted = sift(settings, ready.play, found, now)
    fresh = plays_now.not_in(settings, play_id, ready.play.again_after_days, sifted.units.tolist())
    counts: Counter[tuple[str, str]] = Counter({("skipped", why): n for why, n in sifted.without.items()})
    if gone := len(sifted.units) - len(fresh):
        counts["skipped", "in_already"] += gone
    may = np.array(fresh, np.int64)
    held = arm_draw(settings, ready.play.key).of(may) < below(ready.play.hold_out)
    if held.any():
        counts["skipped", "held_out"] += int(held.sum())
    treated = may[~held]
    part = treated if len(treated) <= MOST else np.sort(_drawn(treated))
    scale = len(treated) / len(part) if len(part) else 1.0
    people = _walked(settings, ready, part.tolist(), now)
    for each in people:
        counts[each.what, each.code] += 1
    if scale > 1:
        counts = Counter(
            {key: round(n * scale) if _is_of_part(key, people) else n for key, n in counts.items()}
        )
    left = _left_out(settings, ready, found, may[held])
    return DryRun(len(found), dict(counts), tuple([*_some_of_each(people), *left]), scale)


def _some_of_each(people: Sequence[Person]) -> list[Person]:
    """At most :data:`SHOWN` of many, and some of them of each reason."""
    if len(people) <= SHOWN:
        return list(people)
    seen: Counter[tuple[str, str]] = Counter()
    first: list[Person] = []
    others: list[Person] = []
    for each in people:
        seen[each.what, each.code] += 1
        (first if seen[each.what, each.code] <= OF_EACH else others).append(each)
    return [*first, *others][:SHOWN]


def _is_of_part(key: tuple[str, str], people: Sequence[Person]) -> bool:
    return any((each.what, each.code) == key for each in people)


def _drawn(units: Units) -> Units:
    """Some of many, by chance, the same ones each time."""
    return np.asarray(np.random.default_rng(0).choice(units, MOST, replace=False), np.int64)


def _left_out(settings: Settings, ready: Ready, found: Units, held: Units) -> list[Person]:
    """A few of those who would not enter, by name: held out of this play, or of all."""
    of_all = found[held_out_of_all(settings, ready.play, found)]
    told = [("held_out", unit) for unit in held[:20].tolist()]
    told += [("held_out_of_all", unit) for unit in of_all[:20].tolist()]
    return [Person(int(unit), "skipped", why, WORDS[why]) for why, unit in told]


def about(settings: Settings, ready: Ready, now: datetime) -> Units:
    """Whom the trigger is about now: the audience, whom a signal warns of, who is above the threshold ..."""
    from holdfast.services.act.plays import triggers

    trigger = ready.play.trigger
    if isinstance(trigger, p.Broadcast | p.OnSchedule):
        return everybody_in(settings, ready.play.audience, now)
    if isinstance(trigger, p.SignalRaised):
        return _units(plays_now.warned(settings, trigger.key, trigger.strength))
    if isinstance(trigger, p.RiskAbove | p.HealthBelow):
        return _units(plays_now.at_risk(settings, triggers.threshold(settings, trigger)))
    if isinstance(trigger, p.SegmentMoved) and trigger.entered:
        return _units(plays_now.in_segment(settings, trigger.key))
    if isinstance(trigger, p.DateComes):
        from datetime import timedelta

        today = settings.now(now).astimezone(settings.zone).date()
        return _units(triggers.with_date(settings, trigger, today - timedelta(days=trigger.days), now))
    if isinstance(trigger, p.ByHand):
        return _units([])
    from holdfast.services.act.plays.rehearse import rehearse

    return _units([each.unit_id for each in rehearse(settings, ready, now, days=30).shown])


def _units(found: Sequence[int]) -> Units:
    return np.array(sorted(set(found)), np.int64)


def _walked(settings: Settings, ready: Ready, units: Sequence[int], now: datetime) -> list[Person]:
    """Each taken through the steps up to the first wait."""
    letters, draw = Letters(settings, ready.play, units), split_draw(settings, ready.play.key)
    present_us = microseconds(settings.now(now))
    wanted = Wanted(ready.rules, frozenset(), present_us, ready.play.topic)
    found: list[Person] = []
    for start in range(0, len(units), AT_ONCE):
        some = units[start : start + AT_ONCE]
        customers = known(settings, set(some), wanted, draw, now)
        asked: list[tuple[int, TouchRequest]] = []
        for unit in some:
            customer = customers.get(unit)
            way = walk(ready, _walker(unit, ready, present_us), customer, Purse(None, 0, 0, None), present_us)
            told = _told(letters, way, customer)
            if isinstance(told, TouchRequest):
                asked.append((unit, told))
            else:
                found.append(told)
        found += _allowed(settings, asked, now)
    return found


def _walker(unit: int, ready: Ready, now_us: int) -> Walker:
    return Walker(-unit, 0, 0, unit, unit, "treated", now_us, ready.first, now_us, now_us, "", None)


def _told(letters: Letters, way: Way, customer: Customer | None) -> Person | TouchRequest:
    """What becomes of a customer: the first message, else what happened instead."""
    unit = way.walked.walker.unit_id
    if customer is None:
        return Person(unit, "skipped", "merged", Text("No customer any more: merged into another."))
    for each in way.effects:
        if isinstance(each.effect, AskTouch):
            written = letters.write(f"dry run {unit}", each.effect, customer, way.walked.walker.entered_us)
            if isinstance(written, NotWritten):
                return Person(unit, "skipped", written.code, written.because)
            return written
    return _without_message(unit, way)


def _without_message(unit: int, way: Way) -> Person:
    for one in way.walked.happened:
        if one.what in ("skipped", "held"):
            return Person(unit, one.what, one.code, one.because)
    if way.effects:
        return Person(unit, "sent", "no_message", Text("No message: what the steps ask of your people."))
    if way.walked.state is not None:
        return Person(unit, "skipped", "exit", WORDS["exit"])
    return Person(unit, "waits", "", Text("Waits first."))


def _allowed(settings: Settings, asked: Sequence[tuple[int, TouchRequest]], now: datetime) -> list[Person]:
    from holdfast.services.act.asking import verdicts

    said = verdicts(settings, [touch for _, touch in asked], now_us=microseconds(now))
    what = {"send": "sent", "hold": "held", "refuse": "skipped"}
    return [
        Person(unit, what[verdict.does], verdict.code, verdict.reason, touch.channel, touch.subject)
        for (unit, touch), verdict in zip(asked, said, strict=True)
    ]
