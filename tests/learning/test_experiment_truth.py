"""Proof keeps its word: how often intervals hold the truth, how often chance is taken for an effect."""

from __future__ import annotations

import json
import subprocess
import sys
from math import lgamma
from pathlib import Path

import numpy as np
import pytest

from holdfast.learning.experiment import Estimate, Stratum, Sums, always_valid, balance, difference, sums_of

ROOT = Path(__file__).parents[2]


def share(treated: tuple[int, int], held_out: tuple[int, int]) -> list[Stratum]:
    """(left, customers) of each arm."""
    return [Stratum(0.8, *(Sums(n, float(left), float(left)) for left, n in (treated, held_out)))]


def likely(n: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of losses that happen at all, with their chances."""
    count = np.arange(n + 1)
    log = np.array([lgamma(n + 1) - lgamma(each + 1) - lgamma(n - each + 1) for each in count])
    chance = np.exp(log + count * np.log(rate) + (n - count) * np.log1p(-rate))
    kept = chance > 1e-5
    return count[kept], chance[kept]


@pytest.mark.parametrize(
    ("treated", "held_out", "rate"), [(240, 60, 0.12), (320, 80, 0.03), (200, 200, 0.05)]
)
def test_chance_is_taken_for_an_effect_as_rarely_as_stated_also_where_few_leave(
    treated: int, held_out: int, rate: float
) -> None:
    """Not drawn: every possible pair of losses, weighed by its chance."""
    wrong = 0.0
    rare, often = likely(held_out, rate), likely(treated, rate)
    for theirs, chance in zip(*rare, strict=True):
        for ours, weight in zip(*often, strict=True):
            found = difference(share((ours, treated), (theirs, held_out)), "share", 0.05)
            assert isinstance(found, Estimate)
            wrong += chance * weight * (found.sign != 0)
    assert 0.015 < wrong < 0.056


@pytest.mark.parametrize(("strata", "alpha"), [(1, 0.05), (3, 0.1)])
def test_the_interval_holds_the_planted_difference(strata: int, alpha: float) -> None:
    plays, held, narrower = 400, 0, []
    for seed in range(plays):
        chance = np.random.default_rng((5, seed))
        lots, plain = [], []
        for each in range(strata):
            n, part = 1_800 // strata, 0.8 - 0.2 * each
            risk = chance.beta(0.6, 4.4, n)
            treated = chance.random(n) < part
            left = chance.random(n) < risk * np.where(treated, 2 / 3, 1)
            for kept, before in ((lots, risk[:, None] - 0.12), (plain, None)):
                ours, theirs = (
                    sums_of(left[rows], None if before is None else before[rows])
                    for rows in (treated, ~treated)
                )
                kept.append(Stratum(part, ours, theirs))
        found, raw = difference(lots, "share", alpha), difference(plain, "share", alpha)
        assert isinstance(found, Estimate)
        assert isinstance(raw, Estimate)
        held += found.low <= -0.04 <= found.high
        narrower.append((found.high - found.low) / (raw.high - raw.low))
    # Three standard deviations of a count that is exactly as stated.
    assert held >= plays * (1 - alpha) - 3 * np.sqrt(plays * alpha * (1 - alpha))
    assert np.mean(narrower) < 0.97


def test_looked_at_daily_the_always_valid_interval_errs_as_rarely_as_stated() -> None:
    plays, alpha, wrong, ordinary = 300, 0.05, 0, 0
    for seed in range(plays):
        chance = np.random.default_rng((6, seed))
        treated, held_out = chance.binomial(40, 0.12, 60).cumsum(), chance.binomial(10, 0.12, 60).cumsum()
        days = range(1, 61)
        lots = [
            share((int(t), 40 * d), (int(h), 10 * d)) for t, h, d in zip(treated, held_out, days, strict=True)
        ]
        wrong += any(_claims(always_valid(lot, "share", 3_000, alpha)) for lot in lots)
        ordinary += any(_claims(difference(lot, "share", alpha)) for lot in lots)
    assert wrong <= plays * alpha
    assert ordinary > plays * 0.15


def _claims(found: object) -> bool:
    return isinstance(found, Estimate) and found.sign != 0


def test_the_check_of_the_groups_seldom_doubts_a_fair_draw_and_finds_a_loss() -> None:
    doubted = found = 0
    for seed in range(400):
        chance = np.random.default_rng((7, seed))
        treated = chance.binomial(50, 0.8, 60).cumsum()
        fair = [
            Stratum(0.8, Sums(int(t), 0, 0), Sums(50 * (d + 1) - int(t), 0, 0)) for d, t in enumerate(treated)
        ]
        doubted += any(balance([lot]).problem is not None for lot in fair)
        lost = Stratum(0.8, fair[-1].treated, Sums(round(fair[-1].held_out.n * 0.75), 0, 0))
        found += balance([lost]).problem == "sizes"
    assert doubted <= 3
    assert found >= 390


def test_few_are_counted_exactly() -> None:
    """7 of 10 treated where half were to be: twice the tail of the binomial, 2 * 176 / 1024."""
    lot = Stratum(0.5, Sums(7, 0, 0), Sums(3, 0, 0))
    assert balance([lot]).p_value == pytest.approx(352 / 1024)
    many = [Stratum(0.5, Sums(5_100, 0, 0), Sums(4_900, 0, 0))]
    assert balance(many).p_value == pytest.approx(0.0455, abs=1e-4)
    assert balance(many).expected_held_out == 5_000
    assert balance([Stratum(1.0, Sums(50, 0, 0), Sums(0, 0, 0))]).p_value == 1


@pytest.mark.long
def test_g7_a_thousand_plays_without_effect_and_two_hundred_with_one(tmp_path: Path) -> None:
    """The benchmark draws them; each of its figures has to be as it says."""
    told = tmp_path / "lines.json"
    command = [sys.executable, "-m", "bench", "experiment", "--json", str(told)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=3_000)
    lines = json.loads(told.read_text(encoding="utf-8"))
    assert [line["name"] for line in lines if line["met"] is False] == []
    assert sum(line["met"] is True for line in lines) >= 12
    assert {1_000, 200} <= {int(line["name"].split(" ")[0].replace(",", "")) for line in lines if line["met"]}
