"""Plays that tell of the same change of ours: whoever launches a second one should know of the first."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast.domain.changes import KINDS
from holdfast.domain.expression import conditions
from holdfast.domain.plays import EventHappened, Play, SignalRaised, Trigger
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.changes.telling import ANNOUNCED
from holdfast.services.act.plays.define import ready_of
from holdfast.services.act.plays.written import Ready
from holdfast.settings import Settings
from holdfast.store import changes, plays
from holdfast.store.changes import KeptChange
from holdfast.store.plays import KeptPlay


def also_told(settings: Settings, key: str, ready: Ready) -> list[KeptPlay]:
    """The other running plays from which customers hear of the same change; none for a play of no change."""
    kept = changes.listed(settings)
    if not kept:
        return []
    mine = _told_by(key, ready.play, kept)
    others = [(play, ready_of(version).play) for play, version in plays.running(settings) if play.key != key]
    return [
        play
        for play, theirs in others
        if _overlap(mine, ready.play, _told_by(play.key, theirs, kept), theirs)
    ]


def begins_with(trigger: Trigger, code: str) -> bool:
    """Whether a play begins with a change of this code that is announced."""
    if isinstance(trigger, EventHappened):
        return trigger.name == ANNOUNCED and code in trigger.where.get("code", (code,))
    return isinstance(trigger, SignalRaised) and trigger.key == "change_ahead"


def refuse_twice(others: Iterable[KeptPlay]) -> None:
    """Refuse ("told_twice") where there are others."""
    titles = ", ".join(f"“{each.title}”" for each in others)
    if titles:
        raise Refusal(
            "told_twice",
            found=Text("Customers hear of the same change from {plays} already.", plays=titles),
            expected=Text("One play that tells of a change, or your word that both are wanted."),
            remedy=Text("End the other play, or launch this one all the same; nothing was changed."),
        )


def _told_by(key: str, play: Play, kept: list[KeptChange]) -> dict[str, KeptChange]:
    """The changes that a play tells: it was made for them, or goes to their lists."""
    lists = {
        str(value)
        for condition in (conditions(play.audience) if play.audience is not None else ())
        if condition.of.kind == "fact" and condition.of.name == "change"
        for value in condition.test.values
    }
    return {each.key: each for each in kept if each.play_key == key or each.key in lists}


def _overlap(
    mine: dict[str, KeptChange], my_play: Play, theirs: dict[str, KeptChange], their_play: Play
) -> bool:
    if mine.keys() & theirs.keys():
        return True
    return _follows(their_play, mine) or _follows(my_play, theirs)


def _follows(play: Play, told: dict[str, KeptChange]) -> bool:
    """Whether a play begins once customers were told of one of these changes."""
    codes = {KINDS[each.kind].code for each in told.values()} - {""}
    return any(begins_with(play.trigger, code) for code in codes)
