"""Health: how well a customer stands, 0 to 100, derived from the risk; with its dimensions and its changes.

The risk is the one truth; health is another way to write it. The team's two thresholds are fixed points of
the scale, so that a number means the same as the risk's band: from 75 up nobody needs to look, below 50 the
team acts. Between the fixed points it is a straight line, so it falls wherever the risk rises.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

DIMENSIONS: tuple[str, ...] = ("use", "money", "service", "feedback", "relationship", "payment")
"""Groups of causes that a company can do something about, in the order in which they are shown."""

BEST, WATCHED, ACTED, WORST = 100.0, 75.0, 50.0, 0.0
"""The health at no risk, where the team watches, where it acts, and at certain loss."""

_SURE = 1e-9


@dataclass(frozen=True, slots=True)
class Scale:
    """The two risks that are fixed points of the scale."""

    watch_from: float = 0.25
    act_from: float = 0.5

    def health(self, risk: float) -> float:
        """The health of a risk, 0..100.

        >>> Scale(0.1, 0.3).health(0.2)
        62.5
        """
        points = ((0.0, BEST), (self.watch_from, WATCHED), (self.act_from, ACTED), (1.0, WORST))
        for (low, above), (high, below) in pairwise(points):
            if risk <= high and high > low:
                return above + (below - above) * (max(risk, low) - low) / (high - low)
        return WORST

    def risk_below(self, health: float) -> float:
        """The risk at which health comes to ``health`` (0..100): the opposite of :meth:`health`.

        >>> Scale(0.1, 0.3).risk_below(62.5)
        0.2
        """
        points = ((0.0, BEST), (self.watch_from, WATCHED), (self.act_from, ACTED), (1.0, WORST))
        for (low, above), (high, below) in pairwise(points):
            if health >= below:
                return low + (high - low) * (above - min(health, above)) / (above - below)
        return 1.0


@dataclass(frozen=True, slots=True)
class Change:
    """How far health moved since a day, and how far each dimension moved it; ``rest`` is everything else."""

    points: float
    of_dimension: Mapping[str, float]
    rest: float


@dataclass(frozen=True, slots=True)
class OwnHealth:
    """A company's own weighing: its name, and the weight of each dimension (0: left out)."""

    name: str
    weights: Mapping[str, float]

    def score(self, dimensions: Mapping[str, float]) -> float | None:
        """The weighted mean of the healths of the dimensions; ``None`` where none has a weight."""
        weighed = [(self.weights.get(name, 0.0), dimensions[name]) for name in dimensions]
        total = sum(weight for weight, _ in weighed)
        return None if total <= 0 else sum(weight * health for weight, health in weighed) / total


def of_dimensions(scale: Scale, base_risk: float, effects: Mapping[str, float]) -> dict[str, float]:
    """The health of who differs from the average customer in one dimension alone, for each dimension.

    ``effects`` are what each group of causes adds to the log-odds of leaving. A group of which the model
    knows nothing is left out.
    """
    return {
        name: scale.health(_share(_log_odds(base_risk) + effects[name]))
        for name in DIMENSIONS
        if name in effects
    }


def change(
    scale: Scale,
    then: tuple[float, Mapping[str, float]],
    now: tuple[float, Mapping[str, float]],
) -> Change:
    """What moved health between two moments, each a risk and what its groups add to the log-odds.

    The way from one health to the other is shared out as the log-odds moved; what no dimension moved (the
    season, the time a customer has been there, another model) is the rest, so that the parts make the whole.
    """
    (risk_then, effects_then), (risk_now, effects_now) = then, now
    points = scale.health(risk_now) - scale.health(risk_then)
    slope = _slope(scale, risk_then, risk_now)
    moved = {
        name: slope * (effects_now.get(name, 0.0) - effects_then.get(name, 0.0))
        for name in DIMENSIONS
        if name in effects_now and name in effects_then
    }
    return Change(points, moved, points - sum(moved.values()))


def _slope(scale: Scale, risk_then: float, risk_now: float) -> float:
    """How much health one unit of log-odds is worth between two risks."""
    first, last = _log_odds(risk_then), _log_odds(risk_now)
    if abs(last - first) < 0.01:
        middle = (first + last) / 2
        first, last = middle - 0.01, middle + 0.01
    return (scale.health(_share(last)) - scale.health(_share(first))) / (last - first)


def _log_odds(share: float) -> float:
    sure = min(1 - _SURE, max(_SURE, share))
    return math.log(sure / (1 - sure))


def _share(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds)) if log_odds >= 0 else math.exp(log_odds) / (1 + math.exp(log_odds))
