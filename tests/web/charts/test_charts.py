"""Each chart: what it shows, what it does with gaps and nothing, and that it never leaves its frame."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.web.charts.bars import Bar, bars_over_time, whole_ticks
from holdfast.web.charts.canvas import Size
from holdfast.web.charts.cohorts import CohortRow, CohortWords, heat_map, shades
from holdfast.web.charts.groups import GroupRate, GroupWords, rates_by_group, shortened
from holdfast.web.charts.lifetime import Curve, CurvePoint, LifetimeWords, age_step, lifetime_curves, stairs
from holdfast.web.charts.over_time import RatePoint, RateSeries, rate_over_time

WIDE, NARROW = Size(664, 292), Size(358, 230)


def say_share(value: float, digits: int) -> str:
    return f"{value * 100:.{digits}f}%"


def places(svg: str) -> list[tuple[float, float]]:
    """Every point that a picture draws."""
    found = []
    for element in ElementTree.fromstring(svg).iter():  # noqa: S314  (our own)
        given_ = element.attrib
        for x, y in (("x", "y"), ("x1", "y1"), ("x2", "y2"), ("cx", "cy")):
            if x in given_:
                found.append((float(given_[x]), float(given_[y])))
        found += [
            (float(x), float(y)) for x, y in re.findall(r"[ML]([-\d.]+),([-\d.]+)", given_.get("d", ""))
        ]
    return found


def assert_inside(svg: str, size: Size) -> None:
    for x, y in places(svg):
        assert -0.1 <= x <= size.width + 0.1
        assert y >= -0.1


shares = st.one_of(st.none(), st.floats(0, 1))


@st.composite
def rate_points(draw: st.DrawFn) -> RatePoint:
    share = draw(shares)
    low = None if share is None else share * draw(st.floats(0, 1))
    high = None if share is None else min(1.0, share + draw(st.floats(0, 0.5)))
    return RatePoint("Oct", "Oct 2026", share, low, high)


@given(st.lists(rate_points(), max_size=40), shares, st.booleans(), st.sampled_from([WIDE, NARROW]))
@settings(max_examples=60)
def test_b5_churn_over_time_stays_in_its_frame(
    points: list[RatePoint], usual: float | None, mirrored: bool, size: Size
) -> None:
    series = RateSeries(tuple(points), usual, "usual", "Churn rose")
    svg = rate_over_time(series, size, say_share, mirrored=mirrored)
    if any(point.share is not None for point in points):
        assert_inside(svg, size)
        assert "Churn rose" in svg
    else:
        assert svg == ""


def test_b5_a_period_without_a_rate_is_a_gap_not_a_zero() -> None:
    points = tuple(
        RatePoint(name, name, share)
        for name, share in [("a", 0.02), ("b", 0.02), ("c", None), ("d", 0.03), ("e", 0.03)]
    )
    svg = rate_over_time(RateSeries(points, None, "", "x"), WIDE, say_share)
    assert svg.count("<path") == 2


def test_b5_a_wild_interval_does_not_press_the_line_to_the_floor() -> None:
    points = (RatePoint("a", "a", 0.02, 0.0, 1.0), RatePoint("b", "b", 0.02, 0.01, 0.03))
    svg = rate_over_time(RateSeries(points, None, "", "x"), WIDE, say_share)
    assert "100%" not in svg
    assert_inside(svg, WIDE)


def test_the_end_label_and_the_usual_one_keep_apart() -> None:
    points = (RatePoint("a", "a", 0.0201), RatePoint("b", "b", 0.0201))
    svg = rate_over_time(RateSeries(points, 0.02, "usual", "x"), WIDE, say_share)
    said, usual = (float(re.search(rf'y="([\d.]+)"[^>]*>{word}', svg)[1]) for word in ("2.0%", "usual"))  # type: ignore[index]
    assert abs(said - usual) >= 14


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=14), max_size=14), st.booleans(), st.booleans()
)
@settings(max_examples=60)
def test_b5_cohorts_show_every_number_and_stay_in_their_frame(
    cohorts: list[list[float]], mirrored: bool, sizes: bool
) -> None:
    rows = [CohortRow("Oct", "812", (1.0, *shares_)) for shares_ in cohorts]
    svg = heat_map(
        rows, WIDE, CohortWords("who stays", "months"), str, columns=10, with_sizes=sizes, mirrored=mirrored
    )
    if not rows:
        assert svg == ""
        return
    assert svg.count("<rect") == sum(min(10, len(row.shares)) for row in rows)
    assert_inside(svg, WIDE)


def test_noise_gets_no_pattern_of_shades() -> None:
    shade = shades([0.50, 0.51])
    assert abs(shade(0.50) - shade(0.51)) <= 1
    assert shades([])(0.3) == 1
    assert shades([0.1, 0.9])(0.1) == 1
    assert shades([0.1, 0.9])(0.9) == 6


WORDS = LifetimeWords(
    "how long they stay", lambda age: f"{age:.0f}", lambda age: f"{age:.0f} months", say_share
)


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    steps = draw(st.lists(st.floats(0.8, 1), min_size=1, max_size=30))
    share, points = 1.0, [CurvePoint(0, 1, 1, 1)]
    for age, step in enumerate(steps, 1):
        share *= step
        points.append(CurvePoint(age, share, share * 0.95, min(1, share * 1.05)))
    half = next((point.age for point in points if point.share <= 0.5), None)
    return Curve(draw(st.sampled_from(["Shop 44%", ""])), tuple(points), half, "half gone")


@given(st.lists(curves(), max_size=4), st.booleans())
@settings(max_examples=60)
def test_b5_lifetime_curves_stay_in_their_frame(drawn: list[Curve], mirrored: bool) -> None:
    svg = lifetime_curves(drawn, NARROW, WORDS, mirrored=mirrored)
    if not drawn:
        assert svg == ""
        return
    assert_inside(svg, NARROW)
    assert svg.count("<path") == 2 * min(3, len(drawn))


def test_b5_survival_holds_its_value_until_the_next_age() -> None:
    assert stairs([(0, 10), (5, 20), (9, 30)]) == [(0, 10), (5, 10), (5, 20), (9, 20), (9, 30)]


@pytest.mark.parametrize(("oldest", "step"), [(3, 1), (24, 6), (30, 6), (60, 12), (9000, 1825), (1e5, 2.5e4)])
def test_ages_are_counted_in_steps_that_people_count_in(oldest: float, step: float) -> None:
    assert age_step(oldest) == step


@given(
    st.lists(st.tuples(st.text("abcé مهر客户", min_size=1, max_size=40), st.floats(0, 1)), max_size=8),
    st.booleans(),
)
@settings(max_examples=60)
def test_groups_stay_in_their_frame(rates: list[tuple[str, float]], mirrored: bool) -> None:
    groups = [
        GroupRate(name, rate, rate * 0.8, min(1, rate * 1.2), number == 0)
        for number, (name, rate) in enumerate(rates)
    ]
    svg = rates_by_group(groups, 0.02, WIDE, GroupWords("by country", "all 2%"), say_share, mirrored=mirrored)
    if not groups:
        assert svg == ""
        return
    assert_inside(svg, WIDE)
    assert svg.count("<circle") == len(groups)
    assert "chart-5" in svg  # the one that differs


def test_long_names_are_cut_with_a_sign() -> None:
    assert shortened("Kazakhstan", 200) == "Kazakhstan"
    assert shortened("The United Kingdom of Great Britain", 60).endswith("…")
    assert shortened("x" * 50, 1) == "…"


@given(st.lists(st.integers(0, 500), max_size=40), st.booleans())
@settings(max_examples=60)
def test_bars_stand_on_zero_and_stay_in_their_frame(counts: list[int], mirrored: bool) -> None:
    drawn = [Bar("Oct", "Oct 2026", count) for count in counts]
    svg = bars_over_time(drawn, NARROW, "orders by month", str, mirrored=mirrored)
    if not any(counts):
        assert svg == ""
        return
    assert_inside(svg, NARROW)
    assert svg.count("<rect") == sum(count > 0 for count in counts)
    for y, height in re.findall(r'<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', svg):
        assert abs(float(y) + float(height) - (NARROW.height - 24)) < 0.2


@pytest.mark.parametrize(
    ("highest", "ticks"), [(1, [0, 1]), (3, [0, 1, 2, 3]), (4, [0, 2, 4]), (40, [0, 20, 40])]
)
def test_what_is_counted_has_whole_ticks(highest: int, ticks: list[int]) -> None:
    assert whole_ticks(highest) == ticks
