"""A ready play as a company takes it over: its currency, its valued customers, the next feast."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brought import bring, subject
from holdfast.domain.amends import amends_minor
from holdfast.domain.feasts import FEASTS
from holdfast.domain.plays import Broadcast, Play, steps_of
from holdfast.domain.refusals import Refusal
from holdfast.services.act.plays import library, written
from holdfast.services.act.plays.adopting import VALUED, adopted, asks_for
from holdfast.services.act.plays.checks import problems
from holdfast.services.act.plays.feasts import feast_days, next_greeting
from holdfast.services.collect.segments.rules import rules_of
from holdfast.settings import Settings
from holdfast.store import message_settings, segments, standings

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def take(settings: Settings, key: str, language: str = "en") -> Play:
    return adopted(settings, key, language, str, made_by="ann@shop.example", now=NOW)


def test_valued_customers_are_a_segment_that_is_made_once(workspace: Settings) -> None:
    """Before there is money to go by, who ordered often is valued; whatever the company makes of it stays."""
    take(workspace, "rescue_failed_payment")
    take(workspace, "win_back_price")
    (made,) = [each for each in segments.listed(workspace) if each.key == VALUED]
    assert made.made_by == "ann@shop.example"
    assert str(rules_of(workspace)[VALUED]).count("orders") == 1


def test_a_play_for_all_alike_makes_no_segment(workspace: Settings) -> None:
    take(workspace, "birthday")
    assert segments.listed(workspace) == []


def test_g1_every_ready_play_could_be_launched_here_at_once(workspace: Settings) -> None:
    """G1: none asks for what a company without data does not know, and none is without an end."""
    message_settings.set_public_url(workspace, "https://holdfast.shop.example")
    for ready in library.every():
        play = written.ready(take(workspace, ready.key))
        found = problems(workspace, play, NOW)
        assert [each for each in found if each.stops] == [], ready.key
        harmless = {"unknown_field", "no_fallback", "no_such_trait", "no_issue"}
        assert {each.code for each in found} <= harmless, ready.key


def test_a_credit_is_a_tenth_of_an_order_in_the_currency_of_the_company(workspace: Settings) -> None:
    settings = replace(workspace, currency="CHF")
    assert credits(settings) == [("CHF", 500)]
    bring(settings, ["ann", "bob"])
    list_them(settings, orders=[1, 1], spent=[40_00, 14_00])
    assert credits(settings) == [("CHF", 200)]


def test_g5_greetings_go_out_each_year_on_the_day_of_their_feast(workspace: Settings) -> None:
    """G5: Nowruz and the Chinese New Year move; who passed the day greets on that of the year after."""
    for key in FEASTS:
        assert adopted(workspace, key, "fa", str, now=NOW).trigger == Broadcast(feast=key)
    assert [next_greeting(each, NOW) for each in FEASTS] == [
        datetime(2026, 3, 21, 10, 0),
        datetime(2027, 2, 6, 10, 0),
        datetime(2026, 12, 24, 10, 0),
    ]
    assert feast_days(date(2026, 12, 1), date(2027, 3, 21)) == [
        (date(2026, 12, 24), "christmas"),
        (date(2027, 2, 6), "chinese_new_year"),
        (date(2027, 3, 21), "nowruz"),
    ]


def test_every_feast_that_is_named_is_known() -> None:
    assert {each.feast for each in library.every() if each.feast} == set(FEASTS)
    assert next_greeting("nowruz", datetime(2026, 3, 21, 10, 0)) == datetime(2027, 3, 21, 10, 0)


def test_words_are_those_of_the_reader(workspace: Settings) -> None:
    assert take(workspace, "birthday", "fa").title == library.one("birthday").title("fa")


def test_a_key_that_is_none_is_refused(workspace: Settings) -> None:
    with pytest.raises(Refusal) as refused:
        take(workspace, "no_such")
    assert refused.value.code == "no_such_ready_play"
    assert segments.listed(workspace) == []


@given(st.integers(1, 10**9), st.integers(1, 1000))
def test_amends_are_at_most_a_tenth_and_a_round_sum(spent: int, orders: int) -> None:
    found = amends_minor(spent, orders, otherwise=500)
    assert found == 1 or found <= spent / orders / 10
    assert str(found).strip("0") in "123456789"


def test_without_orders_amends_are_what_is_said_otherwise() -> None:
    assert amends_minor(0, 0, otherwise=500) == 500


def test_asks_for_says_which_plays_part_by_value() -> None:
    assert asks_for(library.one("rescue_failed_payment").play("en"), VALUED)
    assert not asks_for(library.one("birthday").play("en"), VALUED)


def credits(settings: Settings) -> list[tuple[str, int]]:
    play = adopted(settings, "make_good_broken_promise", "en", str, now=NOW)
    return [
        (step.options["currency"], step.options["amount"]) for step in steps_of(play) if step.do == "credit"
    ]


def list_them(settings: Settings, orders: list[int], spent: list[int]) -> None:
    """The customer list, as the loop would bring it."""
    there, none = len(orders), [None] * len(orders)
    standings.save_standings(
        settings,
        standings.Standings(
            unit_id=[subject(settings, key) for key in ("ann", "bob")],
            state=["active"] * there,
            first_day=none,
            last_day=none,
            left_day=none,
            orders=orders,
            amount_minor=spent,
            yearly_minor=[0] * there,
        ),
    )
