"""Past dates played again: a model of what was known by then says who will leave, and is graded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.domain.period import date_of
from holdfast.learning.calibration import calibration_curve
from holdfast.learning.drift import FALSE_ALARM_RATE, calibration_drift
from holdfast.learning.grading import grade, paired_difference
from holdfast.services.foresee.own_health import sample
from holdfast.services.foresee.plain_rivals import RIVALS, said_by
from holdfast.services.foresee.reading import (
    GRADES,
    BacktestMoment,
    CalibrationBin,
    DriftState,
    FeatureShift,
    RivalDifference,
)
from holdfast.services.foresee.risk_model import SEED, NotEnough, RiskModel, examples, learn
from holdfast.services.foresee.watching import WATCHED, Watch, watch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.feature import Feature
    from holdfast.services.foresee.snapshots import Panel

    Floats = NDArray[np.float64]

MODEL = "model"
_DRAWS = 200
_FOLDS = 2
"""A model that is only graded is combined on fewer folds: it costs a third less, and is no better for it."""

_GROWS = ("tenure", "season")
"""Causes whose features move by themselves as a company and its year grow older."""


@dataclass(frozen=True)
class Replay:
    """The customers present on ``day``, who of them left, their money, and what each rival ("model"
    among them) said; ``model`` is the one that said it, learnt from ``rows``. ``health`` is of some of
    them what :func:`holdfast.services.foresee.own_health.sample` keeps.
    """

    day: int
    unit_id: NDArray[np.int64]
    left: NDArray[np.bool_]
    money: Floats
    said: Mapping[str, Floats]
    model: RiskModel
    health: Mapping[str, Any] = field(default_factory=dict)


def replay(panel: Panel, day: int) -> Replay:
    """Play ``day`` again, learning only from what was known by then; certain outcomes are asked for.

    Raises :class:`NotEnough` where too little was known.
    """
    learnt = examples(panel.known_by(day, SEED))
    chosen = (np.asarray(panel.table.at_day) == day) & panel.decided
    asked = examples(panel, chosen)
    model = learn(learnt, panel.horizon_days, asked.columns, folds=_FOLDS)
    said = {MODEL: model.probabilities(asked.columns)}
    said |= {name: said_by(rule, learnt, asked.columns) for name, rule in RIVALS.items()}
    money = np.asarray(panel.yearly_minor, np.float64)[chosen]
    health = sample(model, asked, said[MODEL], panel.table.features)
    return Replay(day, asked.unit_id, asked.left, np.maximum(money, 0), said, model, health)


def graded(replays: Sequence[Replay]) -> BacktestMoment:
    """The grades of some replays taken together, dated by the last one."""
    left = np.concatenate([each.left for each in replays])
    money = np.concatenate([each.money for each in replays])
    told = {
        name: _grades(left, np.concatenate([each.said[name] for each in replays]), money)
        for name in (MODEL, *RIVALS)
    }
    return BacktestMoment(
        date_of(replays[-1].day),
        len(left),
        int(left.sum()),
        told[MODEL],
        {name: told[name] for name in RIVALS},
    )


def differences(replays: Sequence[Replay]) -> dict[str, RivalDifference]:
    """By how much the model's AUC is above each rival's; nothing where only one outcome occurs."""
    left = np.concatenate([each.left for each in replays])
    if left.all() or not left.any():
        return {}
    units = np.concatenate([each.unit_id for each in replays])
    said = {name: np.concatenate([each.said[name] for each in replays]) for name in (MODEL, *RIVALS)}
    told = {}
    for name in RIVALS:
        found = paired_difference(left, said[MODEL], said[name], groups=units, draws=_DRAWS)
        told[name] = RivalDifference(found.estimate, found.low, found.high)
    return told


def curve(replays: Sequence[Replay]) -> tuple[CalibrationBin, ...]:
    """The calibration of the model over some replays."""
    left = np.concatenate([each.left for each in replays])
    said = np.concatenate([each.said[MODEL] for each in replays])
    return tuple(
        CalibrationBin(each.mean_probability, each.share_left, each.low, each.high, each.rows)
        for each in calibration_curve(left, said)
    )


@dataclass(frozen=True)
class Judged:
    """Who left after a day, what a model said that had not seen it, and what that model said of customers
    it learnt from, by members that had not seen them (``before``).
    """

    left: NDArray[np.bool_]
    said: Floats
    before: Floats


def judged(replay: Replay) -> Judged:
    """How a replayed day came out."""
    return Judged(replay.left, replay.said[MODEL], replay.model.reference_risk)


def watch_over(model: RiskModel, panel: Panel, today: int) -> Watch:
    """Watch the features that weigh most in the model, but for those that grow by themselves."""
    steady = {feature.name for feature in panel.table.features if not _grows(feature)}
    weights = model.importance()
    named = [name for name in sorted(weights, key=lambda name: -weights[name]) if name in steady]
    return watch(examples(panel), named[:WATCHED], today, SEED)


def drift_state(
    watched: Watch | None,
    features: Sequence[Feature],
    now: Mapping[str, NDArray[Any]],
    judged: Judged | None,
) -> DriftState:
    """Whether customers look different ``now``, and whether the risks of ``judged`` came true."""
    titles = {feature.name: feature.title for feature in features}
    moved = () if watched is None else watched.moved(now)
    kept = None if judged is None else calibration_drift(judged.left, judged.said, reference=judged.before)
    return DriftState(
        population_alarm=any(each.alarm for each in moved),
        calibration_alarm=None if kept is None else kept.alarm,
        features=tuple(FeatureShift(each.name, titles[each.name], each.psi) for each in moved),
        expected=None if kept is None else kept.expected,
        observed=None if kept is None else kept.observed,
        low=None if kept is None else kept.low,
        high=None if kept is None else kept.high,
        false_alarm_rate=FALSE_ALARM_RATE,
    )


def _grows(feature: Feature) -> bool:
    """Whether it moves by itself as the company and the year grow older: ages, seasons, totals so far."""
    total = feature.window_days is None and feature.unit in ("count", "money")
    return feature.cause in _GROWS or total


def _grades(left: NDArray[np.bool_], said: Floats, money: Floats) -> dict[str, float | None]:
    found = grade(left, said, money)
    return {name: getattr(found, name) for name in GRADES}


__all__ = [
    "MODEL",
    "Judged",
    "NotEnough",
    "Replay",
    "curve",
    "differences",
    "drift_state",
    "graded",
    "judged",
    "replay",
    "watch_over",
]
