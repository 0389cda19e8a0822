"""What the worker and the end of a run do for segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.services.collect.segments import ideal
from holdfast.services.collect.segments.refresh import refresh_all
from holdfast.store import segments

if TYPE_CHECKING:
    from holdfast.settings import Settings


def after_run(settings: Settings, now_us: int) -> None:
    """Look at everybody after standing, features and risks were brought up to date.

    The ideal customers are looked at again where somebody ever asked for them.
    """
    if segments.listed(settings):
        refresh_all(settings, now_us)
    if ideal.found(settings) is not None:
        ideal.look(settings, now_us)
