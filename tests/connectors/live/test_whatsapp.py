"""What WhatsApp's notifications mean, and whom its question is answered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from holdfast.connectors.live.whatsapp import SOURCE, WhatsAppOptions, greet
from holdfast.connectors.webhooks import Told
from holdfast.domain.deliveries import Report

AT = datetime(2026, 5, 17, 9, 30, tzinfo=UTC)
STAMP = str(int(AT.timestamp()))
SECRETS = {"verify_token": "kettle42", "app_secret": "s"}
ASK = {"hub.mode": "subscribe", "hub.verify_token": "kettle42", "hub.challenge": "1158201444"}


def told(options: WhatsAppOptions | None = None, **value: Any) -> list[Told]:
    said = {"metadata": {"phone_number_id": "106"}, **value}
    change = {"field": "messages", "value": said}
    return list(SOURCE.read({"entry": [{"changes": [change]}]}, {}, options or WhatsAppOptions()))


def calls(**message: Any) -> list[dict[str, Any]]:
    sent = {"from": "353851234567", "id": "wamid.1", "timestamp": STAMP, "type": "text", **message}
    contacts = [{"wa_id": "353851234567", "profile": {"name": "Ann Kelly"}}]
    return [call for each in told(messages=[sent], contacts=contacts) for call in each.calls]


def test_a_message_says_who_wrote_and_belongs_to_the_conversation() -> None:
    who, what = calls(text={"body": "Hello"})
    assert (who["userId"], who["traits"]) == (
        "353851234567",
        {"phone": "+353851234567", "name": "Ann Kelly"},
    )
    assert (what["timestamp"], what["messageId"]) == (AT.isoformat(), "wamid.1")
    said = what["properties"]
    assert (said["text"], said["conversation_id"], said["author"]) == ("Hello", "353851234567", "Ann Kelly")
    assert (said["address"], said["message_id"], said["channel"]) == ("+353851234567", "wamid.1", "whatsapp")


def test_g2_a_stop_withdraws_consent_for_whatsapp_only() -> None:
    who, stopped, what = calls(text={"body": "Stop"})
    assert who["traits"]["consent"] == {
        "marketing": {"given": False, "channel": "whatsapp", "wording": "Stop", "how": "form"}
    }
    assert (stopped["event"], stopped["properties"]) == ("Unsubscribed", {"code": "whatsapp"})
    assert what["event"] == "Message Received"
    assert "consent" not in calls(text={"body": "Stop sending me the wrong kettle"})[0]["traits"]


def test_meta_s_own_no_to_offers_counts() -> None:
    chosen = {"wa_id": "353851234567", "category": "marketing_messages", "timestamp": int(STAMP)}
    (no,) = told(user_preferences=[{**chosen, "value": "stop", "detail": "User requested to stop"}])
    (yes,) = told(user_preferences=[{**chosen, "value": "resume"}])
    assert no.calls[0]["traits"]["consent"]["marketing"]["given"] is False
    assert yes.calls[0]["traits"]["consent"]["marketing"]["given"] is True
    assert [len(each.calls) for each in (no, yes)] == [2, 1]


@pytest.mark.parametrize(
    ("status", "errors", "report"),
    [
        ("delivered", [], Report("whatsapp", ("wamid.7",), "delivered", AT, "+353851234567")),
        ("read", [], Report("whatsapp", ("wamid.7",), "read", AT, "+353851234567")),
        (
            "failed",
            [{"code": 131026, "title": "Message undeliverable", "error_data": {"details": "No account."}}],
            Report("whatsapp", ("wamid.7",), "undelivered", AT, "+353851234567", "131026", "No account."),
        ),
        (
            "failed",
            [{"code": 131050, "title": "Stopped"}],
            Report(
                "whatsapp",
                ("wamid.7",),
                "undelivered",
                AT,
                "+353851234567",
                "131050",
                "Stopped",
                opted_out=True,
            ),
        ),
        ("sent", [], None),
    ],
)
def test_what_became_of_a_message_is_a_report(status: str, errors: list[Any], report: Report | None) -> None:
    sent = {"id": "wamid.7", "status": status, "timestamp": STAMP, "recipient_id": "353851234567"}
    (found,) = told(statuses=[{**sent, "errors": errors}])
    assert (found.reports, found.ignored) == (((report,), False) if report else ((), True))


def test_several_come_in_one_delivery_and_other_numbers_are_not_ours() -> None:
    message = {"from": "353851234567", "id": "a", "timestamp": STAMP, "type": "text", "text": {"body": "Hi"}}
    sent = {"id": "wamid.7", "status": "read", "timestamp": STAMP, "recipient_id": "353851234567"}
    found = told(messages=[message, {**message, "id": "b"}], statuses=[sent])
    assert [(len(each.calls), len(each.reports)) for each in found] == [(2, 0), (2, 0), (0, 1)]
    (other,) = told(WhatsAppOptions(phone_number_id="999"), messages=[message])
    assert (other.ignored, other.calls) == (True, ())
    assert len(told(WhatsAppOptions(phone_number_id="106"), messages=[message])[0].calls) == 2


def test_the_question_is_answered_to_who_knows_the_word() -> None:
    assert greet(ASK, SECRETS) == "1158201444"


@pytest.mark.parametrize(
    ("query", "secrets"),
    [
        ({**ASK, "hub.verify_token": "guess"}, SECRETS),
        ({**ASK, "hub.mode": "unsubscribe"}, SECRETS),
        ({**ASK, "hub.challenge": "<script>"}, SECRETS),
        ({**ASK, "hub.verify_token": ""}, {"verify_token": ""}),
        ({}, SECRETS),
        (ASK, {}),
    ],
)
def test_nobody_else_is_answered(query: dict[str, str], secrets: dict[str, str]) -> None:
    assert greet(query, secrets) is None
