"""E6 on the page: where customers are lost, who is stuck, the funnel, and after what they leave."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from holdfast.analytics.journey import Stage
from holdfast.learning.subgroups import Compared
from holdfast.services.understand import journey
from holdfast.services.understand.contact_points import Contact
from holdfast.services.understand.journey import Journey, Waiting
from holdfast.settings import Settings
from holdfast.store import portfolio
from web import warned

if TYPE_CHECKING:
    from django.test import Client

FOUND = Journey(
    day=date(2026, 11, 1),
    patience_days=90,
    stages=(
        Stage("signed_up", 1_200, 1_000, 900, 0.083, 0.12, (0, 2, 9)),
        Stage("first_purchase", 900, 800, 400, 0.465, 0.535, None),
    ),
    last="second_purchase",
    came=1_000,
    funnel=(("signed_up", 1_000), ("first_purchase", 760)),
    stuck={"signed_up": 84, "first_purchase": 500},
    behind={},
    contacts=(Contact("declined", Compared(200, 50, 2_000, 250, 2.0, 1.5, 2.6), 0.001, "more"),),
)


@pytest.fixture
def units(served: Settings) -> dict[str, int]:
    """What a nightly run found: two who are stuck, one of them erased since."""
    found = warned.company(served)
    stuck = (Waiting(found["tariq"], date(2026, 7, 1)), Waiting(999_999, date(2026, 6, 1)))
    journey.keep(served, replace(FOUND, behind={"first_purchase": stuck}))
    return found


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.usefixtures("units")
def test_e6_c9_the_page_says_where_customers_are_lost(signed_in: Callable[..., Client]) -> None:
    text = text_of(signed_in("analyst"), "/understand/journey")
    for said in (
        "after this step: Bought for the first time. 50% of 800 did not go on within 90 days.",
        "10% lost (likely 8% to 12%)",
        "half within 2 days",
        "500 are stuck here now",
        "76%",
        "Had a payment declined",
        "25% of 200 left: 2 times as often as others who were as active, likely 1.5 to 2.6",
        "more leave",
    ):
        assert said in text, said


def test_e6_who_is_stuck_is_listed_and_the_erased_are_not(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    path = "/understand/journey?step=first_purchase"
    text = text_of(signed_in("manager"), path)
    assert f"/customers/{units['tariq']}" in text
    assert "999999" not in text
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    assert f"/customers/{units['tariq']}" not in text_of(signed_in("agent"), path)


def test_e6_a_step_that_is_not_there_is_refused_and_without_a_run_the_page_says_so(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("analyst")
    assert "has not followed anybody yet" in text_of(client, "/understand/journey")
    journey.keep(served, FOUND)
    assert client.get("/understand/journey?step=nothing").status_code == 404
