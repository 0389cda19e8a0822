"""Customers who came to the list of a change after its play went out: found, and told too."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from holdfast.domain.plays import Broadcast
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.changes.progress import standing
from holdfast.services.act.plays.by_hand import enrol_by_hand
from holdfast.services.act.plays.define import ready_of
from holdfast.services.act.plays.enrolling import sift
from holdfast.settings import Settings
from holdfast.store import changes_counted, plays
from holdfast.store.changes import KeptChange
from holdfast.store.plays import KeptPlay
from holdfast.store.plays_enrolling import Enrolled

_WENT_OUT = "broadcast"
"""What a play remembers once it went to everybody at once."""


def later(settings: Settings, kept: KeptChange, play: KeptPlay | None, now: datetime) -> list[int]:
    """Who is on the list and not in the play, though the play runs and went out; those who may enter it.

    Before it goes out nobody is late: who is found by then goes along.
    """
    if play is None or play.state != "running" or plays.cursor(settings, play.id, _WENT_OUT) is None:
        return []
    version = plays.version(settings, play.id, play.running or play.number)
    units = changes_counted.not_in_play(settings, kept.key, play.id)
    if not units or version is None:
        return []
    ready = ready_of(version)
    if not isinstance(ready.play.trigger, Broadcast):
        return []
    return [int(unit) for unit in sift(settings, ready.play, np.array(units, np.int64), now).units]


def tell_later(settings: Settings, kept: KeptChange, *, by: str, now: datetime) -> Enrolled:
    """Let them enter the play now; how many.

    Refuses where there is nobody ("nobody_later"), and more at once than one of ours may reach alone
    ("too_many_by_hand").
    """
    play = standing(settings, kept, now).play
    units = later(settings, kept, play, now)
    if play is None or not units:
        raise Refusal(
            "nobody_later",
            found=Text("Nobody came to the list since the play went out."),
            expected=Text("A customer of the list who is not in the play, which runs."),
            remedy=Text("Find the customers anew first; nobody was enrolled."),
        )
    return enrol_by_hand(settings, play, np.array(units, np.int64), by=by, now=now)
