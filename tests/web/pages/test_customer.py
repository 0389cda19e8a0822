"""A3: one customer, one page, everything one click away."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.settings import Settings
from holdfast.web.pages.customer.risk import points_per_log_odds
from web.history import Happened, Person, bring, unit_of

if TYPE_CHECKING:
    from django.test import Client

IOANA = Person(
    "c-17",
    "Ioana Marin",
    (
        Happened("2024-03-09T08:00", "Signed Up"),
        Happened(
            "2024-03-10",
            "Order Completed",
            4600,
            more={"object_id": "1", "product_id": "Huila", "quantity": 2},
        ),
        Happened("2024-03-19T10:15", "Order Completed", 2300, more={"object_id": "2"}),
        Happened("2024-03-29", "Order Completed", 2300, more={"object_id": "3"}),
        Happened(
            "2024-03-28T21:00", "Ticket Opened", text="Unde este coletul meu? <b>", more={"code": "delivery"}
        ),
        Happened("2024-05-20T09:30", "Survey Answered", more={"code": "nps", "score": 6.0}),
    ),
    email="ioana@example.com",
    phone="+40721000000",
    traits={"city": "Cluj-Napoca"},
)


@pytest.fixture
def ioana(served: Settings) -> int:
    """Her unit, and her row in the list as the loop would leave it."""
    from holdfast.store.models import Standing

    bring(served, IOANA)
    unit = unit_of("c-17")
    Standing.objects.create(
        unit_id=unit, name="Ioana Marin", country="RO", source="search", state="lapsed", orders=3,
        amount_minor=6900, first_day=19792, last_day=19801, left_day=19900,
    )  # fmt: skip
    return unit


def test_a3_the_page_tells_how_they_stand_and_what_happened(
    signed_in: Callable[..., Client], ioana: int
) -> None:
    text = signed_in().get(f"/customers/{ioana}").content.decode()
    for said in (
        "<h1><bdi>Ioana Marin</bdi></h1>", "in Romania", "came through search", "known since 9 March 2024",
        "€92", "€30.67 an order", "left on 26 June 2024", "ioana@example.com", "+40721000000",
        "Cluj-Napoca", "c-17",
        "Answered a survey: 6", "Ordered for €46", "2 × Huila", "Asked for help", "About: delivery",
    ):  # fmt: skip
        assert said in text, said
    assert text.index("Answered a survey") < text.index("Asked for help") < text.index("Signed up")
    assert '<time datetime="2024-03-10">' in text
    assert "10:15" in text


def test_n1_what_they_wrote_is_quoted_and_stays_text(signed_in: Callable[..., Client], ioana: int) -> None:
    text = signed_in().get(f"/customers/{ioana}").content.decode()
    assert '<blockquote dir="auto">Unde este coletul meu? &lt;b&gt;</blockquote>' in text


def test_a3_silence_is_named(signed_in: Callable[..., Client], ioana: int) -> None:
    text = signed_in().get(f"/customers/{ioana}").content.decode()
    assert '<span class="gap-length">52 days</span>' in text
    assert "They usually order every 10 days." in text


def test_a3_earlier_goes_on_where_the_page_ended(signed_in: Callable[..., Client], served: Settings) -> None:
    from holdfast.store.models import Standing

    history = tuple(
        Happened(f"2024-01-{day:02d}T{hour:02d}:00", "Page Viewed")
        for day in range(1, 31)
        for hour in (8, 12, 20)
    )
    bring(served, Person("many", "Many", history))
    unit = unit_of("many")
    Standing.objects.create(unit_id=unit, name="Many")
    client, url, seen = signed_in(), f"/customers/{unit}", 0
    while url:
        text = client.get(url).content.decode()
        seen += text.count('<li class="moment" ')
        url = (
            text.split('id="earlier"><a class="button" href="')[1].split('"')[0]
            if 'id="earlier"' in text
            else ""
        )
    assert seen == 90


def test_only_the_next_stretch_is_sent_where_only_it_changes(
    signed_in: Callable[..., Client], ioana: int
) -> None:
    part = signed_in().get(f"/customers/{ioana}", headers={"HX-Request": "true", "HX-Target": "earlier"})
    assert "<html" not in part.content.decode()
    assert "Signed up" in part.content.decode()


@pytest.mark.parametrize("path", ["/customers/999", "/customers/0"])
def test_nobody_is_404(signed_in: Callable[..., Client], path: str) -> None:
    assert signed_in().get(path).status_code == 404


def test_a_position_that_means_nothing_is_refused(signed_in: Callable[..., Client], ioana: int) -> None:
    assert signed_in().get(f"/customers/{ioana}?before=yesterday").status_code == 400


def test_a1_merged_ids_tell_one_story(signed_in: Callable[..., Client], served: Settings, ioana: int) -> None:
    from holdfast.store.identity import merge

    bring(served, Person("web-9", "I. Marin", (Happened("2024-06-01", "Message Received", text="Bună"),)))
    merge(served, [ioana, unit_of("web-9")], by="niamh@example.com", now_us=1_720_000_000_000_000)
    text = signed_in().get(f"/customers/{ioana}").content.decode()
    assert "Bună" in text
    assert "web-9" in text
    assert "c-17" in text


def test_a3_e2_what_was_read_in_their_words_is_told_as_the_workspace_calls_it(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    from holdfast.services.understand import naming

    naming.rename(served, "repeated_issue", {"en": "Same trouble again"}, by="niamh@example.com", now_us=1)
    codes = ("negative", "wants_to_leave", "repeated_issue", "late_delivery")
    read = tuple(Happened("2024-06-01", "Text Read", more={"code": code}) for code in codes)
    bring(served, Person("c-18", "Radu", read))
    text = signed_in().get(f"/customers/{unit_of('c-18')}").content.decode()
    for said in ("Unhappy", "Wants to leave", "Same trouble again", "Late delivery"):
        assert said in text, said
    assert "negative" not in text
    assert "repeated issue" not in text


@pytest.mark.usefixtures("watched")
def test_the_number_of_statements_does_not_grow_with_the_history(
    signed_in: Callable[..., Client], served: Settings, ioana: int
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = signed_in(), []
    for more in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/customers/{ioana}")
        counts.append(len(asked))
        late = tuple(Happened(f"2024-07-{day:02d}", "Page Viewed", text=f"x{day}") for day in range(1, 29))
        bring(served, Person("c-17", "Ioana Marin", late)) if not more else None
    assert counts[0] == counts[1] <= 30


@pytest.mark.usefixtures("foreseen")
def test_d2_the_page_says_how_likely_they_leave_why_and_since_when(
    signed_in: Callable[..., Client], ioana: int
) -> None:
    text = signed_in().get(f"/customers/{ioana}").content.decode()
    for said in (
        "Risk to leave within 90 days",
        '<span class="stat-value">62%</span><b class="band-word">urgent</b>',
        "+12 points in a week",
        "of the €664 they may still bring",
        "in 1 to 3 weeks",
        "7.8×",
        "the average customer: 8%",
        "Risk over time",
        "Days since the last order: 23 (usual: 9)",
        "act from 50%",
        "together they make 62%",
    ):
        assert said in text, said
    assert text.count('data-sign="up"') == 3 + 1  # everything that is not named raises it too
    assert text.count('data-sign="down"') == 1


def test_d2_without_a_score_the_page_says_why(signed_in: Callable[..., Client], ioana: int) -> None:
    text = signed_in().get(f"/customers/{ioana}").content.decode()
    assert "Risk: not clear yet." in text
    assert "effect-bar" not in text


@given(st.lists(st.floats(-3, 3), max_size=15), st.floats(0.01, 0.9))
def test_d2_the_points_of_the_drivers_lead_from_the_average_to_the_customer(
    effects: list[float], base: float
) -> None:
    odds = math.log(base / (1 - base)) + sum(effects)
    risk = 1 / (1 + math.exp(-odds))
    way = points_per_log_odds(risk, base)
    assert base + way * sum(effects) == pytest.approx(risk, abs=1e-6)
