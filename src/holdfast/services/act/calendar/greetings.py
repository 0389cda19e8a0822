"""What greetings cost: who unsubscribed by one, who reported one as spam; as shares with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.analytics.intervals import wilson
from holdfast.domain.moments import microseconds
from holdfast.services.act.plays.define import ready_of
from holdfast.store import contact_calendar, plays

if TYPE_CHECKING:
    from holdfast.settings import Settings

TOPIC = "greetings"
LOOKED_BACK_US = 365 * 86_400_000_000
ENOUGH = 30
"""Of fewer messages no share is said."""


@dataclass(frozen=True, slots=True)
class GreetingCost:
    """A play of greetings within the last year; ``share`` of the messages by which somebody unsubscribed or
    complained, with its interval of 95 %, ``None`` while too few were sent.
    """

    key: str
    title: str
    state: str
    sent: int
    unsubscribed: int
    complaints: int
    share: tuple[float, float, float] | None


def greetings(settings: Settings, now: datetime, only: str = "") -> list[GreetingCost]:
    """What each play of greetings that was launched came to; of one play where it is named."""
    latest = {each.play_id: each for each in plays.latest(settings)}
    there = [
        each
        for each in plays.listed(settings)
        if each.launched_us is not None
        and (not only or each.key == only)
        and each.id in latest
        and ready_of(latest[each.id]).play.topic == TOPIC
    ]
    since_us = microseconds(now) - LOOKED_BACK_US
    of = contact_calendar.costs(settings, [each.key for each in there], since_us)
    return [
        GreetingCost(
            each.key,
            each.title,
            each.state,
            *(of[each.key].sent, of[each.key].unsubscribed, of[each.key].complaints),
            share=_share(of[each.key]),
        )
        for each in there
    ]


def _share(cost: contact_calendar.Cost) -> tuple[float, float, float] | None:
    lost = min(cost.sent, cost.unsubscribed + cost.complaints)
    if cost.sent < ENOUGH:
        return None
    low, high = wilson(lost, cost.sent)
    return lost / cost.sent, low, high
