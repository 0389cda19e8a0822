"""Half-open stretches of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

EPOCH = date(1970, 1, 1)


def day_number(on: date) -> int:
    """Days since 1970-01-01: how engines count days."""
    return (on - EPOCH).days


def date_of(day: int) -> date:
    """The date of a :func:`day_number`."""
    return EPOCH + timedelta(days=day)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from ``start`` up to, not including, ``end``, in the workspace's calendar.

    ``kind`` is "month", "quarter", "year", "week", "day" or "history" (all that is known).
    """

    start: date
    end: date
    kind: str = "history"

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period cannot end ({self.end}) before it starts ({self.start})")

    def __contains__(self, on: date) -> bool:
        return self.start <= on < self.end

    def __str__(self) -> str:
        return f"{self.start} to {self.end - timedelta(days=1)}" if self.end > self.start else f"{self.start}"

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days
