"""Why customers go, as rivals: who leaves by choice can no longer be lost to a failed payment.

Each cause has its own hazard; the chance to be gone by a cause until an age counts only those whom no
other cause took before.

Source: Prentice et al. (1978), The analysis of failure times in the presence of competing risks;
Aalen, Johansen (1978) for the incidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdfast.learning.samples import Floats
from holdfast.learning.survival import SurvivalModel, periods_of, summed


class CompetingRisks:
    """One hazard per cause over the same periods; parameters as in :class:`SurvivalModel`.

    Learned: ``causes_``, ``cuts_``, ``models_`` (cause -> :class:`SurvivalModel`).
    """

    def __init__(
        self, causes: Sequence[str] | None = None, *, smoothness: float = 1.0, ridge: float = 5.0
    ) -> None:
        self.causes = causes
        self.smoothness = smoothness
        self.ridge = ridge

    def fit(self, X: Any, start: ArrayLike, stop: ArrayLike, cause: ArrayLike) -> Self:  # noqa: N803
        """Learn from stretches ``(start, stop]``; ``cause`` ended them, ``None`` where nothing did.

        Causes not among ``causes`` (if given) count as the end of observation. Raises ``ValueError`` when
        a cause has fewer than ten losses, and as :meth:`SurvivalModel.fit` does.
        """
        told = np.array(
            [None if value is None or value != value else str(value) for value in np.asarray(cause)]
        )
        found = sorted({str(value) for value in told if value is not None})
        self.causes_ = tuple(self.causes) if self.causes is not None else tuple(found)
        if not self.causes_:
            raise ValueError("no cause ended any stretch: there is nothing to learn from")
        gone: NDArray[np.bool_] = np.isin(told.astype(str), self.causes_) & (told != None)  # noqa: E711
        self.cuts_ = periods_of(start, stop, gone)
        self.models_ = {}
        for name in self.causes_:
            by_it = gone & (told.astype(str) == name)
            until = self._until(start, stop, gone & ~by_it)
            model = SurvivalModel(smoothness=self.smoothness, ridge=self.ridge)
            self.models_[name] = model.fit(X, start, until, by_it, cuts=self.cuts_)
        return self

    def _until(self, start: ArrayLike, stop: ArrayLike, elsewhere: NDArray[np.bool_]) -> Floats:
        """Whom another cause took could be lost to this one for half of that period only."""
        begin, end = (np.asarray(column, dtype=np.float64) for column in (start, stop))
        before = self.cuts_[np.maximum(np.searchsorted(self.cuts_, end, side="left") - 1, 0)]
        return np.where(elsewhere, (np.maximum(begin, before) + end) / 2, end)

    def cumulative_incidence(
        self,
        X: Any,  # noqa: N803
        times: ArrayLike,
        since: ArrayLike | None = None,
    ) -> dict[str, Floats]:
        """Chance (0..1) per cause to be gone by it until each age (rows x times).

        ``since`` is the age that each row has already reached. Together with :meth:`survival` the causes
        add up to 1. Beyond the last age seen the answer is ``nan``.
        """
        ages = np.asarray(times, dtype=np.float64)
        hazards = {name: model.hazards(X) for name, model in self.models_.items()}
        whole = sum(hazards.values(), np.zeros((1, 1)))
        reached = np.broadcast_to(
            np.asarray(self.cuts_[0] if since is None else since, dtype=np.float64), (len(whole),)
        )[:, None]
        told = {name: np.zeros((len(whole), len(ages))) for name in hazards}
        for k in range(len(self.cuts_) - 1):
            first = np.clip(self.cuts_[k], reached, None)
            last = np.maximum(np.clip(ages, None, self.cuts_[k + 1]), first)
            still = np.exp(-(_to(whole, self.cuts_, first) - _to(whole, self.cuts_, reached)))
            taken = still * -np.expm1(-(_to(whole, self.cuts_, last) - _to(whole, self.cuts_, first)))
            for name, hazard in hazards.items():
                told[name] += taken * (hazard[:, k] / whole[:, k])[:, None]
        unseen = ages > self.cuts_[-1] * (1 + 1e-12)
        return {name: np.where(unseen, np.nan, incidence) for name, incidence in told.items()}

    def survival(self, X: Any, times: ArrayLike, since: ArrayLike | None = None) -> Floats:  # noqa: N803
        """Chance (0..1) that no cause has taken a row until each age (rows x times)."""
        told: Floats = 1.0 - sum(self.cumulative_incidence(X, times, since).values(), np.zeros((1, 1)))
        return told


def _to(hazards: Floats, cuts: Floats, times: Floats) -> Floats:
    return summed(hazards, cuts, np.minimum(times, cuts[-1]))
