"""What people say they leave for, beside what drives the model's risks: where the two agree and where not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.settings import Settings

AREAS: Mapping[str, str] = {
    "service": "service",
    "product": "service",
    "delivery": "service",
    "adoption_value": "use",
    "money": "money",
    "relationship": "relationship",
}
"""Group of the taxonomy to the group of the model's drivers that would show it."""

PAYMENT = "payment_problem"
UNSEEN = ""
"""The area of causes that no number of the model can show: rivals, the customer's own life."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One area: of how many losses of a year it was ``said``, and how many losses to come it ``drives``, by
    the risks of the customers there are.

    ``said_share`` and ``drives_share`` are of all that were said and of all that something drives.
    """

    area: str
    said: int
    drives: float
    said_share: float
    drives_share: float


def compared(settings: Settings, named: Mapping[str, int]) -> tuple[Compared, ...]:
    """Each area by how often it is said (``named``: cause to losses) and how often it drives a risk."""
    from holdfast.store import own_words
    from holdfast.store.risk import strongest_causes

    group_of = {cause.id: cause.group for cause in own_words.causes(settings).values()}
    said: dict[str, int] = {}
    for cause, times in named.items():
        area = "payment" if cause == PAYMENT else AREAS.get(group_of.get(cause, ""), UNSEEN)
        said[area] = said.get(area, 0) + times
    drives = strongest_causes(settings)
    total, driven = sum(said.values()), sum(drives.values())
    if not total or not driven:
        return ()
    areas = sorted({*said, *drives}, key=lambda area: (-said.get(area, 0), -drives.get(area, 0), area))
    return tuple(
        Compared(
            area,
            said.get(area, 0),
            round(drives.get(area, 0.0), 2),
            round(said.get(area, 0) / total, 5),
            round(drives.get(area, 0) / driven, 5),
        )
        for area in areas
    )
