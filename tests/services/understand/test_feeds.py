"""What is read reaches the early warnings at once: C1 hears anger, C15 a competitor, both a correction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.services.pulse.rescoring import Live
from holdfast.services.understand import corrections
from holdfast.services.understand.corrections import Meant
from holdfast.services.understand.facts import settle_facts
from holdfast.services.understand.reading import LiveReading
from holdfast.settings import Settings
from holdfast.store import sql
from services.warn.companies import arrive, day, episodes, happened, us
from services.warn.test_live import look, run_at_night


@pytest.fixture
def live() -> Iterator[Live]:
    with Live() as held:
        yield held


@pytest.fixture
def shop(workspace: Settings) -> Settings:
    bought = [
        happened("ann", "Order Completed", day(-n, 9), of=f"ann{n}", total="20.00", currency="EUR")
        for n in (30, 20, 10, 3)
    ]
    arrive(workspace, bought, day(-2, 12))
    run_at_night(workspace, day(0, 3))
    return workspace


def writes(settings: Settings, live: Live, words: str, hour: int) -> None:
    arrive(settings, [happened("ann", "Message Received", day(0, hour), text=words)], day(0, hour))
    LiveReading().read_new(settings, now_us=us(day(0, hour)))
    look(settings, live, day(0, hour))


def raised(settings: Settings) -> set[str]:
    return {row.signal for row in episodes(settings)}


def test_e2_c1_hears_an_angry_message_in_the_same_beat(shop: Settings, live: Live) -> None:
    writes(shop, live, "Everything is great, thank you very much!", 9)
    assert "gave_bad_feedback" not in raised(shop)
    writes(shop, live, "Your support is useless and rude, I am very disappointed.", 10)
    assert "gave_bad_feedback" in raised(shop)


def test_e2_c15_hears_of_a_competitor_when_a_person_says_so(shop: Settings, live: Live) -> None:
    writes(shop, live, "I had a look at Beanstalk the other day.", 9)
    assert "looks_at_competitor" not in raised(shop)
    ((number,),) = sql.read("SELECT id FROM text_reading")
    meant = Meant("neutral", (), ("names_competitor",))
    corrections.correct(shop, number, meant, by="ann@example.com", now_us=us(day(0, 10)))
    settle_facts(shop, now_us=us(day(0, 10)))
    look(shop, live, day(0, 10))
    assert "looks_at_competitor" in raised(shop)
