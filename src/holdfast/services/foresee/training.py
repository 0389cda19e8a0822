"""A new version of the model: learnt of all that is mature, graded on what it had not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.domain.period import date_of, day_number
from holdfast.domain.texts import Share, Text
from holdfast.services.foresee import versions
from holdfast.services.foresee.reading import FeatureWeight, ModelCard
from holdfast.services.foresee.replaying import (
    MODEL,
    Replay,
    curve,
    drift_state,
    graded,
    judged,
    replay,
    watch_over,
)
from holdfast.services.foresee.risk_model import (
    SEED,
    NotEnough,
    RiskModel,
    check_enough,
    examples,
    learn,
)
from holdfast.services.progress import Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.feature import Feature
    from holdfast.services.foresee.snapshots import History, Panel
    from holdfast.settings import Settings

REPLAYED = 2
"""So many past dates are played again whenever a model is trained, the newest mature ones."""

_STEP_DAYS = 28
_NEWER, _MOST = 3, 8
"""So many past days at most lie after the newest mature ones, and so many beside these in all."""

_PANEL_ROWS = 100_000
"""Far more than are learnt from, and enough to grade every date by: more would only take longer to read."""

_NAMED = 4
"""So many features are named in one note."""


_MOSTLY = 0.75
"""A past day is graded when the outcome of so many of its customers is certain: those whose leaving shows
at once, by a contract, are certain first, and a grade of them alone says little of the others."""


@dataclass(frozen=True)
class Trained:
    """The version that scores from now on, and the past dates that were played again."""

    card: ModelCard
    model: RiskModel
    replays: tuple[Replay, ...]


def is_due(settings: Settings, as_of: date) -> bool:
    """Whether a model has to be trained: none is there, too long ago, another horizon or rule, an alarm."""
    cards = versions.cards(settings)
    best = next((card for card in cards if card.role == "champion"), None)
    if best is None or not _of_now(best, settings):
        return True
    last = max(card.trained_on for card in cards)
    if as_of < last or (as_of - last).days >= settings.risk.train_every_days:
        return True
    alarm = best.drift is not None and best.drift.alarm
    return alarm and (as_of - last).days >= settings.risk.train_every_days // 4


def _of_now(card: ModelCard, settings: Settings) -> bool:
    """Whether it was trained for the horizon and by the rule of now; else it answers another question."""
    return card.horizon_days == settings.risk.horizon_days and card.lost == str(settings.lost)


def past_days(history: History, horizon_days: int, graded: int = REPLAYED) -> tuple[int, ...]:
    """The past days to learn from, oldest first: the ``graded`` newest mature ones, and every other one.

    Those after the mature ones tell how it has become, those before them what was known when they came.
    """
    days = history.past_days(horizon_days, _STEP_DAYS)[::-1]
    mature = history.moments(horizon_days, step_days=_STEP_DAYS, most=graded)
    newer = [day for day in days if mature and day > mature[-1]]
    older = [day for day in days if not mature or day < mature[0]]
    chosen = (*newer[::2][:_NEWER], *mature[::-1], *older[1 if mature else 0 :: 2])
    return tuple(sorted(chosen[: _MOST + graded]))


def past_panel(history: History, horizon_days: int, graded: int = REPLAYED) -> Panel:
    """The customers of :func:`past_days`, some of them only where there are many."""
    days = past_days(history, horizon_days, graded)
    return history.panel(days, horizon_days, most_rows=_PANEL_ROWS, with_undecided=True)


def replays_of(panel: Panel, most: int, progress: Progress) -> tuple[Replay, ...]:
    """The newest mature days played again, oldest first, as many as had enough to learn from."""
    days = panel.only(mostly_decided(panel)).moments[-most:]
    found: list[Replay] = []
    for at, day in enumerate(days):
        progress.step(Text("Playing past dates again"), at, len(days))
        try:
            found.append(replay(panel, day))
        except NotEnough:
            continue
    progress.step(Text("Playing past dates again"), len(days), len(days))
    return tuple(found)


def mostly_decided(panel: Panel) -> NDArray[np.bool_]:
    """The rows of days at which the outcome of most customers is certain."""
    days, place = np.unique(np.asarray(panel.table.at_day), return_inverse=True)
    share = np.bincount(place, panel.decided, len(days)) / np.maximum(np.bincount(place), 1)
    return share[place] >= _MOSTLY


def train(
    settings: Settings,
    panel: Panel,
    now: Mapping[str, NDArray[Any]],
    as_of: date,
    progress: Progress,
) -> Trained:
    """Train, grade, and let the new version be champion unless the old one is clearly better.

    ``now`` are the features of those present. Raises :class:`NotEnough`.
    """
    known = panel.known_by(day_number(as_of), SEED)
    check_enough(known.table.unit_id, np.asarray(known.left, bool))
    replays = replays_of(panel, REPLAYED, progress)
    progress.step(Text("Learning who leaves"), 0, None)
    model = learn(examples(known), panel.horizon_days, now)
    model = replace(model, watch=watch_over(model, known, day_number(as_of)))
    card = replace(_card(known, model, replays, now, as_of), lost=str(settings.lost))
    before = versions.champion(settings)
    alike = before is not None and _of_now(before, settings)
    rival = versions.load(settings, before.version) if before is not None and alike else None
    if before is not None and rival is not None and _still_better(before, rival, panel, replays):
        note = Text(
            "On the newest mature date it did worse than version {version}, which stays.",
            version=str(before.version),
        )
        versions.save(settings, model, replace(card, role="challenger", notes=(*card.notes, note)))
        return Trained(before, rival, replays)
    return Trained(versions.save(settings, model, card), model, replays)


def _still_better(before: ModelCard, rival: RiskModel, panel: Panel, replays: Sequence[Replay]) -> bool:
    """Whether the champion beats the new model on the newest mature day, beyond chance.

    It must not have seen that day: else nothing honest can be said, and the newer model stands.
    """
    from holdfast.learning.grading import paired_difference

    if not replays:
        return False
    newest = replays[-1]
    if not newest.left.any() or newest.left.all() or date_of(newest.day) <= max(before.moments):
        return False
    chosen = (np.asarray(panel.table.at_day) == newest.day) & panel.decided
    said = rival.probabilities({name: column[chosen] for name, column in panel.table.columns.items()})
    found = paired_difference(newest.left, newest.said[MODEL], said, "log_loss")
    return found.high < 0


def _card(
    panel: Panel,
    model: RiskModel,
    replays: Sequence[Replay],
    now: Mapping[str, NDArray[Any]],
    as_of: date,
) -> ModelCard:
    newest = replays[-1:]
    left = np.asarray(panel.left, bool)
    return ModelCard(
        version=0,
        role="champion",
        trained_on=as_of,
        moments=tuple(date_of(int(day)) for day in panel.moments),
        rows=len(left),
        left=int(left.sum()),
        units=len(np.unique(panel.table.unit_id)),
        horizon_days=panel.horizon_days,
        members=model.classifier.weights_,
        grade=graded(newest).model if newest else {},
        graded_on=date_of(newest[0].day) if newest else None,
        curve=curve(newest) if newest else (),
        drift=drift_state(model.watch, panel.table.features, now, judged(newest[0]) if newest else None),
        features=_weights(model, panel.table.features),
        notes=tuple(_notes(panel, model, bool(newest))),
        seed=SEED,
    )


def _weights(model: RiskModel, features: Sequence[Feature]) -> tuple[FeatureWeight, ...]:
    weights = model.importance()
    known = [feature for feature in features if feature.name in weights]
    return tuple(
        FeatureWeight(each.name, each.title, each.meaning, each.cause, weights[each.name], each.unit)
        for each in sorted(known, key=lambda each: -weights[each.name])
    )


def _notes(panel: Panel, model: RiskModel, is_graded: bool) -> list[Text]:
    left, notes = np.asarray(panel.left, bool), list(model.classifier.notes_)
    if panel.undecided:
        notes.append(
            Text(
                "Of {rows} rows {n} are not certain yet (silent, and not for too long): they were drawn "
                "with the probability that such a silence ends in leaving. Grades leave them out.",
                rows=len(left),
                n=panel.undecided,
            )
        )
    if model.rows < len(left):
        notes.append(
            Text(
                "Learnt from {rows} of {all} rows ({share}), drawn at random: more would hardly help.",
                rows=model.rows,
                all=len(left),
                share=Share(model.rows / len(left)),
            )
        )
    notes += _left_out(model, panel.table.features)
    if not is_graded:
        notes.append(
            Text("Not graded: the history is too short to train on one part and judge by a later one.")
        )
    return notes


def _left_out(model: RiskModel, features: Sequence[Feature]) -> list[Text]:
    """Which features the model does not look at, and why."""
    titles = {feature.name: feature.title for feature in features}
    notes = []
    if model.outgrown:
        notes.append(
            Text(
                "One feature is left out, since for many customers its value now lies outside what could "
                "be learnt from: {names}.",
                "{n} features are left out, since for many customers their values now lie outside what "
                "could be learnt from: {names}.",
                n=len(model.outgrown),
                names=_named([titles[name] for name in model.outgrown]),
            )
        )
    if model.steady:
        notes.append(
            Text(
                "One feature is left out, since it is the same for nearly every customer: {names}.",
                "{n} features are left out, since they are the same for nearly every customer: {names}.",
                n=len(model.steady),
                names=_named([titles[name] for name in model.steady]),
            )
        )
    return notes


def _named(titles: Sequence[Text]) -> Text:
    """Some titles in a row, and how many more there are."""
    names = titles[0]
    for title in titles[1:_NAMED]:
        names = Text("{names}; {name}", names=names, name=title)
    more = len(titles) - _NAMED
    return Text("{names} and {n} more", "{names} and {n} more", names=names, n=more) if more > 0 else names


__all__ = ["REPLAYED", "Trained", "is_due", "past_days", "past_panel", "replays_of", "train"]
