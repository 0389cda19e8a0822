"""Repeat-buying models against the ``lifetimes`` package, on simulated customers of two years."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from bench.measuring import Line, cpu_seconds
from holdfast.learning import BetaGeometricNBD, ParetoNBD

SEED = 20_05


def run(size: str, folder: Path) -> list[Line]:
    """Fit both models to customers on a daily grid; one thread."""
    customers = 100_000 if size == "large" else 30_000
    told = _customers(customers)
    with threadpool_limits(1):
        return _compare(customers, told)


def _compare(customers: int, told: tuple[np.ndarray, ...]) -> list[Line]:
    lines = []
    for ours, theirs, goal in ((BetaGeometricNBD, "BetaGeoFitter", 15), (ParetoNBD, "ParetoNBDFitter", 5)):
        own = cpu_seconds(lambda model=ours: model().fit(*told), repeats=3)
        rival = cpu_seconds(lambda name=theirs: _fit_rival(name, told))
        lines.append(
            Line(
                f"{ours.__name__} fit, {customers:,} customers, seed {SEED}",
                own,
                "CPU s",
                f"faster than lifetimes ({rival:.1f} s)",
                rival / own,
                f"at least {goal}x",
                rival / own >= goal,
            )
        )
    return lines


def _fit_rival(name: str, told: tuple[np.ndarray, ...]) -> None:
    import lifetimes

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        getattr(lifetimes, name)().fit(*told)


def _customers(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Histories of a Pareto/NBD world: two years, customers joining in the first, days as unit."""
    draw = np.random.default_rng(SEED)
    rate = draw.gamma(0.55, 1 / (10.6 * 7), count)
    life = draw.exponential(1 / draw.gamma(0.6, 1 / (11.7 * 7), count))
    observed = draw.integers(365, 730, count)
    frequency, recency = np.zeros(count), np.zeros(count)
    for i in range(count):
        until = min(life[i], observed[i])
        days = np.unique(np.floor(draw.uniform(0, until, draw.poisson(rate[i] * until))).astype(int))
        days = days[days > 0]
        frequency[i], recency[i] = len(days), days[-1] if len(days) else 0
    return frequency, recency, observed.astype(float)
