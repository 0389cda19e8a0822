"""A few customers foreseen now: the features, the model and the drivers of a run, on a slice of the log.

The day of an event counts whole: a customer with an event today is asked of at the beginning of tomorrow,
one who is silent at the beginning of today. Past dates, of which a model learnt, had whole days behind
them; asked at noon, everybody would look half a day more silent than they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.grace import rhythm_features
from holdfast.analytics.local_days import day_start_us
from holdfast.services.foresee import versions
from holdfast.services.foresee.company_basis import basis_of, declared_features, stays_of
from holdfast.services.foresee.risk_model import RiskModel
from holdfast.services.foresee.scoring import scored
from holdfast.services.foresee.snapshots import History
from holdfast.services.foresee.traits import Chosen, TraitsThen

if TYPE_CHECKING:
    from holdfast.analytics.feature import Feature
    from holdfast.analytics.snapshot import FeatureTable
    from holdfast.services.measure.measure import Ready
    from holdfast.services.measure.source import Source
    from holdfast.settings import Settings
    from holdfast.store.readers import UnitLinks
    from holdfast.store.risk import Score


@dataclass(frozen=True, slots=True)
class Foreseeing:
    """What a run has learnt for foreseeing.

    ``version`` is the model that scored (``None``: none could be made), ``traits`` those that are
    features, ``grace_days`` the silence that is usual in the company.
    """

    version: int | None
    traits: tuple[Chosen, ...]
    grace_days: int

    def as_json(self) -> dict[str, Any]:
        """Plain values, of which :func:`foreseeing_from` makes it again."""
        return {
            "version": self.version,
            "traits": [[each.name, each.words] for each in self.traits],
            "grace_days": self.grace_days,
        }


def foreseeing_of(history: History, version: int | None) -> Foreseeing:
    """What a turn of foreseeing has taught that scored by ``version``."""
    return Foreseeing(version, history.traits.chosen, history.stays.grace_days)


def foreseeing_from(kept: Mapping[str, Any]) -> Foreseeing:
    """The inverse of :meth:`Foreseeing.as_json`."""
    traits = tuple(Chosen(name, bool(words)) for name, words in kept["traits"])
    return Foreseeing(kept["version"], traits, kept["grace_days"])


@dataclass(frozen=True, slots=True)
class Foresight:
    """A model that is loaded, and the features that are asked for it."""

    learnt: Foreseeing
    model: RiskModel
    features: tuple[Feature, ...]


def foresight(settings: Settings, learnt: Foreseeing, names: Mapping[str, int]) -> Foresight | None:
    """Load the model of the last run, for a company with events of these ``names``.

    ``None`` where there is none, or where its file was changed: who can be foreseen is then for the
    next run to say.
    """
    model = None if learnt.version is None else versions.load(settings, learnt.version)
    if model is None:
        return None
    features = (*declared_features(names, settings.unit), *(each.feature for each in learnt.traits))
    return Foresight(learnt, model, features)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Scores of those who are present, and the features of which they are made."""

    scores: list[Score]
    features: list[FeatureTable]


def foreseen_now(
    settings: Settings,
    foresight: Foresight,
    tables: Ready,
    sources: Mapping[int, Source],
    links: UnitLinks,
) -> Foreseen:
    """Score those who are present among the customers of ``sources``.

    Each is asked of at the beginning of the day by which ``sources`` name its events. ``tables`` are the
    kept tables of all of them, ``links`` those of now.
    """
    found = Foreseen([], [])
    for day, source in sources.items():
        snapshot = _history(settings, foresight, tables, source, links, day).standing(day)
        if len(snapshot.table):
            found.scores.extend(scored(foresight.model, snapshot)[1])
            found.features.append(snapshot.table)
    return found


def _history(
    settings: Settings,
    foresight: Foresight,
    tables: Ready,
    source: Source,
    links: UnitLinks,
    day: int,
) -> History:
    """The customers of the slice as if they were a company of their own, in the ways of the whole one."""
    learnt = foresight.learnt
    found = slice_history(settings, tables, source, links, day, grace_days=learnt.grace_days)
    subjects = np.union1d(found.stays.unit, found.linked)
    return replace(
        found,
        features=foresight.features,
        rhythm=rhythm_features(tables.plan.lost, tables.kept.usual, found.basis.receipts),
        traits=TraitsThen(settings, learnt.traits, subjects.tolist()),
    )


def slice_history(
    settings: Settings,
    tables: Ready,
    source: Source,
    links: UnitLinks,
    day: int,
    *,
    grace_days: int | None,
) -> History:
    """What is known of a few customers at the beginning of ``day``, to be asked for other numbers."""
    end_day = tables.plan.end_day
    basis, rates = basis_of(tables, source, end_day)
    stays, terms = stays_of(tables, end_day, grace_days)
    return History(
        settings=settings,
        ready=tables,
        source=source,
        basis=basis,
        features=(),
        rhythm=(),
        stays=stays,
        terms=terms,
        tables=rates,
        traits=TraitsThen(settings, (), ()),
        linked=np.union1d(links.subject_id, links.unit_id),
        links={day_start_us(day, settings.zone): links},
    )
