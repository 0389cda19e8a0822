"""Is a purchase overdue? The own gaps between purchases, and how rarely one lasts so long.

Gaps are taken as gamma distributed. Of a gap that comes after ``n`` gaps of a known shape ``a`` the part of
their sum follows a beta prime law with ``a`` and ``n a``: so a rhythm that is known of few gaps alone warns
later. The shape is told by the own unevenness, drawn towards a usual one.

Sources: Johnson, Kotz, Balakrishnan (1995), Continuous univariate distributions 2, on ratios of gammas;
Chatfield, Goodhardt (1973), A consumer purchasing model with Erlang inter-purchase times, JASA 68.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Doubles = NDArray[np.float64]

QUARTER = 91.3125
FEWEST_GAPS = 2

_USUAL_UNEVENNESS = 0.6
_PRIOR_GAPS = 4.0
_EVENEST, _MOST_UNEVEN = 0.2, 2.0


def chance_of_silence(gaps: Doubles, mean: Doubles, spread: Doubles, since: Doubles) -> Doubles:
    """The share of quarters in which who keeps the own rhythm is silent for so long at least once.

    ``gaps`` completed ones of ``mean`` days, ``spread`` their standard deviation (``nan`` of fewer than
    two); ``since`` days since the last purchase. ``nan`` below :data:`FEWEST_GAPS`.
    """
    from scipy.special import betaincc

    known = (gaps >= FEWEST_GAPS) & np.isfinite(since) & (mean > 0)
    found = np.full(len(gaps), np.nan)
    number, usual, silent = gaps[known], mean[known], since[known]
    shape = _shape(number, usual, spread[known])
    # A gap of whole days is longer than so many when it lasts half a day more.
    part = np.maximum(silent - 0.5, 0.0) / (number * usual)
    longer = betaincc(shape, number * shape, part / (1.0 + part))
    found[known] = -np.expm1(np.log1p(-np.minimum(longer, 1 - 1e-12)) * QUARTER / usual)
    return found


def _shape(gaps: Doubles, mean: Doubles, spread: Doubles) -> Doubles:
    """The shape of each customer's gaps, ``1 / cv**2``, of a squared unevenness drawn towards the usual."""
    own = np.nan_to_num((spread / mean) ** 2, nan=_USUAL_UNEVENNESS**2)
    free = np.maximum(gaps - 1.0, 0.0)
    squared = (_PRIOR_GAPS * _USUAL_UNEVENNESS**2 + free * own) / (_PRIOR_GAPS + free)
    return 1.0 / np.clip(squared, _EVENEST**2, _MOST_UNEVEN**2)


def days_of_company(since: Doubles, weights: Doubles) -> Doubles:
    """``since`` days counted by what each weighed in the company: a closed week or an outage is no silence.

    ``weights`` (1 or customers x days, the last one last); days further back count 1. ``nan`` where the
    last day is not known yet.
    """
    told = np.cumsum(weights[:, ::-1], axis=1)
    days = told.shape[1]
    whole = np.nan_to_num(since, nan=0.0)
    place = np.clip(whole.astype(np.intp), 1, days) - 1
    rows = np.zeros(len(whole), np.intp) if len(told) == 1 else np.arange(len(whole))
    counted = np.where(whole >= 1, told[rows, place], 0.0) + np.maximum(whole - days, 0.0)
    return np.where(np.isfinite(since) & np.isfinite(weights[rows, -1]), counted, np.nan)
