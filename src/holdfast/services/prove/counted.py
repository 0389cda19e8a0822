"""Where everybody is in a play, for its page: little is counted at once, much once a minute."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from holdfast.settings import Settings
from holdfast.store import plays_counted
from holdfast.store.plays import KeptPlay
from holdfast.store.plays_counted import LeftOut

MUCH = 200_000
"""From so many steps of all plays on, counting takes longer than looking at a page should."""

FRESH_SECONDS = 60.0
_MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class Counted:
    """Step to how many of the treated are ``here`` next, and went ``through``; who was left out, and why."""

    here: Mapping[str, int]
    through: Mapping[str, int]
    left_out: Sequence[LeftOut]


_kept: OrderedDict[tuple[Path, int], tuple[float, Counted]] = OrderedDict()
"""What was counted, and until when it is fresh, the latest last."""


def counted(settings: Settings, play: KeptPlay) -> Counted:
    """Where everybody is in a play now, or was up to a minute ago."""
    key = (settings.folder, play.id)
    known = _kept.get(key)
    if known is not None and time.monotonic() < known[0]:
        return known[1]
    found = Counted(
        plays_counted.here(settings, play.id),
        plays_counted.through(settings, play.id),
        plays_counted.left_out(settings, play.id),
    )
    if plays_counted.steps_taken(settings) >= MUCH:
        _kept[key] = (time.monotonic() + FRESH_SECONDS, found)
        _kept.move_to_end(key)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return found
