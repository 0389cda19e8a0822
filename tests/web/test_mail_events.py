"""G2: what mail providers deliver, as each documents it, through anymail to suppression and the timeline."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from holdfast.services.act.allowed import may_send
from holdfast.services.collect.sources import setting_up
from holdfast.settings import Settings
from holdfast.store import consent, ingest_log, outbox, outbox_reading, source_notes, sql, suppression
from holdfast.web import mail_events
from holdfast.web.limits import Buckets
from services.act.people import ANN, NOW_US, known, touch

if TYPE_CHECKING:
    from django.test import Client

SECRET, KEY = "holdfast:3fk29dkq", "key-7f3"
MESSAGE = "0a1b2c@shop.example"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
NOW = datetime.fromtimestamp(NOW_US / 1_000_000, UTC)
STAMP = NOW_US // 1_000_000 - 60
ISO = datetime.fromtimestamp(STAMP, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@pytest.fixture(autouse=True)
def _fresh_buckets(served: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("holdfast.web.hooks.deliveries", Buckets(per_second=50, burst=500))
    monkeypatch.setattr("holdfast.web.hooks.strangers", Buckets(per_second=0.2, burst=30))
    yield


@pytest.fixture
def ann(served: Settings) -> int:
    """A customer to whom a mail was sent."""
    ann = known(served)
    outbox.ask(served, touch(ann, purpose="service"), now_us=NOW_US)
    sql.write("UPDATE touch SET state = 'sent', provider_id = %s", (f"<{MESSAGE}>",))
    return ann


def connect(settings: Settings, provider: str, key: str = "") -> None:
    secrets = {"webhook_secret": SECRET, "signing_key": key}
    setting_up.add(
        settings,
        "mail_provider",
        name="mail",
        options={"provider": provider},
        secrets=secrets,
        now=datetime.now(UTC),
    )


def post(visitor: Client, payload: Any, *, secret: str | None = SECRET, **headers: str) -> Any:
    if secret is not None:
        headers["Authorization"] = f"Basic {b64encode(secret.encode()).decode()}"
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return visitor.post("/hooks/mail", body, content_type="application/json", headers=headers)


def facts(settings: Settings) -> list[tuple[str, str]]:
    place = {name: number for number, name in enumerate(ingest_log.COLUMNS, start=1)}
    return [(row[place["name"]], row[place["code"]]) for row in ingest_log.rows(settings)]


def history(settings: Settings) -> list[str]:
    return [each.what for each in outbox_reading.history(settings, 1)]


# Each provider's form, as it documents it


def postmark(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "RecordType": kind,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "ServerID": 23,
        "MessageStream": "outbound",
        "Metadata": {"holdfast": f"<{MESSAGE}>"},
        "Recipient": ANN,
        **more,
    }


def sendgrid(kind: str, **more: Any) -> list[dict[str, Any]]:
    about = {"email": ANN, "timestamp": STAMP, "smtp-id": f"<{MESSAGE}>", "sg_event_id": "sg1", "event": kind}
    return [{**about, "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001", **more}]


def mailgun(kind: str, key: str = KEY, **more: Any) -> dict[str, Any]:
    token = "a" * 50
    signature = hmac.new(key.encode(), f"{STAMP}{token}".encode(), sha256).hexdigest()
    return {
        "signature": {"timestamp": str(STAMP), "token": token, "signature": signature},
        "event-data": {
            "event": kind,
            "id": "CPgfbmQMTCKtHW6uIWtuVe",
            "timestamp": float(STAMP),
            "recipient": ANN,
            "message": {"headers": {"message-id": MESSAGE, "to": ANN}},
            **more,
        },
    }


def amazon(kind: str, **more: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """The notification of SNS, and its headers."""
    about = {
        "eventType": kind,
        "mail": {
            "messageId": "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000",
            "destination": [ANN],
            "headers": [{"name": "From", "value": "x"}, {"name": "Message-ID", "value": f"<{MESSAGE}>"}],
        },
        **more,
    }
    sent = {"Type": "Notification", "MessageId": "m1", "Timestamp": ISO, "Message": json.dumps(about)}
    return sent, {"X-Amz-Sns-Message-Type": "Notification", "X-Amz-Sns-Message-Id": "m1"}


BOUNCES = [
    (
        "postmark",
        postmark("Bounce", Type="HardBounce", Email=ANN, BouncedAt=ISO, Details="550 5.1.1 no such user"),
        {},
    ),
    ("sendgrid", sendgrid("bounce", type="bounce", status="5.1.1", reason="550 5.1.1 user unknown"), {}),
    (
        "mailgun",
        mailgun(
            "failed",
            severity="permanent",
            **{"delivery-status": {"code": 550, "message": "5.1.1 no such user"}},
        ),
        {},
    ),
    (
        "amazon_ses",
        *amazon(
            "Bounce",
            bounce={
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [
                    {"emailAddress": ANN, "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
                ],
            },
        ),
    ),
]
DELIVERIES = [
    ("postmark", postmark("Delivery", DeliveredAt=ISO, Details="250 OK"), {}),
    ("sendgrid", sendgrid("delivered", response="250 OK"), {}),
    ("mailgun", mailgun("delivered", **{"delivery-status": {"code": 250, "message": "OK"}}), {}),
    (
        "amazon_ses",
        *amazon("Delivery", delivery={"recipients": [ANN], "smtpResponse": "250 ok", "timestamp": ISO}),
    ),
]
COMPLAINTS = [
    ("postmark", postmark("SpamComplaint", Type="SpamComplaint", Email=ANN, BouncedAt=ISO), {}),
    ("sendgrid", sendgrid("spamreport"), {}),
    ("mailgun", mailgun("complained"), {}),
    ("amazon_ses", *amazon("Complaint", complaint={"complainedRecipients": [{"emailAddress": ANN}]})),
]
OPENS = [
    ("postmark", lambda by: (postmark("Open", UserAgent=by, ReceivedAt=ISO), {})),
    ("sendgrid", lambda by: (sendgrid("open", useragent=by), {})),
    ("mailgun", lambda by: (mailgun("opened", **{"client-info": {"user-agent": by}}), {})),
    ("amazon_ses", lambda by: amazon("Open", open={"userAgent": by, "timestamp": ISO})),
]
IDS = ["postmark", "sendgrid", "mailgun", "amazon_ses"]


def given(settings: Settings, provider: str) -> None:
    connect(settings, provider, KEY if provider == "mailgun" else "")


@pytest.mark.parametrize(("provider", "payload", "headers"), BOUNCES, ids=IDS)
def test_g2_a_mail_that_came_back_for_good_suppresses_and_is_a_fact(
    served: Settings, visitor: Client, ann: int, provider: str, payload: Any, headers: dict[str, str]
) -> None:
    given(served, provider)
    for _ in range(2):  # providers repeat
        assert post(visitor, payload, **headers).status_code == 200
    assert suppression.is_suppressed(served, "email", ANN) == "hard_bounce"
    assert [name for name, _ in facts(served)].count("Email Bounced") == 1
    assert history(served).count("bounced") == 1


@pytest.mark.parametrize(("provider", "payload", "headers"), DELIVERIES, ids=IDS)
def test_g2_a_mail_that_arrived_is_a_fact_and_begins_the_count_anew(
    served: Settings, visitor: Client, ann: int, provider: str, payload: Any, headers: dict[str, str]
) -> None:
    given(served, provider)
    suppression.came_back(served, ANN, hard=False, status="4.2.2", source="", now_us=NOW_US)
    assert post(visitor, payload, **headers).status_code == 200
    assert ("Email Delivered", "email") in facts(served)
    assert (suppression.soft_bounces(served, ANN), history(served)) == (None, ["delivered"])


@pytest.mark.parametrize(("provider", "payload", "headers"), COMPLAINTS, ids=IDS)
def test_g2_a_complaint_ends_offers_and_not_what_is_owed(
    served: Settings, visitor: Client, ann: int, provider: str, payload: Any, headers: dict[str, str]
) -> None:
    given(served, provider)
    assert post(visitor, payload, **headers).status_code == 200
    assert suppression.is_suppressed(served, "email", ANN) == "complaint"
    assert ("Email Marked as Spam", "email") in facts(served)


@pytest.mark.parametrize(("provider", "made"), OPENS, ids=IDS)
def test_g2_a_person_opens_and_a_machine_does_not(
    served: Settings, visitor: Client, ann: int, provider: str, made: Any
) -> None:
    given(served, provider)
    for by in ("Mozilla/5.0", "Barracuda Sentinel (EE)"):
        payload, headers = made(by)
        assert post(visitor, payload, **headers).status_code == 200
    assert [name for name, _ in facts(served) if name.startswith("Email")] == []
    payload, headers = made(PHONE)
    post(visitor, payload, **headers)
    assert [name for name, _ in facts(served) if name.startswith("Email")] == ["Email Opened"]
    assert consent.history(served, [ann]) == []


def test_g2_no_machine_unsubscribes_anybody(served: Settings, visitor: Client, ann: int) -> None:
    given(served, "mailgun")
    for kind in ("clicked", "opened", "unsubscribed"):
        payload = mailgun(kind, url="https://shop.example/u/abc", **{"client-info": {"user-agent": "curl/8"}})
        assert post(visitor, payload).status_code == 200
        bot = mailgun(kind, **{"client-info": {"user-agent": PHONE, "bot": "apple"}})
        assert post(visitor, bot).status_code == 200
    key = suppression.address_key(served, "email", ANN)
    assert consent.allows(served, ann, key, "offers", "email") is None
    clicked = mailgun("clicked", url="https://shop.example/u/abc", **{"client-info": {"user-agent": PHONE}})
    assert post(visitor, clicked).status_code == 200
    assert consent.allows(served, ann, key, "offers", "email") is None
    for _ in range(2):
        assert (
            post(visitor, mailgun("unsubscribed", **{"client-info": {"user-agent": PHONE}})).status_code
            == 200
        )
    assert consent.allows(served, ann, key, "offers", "email") is False
    assert len(consent.history(served, [ann])) == 1
    asked = may_send(served, touch(ann), now_us=NOW_US)
    assert asked.code in ("consent_withdrawn", "safe_mode")


def test_another_s_mail_bounces_and_is_nobody_s_fact(served: Settings, visitor: Client, ann: int) -> None:
    """Another program of the company sends by the same account: the address counts, our messages do not."""
    given(served, "sendgrid")
    other = {
        "smtp-id": "<other@else.example>",
        "email": "bo@example.org",
        "type": "bounce",
        "status": "5.1.1",
    }
    assert post(visitor, sendgrid("bounce", reason="550 5.1.1 unknown user", **other)).status_code == 200
    assert post(visitor, sendgrid("delivered", **{"smtp-id": "<other@else.example>"})).status_code == 200
    assert suppression.is_suppressed(served, "email", "bo@example.org") == "hard_bounce"
    assert (history(served), [name for name, _ in facts(served) if name.startswith("Email")]) == ([], [])


def test_a_report_about_our_mail_to_another_address_is_not_about_it(
    served: Settings, visitor: Client, ann: int
) -> None:
    given(served, "postmark")
    forged = postmark("Delivery", DeliveredAt=ISO, Recipient="bo@example.org")
    assert post(visitor, forged).status_code == 200
    assert history(served) == []


def test_half_of_a_batch_that_cannot_be_read_does_not_cost_the_rest(
    served: Settings, visitor: Client, ann: int
) -> None:
    given(served, "sendgrid")
    batch = [
        *sendgrid("delivered", email=7),
        *sendgrid("delivered", response="250 OK"),
        *sendgrid("whatever"),
    ]
    assert post(visitor, batch).status_code == 200
    assert history(served) == ["delivered"]


@pytest.mark.parametrize(
    "payload", [b"{", b"[]", b"{}", b'{"RecordType": 7}', b"[1, 2]", b"null", b"\xff\xfe"]
)
@pytest.mark.parametrize("provider", ["postmark", "sendgrid"])
def test_what_cannot_be_read_is_counted_and_not_asked_for_again(
    served: Settings, visitor: Client, ann: int, provider: str, payload: bytes
) -> None:
    given(served, provider)
    assert post(visitor, payload).status_code == 200
    assert history(served) == []


def test_no_address_stands_in_the_log(
    served: Settings, visitor: Client, ann: int, caplog: pytest.LogCaptureFixture
) -> None:
    given(served, "amazon_ses")
    headers = {"X-Amz-Sns-Message-Type": "Notification", "X-Amz-Sns-Message-Id": "m1"}
    assert post(visitor, f"{{{ANN}".encode(), **headers).status_code == 200
    assert "could not be read" in caplog.text and ANN not in caplog.text


@pytest.mark.parametrize("provider", IDS)
@pytest.mark.parametrize("secret", [None, "", "holdfast:guess", "3fk29dkq"])
def test_g2_a_stranger_is_not_believed(
    served: Settings, visitor: Client, ann: int, provider: str, secret: str | None
) -> None:
    given(served, provider)
    (payload, headers) = next((each[1], each[2]) for each in BOUNCES if each[0] == provider)
    answer = post(visitor, payload, secret=secret, **headers)
    assert answer.status_code == 401
    assert ("WWW-Authenticate" in answer) == (secret is None)
    assert suppression.is_suppressed(served, "email", ANN) == ""
    (source,) = [each for each, _ in setting_up.listed(served) if each.name == "mail"]
    assert [(each.kind, each.outcome) for each in source_notes.tallies(served, source.id)] == [
        ("bad_signature", source_notes.REFUSED)
    ]


def test_g2_mailgun_s_signature_is_checked(served: Settings, visitor: Client, ann: int) -> None:
    connect(served, "mailgun", KEY)
    assert post(visitor, mailgun("complained", key="another")).status_code == 401
    assert post(visitor, {"event-data": {}}).status_code == 401
    assert post(visitor, mailgun("complained")).status_code == 200
    setting_up.add(
        served,
        "mail_provider",
        name="without",
        options={"provider": "mailgun"},
        secrets={"webhook_secret": SECRET},
        now=datetime.now(UTC),
    )
    headers = {"Authorization": f"Basic {b64encode(SECRET.encode()).decode()}"}
    body = json.dumps(mailgun("complained", key=""))
    answer = visitor.post("/hooks/without", body, content_type="application/json", headers=headers)
    assert answer.status_code == 401  # without a key nothing is believed


def test_g2_sendgrid_s_signature_is_checked_where_its_key_is_known(
    served: Settings, visitor: Client, ann: int
) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    connect(served, "sendgrid", b64encode(public).decode())
    body = json.dumps(sendgrid("spamreport")).encode()
    signature = b64encode(private.sign(b"1779010200" + body, ec.ECDSA(hashes.SHA256()))).decode()
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": "1779010200",
    }
    assert post(visitor, body + b" ", **headers).status_code == 401
    assert post(visitor, body).status_code == 401
    assert post(visitor, body, **headers).status_code == 200
    assert suppression.is_suppressed(served, "email", ANN) == "complaint"


def test_a_delivery_that_is_too_large_is_refused(served: Settings, visitor: Client, ann: int) -> None:
    given(served, "sendgrid")
    assert post(visitor, b"[" + b" " * 1_000_001).status_code == 413
    assert post(visitor, b"[" + b" " * 1_000_001, secret="a:b").status_code in (401, 413)


class _Door:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, method: str, url: str) -> None:
        self.asked.append(f"{method} {url}")


@pytest.mark.parametrize(
    ("url", "is_amazon"),
    [
        ("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336", True),
        ("https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription", True),
        ("http://sns.eu-west-1.amazonaws.com/", False),
        ("https://sns.eu-west-1.amazonaws.com.example.org/", False),
        ("https://sns.eu-west-1.amazonaws.com@evil.example/", False),
        ("https://sns.eu-west-1.amazonaws.com:8443/", False),
        ("https://127.0.0.1/", False),
        ("", False),
    ],
)
def test_g2_only_amazon_is_asked_to_confirm(url: str, is_amazon: bool) -> None:
    door = _Door()
    assert mail_events.confirm(url, door) == is_amazon  # type: ignore[arg-type]
    assert door.asked == ([f"GET {url}"] if is_amazon else [])


def test_g2_amazon_is_confirmed_once_it_gave_the_password(
    served: Settings, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(mail_events, "confirm", asked.append)
    given(served, "amazon_ses")
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336"
    sent = {
        "Type": "SubscriptionConfirmation",
        "MessageId": "m2",
        "Token": "2336",
        "TopicArn": "arn:aws:sns:eu-west-1:123456789012:mails",
        "SubscribeURL": url,
        "Timestamp": ISO,
    }
    headers = {"X-Amz-Sns-Message-Type": "SubscriptionConfirmation", "X-Amz-Sns-Message-Id": "m2"}
    first = post(visitor, sent, secret=None, **headers)
    assert (first.status_code, first["WWW-Authenticate"], asked) == (401, 'Basic realm="Holdfast"', [])
    assert post(visitor, sent, **headers).status_code == 200
    assert asked == [url]
