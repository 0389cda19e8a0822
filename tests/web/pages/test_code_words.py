"""Codes on the customer's page in words: reasons given, sources, topics; nobody reads ``price_too_high``."""

from __future__ import annotations

import pytest

from holdfast import language
from holdfast.analytics.driver_words import driver_words
from holdfast.domain.code_words import REASON_WORDS, SOURCE_WORDS, TOPIC_WORDS, code_words
from holdfast.engines.timeline import TimelineEvent
from holdfast.language.sentences import say
from holdfast.services.foresee.traits import Chosen
from holdfast.settings import Settings
from holdfast.simulate.arrivals import SOURCES
from holdfast.simulate.subscribing import OTHER_REASON, TRIAL_OVER, reason_code
from holdfast.simulate.support import TOPIC_CODES
from holdfast.web.cause_words import cause_names
from holdfast.web.pages.customer.moments import moments


def happened(name: str, code: str | None, product: str | None = None) -> TimelineEvent:
    nothing = dict.fromkeys(
        ("source", "import_id", "object_kind", "object_id", "currency", "quantity", "score", "details")
    )
    return TimelineEvent(
        at_us=1, event_key=b"k", name=name, amount_minor=None, promised_us=None, code=code,
        product_id=product, **nothing,
    )  # type: ignore[arg-type]  # fmt: skip


def below(workspace: Settings, event: TimelineEvent, code: str) -> str:
    """The line below an event on the timeline."""
    reader = language.Reader(code)
    (moment,) = moments([event], {}, cause_names(workspace, reader))
    return (
        ""
        if moment.more is None
        else moment.more
        if isinstance(moment.more, str)
        else reader.say(moment.more)
    )


@pytest.mark.parametrize(
    ("name", "code", "reader", "said"),
    [
        ("Subscription Ended", "price_too_high", "en", "Reason given: Price too high"),
        ("Subscription Ended", "trial_not_continued", "en", "Reason given: did not go on after the trial"),
        ("Cancellation Requested", "too_expensive", "en", "Reason given: too expensive"),
        ("Payment Failed", "insufficient_funds", "en", "Reason given: not enough money in the account"),
        ("Account Deleted", "our_own_code", "en", "Reason given: our own code"),
        ("Order Cancelled", "ordered_twice", "en", "Reason given: ordered twice by mistake"),
        ("Ticket Opened", "where_is_it", "en", "About: where the parcel is"),
        ("Ticket Opened", "our_own_topic", "en", "About: our own topic"),
    ],
)
def test_a_code_on_the_timeline_is_said_in_words(
    workspace: Settings, name: str, code: str, reader: str, said: str
) -> None:
    assert below(workspace, happened(name, code), reader) == said


def test_a_cause_is_named_in_the_readers_language(workspace: Settings) -> None:
    said = below(workspace, happened("Subscription Ended", "price_too_high"), "fa")
    assert "price" not in said
    assert "قیمت" in said


def test_without_a_code_nothing_is_said_of_a_reason(workspace: Settings) -> None:
    assert below(workspace, happened("Subscription Ended", None), "en") == ""
    assert below(workspace, happened("Order Cancelled", None, product="beans"), "en") == "beans"


def test_every_code_of_the_simulator_has_words() -> None:
    assert {each.name for each in SOURCES} <= set(SOURCE_WORDS)
    assert set(TOPIC_CODES) <= set(TOPIC_WORDS)
    assert {reason_code(each) for each in (TRIAL_OVER, OTHER_REASON)} <= set(REASON_WORDS)
    assert code_words("no_such_code", REASON_WORDS) == "no such code"


def test_d2_a_driver_says_where_somebody_came_from_in_words() -> None:
    source, plan = Chosen("source", words=True).feature, Chosen("plan", words=True).feature
    assert (
        say(driver_words(source, "paid_search", "our_list"), "en") == "Source: paid search (usual: our list)"
    )
    # A plan may be called as a source is: its name stays.
    assert say(driver_words(plan, "direct", "family_box"), "en") == "Plan: direct (usual: family box)"
