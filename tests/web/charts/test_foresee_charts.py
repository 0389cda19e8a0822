"""The charts of Foresee: what they show, what they do with nothing, and that they stay in their frame."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.web.charts.calibration import CalibrationWords, Foretold, calibration
from holdfast.web.charts.canvas import Size
from holdfast.web.charts.history import HistoryWords, Scored, risk_history
from holdfast.web.charts.lines import Line, lines_over_moments
from web.charts.test_charts import NARROW, WIDE, assert_inside, say_share

CALIBRATION = CalibrationWords("It kept its word", "foretold", "came true", "exactly right")
HISTORY = HistoryWords("Risk rose", "act from 50%", lambda day: f"{day}", say_share)
sizes = st.sampled_from([WIDE, NARROW])


@st.composite
def groups(draw: st.DrawFn) -> Foretold:
    low, left, high = sorted(draw(st.floats(0, 1)) for _ in range(3))
    return Foretold(draw(st.floats(0, 1)), left, low, high)


@given(st.lists(groups(), max_size=12), st.booleans(), sizes)
@settings(max_examples=60)
def test_d4_calibration_stays_in_its_frame(found: list[Foretold], mirrored: bool, size: Size) -> None:
    svg = calibration(found, size, CALIBRATION, say_share, mirrored=mirrored)
    assert bool(svg) == bool(found)
    if svg:
        assert_inside(svg, size)
        assert "It kept its word" in svg
        assert svg.count("<circle") == len(found)


def test_d4_both_axes_of_calibration_end_at_the_same_share() -> None:
    svg = calibration([Foretold(0.31, 0.2, 0.1, 0.3)], WIDE, CALIBRATION, say_share)
    assert svg.count(">40%<") == 2


@given(
    st.lists(st.tuples(st.integers(0, 30_000), st.floats(0, 1)), max_size=40, unique_by=lambda each: each[0]),
    st.one_of(st.none(), st.floats(0, 1)),
    st.booleans(),
    sizes,
)
@settings(max_examples=60)
def test_d1_history_stays_in_its_frame(
    told: list[tuple[int, float]], threshold: float | None, mirrored: bool, size: Size
) -> None:
    scored = [Scored(day, share) for day, share in sorted(told)]
    svg = risk_history(scored, threshold, size, HISTORY, mirrored=mirrored)
    assert bool(svg) == (len(scored) > 1)
    if svg:
        assert_inside(svg, size)


def test_d1_a_threshold_far_above_does_not_press_the_line_to_the_floor() -> None:
    low = [Scored(1, 0.01), Scored(30, 0.02)]
    assert "act from" not in risk_history(low, 0.5, WIDE, HISTORY)
    assert "act from" in risk_history([Scored(1, 0.1), Scored(30, 0.3)], 0.5, WIDE, HISTORY)


lines = st.lists(
    st.builds(
        Line,
        st.sampled_from(["the model", "silence alone", "health by hand"]),
        st.just("chart-1"),
        st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=6, max_size=6).map(tuple),
    ),
    max_size=3,
)


@given(lines, st.booleans(), sizes)
@settings(max_examples=60)
def test_d4_lines_stay_in_their_frame(drawn: list[Line], mirrored: bool, size: Size) -> None:
    svg = lines_over_moments(
        drawn, ["May", "Jun", "Jul", "Aug", "Sep", "Oct"], size, "It was better", say_share, mirrored=mirrored
    )
    known = [value for line in drawn for value in line.values if value is not None]
    assert bool(svg) == bool(known)
    if svg:
        assert_inside(svg, size)
        assert svg.count("<circle") == len(known)


def test_d4_names_of_lines_that_end_together_do_not_stand_on_each_other() -> None:
    drawn = [Line(name, "chart-1", (0.7, 0.8)) for name in ("one", "two", "three")]
    svg = lines_over_moments(drawn, ["May", "Jun"], WIDE, "x", say_share)
    heights = [
        float(piece.split('"')[0]) for piece in svg.split('y="')[1:] if "one<" in piece or "two<" in piece
    ]
    assert abs(heights[0] - heights[1]) >= 15
