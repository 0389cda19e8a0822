"""What Twilio's forms mean, and that its own library signs as we believe."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from connectors.live.signing import SECRET, delivery
from holdfast.connectors.live.sms import SOURCE, SmsOptions
from holdfast.connectors.webhooks import RECEIVED, Delivery, Told
from holdfast.domain.deliveries import Report

AT = datetime(2026, 5, 17, 9, 30, tzinfo=UTC)
WROTE = {
    "MessageSid": "SM1",
    "SmsStatus": "received",
    "From": "+353851234567",
    "To": "+15005550006",
    "NumMedia": "0",
}
FORM = {"Body": "Hi & bye = ✓", "From": "+353851234567", "MessageSid": "SM1", "Empty": ""}


def told(**form: str) -> Told:
    (found,) = SOURCE.read(form, {RECEIVED: AT.isoformat()}, SmsOptions())
    return found


def calls(**form: str) -> list[dict[str, Any]]:
    return list(told(**{**WROTE, **form}).calls)


def test_a_text_says_whose_number_wrote_and_belongs_to_its_conversation() -> None:
    who, what = calls(Body="سلام")
    assert (who["userId"], who["traits"]) == ("+353851234567", {"phone": "+353851234567"})
    assert (what["event"], what["timestamp"], what["messageId"]) == (
        "Message Received",
        AT.isoformat(),
        "SM1",
    )
    said = what["properties"]
    assert (said["text"], said["conversation_id"], said["channel"]) == ("سلام", "+353851234567", "sms")


@pytest.mark.parametrize(
    ("form", "given"),
    [
        ({"Body": "STOP"}, False),
        ({"Body": "stop."}, False),
        ({"Body": "لغو"}, False),
        ({"Body": "Halt", "OptOutType": "STOP"}, False),
        ({"Body": "START"}, True),
        ({"Body": "Hello", "OptOutType": "START"}, True),
        ({"Body": "Do not stop"}, None),
        ({"Body": "HELP", "OptOutType": "HELP"}, None),
    ],
)
def test_g2_a_stop_withdraws_consent_for_sms(form: dict[str, str], given: bool | None) -> None:
    who, *rest = calls(**form)
    said = who["traits"].get("consent", {}).get("marketing")
    assert (None if said is None else said["given"]) == given
    assert said is None or (said["channel"], said["wording"]) == ("sms", form["Body"])
    assert [each["event"] for each in rest] == (["Unsubscribed"] if given is False else []) + [
        "Message Received"
    ]


def test_pictures_are_named_by_their_kind() -> None:
    (_, what) = calls(Body="", NumMedia="2", MediaContentType0="image/jpeg", MediaContentType1="video/mp4")
    assert [each["type"] for each in what["properties"]["attachments"]] == ["image/jpeg", "video/mp4"]
    assert calls(Body="", NumMedia="-3") == [] == calls(Body="", NumMedia="x")


@pytest.mark.parametrize(
    ("status", "code", "report"),
    [
        ("delivered", "", Report("sms", ("SM7",), "delivered", AT, "+353851234567")),
        (
            "undelivered",
            "30006",
            Report("sms", ("SM7",), "undelivered", AT, "+353851234567", "30006", for_good=True),
        ),
        ("undelivered", "30003", Report("sms", ("SM7",), "undelivered", AT, "+353851234567", "30003")),
        (
            "failed",
            "21610",
            Report("sms", ("SM7",), "undelivered", AT, "+353851234567", "21610", opted_out=True),
        ),
    ],
)
def test_what_became_of_a_message_is_a_report(status: str, code: str, report: Report) -> None:
    form = {"MessageSid": "SM7", "SmsStatus": status, "MessageStatus": status, "To": "+353851234567"}
    found = told(**form, **({"ErrorCode": code} if code else {}))
    assert (found.reports, found.calls) == ((report,), ())


@pytest.mark.parametrize("status", ["queued", "sending", "sent", "accepted", "whatever"])
def test_on_its_way_says_nothing(status: str) -> None:
    found = told(MessageSid="SM7", MessageStatus=status, SmsStatus=status, To="+353851234567")
    assert (found.ignored, found.reports) == (True, ())


def test_a_sender_that_is_no_number_is_nobody() -> None:
    assert calls(From="Kettles", Body="Hi") == [] == calls(From="12345", Body="Hi")


@pytest.mark.parametrize(
    ("signed", "arrived"),
    [
        ("https://holdfast.example/hooks/sms", "https://holdfast.example/hooks/sms"),
        ("https://holdfast.example:443/hooks/sms", "https://holdfast.example/hooks/sms"),
        ("https://holdfast.example/hooks/sms", "https://holdfast.example:8443/hooks/sms"),
        ("https://holdfast.example/hooks/sms?a=1", "https://holdfast.example/hooks/sms?a=1"),
        ("https://[2001:db8::7]/hooks/sms", "https://[2001:db8::7]/hooks/sms"),
    ],
)
def test_g2_what_twilios_library_signs_is_believed(signed: str, arrived: str) -> None:
    from urllib.parse import urlencode

    signature = RequestValidator(SECRET).compute_signature(signed, FORM)
    sent = Delivery(arrived, {"x-twilio-signature": signature}, urlencode(FORM).encode())
    assert SOURCE.verify(sent, [SECRET], AT) is None
    for body in (urlencode({**FORM, "Body": "Hi"}), urlencode({**FORM, "More": "1"}), ""):
        assert SOURCE.verify(replace(sent, body=body.encode()), [SECRET], AT) is not None
    assert SOURCE.verify(replace(sent, url="https://other.example/hooks/sms"), [SECRET], AT) is not None


def test_its_newer_signature_is_believed_as_well() -> None:
    sent = delivery("sms", FORM, AT)
    signature = RequestValidator(SECRET).compute_signature(sent.url, FORM, "HMAC_SHA256")
    headers = {
        "x-twilio-signature": signature,
        "x-twilio-webhooks-signature-settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256",
    }
    assert SOURCE.verify(replace(sent, headers=headers), [SECRET], AT) is None
    assert SOURCE.verify(replace(sent, headers={"x-twilio-signature": signature}), [SECRET], AT) is not None
