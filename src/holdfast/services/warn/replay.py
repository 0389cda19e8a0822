"""Signals asked of the past, and their records made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.analytics.scorecards import Scorecard
    from holdfast.analytics.signal import Tuned
    from holdfast.settings import Settings


def trial(settings: Settings, tuned: Tuned) -> Scorecard:
    """The record of one signal on a part of the past; nothing is kept."""
    raise NotImplementedError
