"""What approaching people truly did: the company against its twin in which nobody was approached.

The twin draws the same chances for everybody (no draw depends on anybody else), so the difference of the
two is the effect itself, without noise of sampling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from holdfast.simulate.arrays import Flags, Ints
from holdfast.simulate.world import World


@dataclass(frozen=True, slots=True)
class TrueEffect:
    """Of ``people`` so many left within the horizon; of the same people, untouched, so many would have."""

    people: int
    left: int
    would_have_left: int

    @property
    def difference(self) -> float | None:
        """Share that left minus share that would have left; ``None`` of nobody. Below 0: people stayed."""
        return (self.left - self.would_have_left) / self.people if self.people else None


def true_effect(world: World, twin: World, person: Ints, day: Ints, horizon_days: int) -> TrueEffect:
    """What became of people (numbers) within ``horizon_days`` from their ``day`` (days of the company) on.

    Only those whose horizon is over count. Raises ``ValueError`` where the two are not on the same day.
    """
    if world.day != twin.day:
        raise ValueError(f"the company is at day {world.day}, its twin at {twin.day}")
    over = day + horizon_days <= world.day
    person, day = person[over], day[over]
    left = _left(world, person, day, horizon_days)
    would = _left(twin, person, day, horizon_days)
    return TrueEffect(len(person), int(left.sum()), int(would.sum()))


def _left(world: World, person: Ints, day: Ints, horizon_days: int) -> Flags:
    """Who left at least once in [day, day + horizon)."""
    losses = world.ledger.read("losses")
    order = np.lexsort((losses["day"], losses["person"]))
    # One number per loss, so that one search finds the first loss of a person from a day on.
    span = world.day + horizon_days + 1
    keys = losses["person"][order] * span + losses["day"][order]
    at = np.searchsorted(keys, person * span + day)
    found = np.zeros(len(person), bool)
    inside = at < len(keys)
    found[inside] = keys[at[inside]] < person[inside] * span + day[inside] + horizon_days
    return found
