"""Customers enrolled by one of ours."""

from __future__ import annotations

import time
from datetime import datetime

from holdfast.domain import plays as p
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.plays import define
from holdfast.services.act.plays.enrolling import Units, enrol
from holdfast.settings import Settings
from holdfast.store import plays
from holdfast.store.plays import KeptPlay
from holdfast.store.plays_enrolling import Enrolled


def enrol_by_hand(settings: Settings, play: KeptPlay, units: Units, *, by: str, now: datetime) -> Enrolled:
    """Enrol customers into a running play, whatever its trigger; audience and hold-out apply.

    Refuses a play that does not run ("not_running"), and more at once than one of ours may reach alone
    ("too_many_by_hand").
    """
    if play.state != "running" or play.running is None:
        raise Refusal(
            "not_running",
            found=Text("The play is {state}.", state=p.STATES[play.state]),
            expected=Text("A play that is {state}.", state=p.STATES["running"]),
            remedy=Text("Launch it first; nobody was enrolled."),
        )
    most = plays.read_settings(settings).approve_above
    if len(units) > most:
        raise Refusal(
            "too_many_by_hand",
            found=Text("That is {n} customer at once.", "That is {n} customers at once.", n=len(units)),
            expected=Text("At most {n}: more need a second person.", n=most),
            remedy=Text("Launch a play for all of them instead; nobody was enrolled."),
        )
    version = define.version_of(settings, play, play.running)
    cause = time.time_ns() // 1_000_000
    found = dict.fromkeys(units.tolist(), cause)
    return enrol(settings, play, version, define.ready_of(version), found, {"by_hand": by}, now)
