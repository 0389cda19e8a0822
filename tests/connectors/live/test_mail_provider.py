"""What events of mail providers mean: for good or for now, by a person or by a machine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from holdfast.connectors.live.mail_provider import SOURCE, MailProviderOptions
from holdfast.connectors.webhooks import Told
from holdfast.domain.deliveries import Report

AT = datetime(2026, 5, 17, 9, 30, tzinfo=UTC)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"


def told(type_: str, **more: Any) -> Told:
    event = {
        "type": type_,
        "at": AT.isoformat(),
        "recipient": "Ann@Example.com",
        "names": ["a@b", "<a@b>", 7, ""],
    }
    (found,) = SOURCE.read({"events": [event | more]}, {}, MailProviderOptions())
    return found


def report(type_: str, **more: Any) -> Report:
    (found,) = told(type_, **more).reports
    return found


def test_a_report_names_the_message_and_the_address() -> None:
    assert report("delivered", response="250 OK") == Report(
        "email", ("<a@b>",), "delivered", AT, "ann@example.com"
    )


@pytest.mark.parametrize(
    ("more", "for_good"),
    [
        ({"kind": "Permanent", "status": "5.1.1", "response": "smtp; 550 5.1.1 user unknown"}, True),
        ({"kind": "Permanent", "response": "550 4.7.1 greylisted"}, False),
        ({"kind": "Permanent", "status": "5.7.1", "response": "550 5.7.1 blocked by Spamhaus"}, False),
        ({"kind": "Permanent", "status": "5.2.2", "response": "552 5.2.2 mailbox full"}, False),
        ({"kind": "Permanent"}, True),
        ({"kind": "Transient", "response": "mailbox full"}, False),
        ({"kind": "HardBounce"}, True),
        ({"kind": "SoftBounce", "description": "unable to deliver"}, False),
        ({"kind": "bounce", "status": "5.0.0", "response": "550 no such user here"}, True),
        ({"kind": "blocked", "response": "550 policy"}, False),
        ({"kind": "permanent", "status": "550", "response": "5.1.1 does not exist"}, True),
        ({"kind": "temporary", "status": "451"}, False),
        ({}, False),
    ],
)
def test_g2_what_comes_back_for_good_is_told_from_the_rest(more: dict[str, str], for_good: bool) -> None:
    assert report("bounced", **more).for_good == for_good


@pytest.mark.parametrize(
    ("reason", "what"),
    [
        ("bounced", "bounced"),
        ("invalid", "bounced"),
        ("spam", "complained"),
        ("unsubscribed", "unsubscribed"),
    ],
)
def test_what_a_provider_did_not_even_try_means_what_it_stands_for(reason: str, what: str) -> None:
    found = report("rejected", reject_reason=reason)
    assert (found.what, found.for_good) == (what, what == "bounced")


@pytest.mark.parametrize("kind", ["opened", "clicked", "unsubscribed"])
def test_g2_what_a_machine_does_is_no_deed_of_the_customer(kind: str) -> None:
    assert report(kind, user_agent=PHONE).what == kind
    for by in ({"user_agent": "Mozilla/5.0"}, {"user_agent": PHONE, "machine": True}):
        found = told(kind, **by)
        assert (found.reports, found.ignored, found.kind) == ((), True, f"{kind} (machine)")


@pytest.mark.parametrize("kind", ["queued", "sent", "deferred", "autoresponded", "subscribed", "unknown", ""])
def test_the_rest_says_nothing(kind: str) -> None:
    assert told(kind).ignored
    assert told("rejected", reject_reason="blocked").ignored
    assert told("delivered", recipient="nobody").ignored
