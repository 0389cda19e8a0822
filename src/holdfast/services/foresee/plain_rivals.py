"""Two plain rivals of the model, each fitted on the very rows that the model learns from.

*Recency alone*: who has been silent for longest leaves first. *Hand-weighted health*: what a sensible
person would write on a napkin, with weights that nobody learnt. Both are turned into probabilities
by a logistic curve, which leaves their order as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from holdfast.services.foresee.risk_model import Examples

    Floats = NDArray[np.float64]
    Columns = Mapping[str, NDArray[Any]]

HEALTH_WEIGHTS = {"silence": 0.4, "falling": 0.3, "open tickets": 0.15, "declined payments": 0.15}
"""The weights of the hand-weighted health; each part goes from 0 (well) to 1 (ill)."""

_SILENCE_FULL = 3.0
"""A silence of three usual gaps is as ill as it gets; of two tickets or declined payments likewise."""
_FULL_COUNT = 2.0
_USUAL_DAYS = 30.0
"""Stands for the usual gap of who has none yet."""


class _Rule(Protocol):
    def __call__(self, columns: Columns, /) -> Floats: ...


def recency(columns: Columns) -> Floats:
    """Days since the last activity (or purchase), as a logarithm; never: as long as anyone."""
    days = _first(columns, "days_since_activity", "days_since_purchase")
    longest = np.nanmax(days) if np.isfinite(days).any() else 0.0
    told: Floats = np.log1p(np.where(np.isfinite(days), np.maximum(days, 0), longest))
    return told


def health(columns: Columns) -> Floats:
    """How ill a customer looks, 0..1, by :data:`HEALTH_WEIGHTS`."""
    days = _first(columns, "days_since_purchase", "days_since_activity")
    gaps = _first(columns, "purchase_overdue", "activity_overdue")
    silence = np.where(np.isfinite(gaps), gaps, days / _USUAL_DAYS)
    later = _first(columns, "orders_later_part", "activity_later_part")
    parts = {
        "silence": np.clip(np.nan_to_num(silence), 0, _SILENCE_FULL) / _SILENCE_FULL,
        "falling": 1 - np.where(np.isfinite(later), np.clip(later, 0, 1), 0.5),
        "open tickets": _counted(columns, "open_tickets"),
        "declined payments": _counted(columns, "payments_failed_84"),
    }
    told: Floats = sum((HEALTH_WEIGHTS[name] * part for name, part in parts.items()), np.zeros(len(days)))
    return told


RIVALS: Mapping[str, _Rule] = {"recency": recency, "health": health}


def said_by(rule: _Rule, learnt: Examples, asked: Columns) -> Floats:
    """The probabilities of a rival for the rows of ``asked``, its curve fitted on ``learnt``."""
    from sklearn.linear_model import LogisticRegression

    curve = LogisticRegression(C=1e6, max_iter=1_000)
    curve.fit(rule(learnt.columns)[:, None], learnt.left)
    risk: Floats = curve.predict_proba(rule(asked)[:, None])[:, 1]
    return risk


def _first(columns: Columns, *names: str) -> Floats:
    """The first of these features that is known, row by row; ``nan`` where none is."""
    rows = len(next(iter(columns.values()))) if columns else 0
    told: Floats = np.full(rows, np.nan)
    for name in names:
        if name in columns:
            told = np.where(np.isfinite(told), told, np.asarray(columns[name], np.float64))
    return told


def _counted(columns: Columns, name: str) -> Floats:
    told: Floats = np.clip(np.nan_to_num(_first(columns, name)), 0, _FULL_COUNT) / _FULL_COUNT
    return told
