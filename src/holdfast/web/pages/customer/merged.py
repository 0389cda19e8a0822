"""Events and what our own people wrote, as one timeline that can be read on from any place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from holdfast.web.pages.customer.moments import Moment

if TYPE_CHECKING:
    from holdfast.engines.timeline import Place


def merged(
    happened: Sequence[Moment], earlier: Place | None, ours: Sequence[Moment], ours_go_on: bool
) -> tuple[list[Moment], Place | None]:
    """Both stretches as one, the newest first, and the place to go on from (``None`` at the oldest).

    ``earlier`` is where the events go on, ``ours_go_on`` whether there are earlier moments of ours. The
    stretch ends where the first of them ends, so that nothing is passed over: what lies before that is
    left to the next one. Each stretch holds whole moments (all that have the same microsecond).
    """
    ends: list[tuple[int, Place]] = []
    if earlier is not None:
        ends.append((earlier[0], earlier))
    if ours_go_on and ours:
        ends.append((ours[-1].at_us, (ours[-1].at_us, b"")))
    place = max(ends)[1] if ends else None
    since = place[0] if place is not None else None
    shown = [moment for moment in (*ours, *happened) if since is None or moment.at_us >= since]
    return sorted(shown, key=lambda moment: -moment.at_us), place
