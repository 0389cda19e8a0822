"""What plays spend: in which month it counts, and what comes back of messages that were not allowed to go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from holdfast.settings import Settings


def month_of(settings: Settings, at_us: int) -> int:
    """The calendar month of a moment by the clock of the workspace, as a number that counts on."""
    local = datetime.fromtimestamp(at_us / 1_000_000, settings.zone)
    return local.year * 12 + local.month - 1


def give_back(settings: Settings, touch_ids: Collection[int]) -> None:
    """Messages of plays that may never be sent cost their budgets nothing; joins the caller's transaction."""
    from holdfast.store import plays_walking

    counted = Counter(
        (play_id, month_of(settings, at_us)) for play_id, at_us in plays_walking.spent_on(settings, touch_ids)
    )
    for (play_id, month), touches in counted.items():
        plays_walking.spend(settings, play_id, month, -touches, 0)
