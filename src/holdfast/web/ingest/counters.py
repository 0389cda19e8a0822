"""What this process counts of the calls that arrive; :mod:`holdfast.web.metrics` writes it down."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the ranges of seconds in which answers are counted."""


class Counters:
    """Calls and events since the process began, and how long the answers took."""

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, int]] = Counter()
        """(endpoint, status) -> calls"""
        self.events: Counter[str] = Counter()
        """"accepted", "rejected" -> events on disk"""
        self.refused: Counter[str] = Counter()
        """code -> calls of which nothing was kept"""
        self.seconds = [0] * (len(BOUNDS) + 1)
        self.seconds_sum = 0.0

    def answered(self, endpoint: str, status: int, seconds: float, code: str = "") -> None:
        """Count one answer; ``code`` is that of a refusal."""
        self.calls[endpoint, status] += 1
        self.seconds[bisect_left(BOUNDS, seconds)] += 1
        self.seconds_sum += seconds
        if code:
            self.refused[code] += 1

    def kept(self, accepted: int, rejected: int) -> None:
        """Count the events of a call that is on disk."""
        self.events["accepted"] += accepted
        self.events["rejected"] += rejected
