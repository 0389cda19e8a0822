"""The health of one customer: the score, its dimensions, what moved it, and the company's own score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from holdfast.domain.health import Change, Scale, change, of_dimensions
from holdfast.services.foresee.reading import Criteria, CustomerRisk


@dataclass(frozen=True, slots=True)
class Health:
    """Health 0..100 (100 is best).

    ``dimensions`` is the health of who differs from the average customer in that one alone; ``average`` is
    the average customer's own. ``change`` says what moved the score since ``since``, ``None`` where nothing
    was known then. ``own`` is the company's own score named ``own_name``, ``None`` where it has none.
    """

    score: float
    average: float
    dimensions: Mapping[str, float]
    change: Change | None
    since: date | None
    own: float | None
    own_name: str


def scale_of(criteria: Criteria) -> Scale:
    """The scale whose fixed points are the team's thresholds."""
    return Scale(criteria.watch_from, criteria.act_from)


def health_of(found: CustomerRisk, criteria: Criteria) -> Health | None:
    """The health of a customer; ``None`` where there is no risk."""
    if found.latest is None:
        return None
    scale, base = scale_of(criteria), found.base_risk or found.latest.risk
    dimensions = of_dimensions(scale, base, found.effects)
    own, before = criteria.own_health, found.before
    moved = None if before is None else change(scale, before[1:], (found.latest.risk, found.effects))
    return Health(
        score=scale.health(found.latest.risk),
        average=scale.health(base),
        dimensions=dimensions,
        change=moved,
        since=None if before is None else before[0],
        own=None if own is None else own.score(dimensions),
        own_name="" if own is None else own.name,
    )
