"""The sums that a play's proof is made of: one outcome of one arm, with covariates from before.

An engine adds up millions of customers where they lie and hands over a line per arm and day; everything
in :mod:`holdfast.learning.experiment` is arithmetic on such lines. Sums add, in any order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import isfinite
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdfast.domain.arms import Arm

Floats = NDArray[np.float64]

_SLACK = 1e-9
"""By how much rounding may bring Σy² below (Σy)²/n, as a part of it."""


@dataclass(frozen=True, slots=True)
class Sums:
    """``n`` customers and the sums of an outcome y and of covariates x1..xk, known before they entered.

    ``y`` is Σy, ``yy`` Σy²; ``x`` Σx1..Σxk; ``xx`` the upper triangle of Σ x x', row by row (x1x1, x1x2,
    ..., x2x2, ...); ``xy`` Σ x1y..Σ xky. ``largest`` is y at its largest, without sign, by which one
    customer who decides everything is found out; ``None`` where nobody looked. Raises ``ValueError``
    for sums that no customers can have.

    Covariates are to lie around 0 or near it: of moments since 1970 nothing would be left of the differences.
    """

    n: int
    y: float
    yy: float
    x: tuple[float, ...] = ()
    xx: tuple[float, ...] = ()
    xy: tuple[float, ...] = ()
    largest: float | None = None

    def __post_init__(self) -> None:
        k = len(self.x)
        if len(self.xy) != k or len(self.xx) != k * (k + 1) // 2:
            raise ValueError(
                f"{k} covariates need {k} products with y and {k * (k + 1) // 2} among themselves; "
                f"got {len(self.xy)} and {len(self.xx)}"
            )
        if not all(map(isfinite, (self.y, self.yy, *self.x, *self.xx, *self.xy, self.largest or 0.0))):
            raise ValueError("sums must be finite: give rows without an outcome or covariate a value first")
        if self.n < 0 or (self.n == 0 and any((self.y, self.yy, *self.x, *self.xx, *self.xy))):
            raise ValueError(f"{self.n} customers cannot have these sums: n counts from 0, nobody sums to 0")
        if self.n and self.yy < self.y * self.y / self.n * (1 - _SLACK):
            raise ValueError(f"sum of squares {self.yy} is below what {self.n} values with sum {self.y} have")

    def __add__(self, other: Sums) -> Sums:
        """The sums of both lots of customers. Raises ``ValueError`` for other covariates."""
        if len(self.x) != len(other.x):
            if not self.n or not other.n:
                return self if self.n else other
            raise ValueError(f"sums with {len(self.x)} and with {len(other.x)} covariates cannot be added")
        return Sums(
            self.n + other.n,
            self.y + other.y,
            self.yy + other.yy,
            _added(self.x, other.x),
            _added(self.xx, other.xx),
            _added(self.xy, other.xy),
            _larger(self, other),
        )

    @property
    def mean(self) -> float:
        """The mean outcome; 0 of nobody."""
        return self.y / self.n if self.n else 0.0

    @property
    def means(self) -> Floats:
        """The means of the covariates."""
        return np.array(self.x) / max(self.n, 1)

    @property
    def spread(self) -> float:
        """Σ (y - mean)²."""
        return max(0.0, self.yy - self.y * self.mean)

    @property
    def spreads(self) -> Floats:
        """Σ (x - mean)(x - mean)', k by k."""
        whole = np.array(self.xx)[_places(len(self.x))]
        told: Floats = whole - np.outer(self.x, self.means)
        return told

    @property
    def squares(self) -> Floats:
        """Σ x² of each covariate: against it, what is left of the spread of a constant is rounding."""
        k = len(self.x)
        return np.array(self.xx)[np.diag(_places(k))] if k else np.zeros(0)

    @property
    def together(self) -> Floats:
        """Σ (x - mean)(y - mean)."""
        return np.array(self.xy) - np.array(self.x) * self.mean


NOBODY = Sums(0, 0.0, 0.0)


def sums_of(y: ArrayLike, x: ArrayLike | None = None) -> Sums:
    """The sums of rows: ``y`` a value per customer, ``x`` a column per covariate (none: no covariates).

    >>> sums_of([1, 0, 1], [[2.0], [0.0], [1.0]])
    Sums(n=3, y=2.0, yy=2.0, x=(3.0,), xx=(5.0,), xy=(3.0,), largest=1.0)
    """
    outcome = np.asarray(y, dtype=np.float64)
    if outcome.ndim != 1:
        raise ValueError(f"y needs one value per customer; got the shape {outcome.shape}")
    covariates = np.empty((len(outcome), 0)) if x is None else np.asarray(x, dtype=np.float64)
    if covariates.ndim != 2 or len(covariates) != len(outcome):
        raise ValueError(
            f"x needs a row per customer and a column per covariate: {len(outcome)} customers, "
            f"shape {covariates.shape}"
        )
    products = covariates.T @ covariates
    return Sums(
        len(outcome),
        float(outcome.sum()),
        float(outcome @ outcome),
        tuple(covariates.sum(axis=0).tolist()),
        tuple(products[np.triu_indices(covariates.shape[1])].tolist()),
        tuple((outcome @ covariates).tolist()),
        float(np.abs(outcome).max(initial=0.0)),
    )


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Customers of one arm who entered on one day and have been followed to the end.

    ``probability`` is the chance of being treated, not held out: the same for both arms. ``left`` sums 0
    and 1 of those who could leave, ``margin`` money in minor units over the follow-up, of those too who had
    left before they entered; ``cost`` is what was spent on these customers and is not in their margin yet
    (a discount usually is). A customer is the unit that was assigned: where accounts are assigned, an account
    is one row and its people's outcomes are in its y. Who enters twice counts once.
    """

    on: date
    arm: Arm
    probability: float
    left: Sums
    margin: Sums | None = None
    cost: float = 0.0

    def __post_init__(self) -> None:
        if self.arm not in ("treated", "held_out"):
            raise ValueError(f'an arm is "treated" or "held_out"; got {self.arm!r}')
        own = self.probability if self.arm == "treated" else 1 - self.probability
        if not 0 <= self.probability <= 1 or (own <= 0 and self.left.n):
            raise ValueError(
                f"nobody is {self.arm} at a chance of {self.probability} of being treated; expected 0 to 1"
            )
        if not 0 <= self.left.y <= self.left.n or abs(self.left.yy - self.left.y) > 1e-6:
            raise ValueError(f"left is 0 or 1 for each customer: sum {self.left.y}, squares {self.left.yy}")
        if self.margin is not None and self.margin.n < self.left.n:
            raise ValueError(f"{self.left.n} customers have left or stayed, {self.margin.n} have a margin")
        if not isfinite(self.cost) or (self.arm == "held_out" and self.cost):
            raise ValueError(f"money is spent on the treated alone; {self.cost} on {self.arm}")

    @property
    def chance(self) -> float:
        """The chance of being treated, rounded so that equal ones are equal."""
        return round(self.probability, 9)


@dataclass(frozen=True, slots=True)
class Stratum:
    """Both arms among customers with the same chance, ``probability``, of being treated."""

    probability: float
    treated: Sums
    held_out: Sums

    @property
    def n(self) -> int:
        """Customers of both arms."""
        return self.treated.n + self.held_out.n

    @property
    def both(self) -> bool:
        """Whether there is anybody in each arm."""
        return bool(self.treated.n and self.held_out.n)


def strata_of(rows: Iterable[Enrolled], outcome: Literal["left", "margin"]) -> tuple[Stratum, ...]:
    """The lines of a play by the chance of being treated: apart where the share held out was changed."""
    found: dict[float, dict[str, Sums]] = {}
    for row in rows:
        sums = row.left if outcome == "left" else row.margin
        if sums is None or not sums.n:
            continue
        arms = found.setdefault(row.chance, {})
        arms[row.arm] = arms.get(row.arm, NOBODY) + sums
    return tuple(
        Stratum(chance, arms.get("treated", NOBODY), arms.get("held_out", NOBODY))
        for chance, arms in sorted(found.items())
    )


def arms_of(strata: Iterable[Stratum]) -> tuple[list[Sums], list[Sums]]:
    """The sums of the treated and of the held out, stratum by stratum."""
    both = list(strata)
    return [stratum.treated for stratum in both], [stratum.held_out for stratum in both]


def customers_of(strata: Iterable[Stratum]) -> int:
    """Customers of all strata, both arms."""
    return sum(stratum.n for stratum in strata)


@cache
def _places(k: int) -> NDArray[np.int64]:
    """Where each of k by k products stands in the upper triangle, row by row."""
    places = np.zeros((k, k), dtype=np.int64)
    places[np.triu_indices(k)] = np.arange(k * (k + 1) // 2)
    told: NDArray[np.int64] = places + np.triu(places, 1).T
    return told


def _added(ours: tuple[float, ...], theirs: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(a + b for a, b in zip(ours, theirs, strict=True))


def _larger(ours: Sums, theirs: Sums) -> float | None:
    """The largest of both, unknown where one is unknown."""
    if not ours.n or not theirs.n:
        return theirs.largest if theirs.n else ours.largest
    return None if ours.largest is None or theirs.largest is None else max(ours.largest, theirs.largest)
