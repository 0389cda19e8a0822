"""How many customers a play is about: its audience where it goes to that at once, else those of a month."""

from __future__ import annotations

from datetime import datetime

from holdfast.domain import plays as p
from holdfast.services.act.plays.enrolling import everybody_in
from holdfast.services.act.plays.rehearse import rehearse
from holdfast.services.act.plays.written import Ready
from holdfast.settings import Settings

MONTH_DAYS = 30


def reach(settings: Settings, ready: Ready, now: datetime) -> int:
    """About how many customers it would reach at once, or in a month."""
    if isinstance(ready.play.trigger, p.ByHand):
        return 0
    if isinstance(ready.play.trigger, p.Broadcast | p.OnSchedule):
        return len(everybody_in(settings, ready.play.audience, now))
    return rehearse(settings, ready, now, days=MONTH_DAYS).entered
