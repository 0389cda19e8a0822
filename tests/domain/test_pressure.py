"""G3: never a nuisance: caps, the floor, priority, quiet hours, pauses and open cases, over all plays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.domain.pressure import (
    DAY_US,
    EVERY,
    GREETINGS,
    PERS,
    RELOOK_US,
    USUAL,
    Ask,
    Cap,
    Customer,
    Hours,
    Past,
    Policy,
    judge,
)
from holdfast.domain.touch import Verdict
from holdfast.domain.waking import Place, Quiet

HOUR_US = 3_600_000_000
NOON_US = int(datetime(2026, 6, 3, 12, 0, tzinfo=UTC).timestamp()) * 1_000_000  # a Wednesday
PLACES = [Place((ZoneInfo(name),)) for name in ("UTC", "Asia/Tehran", "America/Santiago", "Pacific/Apia")]
ANN = Customer("ann")

caps = st.lists(
    st.builds(Cap, st.sampled_from([EVERY, "email", "telegram"]), st.sampled_from(PERS), st.integers(1, 4)),
    max_size=4,
).map(tuple)
hours = st.lists(
    st.builds(
        Hours,
        st.sampled_from(["email", "telegram"]),
        st.builds(Quiet, st.integers(0, 1439), st.integers(0, 1439)),
        st.booleans(),
    ),
    max_size=2,
    unique_by=lambda each: each.channel,
).map(tuple)
policies = st.builds(
    Policy,
    caps,
    hours,
    st.none() | st.integers(1, 20),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(1, 20),
)
people = st.builds(
    Customer,
    st.sampled_from(["ann", "bob"]),
    st.sampled_from(PLACES),
    st.sampled_from([False, False, False, True]),
    st.none() | st.integers(NOON_US, NOON_US + 20 * DAY_US),
    st.sampled_from([None, None, 7]),
)


def asks(purposes: tuple[str, ...] = ("marketing", "service", "legal")) -> st.SearchStrategy[list[Ask]]:
    one = st.builds(
        Ask,
        st.uuids().map(str),
        people,
        st.sampled_from(["email", "telegram"]),
        st.sampled_from(purposes),
        st.sampled_from(["offers", GREETINGS]),
        st.integers(0, 9),
        st.integers(NOON_US - 3 * DAY_US, NOON_US),
        st.none() | st.integers(NOON_US, NOON_US + 30 * DAY_US),
        st.sampled_from([True, True, True, False]),
    )
    return st.lists(one, min_size=1, max_size=8)


past = st.lists(
    st.builds(
        Past,
        st.sampled_from(["ann", "bob"]),
        st.sampled_from(["email", "telegram"]),
        st.sampled_from(["marketing", "service"]),
        st.integers(NOON_US - 32 * DAY_US, NOON_US),
    ),
    max_size=6,
)


def mail(key: str = "a", customer: Customer = ANN, **told: object) -> Ask:
    given = {"channel": "email", "purpose": "marketing", "topic": "offers", "asked_us": NOON_US} | told
    return Ask(key, customer, **given)  # type: ignore[arg-type]


def one(policy: Policy, ask: Ask, *before: Past, now_us: int = NOON_US) -> Verdict:
    return judge(policy, [ask], before, now_us)[0]


def went(ask: Ask, at_us: int, **told: bool) -> Past:
    return Past(ask.customer.name, ask.channel, ask.purpose, at_us, **told)


def walked(policy: Policy, wanted: list[Ask], before: list[Past]) -> tuple[list[tuple[Ask, int]], list[Ask]]:
    """Judge as the dispatcher does until nothing waits: what went when, and what was refused."""
    waiting = [(NOON_US, each) for each in wanted]
    sent: list[tuple[Ask, int]] = []
    refused: list[Ask] = []
    for _ in range(2_000):
        if not waiting:
            return sent, refused
        now_us = min(due for due, _ in waiting)
        due = [each for at, each in waiting if at == now_us]
        waiting = [each for each in waiting if each[0] != now_us]
        known = [*before, *(went(each, at) for each, at in sent)]
        for each, verdict in zip(due, judge(policy, due, known, now_us), strict=True):
            if verdict.does == "send":
                sent.append((each, now_us))
            elif verdict.does == "refuse":
                assert verdict.code and verdict.reason is not None
                refused.append(each)
            else:
                assert verdict.again_us is not None and verdict.again_us > now_us
                waiting.append((verdict.again_us, each))
    raise AssertionError("something waits for ever")


@settings(max_examples=25)
@given(policies, asks(), past, st.randoms())
def test_g3_caps_are_never_exceeded_whatever_the_order(
    policy: Policy, wanted: list[Ask], before: list[Past], chance: Random
) -> None:
    chance.shuffle(wanted)
    check_caps(replace(policy, floor_days=None), wanted, before)


@pytest.mark.long
@settings(max_examples=1_000)
@given(policies, asks(), past)
def test_g3_caps_are_never_exceeded_in_a_thousand_companies(
    policy: Policy, wanted: list[Ask], before: list[Past]
) -> None:
    check_caps(replace(policy, floor_days=None), wanted, before)


def check_caps(policy: Policy, wanted: list[Ask], before: list[Past]) -> None:
    sent, _ = walked(policy, wanted, before)
    by_customer = defaultdict(list)
    for each in before:
        by_customer[each.customer].append((each.at_us, each.channel, each.purpose, False))
    for ask, at_us in sent:
        by_customer[ask.customer.name].append((at_us, ask.channel, ask.purpose, ask.purpose == "marketing"))
    for went_out in by_customer.values():
        for cap in policy.caps:
            counted = [
                (at, sold)
                for at, channel, purpose, sold in sorted(went_out)
                if cap.channel in (EVERY, channel)
                and (purpose == "marketing" or (purpose == "service" and policy.service_counts))
            ]
            for at, sold in counted:
                if sold:
                    assert sum(at - cap.length_us < other <= at for other, _ in counted) <= max(
                        cap.most, sum(at - cap.length_us < other <= at and not new for other, new in counted)
                    )


@settings(max_examples=25)
@given(policies, asks(), past)
def test_g3_what_is_held_goes_in_the_end_or_is_refused_with_a_reason(
    policy: Policy, wanted: list[Ask], before: list[Past]
) -> None:
    sent, refused = walked(policy, wanted, before)
    assert {ask.key for ask, _ in sent} | {ask.key for ask in refused} == {ask.key for ask in wanted}
    for ask, at_us in sent:
        if ask.purpose == "marketing":
            assert at_us <= ask.asked_us + policy.lapse_days * DAY_US
            assert ask.not_after_us is None or at_us <= ask.not_after_us


@settings(max_examples=25)
@given(policies, asks(), past)
def test_g3_nothing_goes_in_quiet_hours_and_the_floor_never_breaks_consent(
    policy: Policy, wanted: list[Ask], before: list[Past]
) -> None:
    quiet = {each.channel: each for each in policy.hours}
    for ask, at_us in walked(policy, wanted, before)[0]:
        if ask.purpose == "legal":
            continue
        here = datetime.fromtimestamp(at_us // 1_000_000, UTC).astimezone(ask.customer.place.zones[0])
        rule = quiet.get(ask.channel)
        if rule is not None and (ask.purpose == "marketing" or rule.service):
            assert not rule.quiet.holds(here.hour * 60 + here.minute)
        if ask.purpose == "marketing":
            assert ask.agreed and not ask.customer.open_case
            assert ask.customer.paused_until_us is None or at_us >= ask.customer.paused_until_us
            assert policy.weekends or ask.topic == GREETINGS or here.weekday() not in (5, 6)


@settings(max_examples=25)
@given(policies, asks(), past, st.data())
def test_g3_a_higher_priority_never_makes_a_message_wait(
    policy: Policy, wanted: list[Ask], before: list[Past], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(wanted) - 1))
    low = judge(policy, wanted, before, NOON_US)[number]
    raised = [*wanted]
    raised[number] = replace(wanted[number], priority=wanted[number].priority + 5)
    high = judge(policy, raised, before, NOON_US)[number]
    assert (low.does, high.does) != ("send", "hold")
    assert (low.does == "refuse") == (high.does == "refuse")


@settings(max_examples=25)
@given(policies, asks(("service", "legal")), past)
def test_g3_service_and_legal_are_never_held_by_caps(
    policy: Policy, wanted: list[Ask], before: list[Past]
) -> None:
    for ask, verdict in zip(wanted, judge(policy, wanted, before, NOON_US), strict=True):
        assert verdict.does == "send" or (ask.purpose == "service" and verdict.code == "quiet_hours")


@settings(max_examples=25)
@given(policies, asks(), past)
def test_g3_others_change_nothing(policy: Policy, wanted: list[Ask], before: list[Past]) -> None:
    together = judge(policy, wanted, before, NOON_US)
    for name in ("ann", "bob"):
        theirs = [number for number, ask in enumerate(wanted) if ask.customer.name == name]
        alone = judge(
            policy,
            [wanted[number] for number in theirs],
            [each for each in before if each.customer == name],
            NOON_US,
        )
        assert alone == [together[number] for number in theirs]


def test_g3_the_higher_priority_goes_and_the_lower_waits_for_room() -> None:
    policy = Policy(caps=(Cap(EVERY, "day", 1),))
    low, high = mail("low", priority=1), mail("high", priority=7)
    held, sent = judge(policy, [low, high], [], NOON_US)
    assert (held.does, held.code, sent.does) == ("hold", "cap", "send")
    assert held.again_us == NOON_US + RELOOK_US  # what took the room may fail yet
    held = one(policy, low, went(high, NOON_US), now_us=NOON_US + HOUR_US)
    assert held.again_us == NOON_US + DAY_US
    assert one(policy, low, went(high, NOON_US), now_us=NOON_US + DAY_US).does == "send"
    assert one(policy, low, went(high, NOON_US), now_us=NOON_US + 15 * DAY_US).code == "lapsed"


def test_g3_two_senders_never_both_use_the_last_room_and_do_not_wait_for_ever() -> None:
    policy = Policy(caps=(Cap(EVERY, "day", 1),))
    first, second = mail("first"), mail("second")
    held = [
        one(policy, first, went(second, NOON_US, going=True)),
        one(policy, second, went(first, NOON_US, going=True)),
    ]
    assert [each.does for each in held] == ["hold", "hold"]
    assert held[0].again_us != held[1].again_us
    assert all((each.again_us or 0) < NOON_US + 70_000_000 for each in held)


def test_g3_the_floor_lifts_caps_by_the_week_and_month_and_nothing_else() -> None:
    policy = Policy(caps=(Cap(EVERY, "month", 1), Cap(EVERY, "day", 1)), floor_days=10)
    before = went(mail(), NOON_US - 12 * DAY_US)
    assert one(policy, mail(), before).does == "send"
    assert one(replace(policy, floor_days=None), mail(), before).code == "cap"
    assert one(replace(policy, floor_days=13), mail(), before).code == "cap"
    assert one(policy, mail(agreed=False), before).code == "no_consent"
    assert one(policy, mail(customer=replace(ANN, open_case=True)), before).code == "open_case"
    night = replace(policy, hours=(Hours("email", Quiet(0, 13 * 60)),))
    assert one(night, mail(), before).code == "quiet_hours"
    recent = Past("ann", "email", "service", NOON_US - DAY_US)
    assert one(policy, mail(), before, recent).code == "cap"


def test_g3_no_selling_while_a_case_is_open_and_service_goes_on() -> None:
    ann = replace(ANN, open_case=True)
    assert one(USUAL, mail(customer=ann)).code == "open_case"
    assert one(USUAL, mail(customer=ann, purpose="service")).does == "send"


def test_g3_a_pause_holds_until_its_day_and_not_into_the_night_after() -> None:
    night = NOON_US + 10 * DAY_US + 11 * HOUR_US  # 23:00
    ann = replace(ANN, paused_until_us=night)
    verdict = one(replace(USUAL, lapse_days=30), mail(customer=ann))
    assert (verdict.does, verdict.code) == ("hold", "paused")
    assert verdict.again_us == night + 9 * HOUR_US
    assert one(USUAL, mail(customer=ann, purpose="service")).does == "send"
    assert one(USUAL, mail(customer=ann, asked_us=0), now_us=night + 9 * HOUR_US).does == "send"


def test_g3_quiet_hours_hold_service_only_where_it_is_said_and_never_an_answer() -> None:
    policy = Policy(hours=(Hours("email", Quiet(11 * 60, 13 * 60)),))
    assert one(policy, mail()).again_us == NOON_US + HOUR_US
    assert one(policy, mail(purpose="service")).does == "send"
    strict = Policy(hours=(Hours("email", Quiet(11 * 60, 13 * 60), service=True),))
    assert one(strict, mail(purpose="service")).code == "quiet_hours"
    assert one(strict, mail(purpose="service", answers=True)).does == "send"
    assert one(strict, mail(purpose="legal")).does == "send"


def test_g3_greetings_go_on_the_day_they_are_about() -> None:
    day = datetime.fromtimestamp(NOON_US // 1_000_000, UTC).date()
    ann = replace(ANN, place=Place((ZoneInfo("UTC"),), holidays=frozenset((day,))))
    assert one(USUAL, mail(customer=ann)).code == "rest_day"
    assert one(USUAL, mail(customer=ann, topic=GREETINGS)).does == "send"


def test_g3_messages_of_service_take_room_only_where_it_is_said() -> None:
    policy = Policy(caps=(Cap("email", "day", 1),))
    before = Past("ann", "email", "service", NOON_US - HOUR_US)
    assert one(policy, mail(), before).does == "send"
    assert one(replace(policy, service_counts=True), mail(), before).code == "cap"
    assert one(policy, mail(channel="telegram"), went(mail(), NOON_US)).does == "send"


def test_g3_the_pace_that_a_customer_chose_holds_and_no_floor_lifts_it() -> None:
    ann = replace(ANN, pace_days=30)
    before = went(mail(), NOON_US - 12 * DAY_US)
    verdict = one(Policy(floor_days=5, lapse_days=90), mail(customer=ann), before)
    assert (verdict.code, verdict.again_us) == ("pace", NOON_US + 18 * DAY_US)
    assert one(Policy(), mail(customer=ann), Past("ann", "email", "service", NOON_US)).does == "send"
