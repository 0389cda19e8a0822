"""SMS by Twilio: what is asked, and what each of its answers means (G2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import dispatching
import twilio_server
from holdfast.channels.contract import HOOK, ChannelDown, Tools
from holdfast.channels.sms import CHANNEL
from holdfast.connectors.outward import Door
from holdfast.domain.touch import Parcel, Receipt, Recipient, TouchRequest
from holdfast.services.act import carriers
from twilio_server import ACCOUNT, TOKEN, TwilioServer, error, message

ANN = "+353851234567"
Send = Callable[..., Receipt]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwilioServer]:
    with twilio_server.running(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def twilio(server: TwilioServer) -> TwilioServer:
    server.heard, server.next = [], []
    return server


@pytest.fixture
def send(twilio: TwilioServer) -> Send:
    def sent(to: str = ANN, text: str = "Hello", token: str = TOKEN, **options: Any) -> Receipt:
        given = {"account_sid": ACCOUNT, "sender": "+15005550006", "server": twilio.address} | options
        door = Door(frozenset({"localhost"}), twilio.trust, within=5)
        carrier = CHANNEL.open(Tools(None, carriers._Way(door), lambda via: (given, {"auth_token": token})))
        request = TouchRequest("key", "service", "sms", Recipient(to), "", text)
        return carrier.send(Parcel(1, request, dispatching.now_us()))

    return sent


def test_g2_a_message_is_asked_for_as_twilio_documents(twilio: TwilioServer, send: Send) -> None:
    hook = "https://holdfast.example.com/hooks/sms"
    receipt = send(text="سلام Ann ✓", **{HOOK: hook})
    assert (receipt.outcome, receipt.provider_id) == ("sent", f"SM{1:032x}")
    assert twilio.heard == [{"To": ANN, "Body": "سلام Ann ✓", "From": "+15005550006", "StatusCallback": hook}]


@pytest.mark.parametrize(
    ("sender", "form"),
    [
        ("MG9752274e9e519418a7406176694466fa", {"MessagingServiceSid": "MG9752274e9e519418a7406176694466fa"}),
        ("Kettles", {"From": "Kettles"}),
        ("15005550006", {"From": "+15005550006"}),
    ],
)
def test_it_comes_from_a_number_a_name_or_a_service(
    twilio: TwilioServer, send: Send, sender: str, form: dict[str, str]
) -> None:
    assert send(sender=sender).outcome == "sent"
    assert twilio.heard == [{"To": ANN, "Body": "Hello", **form}]


@pytest.mark.parametrize(
    ("answer", "code", "retry"),
    [
        (
            error(400, 21211, "The 'To' number +353851234567 is not a valid phone number"),
            "refused_address",
            False,
        ),
        (error(400, 21614, "not a mobile number"), "refused_address", False),
        (error(400, 21610, "Attempt to send to unsubscribed recipient"), "opted_out", False),
        (
            error(400, 21408, "Permission to send an SMS has not been enabled for the region"),
            "refused_message",
            False,
        ),
        (
            error(400, 21617, "The concatenated message body exceeds the 1600 character limit"),
            "too_long",
            False,
        ),
        (error(400, 30001, "Queue overflow"), "try_later", True),
        (error(400, 77777, "Something new"), "refused_message", False),
        ((302, {"Location": "https://elsewhere.example/"}, {}), "refused_message", False),
        (
            (201, {}, message({"To": ANN, "Body": ""}, 9, status="failed", error_code=30006)),
            "refused_address",
            False,
        ),
        (
            (200, {}, message({"To": ANN, "Body": ""}, 9, error_code="21610", error_message="no")),
            "opted_out",
            False,
        ),
        ((201, {}, message({"To": ANN, "Body": ""}, 9, status="undelivered")), "refused_message", False),
    ],
)
def test_g2_a_failure_is_told_by_its_code_whatever_the_status(
    twilio: TwilioServer, send: Send, answer: Any, code: str, retry: bool
) -> None:
    twilio.next = [answer]
    receipt = send()
    assert (receipt.outcome, receipt.code, receipt.retry) == ("failed", code, retry)
    assert "851234567" not in str(receipt.reason)


@pytest.mark.parametrize(
    "answer",
    [
        (201, {}, ["no", "message"]),
        (201, {}, {}),
        (500, {}, {"code": 20500, "message": "Internal"}),
        (502, {}, None),
    ],
)
def test_what_was_perhaps_taken_is_not_called_a_failure(
    twilio: TwilioServer, send: Send, answer: Any
) -> None:
    twilio.next = [answer]
    assert (send().outcome, twilio.next) == ("unknown", [])


@pytest.mark.parametrize(
    ("answer", "rest"),
    [
        (error(400, 21606, "The 'From' number is not a valid, SMS-capable number"), 0),
        (error(400, 21703, "The Messaging Service contains no phone numbers"), 0),
        (error(403, 20005, "Account not active"), 0),
        ((429, {"Retry-After": "17"}, {"code": 20429, "message": "Too many requests"}), 17),
        ((429, {"Retry-After": "soon"}, {"code": 20429, "message": "Too many requests"}), 0),
        ((503, {"Retry-After": "99999"}, {}), 3600),
    ],
)
def test_what_is_about_the_account_counts_against_no_message(
    twilio: TwilioServer, send: Send, answer: Any, rest: int
) -> None:
    twilio.next = [answer]
    with pytest.raises(ChannelDown) as down:
        send()
    assert down.value.rest_seconds == rest


def test_a_wrong_token_or_account_is_a_channel_that_is_down(send: Send) -> None:
    with pytest.raises(ChannelDown, match="20003"):
        send(token="another")
    with pytest.raises(ChannelDown, match="2000"):
        send(account_sid="ACother")


def test_half_of_a_batch_that_is_refused_leaves_the_other_half_sent(twilio: TwilioServer, send: Send) -> None:
    receipts = [send(to) for to in (ANN, twilio_server.LANDLINE, "+353851234568", twilio_server.STOPPED)]
    assert [each.code or each.outcome for each in receipts] == [
        "sent",
        "refused_address",
        "sent",
        "opted_out",
    ]
    assert [each["To"] for each in twilio.heard] == [ANN, "+353851234568"]


def test_half_of_a_letter_goes_as_a_question_mark(twilio: TwilioServer, send: Send) -> None:
    assert send(text="Hi \ud83d").outcome == "sent"
    assert twilio.heard[0]["Body"] == "Hi ?"


def test_without_an_account_it_waits_and_says_why() -> None:
    carrier = CHANNEL.open(Tools(None, lambda *_: pytest.fail("asked"), lambda via: None))
    request = TouchRequest("key", "service", "sms", Recipient(ANN), "", "Hello")
    receipt = carrier.send(Parcel(1, request, 0))
    assert (receipt.code, receipt.retry) == ("no_account", True)
