"""How long customers usually take to buy again: in the company, in a category, each in their own rhythm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING

from holdfast.analytics.purchases import numbered, running, starts_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST_DAYS = 3650
"""Gaps are counted up to ten years; longer ones count as ten years."""

USUAL_SHARE = 0.9
"""What "usual" means: nine of ten who buy again have done so by then."""

FEWEST_GAPS = 20
"""With fewer repeat purchases nothing is said about what is usual."""

FALSE_LEAVES_A_YEAR = 0.1
"""How often someone who still buys may be counted as lost by mistake: once in ten years."""

_FEWEST_AT_RISK = 10
_CREDIBILITY_BOUNDS = (0.5, 20.0)
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is counted about completed gaps; sums of two of them are those of both groups of customers.

    ``by_length[g]``: how many gaps lasted ``g`` days. ``by_window[w]``: how many of them began ``w``
    days before the end of the data, so could not have been seen had they been longer. The rest are
    the sums of an analysis of variance of log gaps over customers with two gaps or more. ``first``
    counts the gaps from first to second purchases alone.
    """

    by_length: NDArray[np.int64]
    by_window: NDArray[np.int64]
    customers: int = 0
    gaps: int = 0
    gaps_squared: int = 0
    sum_log: float = 0.0
    sum_log_squared: float = 0.0
    sum_group_means: float = 0.0
    first: Gaps | None = None

    def __add__(self, other: Gaps) -> Gaps:
        return Gaps(
            self.by_length + other.by_length,
            self.by_window + other.by_window,
            self.customers + other.customers,
            self.gaps + other.gaps,
            self.gaps_squared + other.gaps_squared,
            self.sum_log + other.sum_log,
            self.sum_log_squared + other.sum_log_squared,
            self.sum_group_means + other.sum_group_means,
            self.first
            if other.first is None
            else other.first
            if self.first is None
            else self.first + other.first,
        )

    @property
    def completed(self) -> int:
        """How many gaps were completed."""
        return int(self.by_length.sum())


@dataclass(frozen=True, slots=True)
class Usual:
    """The constants of a company that rhythm is judged by.

    ``days``: by then :data:`USUAL_SHARE` of those who buy again have done so, ``None`` where there
    were too few. ``first_days`` is the same between first and second purchases alone, where every
    customer weighs the same and not those more who buy often. ``mean_days`` is the mean gap;
    without one, that of gaps at random of which as many end within ``days``. ``credibility`` is the
    number of own gaps that weigh as much as the company's experience. ``categories`` are usual days
    by number of category, where there were enough. ``gaps`` completed ones are behind it.
    """

    days: int | None
    credibility: float = 2.0
    gaps: int = 0
    categories: Mapping[int, int] = field(default_factory=dict)
    mean_days: float | None = None
    first_days: int | None = None

    @property
    def mean(self) -> float:
        """The mean gap that own rhythms are shrunk towards, in days."""
        if self.mean_days is not None:
            return self.mean_days
        return (self.days or LONGEST_DAYS) / log(1 / (1 - USUAL_SHARE))


def no_gaps() -> Gaps:
    """Nothing counted yet."""
    import numpy as np

    empty = np.zeros(LONGEST_DAYS + 1, np.int64)
    return Gaps(empty, empty)


def count_gaps(unit: NDArray[np.int64], day: NDArray[np.int64], end_day: int) -> Gaps:
    """Gaps between purchase days sorted by unit and day, each pair once; ``end_day`` is the first unseen."""
    import numpy as np

    same = unit[1:] == unit[:-1]
    lengths = np.minimum((day[1:] - day[:-1])[same], LONGEST_DAYS)
    windows = np.minimum(end_day - 1 - day[:-1][same], LONGEST_DAYS)
    by_length, by_window = _counted(lengths), _counted(windows)
    firsts = numbered(starts_of(unit), len(unit))[1:][same] == 1
    first = Gaps(_counted(lengths[firsts]), _counted(windows[firsts]))
    return Gaps(by_length, by_window, *_variance_sums(unit[1:][same], lengths), first=first)


def _counted(days: NDArray[np.int64]) -> NDArray[np.int64]:
    import numpy as np

    return np.bincount(days, minlength=LONGEST_DAYS + 1).astype(np.int64)


def usual(gaps: Gaps, categories: Mapping[int, Gaps] | None = None, *, fixed: int | None = None) -> Usual:
    """The constants of a company; ``fixed`` days take the place of the measured ones."""
    found = {number: usual_days(each) for number, each in (categories or {}).items()}
    return Usual(
        days=fixed if fixed is not None else usual_days(gaps),
        mean_days=_mean_days(gaps) if fixed is None else None,
        first_days=usual_days(gaps.first) if fixed is None and gaps.first is not None else None,
        credibility=credibility(gaps),
        gaps=gaps.completed,
        categories={number: days for number, days in found.items() if days is not None},
    )


def usual_days(gaps: Gaps, share: float = USUAL_SHARE) -> int | None:
    """The days within which ``share`` of completed gaps end; ``None`` with too few of them.

    Open gaps are left out, since they mix those who are late with those who left. Completed ones
    are too short on average: a gap longer than the time from its start to the end of the data is
    never seen. They are weighted for that by the product-limit estimator for right-truncated data.

    Source: Lynden-Bell (1971), MNRAS 155, 95-118; Lagakos, Barraj and De Gruttola (1988),
    Biometrika 75, 515-523.
    """
    import numpy as np

    up_to = _share_up_to(gaps)
    return None if up_to is None else max(1, int(np.flatnonzero(up_to >= share - 1e-12)[0]))


def _mean_days(gaps: Gaps) -> float | None:
    """The mean of completed gaps, weighted as in :func:`usual_days`."""
    up_to = _share_up_to(gaps)
    return None if up_to is None else float((1 - up_to).sum())


def _share_up_to(gaps: Gaps) -> NDArray[np.float64] | None:
    """The share of gaps that last at most 0, 1, 2 ... days; ``None`` with too few of them."""
    import numpy as np

    if gaps.completed < FEWEST_GAPS:
        return None
    # At each length u: gaps no longer than u among those that could have been seen to last u.
    seen = np.cumsum(gaps.by_length) - (np.cumsum(gaps.by_window) - gaps.by_window)
    trusted = np.flatnonzero((seen >= _FEWEST_AT_RISK) & (gaps.by_length > 0))
    if not len(trusted):
        return None
    inside = slice(0, int(trusted[-1]) + 1)
    staying = 1 - gaps.by_length[inside] / np.maximum(seen[inside], 1)
    # The product over all longer lengths is the share of gaps up to this one.
    return np.append(np.cumprod(staying[:0:-1])[::-1], 1.0)


def credibility(gaps: Gaps) -> float:
    """How many own gaps weigh as much as the company's experience, 0.5..20.

    The ratio of the variance within customers to that between them (of log gaps, where it is not
    ruled by a few long ones), by the analysis of variance for unequal groups. 2 where there are
    too few gaps to tell.

    Source: Bühlmann (1967), Experience rating and credibility, ASTIN Bulletin 4, 199-207; Bühlmann
    and Straub (1970) for unequal groups.
    """
    few, many = _CREDIBILITY_BOUNDS
    if gaps.customers < 2 or gaps.gaps < max(FEWEST_GAPS, gaps.customers + 1):
        return 2.0
    within = max((gaps.sum_log_squared - gaps.sum_group_means) / (gaps.gaps - gaps.customers), 1e-9)
    between_sum = gaps.sum_group_means - gaps.sum_log**2 / gaps.gaps
    weight = gaps.gaps - gaps.gaps_squared / gaps.gaps
    between = (between_sum - (gaps.customers - 1) * within) / weight
    return min(max(within / between, few), many) if between > 0 else many


def own_allowance(unit: NDArray[np.int64], day: NDArray[np.int64], company: Usual) -> NDArray[np.int64]:
    """Days of silence after each purchase from which the customer counts as lost.

    ``allowance = mean x ln(1 / p)``, rounded up: the silence that a customer who buys at random at
    that mean gap exceeds with probability ``p``, chosen so that it happens
    :data:`FALSE_LEAVES_A_YEAR` times a year at most (``p = 0.1 x mean / 365.25``, at most 0.1).
    ``mean = (n x own + k x company) / (n + k)`` with the mean of the ``n`` own gaps so far, that of
    the company, and ``k`` = :func:`credibility`: with a short history it is the company's. A first
    purchase gets the days within which those who buy a second time usually have. Only gaps before
    the purchase count, each for at most twice the usual one, so that a time away is no rhythm and
    nothing later changes it.

    Source: Bühlmann (1967) for the mean; the exponential gaps of Ehrenberg (1959), The pattern of
    consumer purchases, Applied Statistics 8, 26-41.
    """
    import numpy as np

    if company.days is None:
        raise ValueError("without a usual gap there is no rhythm to shrink towards")
    starts = starts_of(unit)
    gap = np.zeros(len(day), np.int64)
    gap[1:] = np.where(unit[1:] == unit[:-1], day[1:] - day[:-1], 0)
    before = numbered(starts, len(day))
    total = running(np.minimum(gap, 2 * company.days), starts)
    return allowance_after(before, total, company)


def allowance_after(
    gaps: NDArray[np.int64], total_days: NDArray[np.int64], company: Usual
) -> NDArray[np.int64]:
    """The allowance of :func:`own_allowance` after so many ``gaps`` of ``total_days`` together."""
    import numpy as np

    if company.days is None:
        raise ValueError("without a usual gap there is no rhythm to shrink towards")
    mean = shrunk_mean(gaps, total_days, company)
    chance = np.clip(FALSE_LEAVES_A_YEAR * mean / _YEAR, 1e-9, FALSE_LEAVES_A_YEAR)
    first = company.first_days or company.days
    allowed: NDArray[np.float64] = np.where(gaps > 0, mean * np.log(1 / chance), first)
    return np.ceil(allowed).astype(np.int64)


def shrunk_mean(
    gaps: NDArray[np.int64], total_days: NDArray[np.int64], company: Usual
) -> NDArray[np.float64]:
    """The mean gap of :func:`own_allowance` in days, drawn towards the company's the more the fewer gaps."""
    mean: NDArray[np.float64] = (total_days + company.credibility * company.mean) / (
        gaps + company.credibility
    )
    return mean


def category_allowance(
    unit: NDArray[np.int64],
    day: NDArray[np.int64],
    bought: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    company: Usual,
) -> NDArray[np.int64]:
    """Days of silence after each purchase by what was bought: the longest of its categories.

    ``bought`` are unit, day and number of category. A category without enough repeat purchases of
    its own gets the usual days of the company.
    """
    import numpy as np

    if company.days is None:
        raise ValueError("without a usual gap there is nothing for categories without their own")
    numbers = np.array(sorted(company.categories), np.int64)
    days = np.array([company.categories[number] for number in sorted(company.categories)], np.int64)
    bought_unit, bought_day, category = bought
    lasts = np.full(len(category), company.days, np.int64)
    if len(numbers):
        place = np.minimum(np.searchsorted(numbers, category), len(numbers) - 1)
        lasts = np.where(numbers[place] == category, days[place], lasts)
    order = np.lexsort((bought_day, bought_unit))
    bought_unit, bought_day, lasts = bought_unit[order], bought_day[order], lasts[order]
    starts = starts_of(bought_unit, bought_day)
    longest = np.maximum.reduceat(lasts, starts) if len(starts) else lasts
    return _matched(unit, day, bought_unit[starts], bought_day[starts], longest, company.days)


def _matched(
    unit: NDArray[np.int64],
    day: NDArray[np.int64],
    keyed_unit: NDArray[np.int64],
    keyed_day: NDArray[np.int64],
    values: NDArray[np.int64],
    otherwise: int,
) -> NDArray[np.int64]:
    """The value of each (unit, day) among sorted different pairs, else ``otherwise``."""
    import numpy as np

    if not len(values) or not len(unit):
        return np.full(len(unit), otherwise, np.int64)
    span = int(max(day.max(), keyed_day.max())) + 1 - int(min(day.min(), keyed_day.min()))
    wanted, keys = unit * span + day, keyed_unit * span + keyed_day
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], otherwise)


def _variance_sums(
    unit: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[int, int, int, float, float, float]:
    import numpy as np

    starts = starts_of(unit)
    if not len(starts):
        return 0, 0, 0, 0.0, 0.0, 0.0
    sizes = np.diff(np.append(starts, len(unit)))
    logs = np.log(np.maximum(lengths, 1))
    sums, squares = np.add.reduceat(logs, starts), np.add.reduceat(logs * logs, starts)
    several = sizes >= 2
    sizes, sums, squares = sizes[several], sums[several], squares[several]
    return (
        len(sizes),
        int(sizes.sum()),
        int((sizes * sizes).sum()),
        float(sums.sum()),
        float(squares.sum()),
        float((sums * sums / sizes).sum()),
    )


def add_all(each: Iterable[Gaps]) -> Gaps:
    """The sum over groups of customers."""
    total = no_gaps()
    for gaps in each:
        total += gaps
    return total
