"""How long customers stay, and when they are most likely to leave.

Time is cut into periods; in each, who is still there leaves with a hazard of the period, raised or
lowered by the customer's features (the same at every age: effects that change with age were tried, and
foresee worse). Rows are stretches of time, so features may change along the
way, and customers who were there before the first record enter late (left truncation). Leaving within
a period follows the complementary log-log law, so that parts of periods count as what they are.

Sources: Prentice, Gloeckler (1978), Regression analysis of grouped survival data; Singer, Willett
(1993), It's about time; Eilers, Marx (1996) for the penalty on neighbours.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import solve
from threadpoolctl import threadpool_limits

from holdfast.learning.members import AdditiveDesign
from holdfast.learning.samples import Floats, SampleReader

MOST_PERIODS = 80
_FEWEST = 10
_STEPS = 40
_CLOSE = 1e-8


class SurvivalModel:
    """Hazard by period and features.

    Parameters
    ----------
    smoothness
        How strongly hazards of neighbouring periods are drawn together (0: not at all).
    ridge
        How strongly effects of features are drawn to none.

    Learned: ``cuts_`` (the ends of periods, the first is the origin), ``losses_``.
    """

    def __init__(self, *, smoothness: float = 1.0, ridge: float = 5.0) -> None:
        self.smoothness = smoothness
        self.ridge = ridge

    def fit(
        self,
        X: Any,  # noqa: N803
        start: ArrayLike,
        stop: ArrayLike,
        left: ArrayLike,
        *,
        cuts: ArrayLike | None = None,
    ) -> Self:
        """Learn from stretches ``(start, stop]`` of customers' lives, in one unit of time.

        ``X`` holds the features as they were in the stretch, ``left`` whether it ended with leaving. A
        customer may have several stretches, one after the other. ``cuts`` are the ends of periods if
        they are given. Raises ``ValueError`` for stretches without length, fewer than ten losses, or
        columns of different lengths.
        """
        begin, end, gone = _stretches(start, stop, left)
        self.losses_ = int(gone.sum())
        self._reader = SampleReader().fit(X)
        matrix = self._reader.read(X)
        if len(matrix) != len(begin):
            raise ValueError(f"{len(matrix)} rows but {len(begin)} stretches of time")
        self.cuts_ = periods_of(begin, end, gone) if cuts is None else np.asarray(cuts, dtype=np.float64)
        self._design = AdditiveDesign(matrix, self._reader.categorical)
        with threadpool_limits(1, user_api="blas"):
            self._learn(self._design(matrix), begin, end, gone)
        return self

    def hazards(self, X: Any) -> Floats:  # noqa: N803
        """Integrated hazard of each period (rows x periods); leaving in it has 1 - exp(-hazard)."""
        if not hasattr(self, "_level"):
            from sklearn.exceptions import NotFittedError

            raise NotFittedError("fit the SurvivalModel before asking it")
        design = self._design(self._reader.read(X))
        odds = self._level + (design @ self._effect)[:, None]
        told: Floats = np.exp(np.clip(odds, -30, 5))
        return told

    def cumulative(self, X: Any, times: ArrayLike) -> Floats:  # noqa: N803
        """Hazard summed from the origin to each of ``times`` (rows x times, or one time list per row).

        ``nan`` beyond the last cut: nothing was seen there.
        """
        return summed(self.hazards(X), self.cuts_, np.asarray(times, dtype=np.float64))

    def survival(self, X: Any, times: ArrayLike, since: ArrayLike | None = None) -> Floats:  # noqa: N803
        """Chance (0..1) to be still there at each age of ``times`` (rows x times).

        ``since`` is the age that each row has already reached: the chance is then of those who did.
        Ages before it have chance 1; beyond the last age seen the answer is ``nan``.
        """
        hazards, ages = self.hazards(X), np.asarray(times, dtype=np.float64)
        total = summed(hazards, self.cuts_, ages)
        if since is not None:
            reached = np.broadcast_to(np.asarray(since, dtype=np.float64), (len(hazards),))
            total = np.maximum(total - summed(hazards, self.cuts_, reached[:, None]), 0.0)
        told: Floats = np.exp(-total)
        return told

    def most_likely(
        self,
        X: Any,  # noqa: N803
        now: ArrayLike,
        within: float,
        length: float | None = None,
    ) -> tuple[Floats, Floats]:
        """The stretch of ``length`` (default: a third of ``within``) in which leaving is most probable.

        ``now`` is each row's age. Returns first and last of the stretch, counted from now; the earliest
        of equals. Beyond the last age seen the hazard is taken to stay as in the last period.
        """
        hazards = self.hazards(X)
        width = within / 3 if length is None else min(length, within)
        ages = np.broadcast_to(np.asarray(now, dtype=np.float64), (len(hazards),))
        starts = np.linspace(0, within - width, 61)
        edges = np.concatenate([starts, starts + width])
        total = summed(hazards, self.cuts_, ages[:, None] + edges, go_on=True)
        staying = np.exp(total[:, :1] - total)
        inside = staying[:, : len(starts)] - staying[:, len(starts) :]
        best = inside.max(axis=1, keepdims=True)
        first = starts[np.argmax(inside >= best * (1 - 1e-9), axis=1)]
        return first, first + width

    def _learn(self, design: Floats, begin: Floats, end: Floats, gone: NDArray[np.bool_]) -> None:
        """Fisher scoring over the periods, who is at risk in each taken together."""
        periods, columns = len(self.cuts_) - 1, design.shape[1]
        at_risk = [_at_risk(k, self.cuts_, begin, end, gone) for k in range(periods)]
        penalty = self._penalty(periods, columns)
        found = np.zeros(periods + columns)
        found[:periods] = [np.log((lost.sum() + 0.5) / (share.sum() + 1.0)) for _, share, lost in at_risk]
        worth, slope, bend = self._scores(found, design, at_risk, penalty)
        for _ in range(_STEPS):
            step, before = solve(bend, slope, assume_a="pos"), worth
            for halving in range(12):
                tried = found + step / 2**halving
                worth, slope, bend = self._scores(tried, design, at_risk, penalty)
                if worth >= before:
                    break
            found = tried
            if worth - before < _CLOSE * abs(worth):
                break
        self._level, self._effect = found[:periods], found[periods:]

    def _penalty(self, periods: int, columns: int) -> Floats:
        told = np.zeros((periods + columns, periods + columns))
        steps = np.diff(np.eye(periods), axis=0)
        told[:periods, :periods] = self.smoothness * steps.T @ steps + 1e-6 * np.eye(periods)
        effects = np.arange(periods, periods + columns)
        told[effects, effects] = self.ridge
        return told

    def _scores(
        self,
        found: Floats,
        design: Floats,
        at_risk: list[tuple[NDArray[np.intp], Floats, Floats]],
        penalty: Floats,
    ) -> tuple[float, Floats, Floats]:
        """Penalised log-likelihood, its slope, and the expected information."""
        periods = len(at_risk)
        slope, bend = np.zeros(len(found)), np.zeros((len(found), len(found)))
        effects, worth, odds = slice(periods, None), 0.0, design @ found[periods:]
        for k, (rows, share, lost) in enumerate(at_risk):
            hazard = np.exp(np.clip(found[k] + odds[rows], -30, 5)) * share
            leaving = -np.expm1(-hazard)
            worth += float(lost @ np.log(leaving) - (1 - lost) @ hazard)
            error = lost * hazard * (1 - leaving) / leaving - (1 - lost) * hazard
            weight, part = hazard**2 * (1 - leaving) / leaving, design[rows]
            slope[k], bend[k, k] = error.sum(), weight.sum()
            slope[effects] += part.T @ error
            bend[k, effects] = bend[effects, k] = part.T @ weight
            bend[effects, effects] += (part * weight[:, None]).T @ part
        worth -= 0.5 * float(found @ penalty @ found)
        return worth, slope - penalty @ found, bend + penalty


def summed(hazards: Floats, cuts: Floats, times: Floats, *, go_on: bool = False) -> Floats:
    """Hazards (rows x periods) summed from the first cut up to ``times`` (a list, or one per row)."""
    totals = np.column_stack([np.zeros(len(hazards)), np.cumsum(hazards, axis=1)])
    ages = np.broadcast_to(times, (len(hazards), times.shape[-1]))
    inside = np.clip(ages, cuts[0], cuts[-1])
    period = np.clip(np.searchsorted(cuts, inside, side="left") - 1, 0, len(cuts) - 2)
    share = (inside - cuts[period]) / (cuts[period + 1] - cuts[period])
    told = np.take_along_axis(totals, period, axis=1) + share * np.take_along_axis(hazards, period, axis=1)
    beyond = ages > cuts[-1] * (1 + 1e-12)
    if go_on:
        rate = hazards[:, -1:] / (cuts[-1] - cuts[-2])
        return np.where(beyond, told + rate * (ages - cuts[-1]), told)
    return np.where(beyond, np.nan, told)


def _stretches(
    start: ArrayLike, stop: ArrayLike, left: ArrayLike
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    begin, end = (np.asarray(column, dtype=np.float64) for column in (start, stop))
    told = np.asarray(left, dtype=np.float64)
    if not begin.shape == end.shape == told.shape or begin.ndim != 1:
        raise ValueError(
            f"start, stop and left need one value per row: {begin.shape}, {end.shape}, {told.shape}"
        )
    if not (np.isfinite(begin).all() and np.isfinite(end).all() and np.isin(told, (0, 1)).all()):
        raise ValueError("start and stop must be finite, and left 0 or 1: mend or drop the missing ones")
    if (end <= begin).any():
        raise ValueError(
            f"{int((end <= begin).sum())} stretches have no length: stop must lie after start (customers who "
            "left at once count as a part of the first unit of time)"
        )
    if told.sum() < _FEWEST:
        raise ValueError(
            f"not enough data: only {int(told.sum())} customers left, "
            f"at least {_FEWEST} are needed to say when"
        )
    return begin, end, told == 1


def periods_of(start: ArrayLike, stop: ArrayLike, left: ArrayLike) -> Floats:
    """Ends of periods: every moment of leaving ends one; of many, equally filled ones."""
    begin, end = (np.asarray(column, dtype=np.float64) for column in (start, stop))
    gone = np.asarray(left, dtype=bool)
    moments = np.unique(end[gone])
    if len(moments) > MOST_PERIODS:
        moments = np.unique(np.quantile(end[gone], np.linspace(0, 1, MOST_PERIODS + 1)[1:], method="higher"))
    last = end.max()
    return np.unique(np.concatenate([[begin.min()], moments, [last] if last > moments[-1] else []]))


def _at_risk(
    k: int, cuts: Floats, begin: Floats, end: Floats, gone: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Rows that are there in period k, the part of it in which they could leave, and who left."""
    first, last = cuts[k], cuts[k + 1]
    rows = np.flatnonzero((begin < last) & (end > first))
    lost = gone[rows] & (end[rows] <= last)
    until = np.where(lost, last, np.minimum(end[rows], last))
    share = (until - np.maximum(begin[rows], first)) / (last - first)
    return rows, share, lost.astype(np.float64)
