"""Drivers in words: every feature, in every language (D3)."""

from __future__ import annotations

import pytest

from holdfast.analytics.driver_words import Known, driver_words
from holdfast.analytics.feature import Feature, FeatureFamily, Trait
from holdfast.domain.texts import Text
from holdfast.language import languages
from holdfast.language.sentences import say
from holdfast.registry import parts

FAMILIES: list[FeatureFamily] = [part.declared for part in parts("features").values()]  # type: ignore[misc]
FEATURES = {each.name: each for family in FAMILIES for each in family.features}
PLAN = Feature(
    "plan", Text("{name}", name="Plan"), Text("A trait."), "category", "relationship", {"it": Trait("plan")}
)
NAN = float("nan")


@pytest.mark.parametrize(
    ("feature", "value", "usual", "said"),
    [
        (FEATURES["orders_84"], 0, 2.0, "Orders in the last 12 weeks: 0 (usual: 2)"),
        (FEATURES["orders_84"], 1, 2.25, "Orders in the last 12 weeks: 1 (usual: 2.2)"),
        (FEATURES["spent_84"], 2500, 1250.0, "Spent in the last 12 weeks: €25 (usual: €12.50)"),
        (
            FEATURES["days_since_purchase"],
            84,
            31.24,
            "Time since the last purchase: 84 days (usual: 31.2 days)",
        ),
        (FEATURES["days_since_purchase"], 1, None, "Time since the last purchase: 1 day"),
        (
            FEATURES["orders_later_part"],
            0.104,
            0.5,
            "Part of 24 weeks' orders that fell into the later half: 10% (usual: 50%)",
        ),
        (
            FEATURES["last_week"],
            0.333,
            1.0,
            "Activity of the last week, against the usual week: 0.33 times (usual: 1 time)",
        ),
        (FEATURES["recommends"], NAN, 8.0, "Would recommend us (last answer): not known (usual: 8)"),
        (FEATURES["recommends"], 3, NAN, "Would recommend us (last answer): 3"),
        (PLAN, "Basic", "Pro", "Plan: Basic (usual: Pro)"),
        (PLAN, None, "Pro", "Plan: not known (usual: Pro)"),
    ],
)
def test_d3_a_driver_says_what_and_how_much_and_what_is_usual(
    feature: Feature, value: Known, usual: Known, said: str
) -> None:
    assert say(driver_words(feature, value, usual, currency="EUR"), "en") == said


def test_without_a_currency_an_amount_is_a_number() -> None:
    assert say(driver_words(FEATURES["spent_84"], 2500, None), "en") == "Spent in the last 12 weeks: 25"


def test_persian_readers_get_persian_digits() -> None:
    said = say(driver_words(FEATURES["orders_84"], 0, 2.0), "fa")
    assert "۰" in said
    assert "۲" in said


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("value", [0.0, 1.0, 2.5, -3.0, 123456.0, NAN])
def test_n3_every_feature_can_be_said_in_every_language(code: str, value: float) -> None:
    for feature in FEATURES.values():
        assert say(driver_words(feature, value, value + 1, currency="EUR"), code)
