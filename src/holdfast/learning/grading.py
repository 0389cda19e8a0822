"""How good is a risk? One grade, the same for the model and its plain rivals.

Sources: Hanley, McNeil (1982) for the area under the curve; Davis, Goadrich (2006) for average
precision (steps, no interpolation); Field, Welsh (2007), Bootstrapping clustered data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdfast.domain.texts import Text
from holdfast.learning.calibration import Floats, calibration_error, checked, same_length

Measure = Literal["auc", "average_precision", "log_loss"]

_NEAREST = 1e-15
"""A stated certainty that proves wrong costs this probability's logarithm, not infinity."""


@dataclass(frozen=True, slots=True)
class Grade:
    """What stated risks were worth on customers whose outcome is known.

    ``rows`` and ``left`` count; ``auc``: chance that a leaver stands above a stayer (.5 is guessing);
    ``average_precision``: mean share right while going down the list; ``log_loss`` and
    ``calibration_error``: less is better; ``lift_top_decile``: how many times more leavers the
    riskiest tenth holds than a tenth drawn blindly; ``money_caught``: share of the leavers' money in
    that tenth. What the rows cannot support is ``None``, and ``reasons`` says why by a code that
    :func:`why` puts in words.
    """

    rows: int
    left: int
    auc: float | None
    average_precision: float | None
    log_loss: float | None
    calibration_error: float | None
    lift_top_decile: float | None
    money_caught: float | None
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much the first is better than the second: above 0 is better, whatever the measure.

    ``low`` and ``high`` are the 95 % interval (paired bootstrap).
    """

    estimate: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


_WHY = {
    "no_rows": Text("There is no customer whose outcome is known."),
    "nobody_left": Text("None of these customers left."),
    "nobody_stayed": Text("All of these customers left."),
    "no_money": Text("It is not known how much money these customers bring."),
}


def why(code: str) -> Text:
    """The reason for a missing figure of a :class:`Grade`, in words."""
    return _WHY[code]


def grade(left: ArrayLike, probability: ArrayLike, money: ArrayLike | None = None) -> Grade:
    """Grade stated risks against what happened.

    ``left`` per row 0 or 1, ``probability`` 0..1, ``money`` what each row's customer brings (any unit,
    not negative; ``nan`` counts as nothing). Raises ``ValueError`` for other values or lengths.
    """
    outcome, risk = checked(left, probability)
    worth = None if money is None else np.nan_to_num(np.asarray(money, dtype=np.float64))
    same_length(left=outcome, money=worth)
    rows, leavers = len(outcome), int(outcome.sum())
    if not rows:
        return _without("no_rows")
    one_class = "nobody_left" if not leavers else "nobody_stayed" if leavers == rows else None
    sorted_rows, ones = _Sorted(outcome, risk), np.ones(rows)
    caught, reason = _money_caught(outcome, risk, worth)
    found: dict[str, float | None] = {
        "auc": None if one_class else sorted_rows.auc(ones),
        "average_precision": sorted_rows.average_precision(ones) if leavers else None,
        "lift_top_decile": _lift(outcome, risk) if leavers else None,
        "money_caught": caught,
    }
    reasons = {name: one_class or "" for name, value in found.items() if value is None}
    if reason:
        reasons["money_caught"] = reason
    return Grade(
        rows,
        leavers,
        log_loss=sorted_rows.log_loss(ones),
        calibration_error=calibration_error(outcome, risk),
        reasons=reasons,
        **found,
    )


def paired_difference(
    left: ArrayLike,
    better: ArrayLike,
    rival: ArrayLike,
    measure: Measure = "auc",
    *,
    groups: ArrayLike | None = None,
    draws: int = 500,
    seed: int = 0,
) -> Difference:
    """How much better ``better`` is than ``rival`` on the same rows, with an interval.

    ``groups`` holds the customer of each row: rows of one customer are drawn together, since they
    are no independent proof. For log loss the difference is turned round, so that above 0 is better.
    Raises ``ValueError`` when only one outcome occurs.
    """
    outcome, first = checked(left, better)
    _, second = checked(left, rival)
    if outcome.all() or not outcome.any():
        raise ValueError("both outcomes, left and stayed, are needed to compare two risks")
    of, against = _figure(measure, outcome, first), _figure(measure, outcome, second)
    sign = -1.0 if measure == "log_loss" else 1.0
    unit = (
        np.arange(len(outcome)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    )
    same_length(left=outcome, groups=unit)
    draw, units = np.random.default_rng(seed), int(unit.max()) + 1
    found = []
    for _ in range(draws):
        weight = np.bincount(draw.integers(0, units, units), minlength=units)[unit].astype(np.float64)
        if 0 < weight @ outcome < weight.sum():
            found.append(sign * (of(weight) - against(weight)))
    ones = np.ones(len(outcome))
    low, high = np.quantile(found, [0.025, 0.975]) if found else (-np.inf, np.inf)
    return Difference(float(sign * (of(ones) - against(ones))), float(low), float(high))


def top_decile(risk: Floats) -> Floats:
    """How much of each row stands in the riskiest tenth (0..1): equal risks share the last places."""
    places = int(np.ceil(len(risk) / 10))
    border = np.partition(risk, len(risk) - places)[len(risk) - places]
    above, level = risk > border, risk == border
    told: Floats = above + level * (places - above.sum()) / level.sum()
    return told


class _Sorted:
    """Rows in the order of their risk, asked again and again with other weights."""

    def __init__(self, outcome: Floats, risk: Floats) -> None:
        self.order = np.argsort(risk, kind="stable")
        ordered = risk[self.order]
        self.outcome = outcome[self.order]
        self.starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        clipped = np.clip(ordered, _NEAREST, 1 - _NEAREST)
        self.losses = -np.where(self.outcome == 1, np.log(clipped), np.log1p(-clipped))

    def auc(self, weight: Floats) -> float:
        gone, stayed = self._by_risk(weight)
        below = np.cumsum(stayed) - stayed / 2
        return float(gone @ below / (gone.sum() * stayed.sum()))

    def average_precision(self, weight: Floats) -> float:
        gone, stayed = self._by_risk(weight)
        gone, stayed = gone[::-1], stayed[::-1]
        right, listed = np.cumsum(gone), np.cumsum(gone + stayed)
        precision = np.divide(right, listed, out=np.zeros_like(right), where=listed > 0)
        return float(gone @ precision / gone.sum())

    def log_loss(self, weight: Floats) -> float:
        return float(weight[self.order] @ self.losses / weight.sum())

    def _by_risk(self, weight: Floats) -> tuple[Floats, Floats]:
        """Weights of leavers and stayers per distinct risk, lowest first."""
        ordered = weight[self.order]
        gone: Floats = np.add.reduceat(ordered * self.outcome, self.starts)
        stayed: Floats = np.add.reduceat(ordered * (1 - self.outcome), self.starts)
        return gone, stayed


def _figure(measure: Measure, outcome: Floats, risk: Floats) -> Callable[[NDArray[np.float64]], float]:
    told: Callable[[NDArray[np.float64]], float] = getattr(_Sorted(outcome, risk), measure)
    return told


def _lift(outcome: Floats, risk: Floats) -> float:
    top = top_decile(risk)
    return float((top @ outcome / top.sum()) / outcome.mean())


def _money_caught(outcome: Floats, risk: Floats, worth: Floats | None) -> tuple[float | None, str | None]:
    if not outcome.any():
        return None, "nobody_left"
    if worth is None or not (worth * outcome).sum() > 0:
        return None, "no_money"
    lost = worth * outcome
    return float(top_decile(risk) @ lost / lost.sum()), None


def _without(code: str) -> Grade:
    names = (
        "auc",
        "average_precision",
        "log_loss",
        "calibration_error",
        "lift_top_decile",
        "money_caught",
    )
    return Grade(0, 0, None, None, None, None, None, None, dict.fromkeys(names, code))
