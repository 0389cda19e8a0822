"""How far a change is: who is told, who is not and why, who answered, who left, whether it is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from holdfast.domain.changes import NEAR_DAYS, late_by
from holdfast.domain.texts import Text
from holdfast.services.act.changes.entering import today
from holdfast.settings import Settings
from holdfast.store import changes, changes_counted, identity_live, plays, plays_counted
from holdfast.store.changes import KeptChange
from holdfast.store.changes_counted import Concerned
from holdfast.store.plays import KeptPlay
from holdfast.store.plays_counted import LeftOut

Stage = Literal["entered", "prepared", "waits", "telling", "told"]
STAGES: dict[Stage, Text] = {
    "entered": Text("no play yet"),
    "prepared": Text("the play is not launched"),
    "waits": Text("goes out on its day"),
    "telling": Text("being told"),
    "told": Text("everybody is told"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One change in the list: ``late`` is by how many days its notice comes or came too late."""

    change: KeptChange
    concerned: Concerned
    play: KeptPlay | None
    stage: Stage
    late: int


@dataclass(frozen=True, slots=True)
class Progress:
    """What came of it: of those who were told, how many wrote to us since, complained, left.

    ``left_untold`` left before they were told. ``held`` says who was held back or left out, and why.
    """

    answered: int = 0
    complained: int = 0
    left: int = 0
    left_untold: int = 0
    held: tuple[LeftOut, ...] = ()


def standings(settings: Settings, now: datetime) -> list[Standing]:
    """Every change with how far it is, the one entered last first."""
    counted = changes_counted.counts(settings)
    by_key = {each.key: each for each in plays.listed(settings)}
    on = today(settings, now)
    return [
        _standing(settings, each, counted.get(each.key, Concerned()), by_key.get(each.play_key), on)
        for each in changes.listed(settings)
    ]


def standing(settings: Settings, kept: KeptChange, now: datetime) -> Standing:
    """How far one change is."""
    counted = changes_counted.counts(settings).get(kept.key, Concerned())
    play = plays.by_key(settings, kept.play_key) if kept.play_key else None
    return _standing(settings, kept, counted, play, today(settings, now))


def progress(settings: Settings, found: Standing) -> Progress:
    """What came of a change so far."""
    kept, play = found.change, found.play
    if play is None or play.launched_us is None:
        return Progress()
    told = changes_counted.told(settings, kept.key)
    left, untold = changes_counted.left_since(settings, kept.key, kept.found_us or kept.made_us)
    answered, complained = _reacted(settings, told)
    held = tuple(plays_counted.left_out(settings, play.id))
    return Progress(len(answered), len(complained), left, untold, held)


def nearing(settings: Settings, now: datetime) -> list[Standing]:
    """Changes that nobody has launched, though customers should hear of them within days, or should have."""
    if not (kept := changes.listed(settings)):
        return []
    on = today(settings, now)
    due = [each for each in kept if _is_near(each, on)]
    by_key = {each.key: each for each in plays.listed(settings)} if due else {}
    counted = changes_counted.counts(settings) if due else {}
    found = [
        _standing(settings, each, counted.get(each.key, Concerned()), by_key.get(each.play_key), on)
        for each in due
    ]
    return [each for each in found if each.stage in ("entered", "prepared")]


def _is_near(kept: KeptChange, on: date) -> bool:
    """Within days of its notice; what took effect long ago is history."""
    last = kept.effect_on or kept.notice_on
    near = kept.notice_on is not None and kept.notice_on <= on + timedelta(days=NEAR_DAYS)
    return near and last is not None and last >= on - timedelta(days=NEAR_DAYS)


def _standing(
    settings: Settings, kept: KeptChange, counted: Concerned, play: KeptPlay | None, on: date
) -> Standing:
    stage = _stage(kept, counted, play, on)
    told_on = max(on, kept.notice_on or on)
    if counted.first_us is not None:
        told_on = datetime.fromtimestamp(counted.first_us / 1_000_000, settings.zone).date()
    return Standing(kept, counted, play, stage, late_by(kept.kind, kept.effect_on, told_on))


def _stage(kept: KeptChange, counted: Concerned, play: KeptPlay | None, on: date) -> Stage:
    if play is None:
        return "entered"
    if play.launched_us is None:
        return "prepared"
    if counted.customers and counted.told == counted.customers:
        return "told"
    if not counted.told and kept.notice_on is not None and kept.notice_on > on:
        return "waits"
    return "telling"


def _reacted(settings: Settings, told: dict[int, int]) -> tuple[set[int], set[int]]:
    """Who wrote to us since they were told, and who of them complained."""
    if not told:
        return set(), set()
    wrote = changes_counted.wrote(settings, min(told.values()))
    unit_of = identity_live.units_of(settings, {subject for subject, _, _ in wrote})
    answered: set[int] = set()
    complained: set[int] = set()
    for subject, last_us, bad_us in wrote:
        unit = unit_of.get(subject, subject)
        if last_us >= told.get(unit, last_us + 1):
            answered.add(unit)
        if bad_us >= told.get(unit, bad_us + 1):
            complained.add(unit)
    return answered, complained
