"""E5 on the page: what stood out and whose it looks to be; the log of outside events with a review."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from holdfast.learning.outside import Factor
from holdfast.services.understand import outside, outside_causes
from holdfast.services.understand.odd_feasts import DayFeast
from holdfast.services.understand.outside import Mark, Odd, Outside, Wave
from holdfast.services.understand.outside_causes import ByCause, NamedMore, WavePart, WaveParts
from holdfast.services.understand.outside_season import Feast
from holdfast.settings import Settings
from holdfast.store.outside_notes import noted

if TYPE_CHECKING:
    from django.test import Client

WAVE = Wave("contract", "", date(2026, 8, 9), date(2026, 10, 4), 451, 1.81, 1.63, 2.01, 0.005, ())
FOUND = Outside(
    day=date(2026, 11, 1),
    since=date(2024, 11, 1),
    odd=(
        Odd(date(2026, 8, 1), "did", (Mark("Subscription Changed", 5_605, 1.0, 3_737.0, 3_000.0, 4_500.0),)),
        Odd(date(2026, 2, 10), "failed", (Mark("Checkout Failed", 117, 0.0, 235.0, 30.0, 1_900.0),)),
        Odd(
            *(date(2025, 12, 25), "feast", (Mark("Order Completed", 20, 52.0, 0.39, 0.24, 0.63),)),
            (DayFeast("IE", "Christmas Day", eve=False), DayFeast("RO", "Christmas Day", eve=False)),
        ),
    ),
    waves=(
        replace(WAVE, beside=(date(2026, 8, 1),)),
        replace(WAVE, country="KZ", start=date(2025, 9, 1), end=date(2025, 11, 1), sort="silent"),
    ),
    months={1: Factor(0.9, 0.8, 1.1), 12: Factor(1.5, 1.3, 1.7)},
    trend=Factor(0.86, 0.78, 0.96),
    feasts=(Feast("RO", "Christmas Day", True, 2, Factor(1.26, 1.15, 1.37), 0.001),),
)

BY_CAUSE = ByCause(
    known=1_577,
    named=(
        NamedMore(
            *("BG", "competitor_better_offer", "market", date(2026, 3, 1), date(2026, 6, 1), 31),
            *(4.2, 2.9, 6.1, 0.01),
        ),
    ),
    waves=(WaveParts("contract", "", date(2026, 8, 9), (WavePart("ours", 80, 100, 0.711, 0.867, 0.55),)),),
)


def text_of(client: Client, path: str = "/understand/outside") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def found(served: Settings) -> None:
    """What a nightly run found."""
    outside.keep(served, FOUND)
    outside_causes.keep(served, BY_CAUSE)


@pytest.mark.usefixtures("found")
def test_e5_the_page_names_days_weeks_season_and_whose_they_look_to_be(
    signed_in: Callable[..., Client],
) -> None:
    text = text_of(signed_in("analyst"))
    for said in (
        "On 1 day something of ours failed. In 2 stretches of weeks more left than usual.",
        "contracts that ended: 451, 1.8 times as many as was to be expected (likely 1.6 to 2)",
        "after something of ours",
        "in one country only: look there",
        "Kazakhstan",
        "customers whose subscription changed: 5,605 instead of 1",
        "customers who could not pay: 117 instead of 0",
        "December",
        "50% more (likely 30% to 70%)",
        "14% less (likely 4% to 22%)",
        "two weeks before: Christmas Day",
        "public holiday: Christmas Day (Ireland and Romania)",
        "ours to put right: 80% of those whose cause is known (likely 71% to 87%), at other times 55%",
        "Bulgaria",
        "Competitor has a better offer: named 31 times, 4.2 times its usual part (likely 2.9 to 6.1)",
    ):
        assert said in text, said
    assert "January" not in text
    assert "Note it" not in text


@pytest.mark.usefixtures("found")
def test_e5_feasts_and_causes_are_named_in_persian_too(signed_in: Callable[..., Client]) -> None:
    text = text_of(signed_in("analyst", "fa"))
    for said in ("تعطیل رسمی: ", "ایرلند", "پیشنهاد بهتر رقیب", "۳۱ بار نام برده شد", "بلغارستان"):
        assert said in text, said


@pytest.mark.usefixtures("found")
def test_e5_an_outside_event_is_noted_explains_a_wave_and_its_review_is_kept(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("manager")
    sent = {"title": "The currency fell", "start": "2025-08-20", "until": "2025-12-01", "country": "kz"}
    assert client.post("/understand/outside/note", sent).status_code == 302
    (event,) = noted(served)
    assert (event.title, event.country, event.made_by) == (
        "The currency fell",
        "KZ",
        "manager.en@example.com",
    )
    text = text_of(client)
    assert "with an outside event that you noted" in text
    assert "strategy not looked at yet" in text
    path = f"/understand/outside/note/{event.id}"
    assert client.post(f"{path}/review", {"review": "Prices in tenge"}).status_code == 302
    assert noted(served)[0].review == "Prices in tenge"
    assert "strategy not looked at yet" not in text_of(client)
    assert client.post(f"{path}/remove").status_code == 302
    assert noted(served) == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"title": " "}, "has no name"),
        ({"title": "x", "start": "2026-02-02", "until": "2026-02-01"}, "ends before it begins"),
        ({"title": "x", "country": "1!"}, "is no country"),
    ],
)
def test_e5_what_is_no_outside_event_is_refused_and_said(
    signed_in: Callable[..., Client], served: Settings, sent: dict[str, str], said: str
) -> None:
    answer = signed_in("manager").post("/understand/outside/note", sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert noted(served) == []


def test_e5_who_does_not_decide_writes_nothing_and_what_is_gone_is_said(
    signed_in: Callable[..., Client],
) -> None:
    assert signed_in("agent").post("/understand/outside/note", {"title": "x"}).status_code == 403
    client = signed_in("manager")
    assert client.post("/understand/outside/note/99/remove").status_code == 422
    assert client.post("/understand/outside/note/99/else").status_code == 400
    assert "has not looked" in text_of(client)
