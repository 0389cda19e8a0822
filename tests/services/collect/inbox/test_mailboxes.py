"""A mailbox on a real IMAP server, from the mail to the inbox (A4, A9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import imap_server
import mail_samples as samples
from brought import bring
from holdfast.services.collect.inbox import mailboxes
from holdfast.services.collect.inbox.mailboxes import KIND, NAMESPACE, PASSWORD, read_mailboxes
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import live_sources, source_notes, sql
from holdfast.store.live_sources import LiveSource
from holdfast.store.sealed import seal
from imap_server import ImapServer
from mail_samples import raw

NOW = datetime(2026, 5, 18, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)
_numbers = count()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImapServer]:
    with imap_server.serving(tmp_path_factory.mktemp("imap")) as running:
        yield running


class Office:
    """A workspace with a mailbox: one folder of the server, made for one test."""

    def __init__(self, settings: Settings, machine: ImapServer, /, **options: Any) -> None:
        self.settings, self.server, self.folder = settings, machine, f"Test{next(_numbers)}"
        with machine.signed_in() as client:
            client.create(self.folder)
        told = {
            "host": "localhost",
            "port": machine.tls_port,
            "user": imap_server.USER,
            "folders": [self.folder],
            "ours": ["shop.example"],
        }
        self.source: LiveSource = live_sources.ensure(
            settings, "mailbox", KIND, namespace=NAMESPACE, options=told | options, now_us=NOW_US
        )
        seal(settings, self.source.id, {PASSWORD: imap_server.PASSWORD})

    def deliver(self, *mails: bytes, at: datetime = imap_server.AT) -> None:
        self.server.deliver(*mails, folder=self.folder, at=at)

    def read(self, now: datetime = NOW) -> int:
        found = read_mailboxes(self.settings, now, trust=self.server.trust)
        take_in_arrived(self.settings, now_us=int(now.timestamp() * 1_000_000))
        return found

    def conversations(self) -> list[tuple[Any, ...]]:
        return sql.read(
            "SELECT title, author, address, state, unread, messages FROM inbox_conversation "
            "ORDER BY last_us, id"
        )

    def events(self) -> list[tuple[str, str]]:
        return sql.read(
            "SELECT l.name, s.key FROM log_row l JOIN subject s ON s.id = l.subject_id ORDER BY l.seq"
        )


@pytest.fixture
def office(base: Settings, server: ImapServer) -> Office:
    return Office(base, server)


def test_a_mail_is_read_once_and_the_mailbox_stays_as_it_is(office: Office) -> None:
    office.deliver(raw("Subject: Kettle", body=b"It broke."))
    assert (office.read(), office.read()) == (1, 0)
    assert office.conversations() == [("Kettle", "Ann Kelly", "ann@example.org", "open", 1, 1)]
    assert office.events() == [("Message Received", "ann@example.org")]
    assert sql.read("SELECT text FROM customer_text") == [("It broke.",)]
    assert sql.read("SELECT trait, value FROM trait_row") == [("name", "Ann Kelly")]
    assert not any(b"Seen" in line for line in office.server.flags(office.folder))


def test_mails_that_answer_each_other_are_one_conversation(office: Office) -> None:
    office.deliver(
        raw("Message-ID: <1@x>", "Subject: Kettle"),
        raw(
            "Message-ID: <2@x>",
            "Subject: Re: Kettle",
            "In-Reply-To: <1@x>",
            "Date: Mon, 18 May 2026 09:31:00 +0300",
        ),
        raw("Message-ID: <9@x>", "Subject: Kettle", "Date: Mon, 18 May 2026 09:32:00 +0300"),
    )
    office.read()
    office.deliver(
        # Its neighbour, which names the first only, and one whose mailer names nothing.
        raw("Message-ID: <3@x>", "Subject: other words", "References: <1@x> <unknown@x>"),
        raw("Message-ID: <4@x>", "Subject: RE: Kettle"),
    )
    office.read()
    assert [(title, n) for title, *_, n in office.conversations()] == [("Kettle", 3), ("Kettle", 2)]


def test_an_answer_that_comes_before_what_it_answers_joins_it(office: Office) -> None:
    office.deliver(raw("Message-ID: <2@x>", "Subject: Re: Kettle", "References: <0@x> <1@x>"))
    office.read()
    office.deliver(raw("Message-ID: <1@x>", "Subject: Kettle", "References: <0@x>"))
    office.read()
    assert [row[-1] for row in office.conversations()] == [2]


def test_the_same_mail_in_two_folders_and_delivered_again_is_one(office: Office) -> None:
    mail = raw("Subject: Kettle", body=b"It broke.")
    office.deliver(mail, b"Received: from elsewhere\r\n" + mail)
    office.read()
    assert [row[-1] for row in office.conversations()] == [1]
    assert len(office.events()) == 1


def test_a_folder_that_is_numbered_anew_is_read_again_and_nothing_doubles(office: Office) -> None:
    office.deliver(raw("Subject: Kettle"))
    office.read()
    with office.server.signed_in() as client:
        client.delete(office.folder)
        client.create(office.folder)
    office.deliver(raw("Subject: Kettle"), raw("Message-ID: <new@x>", "Subject: Pan"))
    assert office.read() == 2
    assert [row[-1] for row in office.conversations()] == [1, 1]


def test_what_we_sent_is_in_the_conversation_and_leaves_nobody_waiting(office: Office) -> None:
    office.deliver(
        raw("Message-ID: <1@x>", "Subject: Kettle"),
        raw(
            "From: Support <help@shop.example>",
            "To: ann@example.org",
            "Message-ID: <2@shop>",
            "In-Reply-To: <1@x>",
            "Subject: Re: Kettle",
            "Date: Mon, 18 May 2026 09:30:30 +0300",
        ),
    )
    office.read()
    assert sql.read("SELECT messages, waiting FROM inbox_conversation") == [(2, False)]
    assert [name for name, _ in office.events()] == ["Message Received", "Message Sent"]


def test_mail_from_before_is_history_and_from_long_before_is_not_read(office: Office) -> None:
    office.deliver(raw("Message-ID: <a@x>", "Subject: Long ago"), at=NOW - timedelta(days=200))
    office.deliver(raw("Message-ID: <b@x>", "Subject: History"), at=NOW - timedelta(days=20))
    office.deliver(raw("Message-ID: <c@x>", "Subject: News"), at=NOW - timedelta(hours=1))
    office.read()
    assert [(row[0], row[3], row[4]) for row in office.conversations()] == [
        ("History", "closed", 0),
        ("News", "open", 1),
    ]


def test_the_address_links_to_the_customer_who_is_known_by_it(office: Office) -> None:
    bring(office.settings, {"C-7": {"name": "Ann", "email": "ann@example.org"}})
    office.deliver(raw("Subject: Kettle"))
    office.read()
    ((linked,),) = sql.read(
        "SELECT COUNT(*) FROM identity_link l JOIN subject s ON s.id IN (l.subject_id, l.unit_id) "
        "WHERE s.namespace = 'mail' AND l.reason = 'email'"
    )
    assert linked == 1


def test_a_sender_whom_our_server_found_forged_is_linked_to_nobody(
    base: Settings, server: ImapServer
) -> None:
    office = Office(base, server, server="mx.shop.example")
    bring(base, {"C-7": {"name": "Ann", "email": "ann@example.org"}})
    office.deliver(raw("Authentication-Results: mx.shop.example; dmarc=fail", "Subject: Send me all"))
    office.read()
    assert sql.read("SELECT COUNT(*) FROM identity_link") == [(0,)]
    assert office.events() == [("Message Received", "unproven:ann@example.org")]


def test_a_returned_mail_counts_for_an_address_that_we_know_and_no_other(office: Office) -> None:
    office.deliver(samples.BOUNCE)
    office.read()
    assert office.events() == []
    bring(office.settings, {"C-7": {"email": "gone@example.org"}})
    office.deliver(samples.BOUNCE.replace(b"<one@example.org>", b"<two@example.org>"))
    office.read()
    assert office.events() == [("Email Bounced", "gone@example.org")]
    assert office.conversations() == []


def test_what_nobody_wrote_is_counted_and_left_out(office: Office) -> None:
    office.deliver(raw("List-Id: <news.example>"), samples.RECEIPT, raw("From: nobody"))
    office.deliver(raw("From: colleague@shop.example", "To: help@shop.example", "Message-ID: <x@y>"))
    office.read()
    assert office.events() == office.conversations() == []
    told = {
        (each.outcome, each.kind): each.count
        for each in source_notes.tallies(office.settings, office.source.id)
    }
    assert told == {("ignored", "bulk"): 1, ("ignored", "receipt"): 1, ("ignored", "written"): 2}


def test_each_language_comes_through_whole(office: Office) -> None:
    for number, (charset, subject, text, name) in enumerate(samples.LANGUAGES.values()):
        mail = samples.in_charset(charset, subject, text, name=name)
        office.deliver(mail.replace(b"<one@example.org>", f"<{number}@x>".encode()))
    office.read()
    told = sql.read(
        "SELECT c.title, m.author, m.text FROM inbox_message m "
        "JOIN inbox_conversation c ON c.id = m.conversation_id"
    )
    assert sorted(told) == sorted((each[1], each[3], each[2]) for each in samples.LANGUAGES.values())


def test_bad_mails_do_no_harm(office: Office) -> None:
    office.deliver(
        raw(
            "Subject: <script>alert(1)</script>",
            "From: <script>x</script> <a@example.org>",
            body=b"<b>x</b>\0y",
        ),
        raw("Message-ID: <2@x>", "Subject: =?utf-8?q?a=0D=0ABcc:_b?=", body=b"\xff\xfe\x00broken"),
        samples.nested(50),
        samples.MIXED.replace(b"<one@example.org>", b"<3@x>"),
    )
    assert office.read() == 4
    titles = {title for title, *_ in office.conversations()}
    assert {"<script>alert(1)</script>", "a Bcc: b", "deep", "With files"} == titles
    assert sql.read("SELECT COUNT(*) FROM quarantined") == [(0,)]
    (attachments,) = next(
        iter(sql.read("SELECT attachments FROM inbox_message WHERE text = 'See the pictures.'"))
    )
    assert "passwd" in str(attachments)


def test_names_and_addresses_are_not_in_the_event_log(office: Office) -> None:
    office.deliver(samples.MIXED)
    office.read()
    ((details,),) = sql.read("SELECT details FROM log_row")
    for personal in ("Ann", "ann@example.org", "passwd", "See the pictures", "With files"):
        assert personal not in str(details)


def test_many_mails_are_kept_in_several_transactions(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailboxes, "AT_ONCE", 3)
    office.deliver(*(raw(f"Message-ID: <{n}@x>", f"Subject: {n}") for n in range(8)))
    assert office.read() == 8
    assert len(office.conversations()) == 8


def test_a_first_reading_that_takes_long_goes_on_next_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailboxes, "AT_ONCE", 2)
    monkeypatch.setattr(mailboxes, "SECONDS_A_MAILBOX", -1)
    office.deliver(*(raw(f"Message-ID: <{n}@x>", f"Subject: {n}") for n in range(5)))
    assert [office.read() for _ in range(4)] == [2, 2, 1, 0]
    assert len(office.conversations()) == 5


def test_what_stands_in_the_way_is_said_at_the_source_until_it_is_over(office: Office) -> None:
    seal(office.settings, office.source.id, {PASSWORD: "wrong"})
    assert office.read() == 0
    found = live_sources.by_id(office.settings, office.source.id)
    assert found is not None
    assert "does not let" in str(found.trouble)
    seal(office.settings, office.source.id, {PASSWORD: imap_server.PASSWORD})
    office.read()
    found = live_sources.by_id(office.settings, office.source.id)
    assert found is not None
    assert found.trouble is None


def test_a_mailbox_that_is_switched_off_is_left_alone(office: Office) -> None:
    live_sources.change(office.settings, office.source.id, enabled=False)
    office.deliver(raw())
    assert office.read() == 0


def test_a_secret_of_another_workspace_is_said(office: Office, tmp_path: Path) -> None:
    sql.write("UPDATE live_source SET sealed = 'nonsense' WHERE id = %s", (office.source.id,))
    assert office.read() == 0
    found = live_sources.by_id(office.settings, office.source.id)
    assert found is not None
    assert found.trouble is not None


def test_g3_a_mail_of_ours_that_comes_back_is_not_sent_there_again(office: Office) -> None:
    from holdfast.domain.touch import Recipient, TouchRequest
    from holdfast.store import outbox, suppression

    bring(office.settings, {"C-7": {"email": "gone@example.org"}})
    ((subject,),) = sql.read("SELECT subject_id FROM contact_point WHERE value = 'gone@example.org'")
    to = Recipient("gone@example.org", None, subject)
    outbox.ask(office.settings, TouchRequest("a", "service", "email", to, "Hi", "Hi"), now_us=NOW_US)
    sql.write("UPDATE touch SET state = 'sent', provider_id = '<sent-7@shop.example>'")
    office.deliver(samples.BOUNCE)
    office.read()
    assert suppression.is_suppressed(office.settings, "email", "gone@example.org") == "hard_bounce"
    assert suppression.is_suppressed(office.settings, "email", "slow@example.org") == ""
    assert office.events() == [("Email Bounced", "gone@example.org")]


@pytest.mark.parametrize(
    ("sender", "to", "reason"),
    [
        ("hello@shop.example", "gone@example.org", "hard_bounce"),
        ("hello@shop.example", "other@example.org", ""),
        ("evil@example.net", "hello@shop.example", ""),
        ("gone@example.org", "hello@shop.example", ""),
    ],
)
def test_g3_only_what_we_sent_to_an_address_can_come_back_from_it(
    office: Office, sender: str, to: str, reason: str
) -> None:
    from holdfast.store import suppression

    office.deliver(raw("Message-ID: <sent-7@shop.example>", f"To: {to}", sender=sender))
    office.read()
    office.deliver(samples.BOUNCE)
    office.read()
    assert suppression.is_suppressed(office.settings, "email", "gone@example.org") == reason
