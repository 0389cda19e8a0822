"""G2: text messages and WhatsApp wherever channels are seen: inbox, outbox, wishes, suppression list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from connectors.live.signing import SECRET, delivery
from holdfast.domain.consent import Statement
from holdfast.domain.masking import SHOWN
from holdfast.domain.texts import Text
from holdfast.domain.touch import Recipient, TouchRequest
from holdfast.language import Reader
from holdfast.services.act.ways_out import with_ways_out
from holdfast.services.collect.sources import setting_up
from holdfast.settings import Settings
from holdfast.store import channel_settings, consent, message_settings, outbox, outbox_reading, suppression
from holdfast.web.limits import Buckets
from services.act.people import NOW_US, call, subject

if TYPE_CHECKING:
    from django.test import Client

PHONE = "+353851234567"


@pytest.fixture(autouse=True)
def _fresh_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.web.hooks.deliveries", Buckets(per_second=50, burst=500))
    monkeypatch.setattr("holdfast.web.hooks.strangers", Buckets(per_second=0.2, burst=30))


def connect(settings: Settings, kind: str) -> None:
    secrets = {
        "sms": {"auth_token": SECRET},
        "whatsapp": {"app_secret": SECRET, "verify_token": "kettle42", "access_token": "t"},
    }
    address = "https://holdfast.example.com"
    setting_up.add(settings, kind, options={}, secrets=secrets[kind], address=address, now=datetime.now(UTC))


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    return str(answer.content.decode())


def touch(channel: str = "sms", text: str = "On its way.", **said: Any) -> TouchRequest:
    given = {"purpose": "service", "to": Recipient(PHONE)} | said
    return TouchRequest(key=f"{channel} {text[:9]}", channel=channel, subject="", text=text, **given)  # type: ignore[arg-type]


def test_g2_twilio_is_answered_with_a_form_that_says_nothing(served: Settings, visitor: Client) -> None:
    """Any other words would be texted to the customer."""
    connect(served, "sms")
    form = {"MessageSid": "SM1", "SmsStatus": "received", "From": PHONE, "Body": "Hi"}
    sent = delivery("sms", form, datetime.now(UTC), url="https://holdfast.example.com/hooks/sms")
    kind = "application/x-www-form-urlencoded"
    answer = visitor.post("/hooks/sms", sent.body, content_type=kind, headers=dict(sent.headers))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml")
    assert answer.content.decode().endswith("<Response></Response>")
    forged = visitor.post("/hooks/sms", b"Body=Hi", content_type=kind, headers=dict(sent.headers))
    assert forged.status_code == 401 and "WWW-Authenticate" not in forged


def test_g2_meta_s_question_is_answered_with_its_challenge(served: Settings, visitor: Client) -> None:
    connect(served, "whatsapp")
    ask = {"hub.mode": "subscribe", "hub.verify_token": "kettle42", "hub.challenge": "1158201444"}
    answer = visitor.get("/hooks/whatsapp", ask)
    assert (answer.status_code, answer.content, answer["Content-Type"][:10]) == (
        200,
        b"1158201444",
        "text/plain",
    )
    assert visitor.get("/hooks/whatsapp", {**ask, "hub.verify_token": "x"}).status_code == 405
    assert visitor.get("/hooks/whatsapp").status_code == 405
    setting_up.enable(served, "whatsapp", False)
    assert visitor.get("/hooks/whatsapp", ask).status_code == 405


def test_g2_channels_of_numbers_can_be_connected_and_stand_in_the_list(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    admin = signed_in("admin")
    text = page(admin, "/inbox/channels")
    assert "/settings/sources/add/sms" in text and "/settings/sources/add/whatsapp" in text
    form = {
        "name": "sms",
        "address": "https://holdfast.example.com",
        "account_sid": "AC1",
        "sender": PHONE,
        "server": "https://api.twilio.com",
        "auth_token": "secret-word-1",
    }
    assert admin.post("/settings/sources/add/sms", form).status_code == 302
    text = page(admin, "/settings/sources/of/sms")
    assert "https://holdfast.example.com/hooks/sms" in text and "secret-word-1" not in text
    assert "Text messages by Twilio" in page(admin, "/inbox/channels")


def test_g2_a_message_says_its_parts_and_its_number_to_who_may_see_it(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    plain = outbox.ask(served, touch(), now_us=NOW_US)
    persian = outbox.ask(served, touch(text="سلام " * 30), now_us=NOW_US)
    client = signed_in("manager")
    assert "1 part, 11 characters of GSM-7" in page(client, f"/messages/{plain}")
    assert "3 parts, 150 characters of UCS-2" in page(client, f"/messages/{persian}")
    assert PHONE in page(client, "/messages?tab=all&channel=sms")
    assert "No message matches" in page(client, "/messages?tab=all&channel=whatsapp")


def test_a_channel_that_does_not_work_is_said_on_the_page_of_messages(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    said = Text("Twilio said: {said}.", said="20003 Authenticate")
    channel_settings.note_trouble(served, "sms", said, rest_us=5_000_000, now_us=NOW_US)
    text = page(signed_in("manager"), "/messages")
    assert "A channel does not work now." in text and "20003 Authenticate" in text


def test_g2_a_number_can_be_put_on_the_list_and_taken_off(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("manager")
    assert (
        client.post("/settings/suppression/add", {"address": PHONE, "note": "Asked by phone"}).status_code
        == 302
    )
    assert suppression.is_suppressed(served, "sms", PHONE) == "by_hand"
    assert suppression.is_suppressed(served, "whatsapp", PHONE[1:]) == "by_hand"
    text = page(client, "/settings/suppression")
    assert "…4567" in text and PHONE not in text and "WhatsApp" in text
    assert "…4567" in page(client, f"/settings/suppression?q=%2B{PHONE[1:]}")
    refused = client.post("/settings/suppression/add", {"address": "0851234567"})
    assert refused.status_code == 422 and b"neither an e-mail address nor a number" in refused.content


def test_g2_offers_by_text_end_with_a_way_out_of_few_letters(served: Settings) -> None:
    message_settings.set_public_url(served, "https://holdfast.example.com")
    out = with_ways_out(served, touch(purpose="marketing"), touch_id=1, now_us=NOW_US)
    first, last = out.text.split("\n")
    assert first == "On its way." and last.startswith(
        "Unsubscribe or choose: https://holdfast.example.com/p/"
    )
    assert out.headers == {}
    longer = with_ways_out(served, touch("whatsapp", purpose="marketing"), touch_id=2, now_us=NOW_US)
    assert "\n--\nChoose what you hear from us" in longer.text


def test_g2_wishes_and_consent_name_the_channels(
    served: Settings, signed_in: Callable[..., Client], visitor: Client
) -> None:
    message_settings.set_public_url(served, "https://holdfast.example.com")
    call(served, {"type": "identify", "userId": "ann", "traits": {"phone": PHONE, "name": "Ann"}})
    ann = subject(served, "ann")
    asked = touch(purpose="marketing", to=Recipient(PHONE, None, ann))
    out = with_ways_out(served, asked, touch_id=1, now_us=NOW_US)
    path = out.text.rpartition("https://holdfast.example.com")[2]
    text = page(visitor, path)
    assert "By text message" in text and "In WhatsApp" not in text
    said = Statement("", "sms", False, NOW_US, "form", "STOP")
    consent.say(served, [consent.Said(ann, said)], now_us=NOW_US)
    assert "By text message" in page(signed_in("manager"), f"/customers/{ann}")


def test_who_may_not_see_numbers_sees_them_in_part(served: Settings) -> None:
    from holdfast.web.masking import Masks
    from holdfast.web.pages.outbox import words

    asked = outbox.ask(served, touch(), now_us=NOW_US)
    found = outbox_reading.one(served, asked or 0)
    assert found is not None
    shown = words.recipient(found, Reader("en", served.zone), Masks())
    assert shown and PHONE not in shown and PHONE[5:] not in shown
    assert words.recipient(found, Reader("en", served.zone), Masks(points=SHOWN)) == PHONE
