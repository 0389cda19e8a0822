"""Health that a company weighs itself: a second score, and how it would have done on past dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.domain.health import DIMENSIONS, OwnHealth, Scale, of_dimensions
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.foresee.scoring import cause_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.feature import Feature
    from holdfast.services.foresee.risk_model import Examples, RiskModel
    from holdfast.settings import Settings

SAMPLED = 2_000
"""Customers of one past date that are kept: enough to compare two scores, and few enough to read at once."""

LONGEST_NAME = 60
MOST_WEIGHT = 100.0
_DRAWS = 200


@dataclass(frozen=True, slots=True)
class OwnBacktest:
    """How a weighing would have named leavers on past dates, beside the health that the risk gives.

    ``auc`` is the chance that a leaver had the lower health (.5 is guessing), ``caught`` the share of
    leavers among the lowest tenth; ``difference`` of the AUCs (own minus given) with its 95 % interval.
    """

    rows: int
    left: int
    auc: float
    given_auc: float
    caught: float
    given_caught: float
    difference: tuple[float, float, float]


def sample(
    model: RiskModel, asked: Examples, said: NDArray[np.float64], features: Sequence[Feature]
) -> dict[str, Any]:
    """Of some customers of a past date: what the groups of causes add, the risk, and who left."""
    rows = np.linspace(0, len(asked) - 1, min(SAMPLED, len(asked))).astype(np.intp)
    base, names, effects = model.effects(asked.only(rows).columns)
    sums = cause_sums(names, effects, features)
    return {
        "base": float(1 / (1 + np.exp(-base))),
        "effects": {name: np.round(sums[name], 3).tolist() for name in DIMENSIONS if name in sums},
        "risk": np.round(said[rows], 6).tolist(),
        "left": asked.left[rows].astype(int).tolist(),
    }


def save(settings: Settings, own: OwnHealth) -> None:
    """Keep a weighing; refuses ("bad_health") a name that says nothing and weights that weigh nothing."""
    from holdfast.store.health_samples import save_own

    own = checked(own)
    save_own(settings, asdict(own), now_us=actual_us())


def forget(settings: Settings) -> None:
    """Have no weighing of one's own any more."""
    from holdfast.store.health_samples import save_own

    save_own(settings, None, now_us=actual_us())


def checked(own: OwnHealth) -> OwnHealth:
    """The weighing without blanks around its name, or a refusal."""
    name = own.name.strip()
    if not 0 < len(name) <= LONGEST_NAME or "\0" in name:
        raise Refusal(
            "bad_health",
            found=Text("A name of {n} letter.", "A name of {n} letters.", n=len(name)),
            expected=Text("A name of 1 to {most} letters.", most=LONGEST_NAME),
            remedy=Text("Name the score; nothing was saved."),
        )
    weights = {each: float(own.weights.get(each, 0.0)) for each in DIMENSIONS}
    if any(not 0 <= weight <= MOST_WEIGHT for weight in weights.values()) or not any(weights.values()):
        raise Refusal(
            "bad_health",
            found=Text("Weights that weigh nothing, or no such weights."),
            expected=Text("Weights from 0 to {most}, at least one above 0.", most=int(MOST_WEIGHT)),
            remedy=Text("Change the weights; nothing was saved."),
        )
    return OwnHealth(name, weights)


def backtest(settings: Settings, own: OwnHealth, scale: Scale) -> OwnBacktest | None:
    """Past customers judged by this weighing; ``None`` where nobody of whom is known both ways out."""
    from holdfast.learning.grading import grade, paired_difference
    from holdfast.store.health_samples import samples

    told = [_scored(own, scale, kept) for kept in samples(settings).values()]
    left = np.array([each for of_day in told for each in of_day[0]], bool)
    if not len(left) or left.all() or not left.any():
        return None
    mine, given = (np.array([each for of_day in told for each in of_day[place]]) for place in (1, 2))
    own_grade, given_grade = grade(left, mine), grade(left, given)
    apart = paired_difference(left, mine, given, draws=_DRAWS)
    return OwnBacktest(
        rows=len(left),
        left=int(left.sum()),
        auc=own_grade.auc or 0.0,
        given_auc=given_grade.auc or 0.0,
        caught=(own_grade.lift_top_decile or 0.0) / 10,
        given_caught=(given_grade.lift_top_decile or 0.0) / 10,
        difference=(apart.estimate, apart.low, apart.high),
    )


def _scored(
    own: OwnHealth, scale: Scale, kept: Mapping[str, Any]
) -> tuple[list[int], list[float], list[float]]:
    """Who left, and how ill each looked (0..1) by the weighing and by the risk."""
    effects, mine = kept["effects"], []
    for row in range(len(kept["left"])):
        told = of_dimensions(scale, kept["base"], {name: values[row] for name, values in effects.items()})
        score = own.score(told)
        mine.append(0.5 if score is None else 1 - score / 100)
    return kept["left"], mine, kept["risk"]
