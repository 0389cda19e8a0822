"""How far few losses can be believed: the rest is the company's own rate.

Whatever was found to tell customers apart was found partly by chance. Its likelihood gain on customers
not seen, as a chi-square, holds one by chance alone for each weight that was chosen; the finding keeps
the share of the gain that is left. Much evidence in few losses is kept nearly whole, none is dropped
wholly, and every customer then has the company's own rate.

Sources: Van Houwelingen, Le Cessie (1990), Predictive value of statistical models (the heuristic factor
(chi-square - weights) / chi-square); Copas (1983), Regression, prediction and shrinkage.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from holdfast.domain.texts import Share, Text
from holdfast.learning.calibration import Floats

ENOUGH_LOSSES = 200
"""From here on nothing is taken off: the factor would be 1 to a few hundredths."""


def kept_share(losses: int, chi_square: float, weights: int) -> float:
    """What differences between customers count, 0 (each has the company's rate) to 1.

    ``chi_square`` is twice the log-likelihood gained over the company's rate on customers not seen,
    ``weights`` how many were chosen to gain it. 1 from :data:`ENOUGH_LOSSES` losses on.
    """
    if losses < 0:
        raise ValueError(f"losses are counted from 0; got {losses}")
    if losses >= ENOUGH_LOSSES:
        return 1.0
    return max(0.0, 1.0 - weights / chi_square) if chi_square > 0 else 0.0


def shrunk_intercept(differences: Floats, share_left: float) -> float:
    """The level at which log-odds of ``differences`` mean ``share_left`` on average (between 0 and 1).

    Shrinking what tells customers apart would move the mean risk; this keeps it where losses are.
    """
    if not 0 < share_left < 1:
        raise ValueError(f"the share of leavers must lie between 0 and 1; got {share_left}")

    def excess(level: float) -> float:
        return float(expit(level + differences).mean()) - share_left

    reach = 40.0 + float(np.abs(differences).max(initial=0.0))
    return float(brentq(excess, -reach, reach, xtol=1e-12))


def said(losses: int, kept: float) -> Text | None:
    """What to tell the reader of a model of so few losses; ``None`` when they are enough."""
    if losses >= ENOUGH_LOSSES:
        return None
    return Text(
        "Only one loss is known, fewer than {enough}. What tells customers apart counts {kept} of its "
        "weight; the rest is the rate of the whole company.",
        "Only {n} losses are known, fewer than {enough}. What tells customers apart counts {kept} of its "
        "weight; the rest is the rate of the whole company.",
        n=losses,
        enough=ENOUGH_LOSSES,
        kept=Share(kept, 0),
    )
