"""A3: the timeline in words, and the silences in it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.texts import Text
from holdfast.engines.timeline import TimelineEvent
from holdfast.web.pages.customer.moments import DAY_US, Gap, Moment, moments, with_gaps

CALLED = {"repeated_issue": "Same trouble again"}.__getitem__
BLANK = TimelineEvent(0, b"0" * 16, "", "shop", *[None] * 11)


def event(name: str, at_day: int = 0, **more: object) -> TimelineEvent:
    return replace(BLANK, name=name, at_us=at_day * DAY_US, **more)  # type: ignore[arg-type]


def test_a3_the_lines_of_an_order_are_one_moment_with_their_sum() -> None:
    lines = [
        event("Order Completed", object_id="7", amount_minor=1000, currency="EUR", product_id="huila"),
        event("Order Completed", object_id="7", amount_minor=2500, currency="EUR", product_id="kenya"),
        event(
            "Order Completed",
            object_id="8",
            amount_minor=100,
            currency="EUR",
            product_id="mug",
            quantity=Decimal(2),
        ),
    ]
    first, second = moments(lines, {}, CALLED)
    assert str(first.title) == "Ordered for 35.00 EUR"
    assert str(first.more) == "2 lines: ['huila', 'kenya']"
    assert str(second.more) == "2 × mug"


def test_a3_a_long_order_names_four_products_and_counts_the_rest() -> None:
    lines = [event("Order Completed", object_id="7", product_id=f"p{number}") for number in range(9)]
    (order,) = moments(lines, {}, CALLED)
    assert str(order.more) == "9 lines: p0, p1, p2, p3 and 5 more"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (event("Order Refunded", amount_minor=-500, currency="EUR"), "Sent back or cancelled, 5.00 EUR"),
        (event("Signed Up"), "Signed up"),
        (
            event("Subscription Started", amount_minor=900, currency="EUR"),
            "Subscription began, 9.00 EUR a month",
        ),
        (event("Subscription Started", amount_minor=0, code="trial:basic"), "Trial began"),
        (event("Payment Failed", amount_minor=900, currency="EUR"), "A payment failed, 9.00 EUR"),
        (event("Payment Refunded", amount_minor=-900, currency="EUR"), "We paid back 9.00 EUR"),
        (event("Survey Answered", score=6.0, code="nps"), "Answered a survey: 6.0"),
        (event("Survey Answered", code="free"), "Answered a survey"),
        (event("Moon Landed"), "Moon Landed"),
    ],
)
def test_a3_each_event_is_said_in_words(what: TimelineEvent, said: str) -> None:
    (moment,) = moments([what], {}, CALLED)
    assert str(moment.title) == said


def test_a3_every_event_holdfast_makes_has_words_of_its_own() -> None:
    from holdfast.domain.events import EVENT_NAMES

    for name in EVENT_NAMES:
        (moment,) = moments([event(name, amount_minor=100, currency="EUR", score=5.0)], {}, CALLED)
        assert isinstance(moment.title, Text), name


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("negative", Text("Unhappy")),
        ("wants_to_leave", Text("Wants to leave")),
        ("repeated_issue", "Same trouble again"),
        (None, None),
    ],
)
def test_a3_e2_what_was_read_is_said_in_words(code: str | None, said: Text | str | None) -> None:
    (moment,) = moments([event("Text Read", code=code)], {}, CALLED)
    assert (moment.more, moment.counts) == (said, False)


def at(day: int) -> Moment:
    return Moment(day * DAY_US, "cup", "order", "Ordered")


def test_a3_a_silence_longer_than_the_habit_is_drawn_and_named() -> None:
    lines = list(with_gaps([at(100), at(60), at(51)], later_us=123 * DAY_US, usual_days=9))
    assert lines == [Gap(23, 9), at(100), Gap(40, 9), at(60), at(51)]


def test_a3_without_a_habit_no_silence_is_remarkable() -> None:
    assert list(with_gaps([at(100), at(0)], later_us=900 * DAY_US, usual_days=None)) == [at(100), at(0)]


def test_a3_a_daily_customer_may_be_away_for_a_week() -> None:
    assert list(with_gaps([at(7), at(0)], later_us=7 * DAY_US, usual_days=1)) == [at(7), at(0)]


@given(st.lists(st.integers(0, 3000), max_size=30), st.floats(0.1, 400), st.integers(3000, 4000))
def test_a3_gaps_never_hide_or_reorder_what_happened(days: list[int], usual: float, now: int) -> None:
    happened = [at(day) for day in sorted(days, reverse=True)]
    lines = list(with_gaps(happened, later_us=now * DAY_US, usual_days=usual))
    assert [line for line in lines if isinstance(line, Moment)] == happened
    assert all(line.days > max(7, usual) for line in lines if isinstance(line, Gap))
