"""Proof from sums: what row-wise regression says, and the words of the verdict (G7)."""

from __future__ import annotations

import doctest
from datetime import date, timedelta
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.special import stdtr

from holdfast.domain.money import Money
from holdfast.learning import experiment, experiment_power, experiment_sums
from holdfast.learning.experiment import (
    Enrolled,
    Estimate,
    NotKnown,
    Plan,
    Stratum,
    Sums,
    Verdict,
    always_valid,
    balance,
    difference,
    judge,
    strata_of,
    sums_of,
)

START = date(2026, 3, 2)
values = some.floats(-1_000, 1_000, allow_subnormal=False)


@pytest.mark.parametrize("module", [experiment, experiment_power, experiment_sums])
def test_the_examples_in_the_docstrings_are_true(module: object) -> None:
    told = doctest.testmod(module)
    assert (told.attempted > 0, told.failed) == (True, 0)


@given(some.lists(some.tuples(values, values, values), min_size=1, max_size=30), some.integers(0, 30))
def test_sums_add_wherever_they_are_cut_and_in_any_order(
    rows: list[tuple[float, float, float]], cut: int
) -> None:
    told = np.array(rows)
    whole = sums_of(told[:, 0], told[:, 1:])
    first, second = (sums_of(part[:, 0], part[:, 1:]) for part in (told[:cut], told[cut:]))
    for parts in (first + second, second + first):
        assert parts.n == whole.n
        assert parts.largest == whole.largest
        for ours, theirs in zip((parts.y, parts.yy, *parts.xx), (whole.y, whole.yy, *whole.xx), strict=True):
            assert ours == pytest.approx(theirs, abs=1e-6)
    assert np.allclose(whole.spreads, (told[:, 1:] - told[:, 1:].mean(0)).T @ told[:, 1:], atol=1e-3)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: Sums(3, 1.0, 1.0, (2.0,)), "1 covariates need 1 products"),
        (lambda: Sums(3, 9.0, 1.0), "sum of squares"),
        (lambda: Sums(0, 1.0, 1.0), "nobody sums to 0"),
        (lambda: sums_of([1.0, float("nan")]), "finite"),
        (lambda: sums_of([1.0, 0.0], [[1.0]]), "a row per customer"),
        (lambda: sums_of([[1.0]]), "one value per customer"),
        (lambda: Sums(1, 1.0, 1.0) + sums_of([1.0], [[1.0]]), "cannot be added"),
        (lambda: Enrolled(START, "treated", 0.8, sums_of([2.0, 0.0])), "0 or 1"),
        (lambda: Enrolled(START, "treated", 0.0, sums_of([1.0])), "nobody is treated at a chance of 0.0"),
        (lambda: Enrolled(START, "both", 0.5, sums_of([1.0])), "an arm is"),  # type: ignore[arg-type]
        (lambda: Enrolled(START, "treated", 0.5, sums_of([1.0, 0.0]), sums_of([2.0])), "have a margin"),
        (lambda: Enrolled(START, "held_out", 0.5, sums_of([1.0]), cost=5.0), "on the treated alone"),
        (lambda: Plan(0, 0.02), "from 1"),
        (lambda: Plan(100, 0.02, alpha=0.01), "alpha_early < alpha"),
        (lambda: difference([], "share", 1.0), "between 0 and 0.5"),
        (lambda: always_valid([], "share", 0), "from 1"),
    ],
)
def test_what_cannot_be_is_refused_in_words(wrong: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        wrong()  # type: ignore[operator]


def drawn(seed: int, n: int, share: float = 0.8, k: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An amount whose spread and slope depend on arm and covariates, treated, and the covariates."""
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(n, k))
    treated = chance.random(n) < share
    slopes = np.where(treated, 2.0, 0.7)[:, None] * np.arange(1, k + 1)
    y = 5 + treated + (slopes * x).sum(1) + chance.normal(size=n) * (1 + treated + 0.5 * np.abs(x[:, 0]))
    return y, treated, x


def stratum(y: np.ndarray, treated: np.ndarray, x: np.ndarray | None, share: float = 0.8) -> Stratum:
    ours, theirs = ((y[rows], None if x is None else x[rows]) for rows in (treated, ~treated))
    return Stratum(share, sums_of(*ours), sums_of(*theirs))


def by_rows(y: np.ndarray, treated: np.ndarray, x: np.ndarray) -> tuple[float, float]:
    """Lin's regression row by row: the coefficient of the arm and its HC2 error, from the textbook."""
    centred = x - x.mean(0)
    design = np.column_stack([np.ones(len(y)), treated, centred, centred * treated[:, None]])
    bread = np.linalg.inv(design.T @ design)
    slopes = bread @ design.T @ y
    leverage = ((design @ bread) * design).sum(1)
    weighed = design * ((y - design @ slopes) ** 2 / (1 - leverage))[:, None]
    gap = slopes[2 + x.shape[1] :]
    # The sandwich takes the mean of x for given; that it is drawn as well adds the spread of the effect.
    drawn_mean = gap @ np.cov(x.T).reshape(len(gap), -1) @ gap / len(y)
    return float(slopes[1]), sqrt((bread @ (design.T @ weighed) @ bread)[1, 1] + drawn_mean)


@pytest.mark.parametrize("k", [1, 2, 4])
def test_the_difference_is_lins_and_its_error_the_sandwichs(k: int) -> None:
    ratios = []
    for seed in range(20):
        y, treated, x = drawn(seed, 1_500, k=k)
        slope, error = by_rows(y, treated, x)
        found = difference([stratum(y, treated, x)], "amount")
        assert isinstance(found, Estimate)
        assert found.difference == pytest.approx(slope, rel=1e-8)
        assert found.covariates == k
        ratios.append(found.standard_error / error)
    assert 0.98 < np.mean(ratios) < 1.02
    assert np.ptp(ratios) < 0.15


def test_without_covariates_it_is_welchs() -> None:
    y, treated, _ = drawn(3, 200)
    found = difference([stratum(y, treated, None)], "amount", 0.05)
    assert isinstance(found, Estimate)
    ours, theirs = (y[rows].var(ddof=1) / rows.sum() for rows in (treated, ~treated))
    error = sqrt(ours + theirs)
    freedom = error**4 / (ours**2 / (treated.sum() - 1) + theirs**2 / ((~treated).sum() - 1))
    apart = y[treated].mean() - y[~treated].mean()
    assert (found.difference, found.standard_error) == pytest.approx((apart, error))
    assert stdtr(freedom, (found.high - apart) / error) == pytest.approx(0.975)
    assert found.p_value == pytest.approx(2 * stdtr(freedom, -abs(apart) / error))


def test_few_losses_have_newcombes_limits() -> None:
    """Newcombe 1998, table II: 56/70 against 48/80 (a), 9/10 against 3/10 (b), by method 10."""
    lots = Stratum(0.5, Sums(70, 56, 56), Sums(80, 48, 48))
    found = difference([lots], "share", 0.05)
    assert isinstance(found, Estimate)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


def test_nobody_lost_still_bounds_the_difference() -> None:
    found = difference([Stratum(0.8, Sums(800, 0, 0), Sums(200, 0, 0))], "share", 0.05)
    assert isinstance(found, Estimate)
    assert found.difference == 0
    assert -0.025 < found.low < 0 < found.high < 0.01
    assert found.p_value == 1


@settings(max_examples=25)
@given(some.integers(0, 10_000), some.sampled_from([1.0, 100.0, 0.01, 1e6]))
def test_money_has_no_scale_of_its_own(seed: int, unit: float) -> None:
    y, treated, x = drawn(seed, 300)
    plain = difference([stratum(y, treated, x)], "amount")
    scaled = difference([stratum(y * unit, treated, x)], "amount")
    moved = difference([stratum(y, treated, x * 7 + 3)], "amount")
    assert isinstance(plain, Estimate)
    assert isinstance(scaled, Estimate)
    assert isinstance(moved, Estimate)
    told = (plain.difference, plain.low, plain.high)
    assert (scaled.difference, scaled.low, scaled.high) == pytest.approx([each * unit for each in told])
    assert (moved.difference, moved.low, moved.high) == pytest.approx(told)
    assert scaled.p_value == pytest.approx(plain.p_value, rel=1e-6)


@settings(max_examples=25)
@given(some.integers(0, 10_000))
def test_swapping_the_arms_turns_the_sign(seed: int) -> None:
    y, treated, x = drawn(seed, 300)
    one = difference([stratum(y, treated, x)], "amount")
    other = difference([stratum(y, ~treated, x)], "amount")
    assert isinstance(one, Estimate)
    assert isinstance(other, Estimate)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_covariates_that_say_nothing_or_repeat_are_borne() -> None:
    y, treated, x = drawn(5, 600)
    odd = np.column_stack([x, x[:, 0] * 2 - 1, np.full(len(y), 3.7)])
    plain, found = (difference([stratum(y, treated, each)], "amount") for each in (x, odd))
    assert isinstance(plain, Estimate)
    assert isinstance(found, Estimate)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), rel=1e-6)


def test_a_changed_share_is_compared_within_strata() -> None:
    """The share held out fell as worse customers came: all in one lot, the play would seem to harm."""
    chance = np.random.default_rng(4)
    lots, together = [], []
    for share, base, n in ((0.5, 0.05, 3_000), (0.9, 0.30, 3_000)):
        treated = chance.random(n) < share
        left = (chance.random(n) < base * np.where(treated, 0.7, 1.0)).astype(float)
        lots.append(stratum(left, treated, None, share))
        together.append((left, treated))
    found = difference(lots, "share")
    mixed = difference([stratum(*map(np.concatenate, zip(*together, strict=True)), None)], "share")  # type: ignore[arg-type]
    assert isinstance(found, Estimate)
    assert isinstance(mixed, Estimate)
    assert mixed.sign > 0 > found.sign
    assert found.low < -0.3 * (0.05 + 0.30) / 2 < found.high


def test_a_stratum_of_one_arm_is_left_out_and_counted() -> None:
    lots = [Stratum(0.5, Sums(200, 20, 20), Sums(200, 30, 30)), Stratum(1.0, Sums(77, 70, 70), Sums(0, 0, 0))]
    found, alone = difference(lots, "share"), difference(lots[:1], "share")
    assert isinstance(found, Estimate)
    assert isinstance(alone, Estimate)
    assert (found.left_out, found.difference, found.low) == (77, alone.difference, alone.low)


@pytest.mark.parametrize(
    ("treated", "held_out", "code"),
    [(0, 0, "nobody"), (100, 0, "no_hold_out"), (0, 100, "none_treated"), (100, 29, "too_few")],
)
def test_too_few_are_no_answer_but_a_reason(treated: int, held_out: int, code: str) -> None:
    lots = [Stratum(0.5, Sums(treated, 0, 0), Sums(held_out, 0, 0))]
    for found in (difference(lots, "share"), always_valid(lots, "amount", 100)):
        assert isinstance(found, NotKnown)
        assert found.code == code
        assert str(found.reason)


def test_strata_with_other_covariates_are_refused() -> None:
    y, treated, x = drawn(1, 400)
    with pytest.raises(ValueError, match="same covariates"):
        difference([stratum(y, treated, x), stratum(y, treated, None, 0.5)], "amount")


def test_the_always_valid_interval_is_the_papers() -> None:
    """Waudby-Smith et al. 2024, theorem 2.2, written out in t, rho and the standard deviation."""
    y, treated, _ = drawn(2, 4_000, share=0.5)
    lots = [stratum(y, treated, None, 0.5)]
    found, fixed = always_valid(lots, "amount", 5_000, 0.05), difference(lots, "amount", 0.05)
    assert isinstance(found, Estimate)
    assert isinstance(fixed, Estimate)
    t, rho = 4_000, sqrt((-2 * np.log(0.05) + np.log(-2 * np.log(0.05)) + 1) / 5_000)
    deviation = found.standard_error * sqrt(t)
    wide = deviation * sqrt(2 * (t * rho**2 + 1) / (t**2 * rho**2) * np.log(sqrt(t * rho**2 + 1) / 0.05))
    assert (found.high - found.low) / 2 == pytest.approx(wide, rel=2e-3)
    assert 1.4 < (found.high - found.low) / (fixed.high - fixed.low) < 1.7


@settings(max_examples=25)
@given(some.integers(0, 10_000), some.sampled_from(["share", "amount"]))
def test_an_interval_leaves_out_0_exactly_when_its_p_value_is_small(seed: int, kind: str) -> None:
    chance = np.random.default_rng(seed)
    treated = chance.random(600) < 0.7
    left = (chance.random(600) < np.where(treated, 0.15, 0.22)).astype(float)
    lots = [stratum(left, treated, chance.normal(size=(600, 1)), 0.7)]
    for found in (difference(lots, kind, 0.05), always_valid(lots, kind, 500, 0.05)):  # type: ignore[arg-type]
        assert isinstance(found, Estimate)
        if abs(found.p_value - 0.05) > 1e-6:
            assert (found.sign != 0) == (found.p_value < 0.05)


def test_one_customer_who_decides_is_found_out() -> None:
    chance = np.random.default_rng(1)
    margin = chance.lognormal(3, 0.5, 500)
    treated = np.arange(500) < 400
    plain = difference([stratum(margin, treated, None)], "amount")
    margin[7] = 1e5
    struck = difference([stratum(margin, treated, None)], "amount")
    unseen = difference([Stratum(0.8, Sums(400, 1.0, 5.0), Sums(100, 1.0, 5.0))], "amount")
    assert isinstance(plain, Estimate)
    assert isinstance(struck, Estimate)
    assert isinstance(unseen, Estimate)
    assert (plain.heavy, struck.heavy, unseen.heavy) == (False, True, False)
    assert struck.heaviest is not None
    assert struck.heaviest > 0.9
    assert unseen.heaviest is None


# --- the verdict ---------------------------------------------------------------------------------------


def line(
    arm: str, customers: int, left: int, day: int = 0, margin: float | None = None, cost: float = 0.0
) -> Enrolled:
    """``margin`` is the mean of the customers; they spread around it by half of it."""
    money = None
    if margin is not None:
        money = Sums(customers, margin * customers, 1.25 * margin**2 * customers, largest=margin * 2)
    return Enrolled(
        START + timedelta(days=day),
        arm,  # type: ignore[arg-type]
        0.8,
        Sums(customers, left, left),
        money,
        cost,
    )


def said(verdict: Verdict) -> list[str]:
    return [str(sentence) for sentence in verdict.sentences]


def test_g7_a_play_that_helps_says_so_in_customers_and_money() -> None:
    rows = [line("treated", 1_600, 128, margin=10_000, cost=400_000), line("held_out", 400, 48, margin=9_000)]
    verdict = judge(rows, Plan(2_000, 0.02), "EUR")
    assert verdict.kind == "helps"
    assert said(verdict)[0].startswith("It helps: 8.0% of the treated left, and 12.0% of those held out. ")
    assert "That is 4.0 percentage points fewer (between 0." in said(verdict)[0]
    assert verdict.profit is not None
    assert verdict.profit.amount == Money(1_600 * 1_000 - 400_000, "EUR")
    assert verdict.profit.low < verdict.profit.amount < verdict.profit.high
    assert said(verdict)[1].startswith("It paid: 12,000.00 EUR more margin than it cost (between ")
    assert isinstance(verdict.left_at_end, Estimate)
    assert verdict.left_at_end.level == pytest.approx(0.96)
    assert isinstance(verdict.left_any_time, Estimate)
    assert verdict.left_any_time.level == pytest.approx(0.99)


def test_g7_a_play_that_harms_and_costs_says_so() -> None:
    rows = [
        line("treated", 1_600, 320, margin=9_000, cost=900_000),
        line("held_out", 400, 48, margin=10_000),
    ]
    verdict = judge(rows, Plan(2_000, 0.02), "EUR")
    assert verdict.kind == "harms"
    assert said(verdict)[0].startswith("It harms: 20.0% of the treated left")
    assert said(verdict)[1].startswith("It did not pay: it cost 25,000.00 EUR more than it brought in margin")


def test_g7_before_the_planned_end_it_says_how_many_weeks() -> None:
    rows = [
        line(arm, n, left, day)
        for day in range(14)
        for arm, n, left in (("treated", 80, 9), ("held_out", 20, 2))
    ]
    verdict = judge(rows, Plan(3_500, 0.02))
    assert (verdict.kind, verdict.weeks) == ("cannot_tell", 3)
    assert said(verdict)[0] == "It cannot be told yet whether it helps: about 3 more weeks."
    assert "percentage points more who leave is possible." in said(verdict)[1]
    assert isinstance(verdict.left_at_end, NotKnown)
    assert verdict.left_at_end.code == "not_over"
    assert "1,400 of 3,500" in str(verdict.left_at_end.reason)


def test_g7_after_the_end_the_weeks_are_those_of_the_always_valid_interval() -> None:
    rows = [
        line(arm, n, left, day)
        for day in range(14)
        for arm, n, left in (("treated", 80, 9), ("held_out", 20, 2))
    ]
    verdict = judge(rows, Plan(1_400, 0.02))
    assert verdict.kind == "cannot_tell"
    assert verdict.weeks is not None
    assert verdict.weeks > 5
    closed = judge(rows, Plan(3_500, 0.02, closed=True))
    assert (closed.kind, closed.weeks) == ("cannot_tell", None)
    assert isinstance(closed.left_at_end, Estimate)
    assert said(closed)[0] == "It cannot be told whether it helps, and nobody else will enter."


def test_g7_an_ended_play_has_its_one_look_when_all_who_entered_are_followed() -> None:
    rows = [
        line(arm, n, left, day)
        for day in range(14)
        for arm, n, left in (("treated", 80, 9), ("held_out", 20, 2))
    ]
    plan, entered = Plan(3_500, 0.02, closed=True), strata_of(rows, "left")
    # Ten of the fourteen days are over: who looks now and again on each of the next has looked five times.
    verdict = judge(rows[:20], plan, entered=entered)
    assert isinstance(verdict.left_at_end, NotKnown)
    assert "1,000 of 1,400" in str(verdict.left_at_end.reason)
    assert (verdict.kind, verdict.weeks) == ("cannot_tell", 1)
    assert said(verdict)[0] == "It cannot be told yet whether it helps: about 1 more week."
    verdict = judge(rows, plan, entered=entered)
    assert isinstance(verdict.left_at_end, Estimate)
    assert said(verdict)[0] == "It cannot be told whether it helps, and nobody else will enter."
    early = [line("treated", 1_600, 80), line("held_out", 400, 80)]
    verdict = judge(early, Plan(10_000, 0.02, closed=True), entered=strata_of([*early, *rows], "left"))
    assert said(verdict)[1] == "That is clear already, before the planned end."


def test_g7_a_clear_effect_is_told_early() -> None:
    rows = [line("treated", 1_600, 80), line("held_out", 400, 80)]
    verdict = judge(rows, Plan(10_000, 0.02))
    assert verdict.kind == "helps"
    assert said(verdict)[1] == "That is clear already, before the planned end."


def test_g7_no_difference_worth_while_is_an_answer_too() -> None:
    rows = [line("treated", 40_000, 4_800), line("held_out", 10_000, 1_200)]
    verdict = judge(rows, Plan(50_000, 0.02))
    assert verdict.kind == "no_difference"
    assert isinstance(verdict.left_at_end, Estimate)
    assert 0.007 < max(-verdict.left_at_end.low, verdict.left_at_end.high) <= 0.008
    assert said(verdict)[0].startswith("It makes no difference larger than 0.8 percentage points")


def test_g7_the_look_at_the_end_does_not_move_with_later_customers() -> None:
    before = [line("treated", 1_600, 176, 0), line("held_out", 400, 48, 0)]
    later = [line("treated", 1_600, 80, 9), line("held_out", 400, 90, 9)]
    alone, both = (judge(rows, Plan(2_000, 0.02)) for rows in (before, [*later, *before]))
    assert both.left_at_end == alone.left_at_end
    assert (alone.kind, both.kind) == ("cannot_tell", "helps")
    assert both.left_any_time != alone.left_any_time


def test_the_order_of_the_lines_does_not_matter() -> None:
    rows = [line(arm, 50, 5 + day % 3, day) for day in range(10) for arm in ("treated", "held_out")]
    one, other = (judge(each, Plan(600, 0.02)) for each in (rows, rows[::-1]))
    assert said(one) == said(other)
    assert one.left_at_end == other.left_at_end


def test_g7_groups_that_no_draw_makes_are_not_believed() -> None:
    rows = [line("treated", 1_600, 128), line("held_out", 280, 60)]
    verdict = judge(rows, Plan(1_000, 0.02))
    assert verdict.kind == "imbalance"
    assert said(verdict)[0].startswith(
        "Do not trust these figures: 280 were held out where about 376 were to be."
    )
    entered = [Stratum(0.8, Sums(1_600, 0, 0), Sums(400, 0, 0))]
    assert judge(rows, Plan(1_000, 0.02), entered=entered).kind == "helps"


def test_g7_groups_that_differed_before_are_not_believed() -> None:
    chance = np.random.default_rng(3)
    risk = chance.normal(size=2_000)
    treated = chance.random(2_000) < 1 / (1 + np.exp(-0.4 * risk))
    left = (chance.random(2_000) < 0.1).astype(float)
    found = balance([stratum(left, treated, risk[:, None], treated.mean())])
    assert found.problem == "covariates"
    assert found.covariates[0] > 0.2
    drawn_well = chance.random(2_000) < 0.5
    assert balance([stratum(left, drawn_well, risk[:, None], 0.5)]).problem is None


def test_too_few_and_nobody_have_a_verdict() -> None:
    assert judge([], Plan(100, 0.02)).kind == "not_enough"
    verdict = judge([line("treated", 40, 4), line("held_out", 10, 1)], Plan(40, 0.02))
    assert (verdict.kind, len(verdict.sentences)) == ("not_enough", 1)
    assert verdict.profit is None


def test_what_stands_beside_the_verdict_is_said() -> None:
    rows = [line("treated", 1_600, 128, margin=100.0), line("held_out", 400, 48, margin=100.0)]
    free = Enrolled(START, "treated", 1.0, Sums(12, 1, 1), Sums(12, 1.0, 1.0, largest=1.0), cost=9e9)
    verdict = judge([*rows, free], Plan(2_000, 0.02), "EUR")
    assert (
        said(verdict)[-1] == "12 customers are left out who entered while nobody, or everybody, was held out."
    )
    assert verdict.profit is not None
    assert verdict.profit.cost == Money(0, "EUR")
    assert said(verdict)[1].startswith("Whether it paid cannot be told")
