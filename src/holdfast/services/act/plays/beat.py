"""What plays do in one beat of the pulse, and at night: customers enter, customers go on."""

from __future__ import annotations

from datetime import datetime

from holdfast.settings import Settings


def beat(settings: Settings, now: datetime) -> int:
    """Look at the triggers of running plays, and let go on who is due; how many customers that were.

    ``now`` is the actual time. May be cut short at any moment, and may run twice at once.
    """
    from holdfast.services.act.changes.telling import note_told
    from holdfast.services.act.plays.tick import tick
    from holdfast.services.act.plays.triggers import begin_due

    entered = begin_due(settings, now)
    walked = tick(settings, now).walked
    note_told(settings, now)
    return entered.treated + entered.held_out + walked


def beat_until_done(settings: Settings, now: datetime, *, most: int = 1_000) -> int:
    """Beats until nobody is due: for the night, and for a company that is moved on in time."""
    done = 0
    for _ in range(most):
        some = beat(settings, now)
        if not some:
            break
        done += some
    return done
