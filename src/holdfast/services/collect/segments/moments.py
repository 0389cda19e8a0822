"""When segments are asked: now, or the end of the data where they ended long ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from holdfast.analytics.local_days import DAY_US, day_start_us
from holdfast.analytics.segment_events import Moment
from holdfast.domain.period import day_number

if TYPE_CHECKING:
    from holdfast.settings import Settings

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_of(settings: Settings, now_us: int) -> Moment:
    """The moment at which rules are asked at the actual time ``now_us``.

    A workspace with its own clock has its own present. Where the data end long before now (an old
    export), the day after their end: silence after the end of the data says nothing about customers.
    """
    actual = _EPOCH + timedelta(microseconds=now_us)
    now = settings.now(actual)
    end = _end_of_data(settings, now.astimezone(settings.zone).date().isoformat(), *_state(settings))
    if end is not None:
        return Moment(day_start_us(end, settings.zone), end)
    return Moment(
        (now - _EPOCH) // timedelta(microseconds=1), day_number(now.astimezone(settings.zone).date())
    )


def _state(settings: Settings) -> tuple[str, int]:
    """What decides where the data end: the imports, and the day of the last event."""
    from holdfast.store.segment_leaves import imports_signature, last_event_us

    return imports_signature(settings), last_event_us(settings) // DAY_US


@lru_cache(maxsize=8)
def _end_of_data(settings: Settings, day: str, _imports: str, _last: int) -> int | None:
    """The day after the end of the data where they ended long before ``day``; else ``None``.

    Asked once a day, state of the imports and last day with an event: it may look at all events.
    """
    from holdfast.services.measure.until import measured_until

    now = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=settings.zone)
    until = measured_until(settings, None, now)
    return day_number(until.end) if until.end == until.over else None
