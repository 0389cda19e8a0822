"""Has the world moved away from what the model learned? Two alarms, each at a stated false-alarm rate.

*Population drift*: the customers look different (a feature's values shift). *Calibration drift*:
customers of the same stated risk leave more, or less, often than stated.

Sources: Yurdakul, Naranjo (2020), Statistical properties of the population stability index (its law
is that of chi-square over the harmonic number of rows); Pearson's test of two samples; Holm (1979)
and Bonferroni for many features at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdfast.learning.calibration import Floats, calibration_error, expected_losses

FALSE_ALARM_RATE = 0.01
"""How often a check sounds although nothing moved, at most."""

LEAST_DEVIATION, LEAST_ERROR = 0.1, 0.05
"""Risks that are off by less than this (of the losses foretold; of 1) are as good as right."""

LEAST_SHIFT = 0.1
"""Below this population stability index a shift is real at most, and too small to act on.

By custom .1 is a small and .25 a large shift; a normal feature that moves by a third of its spread
has about .1.
"""

_BINS = 10
_FEWEST_EXPECTED = 5.0
"""Bins in which fewer rows than this are expected are taken together; Pearson's law needs it."""


@dataclass(frozen=True, slots=True)
class FeatureDrift:
    """How far one feature moved.

    ``psi`` is the population stability index (0: not at all), ``p_value`` how often chance alone moves
    it this far (1 where nothing can be said), ``drifted`` whether it counts: unlikely by chance,
    with all features looked at, and not too small to matter.
    """

    name: str
    psi: float
    p_value: float
    drifted: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """How far the customers moved, the largest shift first.

    ``statistic`` is the largest index of all features, ``alarm`` whether any of them drifted.
    """

    features: tuple[FeatureDrift, ...]
    statistic: float
    alarm: bool
    false_alarm_rate: float


@dataclass(frozen=True, slots=True)
class CalibrationDrift:
    """Losses as stated and as they came; ``low`` and ``high`` is what chance leaves likely (95 %)."""

    alarm: bool
    expected: float
    observed: int
    low: float
    high: float
    p_value: float
    false_alarm_rate: float


def population_drift(
    reference: Mapping[str, ArrayLike],
    now: Mapping[str, ArrayLike],
    *,
    false_alarm_rate: float = FALSE_ALARM_RATE,
    least_shift: float = LEAST_SHIFT,
) -> Drift:
    """Compare the customers of now with those that the model learned from.

    Both map a feature's name to its values, a row per customer (numbers with ``nan``, or words with
    ``None``); "missing" is a value of its own. Give one row per customer: repeated rows make chance
    look smaller than it is. Raises ``ValueError`` when a feature of the reference is absent now.
    """
    lacking = [name for name in reference if name not in now]
    if lacking:
        raise ValueError(f"the table of now lacks features of the reference: {', '.join(lacking[:5])}")
    compared = [
        (name, *_compare(np.asarray(told), np.asarray(now[name]))) for name, told in reference.items()
    ]
    rate = false_alarm_rate / max(1, len(compared))
    features = sorted(
        (
            FeatureDrift(name, psi, p_value, p_value <= rate and psi >= least_shift)
            for name, psi, p_value in compared
        ),
        key=lambda feature: -feature.psi,
    )
    return Drift(
        tuple(features),
        features[0].psi if features else 0.0,
        any(feature.drifted for feature in features),
        false_alarm_rate,
    )


def calibration_drift(
    left: ArrayLike,
    probability: ArrayLike,
    *,
    reference: ArrayLike | None = None,
    false_alarm_rate: float = FALSE_ALARM_RATE,
    seed: int = 0,
) -> CalibrationDrift:
    """Test whether stated risks keep their word in level and spread; one row per customer.

    ``reference`` holds the out-of-fold probabilities with which the model was calibrated: with it, the
    model's own uncertainty raises no alarm. Nor does a deviation too small to matter, which is beyond
    chance among enough customers: one below :data:`LEAST_DEVIATION` of the losses foretold, with a
    calibration error below :data:`LEAST_ERROR`. Raises ``ValueError`` for no rows.
    """
    told = expected_losses(left, probability, reference=reference, seed=seed)
    matters = (
        abs(told.observed - told.expected) >= LEAST_DEVIATION * told.expected
        or calibration_error(left, probability) >= LEAST_ERROR
    )
    return CalibrationDrift(
        told.p_value <= false_alarm_rate and matters,
        told.expected,
        told.observed,
        told.low,
        told.high,
        told.p_value,
        false_alarm_rate,
    )


def _compare(before: NDArray[Any], now: NDArray[Any]) -> tuple[float, float]:
    """Population stability index and p value of one feature."""
    if not len(before) or not len(now):
        return 0.0, 1.0
    first, second = _counts(before, now)
    first, second = _taken_together(first, second)
    if len(first) < 2:
        return 0.0, 1.0
    return _index(first, second), _pearson(first, second)


def _counts(before: NDArray[Any], now: NDArray[Any]) -> tuple[Floats, Floats]:
    """Rows per bin (numbers: of the reference's quantiles) or word; the last bin is "missing"."""
    if before.dtype.kind in "fiub" and now.dtype.kind in "fiub":
        first, second = before.astype(np.float64), now.astype(np.float64)
        edges = _edges(first[np.isfinite(first)])
        # Left and right of an edge, and on it, are three bins: a plain constant that moves is seen.
        places = [
            np.searchsorted(edges, v) + np.searchsorted(edges, v, side="right") for v in (first, second)
        ]
        bins = 2 * len(edges) + 2
        places = [np.where(np.isnan(v), bins - 1, p) for v, p in zip((first, second), places, strict=True)]
    else:
        words = [np.array(["" if _absent(v) else f"={v}" for v in column]) for column in (before, now)]
        levels, codes = np.unique(np.concatenate(words), return_inverse=True)
        places, bins = [codes[: len(before)], codes[len(before) :]], len(levels)
    told = [np.bincount(place.astype(np.intp), minlength=bins).astype(np.float64) for place in places]
    return told[0], told[1]


def _edges(known: Floats) -> Floats:
    values = np.unique(known)
    if len(values) <= _BINS:
        return values
    told: Floats = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)[1:-1]))
    return told


def _absent(value: object) -> bool:
    return value is None or value != value


def _taken_together(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Join bins in which too few rows are expected in either sample: the thin ones become one."""
    both = first + second
    share = min(first.sum(), second.sum()) / both.sum()
    thin = both * share < _FEWEST_EXPECTED
    if not thin.any():
        return first, second
    rest = [float(column[thin].sum()) for column in (first, second)]
    kept = [column[~thin] for column in (first, second)]
    if sum(rest) * share >= _FEWEST_EXPECTED or not len(kept[0]):
        return np.append(kept[0], rest[0]), np.append(kept[1], rest[1])
    least = int(np.argmin(kept[0] + kept[1]))
    kept[0][least] += rest[0]
    kept[1][least] += rest[1]
    return kept[0], kept[1]


def _index(first: Floats, second: Floats) -> float:
    before, now = ((counts + 0.5) / (counts.sum() + 0.5 * len(counts)) for counts in (first, second))
    return float(((now - before) * np.log(now / before)).sum())


def _pearson(first: Floats, second: Floats) -> float:
    from scipy.special import chdtrc

    both, rows = first + second, first.sum() + second.sum()
    statistic = sum(
        float(((counts - both * counts.sum() / rows) ** 2 / (both * counts.sum() / rows)).sum())
        for counts in (first, second)
    )
    return float(chdtrc(len(first) - 1, statistic))
