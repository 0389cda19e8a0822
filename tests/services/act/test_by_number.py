"""G2: text messages and WhatsApp from the outbox to the provider and back: delivered, answered, stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

import graph_server
import twilio_server
from connectors.live.signing import SECRET, delivery
from graph_server import GraphServer
from holdfast.connectors.outward import Door
from holdfast.domain.touch import Recipient, TouchRequest
from holdfast.services.act.allowed import may_send
from holdfast.services.act.dispatch import send_due
from holdfast.services.collect.inbox import answering
from holdfast.services.collect.sources import intake, setting_up
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import consent, inbox, ingest_log, outbox, outbox_reading, sql, suppression
from holdfast.store.inbox import Wanted
from services.act.people import NOW_US, at_any_hour, call, subject
from twilio_server import ACCOUNT, TwilioServer

PHONE = "+353851234567"
NOW = datetime.fromtimestamp(NOW_US / 1_000_000, UTC)


@pytest.fixture(scope="module")
def twilio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwilioServer]:
    with twilio_server.running(tmp_path_factory.mktemp("twilio")) as running:
        yield running


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphServer]:
    with graph_server.running(tmp_path_factory.mktemp("graph")) as running:
        yield running


@pytest.fixture
def ann(workspace: Settings, twilio: TwilioServer) -> int:
    """A customer with a number, in a workspace that texts by Twilio."""
    twilio.heard, twilio.next = [], []
    at_any_hour(workspace)
    options = {"account_sid": ACCOUNT, "sender": "+15005550006", "server": twilio.address}
    setting_up.add(
        workspace,
        "sms",
        options=options,
        secrets={"auth_token": twilio_server.TOKEN},
        address="https://holdfast.example",
        now=NOW,
    )
    call(workspace, {"type": "identify", "userId": "ann", "traits": {"phone": PHONE, "name": "Ann"}})
    return subject(workspace, "ann")


def ask(settings: Settings, subject_id: int | None, key: str, **said: Any) -> None:
    given: dict[str, Any] = {
        "purpose": "service",
        "channel": "sms",
        "to": PHONE,
        "text": "On its way.",
    } | said
    to = Recipient(given.pop("to"), None, subject_id)
    with sql.short_write():
        outbox.ask(settings, TouchRequest(key=key, to=to, subject="", **given), now_us=NOW_US)


def send(settings: Settings, server: TwilioServer | GraphServer) -> list[tuple[str, str]]:
    """Send what is due; (state, code) of each message, in order."""
    send_due(settings, door=Door(frozenset({"localhost"}), server.trust, within=5))
    found = outbox_reading.listed(settings, outbox_reading.Wanted(), 99)
    return [(each.state, each.code) for each in reversed(found)]


def tell(settings: Settings, kind: str, payload: Any, secret: str) -> intake.Receipt:
    """Let a provider deliver, and take it in."""
    sent = delivery(kind, payload, NOW, secret=secret, url=f"https://holdfast.example/hooks/{kind}")
    receipt = intake.receive(settings, kind, sent, now=NOW)
    take_in_arrived(settings, now_us=NOW_US)
    return receipt


def text(settings: Settings, body: str, name: str = "SMin1") -> None:
    form = {"MessageSid": name, "SmsStatus": "received", "From": PHONE, "To": "+15005550006", "Body": body}
    tell(settings, "sms", form, twilio_server.TOKEN)


def status(settings: Settings, name: str, what: str, **more: str) -> None:
    form = {"MessageSid": name, "MessageStatus": what, "SmsStatus": what, "To": PHONE, **more}
    tell(settings, "sms", form, twilio_server.TOKEN)


def facts(settings: Settings) -> list[tuple[str, int, str]]:
    """(name, subject, code) of what the log says of messages."""
    names = ("Message", "Touch", "Unsub")
    place: Mapping[str, int] = {name: number for number, name in enumerate(ingest_log.COLUMNS, start=1)}
    return [
        (row[place["name"]], row[place["subject_id"]], row[place["code"]])
        for row in ingest_log.rows(settings)
        if row[place["name"]].startswith(names)
    ]


def test_g2_a_text_message_goes_out_and_its_arrival_is_a_fact(
    workspace: Settings, twilio: TwilioServer, ann: int
) -> None:
    ask(workspace, ann, "order 1")
    assert send(workspace, twilio) == [("sent", "")]
    (heard,) = twilio.heard
    assert (heard["Body"], heard["StatusCallback"]) == ("On its way.", "https://holdfast.example/hooks/sms")
    name = f"SM{1:032x}"
    for _ in range(2):  # Twilio repeats what it did not hear us answer
        status(workspace, name, "sent")
        status(workspace, name, "delivered")
    assert facts(workspace) == [("Touch Sent", ann, "sms"), ("Message Delivered", ann, "sms")]
    told = outbox_reading.history(workspace, 1)
    assert [(each.what, each.made_by) for each in told][-1] == ("delivered", "sms")
    assert [each.what for each in told].count("delivered") == 1


def test_g2_half_of_a_batch_that_is_refused_is_told_one_by_one(
    workspace: Settings, twilio: TwilioServer, ann: int
) -> None:
    numbers = (PHONE, twilio_server.LANDLINE, "+353851234568", twilio_server.STOPPED)
    for number, to in enumerate(numbers):
        ask(workspace, ann, f"order {number}", to=to)
    twilio_says_yes_and_means_no = twilio_server.message(
        {"To": PHONE, "Body": ""}, 9, status="failed", error_code=30006
    )
    assert sorted(send(workspace, twilio)) == [
        ("failed", "opted_out"),
        ("failed", "refused_address"),
        ("sent", ""),
        ("sent", ""),
    ]
    assert suppression.is_suppressed(workspace, "sms", twilio_server.STOPPED) == "opted_out"
    ask(workspace, ann, "order 9")
    twilio.next = [(201, {}, twilio_says_yes_and_means_no)]
    assert send(workspace, twilio)[-1] == ("failed", "refused_address")


def test_g2_too_many_requests_let_the_channel_rest_and_cost_no_try(
    workspace: Settings, twilio: TwilioServer, ann: int
) -> None:
    ask(workspace, ann, "order 1")
    twilio.next = [(429, {"Retry-After": "120"}, {"code": 20429, "message": "Too many requests"})] * 20
    assert send(workspace, twilio) == [("waiting", "channel_down")]
    (row,) = sql.read("SELECT rests_until_us FROM channel_setting WHERE channel = 'sms'")
    (touch,) = outbox_reading.listed(workspace, outbox_reading.Wanted(), 9)
    assert (touch.tries, int(row[0]) - touch.changed_us > 100_000_000) == (0, True)


def test_g2_a_number_that_nobody_has_is_suppressed(
    workspace: Settings, twilio: TwilioServer, ann: int
) -> None:
    ask(workspace, ann, "order 1")
    send(workspace, twilio)
    status(workspace, f"SM{1:032x}", "undelivered", ErrorCode="30003")
    assert suppression.is_suppressed(workspace, "sms", PHONE) == ""
    ask(workspace, ann, "order 2")
    send(workspace, twilio)
    status(workspace, f"SM{2:032x}", "undelivered", ErrorCode="30005")
    assert suppression.is_suppressed(workspace, "sms", PHONE) == "unreachable"
    assert [name for name, *_ in facts(workspace)].count("Message Undelivered") == 2
    asked = TouchRequest("order 3", "service", "sms", Recipient("353851234567", None, ann), "", "Hello")
    assert may_send(workspace, asked, now_us=NOW_US).code == "suppressed_unreachable"


def test_g2_a_report_about_nobody_s_message_says_nothing_of_anybody(workspace: Settings, ann: int) -> None:
    status(workspace, "SMother", "delivered")
    status(workspace, "SMother", "undelivered", ErrorCode="30003")
    assert facts(workspace) == []


def test_g2_an_answer_stands_in_the_inbox_and_is_answered(
    workspace: Settings, twilio: TwilioServer, ann: int
) -> None:
    text(workspace, "کی می‌رسد؟")
    (talk,) = inbox.conversations(workspace, Wanted(), 9)
    assert (talk.channel, talk.address, talk.unread) == ("sms", PHONE, 1)
    assert answering.way(workspace, talk) == "sms"
    written = answering.Answer("فردا.", "key", "Niamh", 1, "niamh@example.com", "fa")
    assert answering.answer(workspace, talk, written, now_us=NOW_US) is not None
    sql.write("UPDATE touch SET due_us = asked_us WHERE state = 'waiting'")
    assert send(workspace, twilio) == [("sent", "")]
    assert twilio.heard[0]["Body"] == "فردا."
    assert [(each.incoming, each.text) for each in inbox.messages(workspace, talk.id, 9)] == [
        (True, "کی می‌رسد؟"),
        (False, "فردا."),
    ]


def test_g2_stop_withdraws_consent_for_the_number_and_start_gives_it(
    workspace: Settings, twilio: TwilioServer, ann: int
) -> None:
    yes = {"marketing": {"given": True, "wording": "Text me offers", "how": "form"}}
    call(workspace, {"type": "identify", "userId": "ann", "traits": {"consent": yes}})
    key = suppression.address_key(workspace, "sms", PHONE)
    assert consent.allows(workspace, ann, key, "offers", "sms") is True
    text(workspace, "لغو", "SMstop")
    assert consent.allows(workspace, ann, key, "offers", "sms") is False
    assert (
        consent.allows(
            workspace, ann, suppression.address_key(workspace, "email", "a@example.org"), "offers", "email"
        )
        is True
    )
    assert ("Unsubscribed", "sms") in [(name, code) for name, _, code in facts(workspace)]
    text(workspace, "START", "SMstart")
    assert consent.allows(workspace, ann, key, "offers", "sms") is True


def test_g2_whatsapp_writes_freely_for_a_day_after_the_customer_did(
    workspace: Settings, graph: GraphServer, ann: int
) -> None:
    graph.heard, graph.next = [], []
    options = {"phone_number_id": graph_server.NUMBER_ID, "server": graph.address, "template": "news"}
    secrets = {"app_secret": SECRET, "verify_token": "kettle42", "access_token": graph_server.TOKEN}
    setting_up.add(workspace, "whatsapp", options=options, secrets=secrets, now=NOW)
    ask(workspace, ann, "order 1", channel="whatsapp")
    assert send(workspace, graph) == [("sent", "")]
    wrote = {"from": PHONE[1:], "id": "wamid.in", "timestamp": str(int(NOW.timestamp())), "type": "text"}
    value = {
        "metadata": {"phone_number_id": graph_server.NUMBER_ID},
        "messages": [{**wrote, "text": {"body": "Where is it?"}}],
    }
    tell(workspace, "whatsapp", {"entry": [{"changes": [{"field": "messages", "value": value}]}]}, SECRET)
    ask(workspace, ann, "order 2", channel="whatsapp")
    assert send(workspace, graph) == [("sent", ""), ("sent", "")]
    assert [each["type"] for each in graph.heard] == ["template", "text"]
    (talk,) = inbox.conversations(workspace, Wanted(), 9)
    assert (talk.channel, answering.way(workspace, talk)) == ("whatsapp", "whatsapp")
    stamp = str(int(NOW.timestamp()) - 60)
    read = {"id": "wamid.HBgL2", "status": "read", "timestamp": stamp, "recipient_id": PHONE[1:]}
    value = {"metadata": {"phone_number_id": graph_server.NUMBER_ID}, "statuses": [read]}
    tell(workspace, "whatsapp", {"entry": [{"changes": [{"field": "messages", "value": value}]}]}, SECRET)
    assert ("Message Read", ann, "whatsapp") in facts(workspace)
