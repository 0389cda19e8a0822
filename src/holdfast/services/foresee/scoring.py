"""Scoring everybody present: risk, value at risk, most likely time, and the strongest drivers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit

from holdfast.services.foresee.worth import remaining_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.feature import Feature
    from holdfast.services.foresee.risk_model import RiskModel
    from holdfast.services.foresee.snapshots import Snapshot
    from holdfast.settings import Settings
    from holdfast.store.risk import Score

    Floats = NDArray[np.float64]

DRIVERS = 5
"""So many drivers of a customer are kept: those that raise the risk first, then what speaks against."""

_AGAINST = 0.5
"""What lowers a risk takes the place of what raises it only where it is twice as strong."""

_DIGITS = 6


def score(
    settings: Settings,
    model: RiskModel,
    version: int,
    snapshots: Sequence[Snapshot],
    *,
    as_of_day: int,
    now_us: int,
    read_us: int | None = None,
) -> int:
    """Score the units of ``snapshots``, each asked at a day of its own, and save their risks; how many.

    Nobody is in two of them. ``read_us`` is when their events were read.
    """
    from holdfast.store.risk import Scoring, save_scores

    told = [scored(model, snapshot) for snapshot in snapshots if len(snapshot.table)]
    scores = [each for _, some in told for each in some]
    base = float(expit(told[0][0])) if told else None
    scoring = Scoring(as_of_day, model.horizon_days, version, base, None, now_us)
    save_scores(settings, scores, scoring, read_us=read_us)
    return len(scores)


def scored(model: RiskModel, snapshot: Snapshot) -> tuple[float, list[Score]]:
    """The log-odds of the average customer, and what the model says of each unit of a snapshot."""
    from holdfast.store.risk import Score

    table = snapshot.table
    risk = model.probabilities(table.columns)
    base, names, effects = model.effects(table.columns)
    value = remaining_value(snapshot.yearly_minor, risk, model.horizon_days)
    first, last = model.likely_time.windows(risk)
    sums = cause_sums(names, effects, table.features)
    causes, dimensions = _causes(sums, len(effects)), _dimensions(sums, len(effects))
    drivers = _drivers(names, effects, table.columns, model.usual)
    at_day = table.at_day.tolist()
    return base, [
        Score(
            unit_id=int(unit),
            risk=round(float(risk[row]), _DIGITS),
            value_minor=int(value[row]),
            value_at_risk_minor=round(float(risk[row]) * int(value[row])),
            likely_from_day=at_day[row] + int(first[row]),
            likely_to_day=at_day[row] + int(last[row]),
            drivers=drivers[row],
            cause=causes[row],
            as_of_day=at_day[row],
            dimensions=dimensions[row],
        )
        for row, unit in enumerate(table.unit_id.tolist())
    ]


def cause_sums(names: Sequence[str], effects: Floats, features: Sequence[Feature]) -> dict[str, Floats]:
    """What each group of causes adds to every customer's log-odds, all its features together."""
    cause_of = {feature.name: feature.cause for feature in features}
    groups = dict.fromkeys(cause_of.get(name, "") for name in names)
    return {
        group: effects[:, [cause_of.get(name, "") == group for name in names]].sum(axis=1) for group in groups
    }


def _causes(sums: Mapping[str, Floats], rows: int) -> list[str]:
    """The group that raises each customer's risk most; "" where none raises it."""
    if not sums:
        return [""] * rows
    groups, summed = tuple(sums), np.column_stack(list(sums.values()))
    best = summed.argmax(axis=1)
    raises = summed[np.arange(len(summed)), best] > 0
    return [groups[at] if up else "" for at, up in zip(best.tolist(), raises.tolist(), strict=True)]


def _dimensions(sums: Mapping[str, Floats], rows: int) -> list[str]:
    """The sums of each customer as JSON; groups without a name (own traits) are no dimension."""
    told = {group: np.round(values, 3).tolist() for group, values in sums.items() if group}
    return [json.dumps({group: values[row] for group, values in told.items()}) for row in range(rows)]


def _drivers(
    names: Sequence[str],
    effects: Floats,
    columns: Mapping[str, NDArray[Any]],
    usual: Mapping[str, float | str | None],
) -> list[str]:
    """Per customer JSON of (feature, effect, value, usual value), what raises the risk first."""
    most = min(DRIVERS, len(names))
    weight = np.where(effects > 0, effects, -_AGAINST * effects)
    chosen = np.argsort(-weight, axis=1, kind="stable")[:, :most]
    # Raising ones by strength, then lowering ones by strength.
    strength = np.take_along_axis(np.where(effects > 0, effects + 1e6, -effects), chosen, axis=1)
    order = np.take_along_axis(chosen, np.argsort(-strength, axis=1, kind="stable"), axis=1)
    values = [columns[name].tolist() if name in columns else None for name in names]
    found = []
    for row, places in enumerate(order.tolist()):
        told = []
        for place in places:
            column = values[place]
            value = None if column is None else column[row]
            name = names[place]
            told.append([name, round(float(effects[row, place]), 4), _plain(value), _plain(usual.get(name))])
        found.append(json.dumps(told, ensure_ascii=False))
    return found


def _plain(value: float | str | None) -> float | str | None:
    """A value as JSON knows it: without digits that say nothing, ``None`` for "not known"."""
    if value is None or isinstance(value, str):
        return value
    return round(value, 4) if np.isfinite(value) else None
