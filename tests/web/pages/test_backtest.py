"""D4: would we have known? Past dates against two plain rivals, with intervals and the drift alarm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.foresee import reading
from holdfast.services.foresee.reading import Backtest, RivalDifference
from holdfast.web.pages.backtest import pictures, words
from web import foreseen as examples

if TYPE_CHECKING:
    from django.test import Client

ENGLISH, PERSIAN = Reader("en"), Reader("fa")


@pytest.mark.usefixtures("foreseen")
def test_d4_the_page_says_how_well_it_would_have_known(signed_in: Callable[..., Client]) -> None:
    text = signed_in("agent").get("/foresee/backtest").content.decode()
    for said in (
        "On 6 past dates a model that knew only what was known then",
        "<b>4.6</b> times as many left",
        "The drift alarm is silent.",
        "in 1% of all checks",
        "Days of silence alone",
        "Hand-weighted health",
        "+0.052",
        "+0.031 to +0.073 (95%)",
        "better, by more than chance",
        "\N{MINUS SIGN}0.004 to +0.016 (95%)",
        "Every event counts as known when it happened.",
        "33,600 rows, 2,580 of them left",
        "0.842",
        "48.0%",
    ):
        assert said in text, said
    assert text.count("The table behind") == 2
    assert text.count('role="img" aria-label="Right order (AUC)') == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "Nothing has been tried yet"),
        (
            replace(examples.backtest(), moments=(), total=None, reason=Text("No past date is mature.")),
            "No past date is mature.",
        ),
    ],
)
def test_d4_without_a_backtest_the_page_says_what_to_do(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, answer: Backtest | None, said: str
) -> None:
    monkeypatch.setattr(reading, "last_backtest", lambda _: answer)
    text = signed_in().get("/foresee/backtest").content.decode()
    assert said in text
    assert "holdfast backtest" in text


def test_d4_a_measure_that_could_not_be_computed_is_no_zero() -> None:
    assert words.grade_value("auc", None, ENGLISH) == "not clear yet"
    total = examples.backtest().total
    assert total is not None
    lines = words.grades(total, ENGLISH)
    assert [line.values for line in lines if line.name == "Money caught by the top tenth"] == [
        ("48.0%", "not clear yet", "not clear yet")
    ]


@pytest.mark.parametrize(
    ("difference", "kind"),
    [
        (RivalDifference(0.05, 0.03, 0.07), "better"),
        (RivalDifference(-0.05, -0.07, -0.03), "worse"),
        (RivalDifference(0.01, -0.01, 0.03), "unclear"),
    ],
)
def test_d4_a_difference_counts_only_when_its_interval_excludes_nothing_at_all(
    difference: RivalDifference, kind: str
) -> None:
    assert [each.kind for each in words.against({"recency": difference}, ENGLISH)] == [kind]


@pytest.mark.parametrize(
    ("population", "calibration", "strong", "said"),
    [
        (True, False, "The drift alarm is on.", "Customers look different"),
        (False, True, "The drift alarm is on.", "231 left where 212 were foretold (likely 184 to 241)."),
        (False, None, "The drift alarm is silent.", "by chance"),
    ],
)
def test_d4_the_alarm_says_what_it_means(
    population: bool, calibration: bool | None, strong: str, said: str
) -> None:
    state = examples.drift(population=population, calibration=calibration)
    shown = words.drift_words(state, state.alarm, ENGLISH)
    assert shown[0] == strong
    assert said in shown[1]
    assert words.drift_words(None, False, ENGLISH)[0] == "The drift alarm has nothing to compare yet."


def test_d4_too_few_dates_give_no_picture_and_no_lift() -> None:
    found = examples.backtest()
    assert pictures.moments_chart(found.moments[:1], ENGLISH) is None
    assert pictures.calibration_chart((), ENGLISH) is None
    assert found.total is not None
    bare = replace(found.total, model={"lift_top_decile": None})
    assert "Too few left" in words.sentence(found, bare, ENGLISH)


def test_d4_the_table_behind_has_every_date_and_way() -> None:
    chart = pictures.moments_chart(examples.backtest().moments, PERSIAN)
    assert chart is not None
    assert len(chart.rows) == 6 * 3
    assert all(len(row) == len(chart.head) for row in chart.rows)
