from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

import mail_samples as samples
from holdfast.connectors.mails import calls
from holdfast.connectors.mails.calls import Mailbox, Meant, bare_subject, meaning, other_side, refers_to
from holdfast.connectors.mails.reading import read_mail
from holdfast.connectors.segment import MOST_EVENT_BYTES, check
from mail_samples import raw

OURS = Mailbox(frozenset({"help@shop.example"}), frozenset({"shop.example"}), "mx.shop.example")
ARRIVED = datetime(2026, 5, 18, 6, 31, tzinfo=UTC)


def meant(mail: bytes) -> Meant:
    found = meaning(read_mail(mail), OURS, conversation="c", arrived=ARRIVED)
    received_us = int(ARRIVED.timestamp() * 1_000_000)
    for call in found.calls:
        assert check(call, endpoint="batch", received_us=received_us) is None
        assert len(json.dumps(call, ensure_ascii=False).encode()) < MOST_EVENT_BYTES
    return found


def test_a_mail_says_who_wrote_and_what() -> None:
    who, what = meant(samples.in_charset("utf-8", "Kettle", "It broke.\n\n-- \nAnn", name="Ann Kelly")).calls
    assert (who["userId"], who["traits"]) == (
        "ann@example.org",
        {"email": "ann@example.org", "name": "Ann Kelly"},
    )
    told: dict[str, Any] = what["properties"]
    assert (what["event"], what["userId"], what["timestamp"]) == (
        "Message Received",
        "ann@example.org",
        "2026-05-18T06:30:00+00:00",
    )
    assert {
        name: told[name] for name in ("conversation_id", "code", "text", "subject", "author", "folded_from")
    } == {
        "conversation_id": "c",
        "code": "email",
        "text": "It broke.\n\n-- \nAnn",
        "subject": "Kettle",
        "author": "Ann Kelly",
        "folded_from": 9,
    }


def test_the_same_mail_has_the_same_key_and_another_with_its_id_has_not() -> None:
    one = meant(raw("Subject: a")).calls[-1]["messageId"]
    assert meant(raw("Received: by another", "Subject: a")).calls[-1]["messageId"] == one
    assert meant(raw("Subject: a", "Date: Mon, 18 May 2026 09:31:00 +0300")).calls[-1]["messageId"] != one
    assert meant(raw("From: Eve <eve@evil.example>")).calls[-1]["messageId"] != one


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Mon, 18 May 2026 09:30:00 +0300", "2026-05-18T06:30:00+00:00"),
        ("Mon, 18 May 2099 09:30:00 +0300", "2026-05-18T06:31:00+00:00"),
        ("Mon, 18 May 1999 09:30:00 +0300", "2026-05-18T06:31:00+00:00"),
        ("nonsense", "2026-05-18T06:31:00+00:00"),
    ],
)
def test_a_date_that_cannot_be_believed_is_that_of_its_arrival(date: str, at: str) -> None:
    assert meant(raw(f"Date: {date}")).calls[-1]["timestamp"] == at


def test_what_we_sent_is_said_of_the_customer_it_went_to() -> None:
    sent = raw("From: Support <help@shop.example>", "To: boss@shop.example, Ann <ann@example.org>")
    who, what = meant(sent).calls
    assert (who["userId"], what["event"], what["properties"]["author"], what["properties"]["address"]) == (
        "ann@example.org",
        "Message Sent",
        "Support",
        "ann@example.org",
    )


def test_mails_among_ourselves_and_without_a_sender_are_nothing() -> None:
    assert meant(raw("From: a@shop.example", "To: help@shop.example")).calls == ()
    assert meant(raw("From: nobody")).calls == ()
    assert meant(raw("From: help@shop.example")).calls == ()


def test_returned_mails_complaints_and_automatic_answers() -> None:
    (bounced,) = meant(samples.BOUNCE).calls
    assert (bounced["event"], bounced["userId"], bounced["properties"]["code"]) == (
        "Email Bounced",
        "gone@example.org",
        "5.1.1",
    )
    (complaint,) = meant(samples.COMPLAINT).calls
    assert (complaint["event"], complaint["userId"]) == ("Email Marked as Spam", "tired@example.org")
    _, absent = meant(raw("Auto-Submitted: auto-replied", body=b"I left the company.")).calls
    assert (absent["event"], "conversation_id" in absent["properties"]) == ("Automatic Reply Received", False)
    for nothing in (samples.RECEIPT, raw("List-Id: <x>"), raw("From: help@shop.example", "X-Autoreply: 1")):
        assert meant(nothing).calls == ()


def test_a_sender_that_our_server_found_forged_is_nobody_we_know() -> None:
    who, what = meant(raw("Authentication-Results: mx.shop.example; dmarc=fail")).calls
    assert who["userId"] == what["userId"] == "unproven:ann@example.org"
    assert "email" not in who["traits"]
    assert what["properties"]["unproven"] is True
    assert "unproven" not in meant(raw("Authentication-Results: evil; dmarc=fail")).calls[1]["properties"]


def test_a_text_too_long_for_a_call_is_shortened() -> None:
    for text in ("سلام " * 20_000, "\x01" * 30_000, "a" * 100_000):
        mail = raw("Content-Type: text/plain; charset=utf-8", body=text.encode())
        told = meant(mail).calls[-1]["properties"]
        assert told["shortened"] is True
        assert 3_000 < len(told["text"]) < len(text)


@pytest.mark.parametrize(
    "subject",
    ["Re: Kettle", "RE: re: KETTLE", "Fwd: Re[2]: kettle", "AW: Kettle", "Răsp: Kettle", "Отг: Kettle"]
    + ["Ответ: Kettle", "پاسخ: Kettle", "回复：Kettle", "  kettle  "],
)
def test_a_subject_without_what_mailers_put_before_it(subject: str) -> None:
    assert bare_subject(subject) == "kettle"


def test_only_an_answer_without_references_is_found_by_its_subject() -> None:
    other = other_side(read_mail(raw()), OURS)
    assert other is not None

    def found(*head: str) -> tuple[list[str], str]:
        return refers_to(read_mail(raw(*head)), other[0])

    assert found("Subject: Kettle") == ([], "")
    assert found("Subject: Re: Kettle") == ([], "ann@example.org\nkettle")
    assert found("Subject: Re:") == ([], "")
    assert found("Subject: Re: Kettle", "References: <a> <b>", "In-Reply-To: <c>") == (["c", "b", "a"], "")


def test_a_conversation_is_named_by_what_began_it() -> None:
    assert calls.root_of(read_mail(raw("References: <a> <b>"))) == "a"
    assert calls.root_of(read_mail(raw())) == "one@example.org"
