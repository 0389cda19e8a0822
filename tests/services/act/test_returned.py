"""Mails that come back: hard ones and complaints suppress, soft ones in a row, forged ones nothing (G3)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.connectors.mails.reading import read_mail
from holdfast.services.act.allowed import may_send
from holdfast.services.collect.inbox.returned import note_alive, note_returned
from holdfast.settings import Settings
from holdfast.store import live_sources, outbox, sql, suppression
from holdfast.store.live_sources import LiveSource
from mail_samples import raw
from services.act.people import ANN, NOW_US, known, touch

MESSAGE = "0a1b2c@shop.example"


def report(status: str, address: str = ANN, message: str = MESSAGE, action: str = "failed") -> bytes:
    return raw(
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>",
        "Return-Path: <>",
        "Subject: Undelivered Mail Returned to Sender",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        body=(
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
            f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{message}>\r\n\r\n--b--\r\n"
        ).encode(),
    )


def complaint(address: str = ANN, message: str = MESSAGE) -> bytes:
    return raw(
        "From: fbl@provider.example",
        "Subject: complaint",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
        body=(
            "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n"
            f"User-Agent: x\r\nOriginal-Rcpt-To: <{address}>\r\n\r\n"
            f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{message}>\r\nSubject: Hello\r\n\r\n"
            "Hi\r\n--b--\r\n"
        ).encode(),
    )


@pytest.fixture
def source(workspace: Settings) -> Iterator[LiveSource]:
    """A mailbox of a workspace that has sent Ann a mail."""
    ann = known(workspace)
    outbox.ask(workspace, touch(ann, purpose="service"), now_us=NOW_US)
    sql.write("UPDATE touch SET state = 'sent', provider_id = %s", (f"<{MESSAGE}>",))
    yield live_sources.ensure(workspace, "mailbox", "mail", namespace="mail", now_us=NOW_US)


def note(settings: Settings, source: LiveSource, mail: bytes) -> int:
    with sql.short_write():
        return note_returned(settings, source, read_mail(mail), NOW_US)


def test_g3_a_mail_that_comes_back_for_good_suppresses(workspace: Settings, source: LiveSource) -> None:
    assert note(workspace, source, report("5.1.1")) == 1
    (entry,) = suppression.listed(workspace, limit=9)
    assert (entry.reason, entry.source, entry.note) == ("hard_bounce", "touch 1", "5.1.1")
    held = may_send(workspace, touch(None, purpose="service"), now_us=NOW_US)
    assert held.code == "safe_mode"
    assert suppression.is_suppressed(workspace, "email", ANN) == "hard_bounce"


def test_g3_no_address_stands_in_what_is_kept_of_a_report(workspace: Settings, source: LiveSource) -> None:
    said = f"Status: 4.2.2\r\nDiagnostic-Code: smtp; <{ANN.upper()}>: {ANN}'s mailbox is full"
    mail = report("4.2.2").replace(b"Status: 4.2.2", said.encode())
    for _ in range(suppression.SOFT_BOUNCES):
        assert note(workspace, source, mail) == 1
    (entry,) = suppression.listed(workspace, limit=9)
    assert "mailbox is full" in entry.note
    suppression.lift(workspace, entry.id, by="Niamh", note=f"{ANN} works again", now_us=NOW_US)
    note(workspace, source, mail)
    kept = str(sql.read("SELECT * FROM suppressed") + sql.read("SELECT * FROM soft_bounce")).lower()
    assert "works again" in kept
    assert ANN.partition("@")[0] + "@" not in kept


@pytest.mark.parametrize("status", ["4.4.7", "5.2.2", "5.7.1", "5.3.4", "5.6.0"])
def test_g3_what_may_pass_is_counted_and_suppresses_in_a_row(
    workspace: Settings, source: LiveSource, status: str
) -> None:
    for number in range(1, suppression.SOFT_BOUNCES):
        note(workspace, source, report(status))
        assert suppression.soft_bounces(workspace, ANN) == (number, NOW_US)
    assert suppression.is_suppressed(workspace, "email", ANN) == ""
    note(workspace, source, report(status))
    assert suppression.is_suppressed(workspace, "email", ANN) == "soft_bounces"


def test_g3_an_answer_begins_the_count_anew(workspace: Settings, source: LiveSource) -> None:
    note(workspace, source, report("4.2.2"))
    note_alive(workspace, "Ann@Example.org")
    assert suppression.soft_bounces(workspace, ANN) is None


def test_g3_old_failures_begin_no_row(workspace: Settings, source: LiveSource) -> None:
    later = NOW_US + suppression.SOFT_WITHIN_US + 1
    for now_us in (NOW_US, later):
        suppression.came_back(workspace, ANN, hard=False, status="4.2.2", source="", now_us=now_us)
    assert suppression.soft_bounces(workspace, ANN) == (1, later)


def test_g3_a_complaint_suppresses_offers_and_not_what_is_owed(
    workspace: Settings, source: LiveSource
) -> None:
    note(workspace, source, complaint())
    assert suppression.is_suppressed(workspace, "email", ANN) == "complaint"


@pytest.mark.parametrize(
    "mail",
    [
        report("5.1.1", message="guessed@shop.example"),
        report("5.1.1", address="bo@example.org"),
        report("4.4.1", action="delayed"),
        report("5.1.1", message="x" * 3000),
        complaint(message="guessed@shop.example"),
        complaint(address="not-an-address"),
    ],
)
def test_a_report_about_a_mail_that_we_did_not_send_there_changes_nothing(
    workspace: Settings, source: LiveSource, mail: bytes
) -> None:
    assert note(workspace, source, mail) == 0
    assert suppression.listed(workspace, limit=9) == []
    assert suppression.soft_bounces(workspace, ANN) is None
