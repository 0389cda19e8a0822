"""One turn of foreseeing: train when due, watch the alarms, score everybody present."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.foresee import kept_features, versions
from holdfast.services.foresee.backtest import keep
from holdfast.services.foresee.reading import DriftState, ModelCard
from holdfast.services.foresee.replaying import Judged, drift_state
from holdfast.services.foresee.risk_model import NotEnough, RiskModel
from holdfast.services.foresee.scoring import score
from holdfast.services.foresee.training import is_due, past_panel, train
from holdfast.services.progress import Progress

if TYPE_CHECKING:
    from holdfast.services.foresee.snapshots import History, Snapshot
    from holdfast.settings import Settings

NOBODY = Text("Nobody is there now of whom anything could be foreseen.")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What the turn did: ``scored`` customers by ``version``, ``trained`` or not, or the ``reason``."""

    scored: int
    version: int | None
    trained: bool
    drift_alarm: bool
    reason: Text | None


def foresee(
    settings: Settings,
    history: History,
    *,
    as_of: date,
    now_us: int,
    progress: Progress,
    read_us: int | None = None,
) -> Foreseen:
    """Say of everybody present how likely they are to leave; where that cannot be said, why.

    Never fails for want of data: the reason is kept for pages and commands instead. ``read_us`` is when
    the history's events were read (``None``: they are all there are): what the worker has said by later
    ones stays. As the worker does, this asks of who has an event today at the end of today.
    """
    progress.step(Text("Looking at customers as they are now"), 0, None)
    now = history.standing(day_number(as_of))
    kept_features.keep(settings, now.table, now_us=now_us)
    try:
        card, model, trained = _model(settings, history, now, as_of, progress)
    except NotEnough as reason:
        return _none(settings, reason.reason, as_of, now_us)
    except Refusal as refusal:
        return _none(
            settings, Text("{found} {remedy}", found=refusal.found, remedy=refusal.remedy), as_of, now_us
        )
    progress.step(Text("Scoring customers"), 0, len(now.table))
    asked = _with_today(settings, history, now, day_number(as_of))
    scored = score(
        *(settings, model, card.version, asked),
        as_of_day=day_number(as_of),
        now_us=now_us,
        read_us=read_us,
    )
    progress.step(Text("Scoring customers"), scored, scored)
    alarm = card.drift is not None and card.drift.alarm
    return Foreseen(scored, card.version, trained, alarm, None)


def _with_today(settings: Settings, history: History, now: Snapshot, day: int) -> list[Snapshot]:
    """``now``, but those with an event today as of its end, and whom the worker has asked of so: what
    happened today is not forgotten until tomorrow.
    """
    from holdfast.store import risk

    if history.end_day <= day:
        return [now]
    units = np.union1d(history.awake(day), np.array(risk.asked_later(settings, day), np.int64))
    if not len(units):
        return [now]
    rest = np.flatnonzero(~np.isin(now.table.unit_id, units))
    return [now.only(rest), history.standing(history.end_day, units)]


def _model(
    settings: Settings, history: History, now: Snapshot, as_of: date, progress: Progress
) -> tuple[ModelCard, RiskModel, bool]:
    if not len(now.table):
        raise NotEnough(NOBODY)
    best = versions.champion(settings)
    model = None if best is None else versions.load(settings, best.version)
    if best is None or model is None or is_due(settings, as_of):
        progress.step(Text("Looking at customers of past dates"), 0, None)
        panel = past_panel(history, settings.risk.horizon_days)
        done = train(settings, panel, now.table.columns, as_of, progress)
        keep(settings, panel, done.replays, done.card.drift, as_of)
        return done.card, done.model, True
    judged = _judged(history, best, model)
    drift = drift_state(model.watch, now.table.features, now.table.columns, judged)
    if judged is None and best.drift is not None:
        drift = _with_calibration_of(drift, best.drift)
    return versions.note_drift(settings, best, drift), model, False


def _with_calibration_of(drift: DriftState, before: DriftState) -> DriftState:
    """No outcome has become known since: what was said of the last ones still holds."""
    return replace(
        drift,
        calibration_alarm=before.calibration_alarm,
        expected=before.expected,
        observed=before.observed,
        low=before.low,
        high=before.high,
    )


def _judged(history: History, card: ModelCard, model: RiskModel) -> Judged | None:
    """What the model said of the newest mature day after all it learnt from, and who left."""
    moments = history.moments(card.horizon_days, most=1)
    if not moments or moments[-1] <= day_number(max(card.moments)):
        return None
    panel = history.panel(moments[-1:], card.horizon_days)
    if not len(panel):
        return None
    said = model.probabilities(panel.table.columns)
    return Judged(np.asarray(panel.left, bool), said, model.reference_risk)


def _none(settings: Settings, reason: Text, as_of: date, now_us: int) -> Foreseen:
    from holdfast.store.risk import Scoring, note_reason

    note_reason(settings, Scoring(day_number(as_of), settings.risk.horizon_days, None, None, reason, now_us))
    return Foreseen(0, None, False, False, reason)
