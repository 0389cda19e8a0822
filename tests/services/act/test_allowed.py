"""G3: what may go out: consent, suppression, pace, safe mode and Stop, each by the rule of its purpose."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from holdfast.domain.consent import Statement
from holdfast.domain.touch import TouchRequest
from holdfast.services.act.allowed import may_send, may_send_each
from holdfast.services.collect.identity.merging import merge
from holdfast.settings import Settings
from holdfast.store import consent, invitations, message_settings, outbox, sql, suppression
from holdfast.store.message_settings import Proven
from holdfast.store.suppression import New, address_key
from holdfast.store.users import create_user
from services.act.people import ANN, NOW_US, at_any_hour, known, touch

DAY_US = 86_400_000_000


@pytest.fixture
def ready(base: Settings) -> Settings:
    """A workspace that has left safe mode and says where it is reached."""
    message_settings.note_proven(base, Proven("shop.example", NOW_US, True, {}))
    message_settings.set_public_url(base, "https://holdfast.shop.example/")
    at_any_hour(base)
    return base


def agree(settings: Settings, subject_id: int, given: bool = True, **told: Any) -> None:
    statement = Statement("", "", given, NOW_US, "paper", "I agree", "Niamh", "shop floor")
    consent.say(settings, [consent.Said(subject_id, replace(statement, **told))], now_us=NOW_US)


def code(settings: Settings, request: TouchRequest, now_us: int = NOW_US) -> tuple[str, str]:
    verdict = may_send(settings, request, now_us=now_us)
    return verdict.does, verdict.code


def test_g3_marketing_needs_consent_and_service_does_not(ready: Settings) -> None:
    ann = known(ready)
    assert code(ready, touch(ann)) == ("refuse", "no_consent")
    for purpose in ("service", "legal"):
        assert code(ready, touch(ann, purpose=purpose)) == ("send", "")
    agree(ready, ann)
    assert code(ready, touch(ann)) == ("send", "")
    agree(ready, ann, given=False, at_us=NOW_US, topic="offers", channel="email")
    assert code(ready, touch(ann)) == ("refuse", "consent_withdrawn")
    assert code(ready, touch(ann, topic="news")) == ("send", "")
    assert code(ready, touch(ann, "7", channel="telegram")) == ("send", "")
    assert code(ready, touch(ann, purpose="service")) == ("send", "")


def test_g3_a_company_may_write_to_customers_who_said_nothing(ready: Settings) -> None:
    ann = known(ready)
    message_settings.set_basis(ready, message_settings.CUSTOMERS)
    assert code(ready, touch(ann)) == ("send", "")
    assert code(ready, touch(None)) == ("refuse", "no_consent")
    agree(ready, ann, given=False)
    assert code(ready, touch(ann)) == ("refuse", "consent_withdrawn")


def test_g3_a_no_holds_under_every_id_and_for_whoever_has_the_address(ready: Settings) -> None:
    ann, also = known(ready), known(ready, "ann-2", "ann@home.example")
    agree(ready, ann, given=True)
    agree(ready, also, given=True)
    merge(ready, (ann, also), by="Niamh", now=datetime.now(UTC))
    agree(ready, also, given=False)
    assert code(ready, touch(ann)) == ("refuse", "consent_withdrawn")
    bob = known(ready, "bob", "bob@example.org")
    agree(ready, bob)
    said = Statement("", "email", False, NOW_US, "one_click")
    key = address_key(ready, "email", "Bob@Example.org ")
    consent.say(ready, [consent.Said(0, said, key)], now_us=NOW_US)
    assert code(ready, touch(bob, "bob@example.org")) == ("refuse", "consent_withdrawn")
    assert code(ready, touch(bob, "bob@work.example")) == ("send", "")


@pytest.mark.parametrize(
    ("reason", "service"),
    [
        ("hard_bounce", "refuse"),
        ("soft_bounces", "refuse"),
        ("by_hand", "refuse"),
        ("complaint", "send"),
        ("import", "send"),
    ],
)
def test_g3_suppression_holds_marketing_and_a_hard_one_everything(
    ready: Settings, reason: str, service: str
) -> None:
    ann = known(ready)
    agree(ready, ann)
    suppression.suppress(ready, [New("email", "ANN@example.org", reason)], now_us=NOW_US)
    assert code(ready, touch(ann)) == ("refuse", f"suppressed_{reason}")
    assert code(ready, touch(ann, purpose="service"))[0] == service
    assert code(ready, touch(ann, purpose="staff")) == ("send", "")


@pytest.mark.parametrize("before", ["complaint", "import"])
@pytest.mark.parametrize("after", ["hard_bounce", "soft_bounces", "by_hand"])
def test_g3_a_reason_that_holds_everything_counts_beside_one_that_holds_offers(
    ready: Settings, before: str, after: str
) -> None:
    ann = known(ready)
    for reason, new in ((before, 1), (after, 1), (before, 0), (after, 0)):
        added = suppression.suppress(ready, [New("email", ANN, reason, source=f"of {reason}")], now_us=NOW_US)
        assert added == new
    assert code(ready, touch(ann, purpose="service")) == ("refuse", f"suppressed_{after}")
    (entry,) = suppression.listed(ready, limit=9)
    assert (entry.reason, entry.source) == (after, f"of {after} · {before} of {before}")
    assert suppression.lift(ready, entry.id, by="Niamh", note="a new mailbox", now_us=NOW_US + 1)
    assert suppression.is_suppressed(ready, "email", ANN) == ""


def test_safe_mode_lets_mails_go_only_to_our_people(base: Settings) -> None:
    ann = known(base)
    agree(base, ann)
    assert code(base, touch(ann, purpose="service")) == ("hold", "safe_mode")
    assert code(base, touch(ann)) == ("hold", "safe_mode")
    assert code(base, touch(ann, purpose="legal")) == ("hold", "safe_mode")
    assert code(base, touch(None, "niamh@shop.example", purpose="staff")) == ("hold", "safe_mode")
    create_user(base, email="niamh@shop.example", role="admin", password="kelp-holds-to-rock")
    assert code(base, touch(None, "Niamh@shop.example", purpose="staff")) == ("send", "")
    new = touch(None, "new@shop.example", purpose="staff")
    assert code(base, new) == ("hold", "safe_mode")
    invitations.make(
        base, "new@shop.example", "agent", language="", invited_by=None, now_us=time.time_ns() // 1_000
    )
    assert code(base, new) == ("send", "")
    message_settings.list_addresses(base, ["Ann@Example.org", "@test.example"])
    assert code(base, touch(ann, purpose="service")) == ("send", "")
    assert code(base, touch(None, "who@test.example", purpose="service")) == ("send", "")
    assert code(base, touch(None, "who@not-test.example", purpose="service")) == ("hold", "safe_mode")


def test_a9_safe_mode_lets_answers_by_a_messenger_go(base: Settings) -> None:
    at_any_hour(base)
    ann = known(base)
    assert code(base, touch(ann, "7", purpose="service", channel="telegram")) == ("send", "")
    agree(base, ann)
    assert code(base, touch(ann, "7", channel="telegram")) == ("hold", "safe_mode")


def test_stop_holds_everything_and_start_lets_it_go_on(ready: Settings) -> None:
    ann = known(ready)
    every = [touch(ann, purpose=purpose) for purpose in ("marketing", "service", "legal", "staff")]
    every.append(touch(None, "3", purpose="staff", channel="webhook"))
    agree(ready, ann)
    assert message_settings.stop(ready, by="niamh@example.com", why="wrong price", now_us=NOW_US)
    assert not message_settings.stop(ready, by="bo@example.com", why="", now_us=NOW_US)
    assert {each.code for each in may_send_each(ready, every, now_us=NOW_US)} == {"stopped"}
    assert message_settings.start(ready, by="niamh@example.com", now_us=NOW_US + 1)
    assert not message_settings.start(ready, by="niamh@example.com", now_us=NOW_US + 1)
    assert {each.does for each in may_send_each(ready, every, now_us=NOW_US)} == {"send"}
    kept = sql.read("SELECT why, started_us, started_by FROM sending_stop")
    assert kept == [("wrong price", NOW_US + 1, "niamh@example.com")]


def test_g3_a_marketing_mail_without_a_way_out_waits(base: Settings) -> None:
    message_settings.note_proven(base, Proven("shop.example", NOW_US, True, {}))
    ann = known(base)
    agree(base, ann)
    assert code(base, touch(ann)) == ("hold", "no_way_out")
    assert code(base, touch(ann, purpose="service")) == ("send", "")


def test_g3_the_pace_that_a_customer_chose_holds_the_next(ready: Settings) -> None:
    ann = known(ready)
    agree(ready, ann, pace="weekly")
    first, second = touch(ann, key="a"), touch(ann, key="b")
    assert [each.code for each in may_send_each(ready, [first, second], now_us=NOW_US)] == ["", "pace"]
    outbox.ask(ready, first, now_us=NOW_US)
    sql.write("UPDATE touch SET state = 'sent', changed_us = %s", (NOW_US,))
    verdict = may_send(ready, second, now_us=NOW_US + DAY_US)
    assert (verdict.does, verdict.again_us) == ("hold", NOW_US + 7 * DAY_US)
    assert code(ready, second, NOW_US + 7 * DAY_US) == ("send", "")
    assert code(ready, touch(ann, purpose="service"), NOW_US + DAY_US) == ("send", "")


def test_nothing_asked_is_nothing_answered(base: Settings) -> None:
    assert may_send_each(base, [], now_us=NOW_US) == []
    assert suppression.is_suppressed(base, "email", ANN) == ""
