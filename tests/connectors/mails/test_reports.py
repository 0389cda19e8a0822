from __future__ import annotations

import pytest

import mail_samples as samples
from holdfast.connectors.mails.reading import read_mail
from holdfast.connectors.mails.reports import Failed, about, complained, failures, is_proven, sort_of
from mail_samples import raw

USER_UNKNOWN = "550 5.1.1 <gone@example.org>: user unknown"


def test_a_returned_mail_names_who_is_gone_and_not_who_is_only_slow() -> None:
    mail = read_mail(samples.BOUNCE)
    assert sort_of(mail) == "bounce"
    assert failures(mail) == (Failed("gone@example.org", "5.1.1", USER_UNKNOWN),)
    assert about(mail) == ("sent-7@shop.example",)


def test_a_mail_that_is_only_late_is_no_bounce() -> None:
    late = samples.BOUNCE.replace(b"Action: failed", b"Action: delayed")
    assert sort_of(read_mail(late)) == "receipt"


@pytest.mark.parametrize("bounce", [samples.GMAIL_BOUNCE, samples.QMAIL_BOUNCE])
def test_returned_mails_of_old_servers_are_understood(bounce: bytes) -> None:
    mail = read_mail(bounce)
    assert sort_of(mail) == "bounce"
    assert [(each.email, each.status) for each in failures(mail)] == [("gone@example.org", "5.1.1")]


def test_a_report_of_spam_names_whose_it_was() -> None:
    mail = read_mail(samples.COMPLAINT)
    assert (sort_of(mail), complained(mail), about(mail)) == (
        "complaint",
        "tired@example.org",
        ("sent-8@shop.example",),
    )


@pytest.mark.parametrize(
    ("mail", "sort"),
    [
        (raw("Subject: hello"), "written"),
        (samples.RECEIPT, "receipt"),
        (raw("Auto-Submitted: auto-replied (vacation)"), "automatic"),
        (raw("X-Autoreply: yes"), "automatic"),
        (raw("Subject: Out of Office: back on Monday"), "automatic"),
        (raw("Subject: Автоматический ответ: отпуск"), "automatic"),
        (raw("Auto-Submitted: no"), "written"),
        (raw("Auto-Submitted: auto-generated"), "bulk"),
        (raw("Precedence: bulk"), "bulk"),
        (raw("List-Id: <kettles.example>"), "bulk"),
        (raw("From: MAILER-DAEMON@x.example", "Subject: something else"), "receipt"),
    ],
)
def test_what_no_person_wrote_is_told_apart(mail: bytes, sort: str) -> None:
    assert sort_of(read_mail(mail)) == sort


@pytest.mark.parametrize(
    ("headers", "proven"),
    [
        ((), None),
        (("Authentication-Results: mx.shop.example; spf=pass; dmarc=pass header.from=x",), True),
        (("Authentication-Results: mx.shop.example;\r\n dmarc=fail (p=none)",), False),
        (("Authentication-Results: mx.shop.example; spf=softfail",), None),
        (("Authentication-Results: mx.evil.example; dmarc=pass",), None),
        (
            (
                "Authentication-Results: mx.shop.example; dmarc=fail",
                "Authentication-Results: mx.shop.example; dmarc=pass",
            ),
            False,
        ),
    ],
)
def test_only_our_own_server_says_whether_a_sender_is_proven(
    headers: tuple[str, ...], proven: bool | None
) -> None:
    assert is_proven(read_mail(raw(*headers)), "mx.shop.example") is proven
    assert is_proven(read_mail(raw(*headers)), "") is None
