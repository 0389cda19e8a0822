"""What a rule can ask of this workspace: its traits, events, features, scores, answers, segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.domain.events import EVENT_NAMES
from holdfast.services.collect.segments.census import FRESH_US, census
from holdfast.services.collect.segments.facts import FACTS, SCORES
from holdfast.services.foresee import kept_features
from holdfast.store import segments, trait_names

if TYPE_CHECKING:
    from holdfast.domain.texts import Text
    from holdfast.settings import Settings

SURVEYS = ("nps", "csat", "ces", "yes_no", "choice")
"""Kinds of surveys with a score that everybody knows, or that plays ask."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Names by kind. ``events`` and ``answers`` carry how many there are, ``features`` their titles,
    ``segments`` theirs; ``categories`` are those of products.
    """

    traits: tuple[str, ...]
    events: Mapping[str, int]
    answers: Mapping[str, int]
    features: Mapping[str, Text]
    segments: Mapping[str, str]
    categories: tuple[str, ...]

    def names(self, kind: str) -> tuple[str, ...]:
        """What there is of a kind, for a refusal to say."""
        told: dict[str, tuple[str, ...]] = {
            "trait": self.traits,
            "event": tuple(self.events),
            "answer": (*SURVEYS, *(each for each in self.answers if each not in SURVEYS)),
            "feature": tuple(self.features),
            "fact": tuple(FACTS),
            "score": tuple(SCORES),
            "segment": tuple(self.segments),
            "category": self.categories,
        }
        return told[kind]

    def knows(self, kind: str, name: str) -> bool:
        """Whether a rule may name it. Events that Holdfast understands may be waited for."""
        return name in self.names(kind) or (kind == "event" and name in EVENT_NAMES)


def offered(settings: Settings, now_us: int, *, fresh_us: int = FRESH_US) -> Offered:
    """What there is now; events as they were counted ``fresh_us`` ago at most."""
    from holdfast.store import readers

    counted = census(settings, now_us, fresh_us=fresh_us)
    categories = {each.category for each in readers.products(settings) if each.category}
    return Offered(
        traits=tuple(trait_names.trait_names(settings)),
        events=counted.names,
        answers=counted.answers,
        features=feature_titles(settings),
        segments={each.key: each.title for each in segments.listed(settings)},
        categories=tuple(sorted(categories)),
    )


def feature_titles(settings: Settings) -> dict[str, Text]:
    """The features that are kept, with their titles; before the first scoring those that could be.

    Traits among them are left out: a rule asks for a trait itself.
    """
    from holdfast.services.foresee.company_basis import declared_features

    declared = declared_features(dict.fromkeys(EVENT_NAMES, 1), settings.unit)
    kept = kept_features.names(settings)
    return {each.name: each.title for each in declared if not kept or each.name in kept}
