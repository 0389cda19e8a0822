"""A play is launched, paused, goes on, ends: with the checks, and a second person where many are reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from holdfast.domain import plays as p
from holdfast.domain.moments import microseconds
from holdfast.domain.play_checks import Problem
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.plays import define, second, twice
from holdfast.services.act.plays.checks import problems
from holdfast.services.act.plays.reach import reach
from holdfast.settings import Settings
from holdfast.store import plays, plays_triggers, plays_walking, sql
from holdfast.store.plays import KeptPlay, KeptVersion

Outcome = Literal["running", "waits"]


@dataclass(frozen=True, slots=True)
class Launched:
    """What came of it: it runs, or waits for a second person; ``customers`` is how many it is about."""

    outcome: Outcome
    customers: int
    problems: tuple[Problem, ...]


def launch(
    settings: Settings, play: KeptPlay, *, number: int, by: str, now: datetime, although_twice: bool = False
) -> Launched:
    """Let a play begin by its latest version, which is ``number``.

    Above so many customers (a setting) a second person has to launch it too: the first one asks for it, and
    whoever may is told. Refuses a play that cannot be launched ("cannot_launch"), one that is launched by
    this version already ("launched_already"), one that moved on ("moved_on"), and, unless it is wanted
    (``although_twice``), one that tells of a change which another running play tells ("told_twice").
    """
    if number != play.number:
        raise define.moved_on(play)
    if play.running == number and play.state in ("running", "paused"):
        raise _launched_already()
    version = define.version_of(settings, play)
    ready = define.ready_of(version)
    found = tuple(problems(settings, ready, now))
    if stopping := [each for each in found if each.stops]:
        raise _cannot(stopping[0])
    if not although_twice:
        twice.refuse_twice(twice.also_told(settings, play.key, ready))
    customers = reach(settings, ready, now)
    most = plays.read_settings(settings).approve_above
    first = version.asked_by if version.asked_us is not None and version.asked_by != by else ""
    if customers > most and not first:
        _ask(settings, play, version, customers, by, now)
        return Launched("waits", customers, found)
    starts = _starts(settings, play, ready.play)
    with sql.short_write():
        began = plays.launch(
            settings,
            play,
            by=first or by,
            approved_by=by if first else "",
            now_us=microseconds(settings.now(now)),
            starts=starts,
        )
        if began and first:
            second.tell_who_asked(settings, play, version, launched=True, by=by)
    if not began:
        raise define.moved_on(define.find(settings, play.key))
    return Launched("running", customers, found)


def _ask(
    settings: Settings, play: KeptPlay, version: KeptVersion, customers: int, by: str, now: datetime
) -> None:
    """Note that somebody wants it launched; the others are told of it once."""
    with sql.short_write():
        plays.ask_launch(settings, version.id, by=by, now_us=microseconds(now))
        if version.asked_us is None:
            asked = define.version_of(settings, play)
            second.tell_who_decides(settings, play, asked, customers, by=by)


def withdraw(settings: Settings, play: KeptPlay, *, number: int, by: str) -> None:
    """Take back, or turn down, that somebody wants the latest version launched; who asked is told.

    Refuses one that moved on ("moved_on"), and where nobody asked ("not_asked").
    """
    if number != play.number:
        raise define.moved_on(play)
    version = define.version_of(settings, play)
    with sql.short_write():
        there = plays.withdraw_launch(settings, version.id)
        if there:
            second.tell_who_asked(settings, play, version, launched=False, by=by)
    if not there:
        raise Refusal(
            "not_asked",
            found=Text("Nobody waits for a second person to launch it."),
            expected=Text("A play whose launch somebody asked for."),
            remedy=Text("Look at the play again; nothing was changed."),
        )


def pause(settings: Settings, play: KeptPlay, *, now: datetime) -> None:
    """Let nobody enter and nobody go on until it is resumed. Refuses one that does not run ("moved_on")."""
    _to(settings, play, ("running",), "paused", now)


def resume(settings: Settings, play: KeptPlay, *, now: datetime) -> None:
    """Let it go on; what happened while it was paused begins nothing."""
    for source, position in plays_triggers.ends(settings).items():
        if source != "log_row":
            plays.put_cursor(settings, play.id, source, position)
    _listen_from_now(settings)
    _to(settings, play, ("paused",), "running", now)


def end(settings: Settings, play: KeptPlay, *, stop: bool, now: datetime) -> int:
    """Let nobody enter any more; who is under way goes on, or is stopped where ``stop`` says so; how many."""
    _to(settings, play, ("running", "paused"), "ended", now)
    if not stop:
        return 0
    return plays_walking.end_all(settings, play.id, "stopped", now_us=microseconds(settings.now(now)))


def _to(
    settings: Settings, play: KeptPlay, where: tuple[p.PlayState, ...], state: p.PlayState, now: datetime
) -> None:
    now_us = microseconds(settings.now(now))
    if play.state not in where or not plays.set_state(settings, play, state, now_us=now_us):
        raise Refusal(
            "moved_on",
            found=Text("The play is {state}.", state=p.STATES[define.find(settings, play.key).state]),
            expected=Text("A play that is {state}.", state=p.STATES[where[0]]),
            remedy=Text("Look at it again; nothing was changed."),
        )


def _starts(settings: Settings, play: KeptPlay, written: p.Play) -> dict[str, int]:
    """Where the triggers of a play begin to be read: now, unless an earlier version was reading them."""
    _listen_from_now(settings)
    runs = play.state == "running"
    if not runs or isinstance(written.trigger, p.RiskAbove | p.HealthBelow):
        plays_triggers.forget_above(settings, play.id)
        plays_triggers.forget_cursor(settings, play.id, "threshold")
    there = {
        source: position for source, position in plays_triggers.ends(settings).items() if source != "log_row"
    }
    if not runs:
        return there
    return {
        source: position
        for source, position in there.items()
        if plays.cursor(settings, play.id, source) is None
    }


def _listen_from_now(settings: Settings) -> None:
    """Where no play runs nobody reads the log: what it holds by now is for none."""
    if not plays.walking(settings):
        plays.put_cursor(settings, 0, "log_row", plays_triggers.log_end(settings))


def _launched_already() -> Refusal:
    return Refusal(
        "launched_already",
        found=Text("The play is launched by this version already."),
        expected=Text("A version that is not launched yet, or a play that has ended."),
        remedy=Text("Change the play first; let a paused one go on. Nothing was changed."),
    )


def _cannot(problem: Problem) -> Refusal:
    return Refusal(
        "cannot_launch",
        found=problem.words,
        expected=Text("A play in which nothing has to be mended first."),
        remedy=Text("Mend that, then launch it; nothing was changed."),
    )
