"""What our own people know of one customer, gathered for a page: few statements, however much there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.domain.channels import PREFERRED_TRAIT
from holdfast.services.collect.care.channels import RATES, ChannelAdvice, channel_advice
from holdfast.services.collect.care.needs import SETTING, Need, fields_from, needs_of
from holdfast.services.collect.care.traits import NEED
from holdfast.settings import Settings
from holdfast.store import (
    care_settings,
    channel_uses,
    contact_points,
    documents,
    own_moments,
    owners,
    told,
)
from holdfast.store.contact_points import Point
from holdfast.store.documents import Document
from holdfast.store.own_moments import OwnMoment
from holdfast.store.owners import Ownership, Person
from holdfast.store.told import Said


@dataclass(frozen=True, slots=True)
class Care:
    """One customer as our people know it.

    ``own`` of the customer and ``through`` an account say who looks after them; ``people`` who could.
    ``traits`` are what was said beside needs and channel, of each trait the newest first.
    ``own_moments`` counts what the timeline shows of ours; ``undoable`` are the rows of our people's edits
    that are still the last word on their trait.
    """

    own: Ownership | None
    through: Ownership | None
    people: tuple[Person, ...]
    points: tuple[Point, ...]
    advice: ChannelAdvice
    needs: tuple[Need, ...]
    traits: Mapping[str, tuple[Said, ...]]
    documents: tuple[Document, ...]
    own_moments: int
    undoable: frozenset[int]


def care_of(
    settings: Settings,
    unit_id: int,
    subjects: Sequence[int],
    *,
    thresholds: tuple[float, float],
    moments: int | None = None,
) -> Care:
    """Everything but the timeline; eight statements.

    ``thresholds`` are the risks from which the team watches and acts: passing one is a moment. ``moments``
    is how many of ours there are, where that is known; else they are counted.
    """
    if moments is None:
        moments = own_moments.count_of(settings, subjects, unit_id, thresholds=thresholds)
    own, through = owners.owners_of(settings, subjects)
    said = told.said_of(settings, subjects)
    kept: dict[str, Any] = care_settings.read(settings, RATES, SETTING)
    return Care(
        own,
        through,
        tuple(owners.people(settings)),
        tuple(contact_points.points_of(settings, subjects, unit_id)),
        channel_advice(said, channel_uses.of(settings, unit_id), kept.get(RATES, {})),
        tuple(needs_of(fields_from(kept.get(SETTING)), said)),
        _traits(said),
        tuple(documents.of(settings, subjects)),
        moments,
        _last_words(said),
    )


def _last_words(said: Sequence[Said]) -> frozenset[int]:
    """The rows that our people typed and nobody spoke after; of each trait the newest comes first."""
    last: dict[str, Said] = {}
    for row in said:
        last.setdefault(row.trait, row)
    return frozenset(row.id for row in last.values() if row.made_by)


def _traits(said: Sequence[Said]) -> dict[str, tuple[Said, ...]]:
    found: dict[str, list[Said]] = {}
    for row in said:
        if not row.trait.startswith(NEED) and row.trait != PREFERRED_TRAIT:
            found.setdefault(row.trait, []).append(row)
    return {trait: tuple(rows) for trait, rows in found.items()}


def moments_of(
    settings: Settings,
    unit_id: int,
    subjects: Sequence[int],
    *,
    before_us: int | None,
    limit: int,
    thresholds: tuple[float, float],
) -> tuple[list[OwnMoment], int]:
    """See :func:`holdfast.store.own_moments.moments_of`."""
    return own_moments.moments_of(
        settings, subjects, unit_id, before_us=before_us, limit=limit, thresholds=thresholds
    )
