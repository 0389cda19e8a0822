from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

import imap_server
from holdfast.connectors.mails import imap
from holdfast.connectors.mails.imap import Listed, Mailbox, Place, folder_as_typed
from holdfast.domain.refusals import Refusal
from imap_server import PASSWORD, USER, ImapServer
from mail_samples import raw


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImapServer]:
    with imap_server.serving(tmp_path_factory.mktemp("imap")) as running:
        running.deliver(raw("Subject: one"), raw("Subject: two", body=b"x" * 5_000))
        running.deliver(raw("Subject: old"), at=datetime(2020, 1, 1, 12, tzinfo=UTC))
        with running.signed_in() as client:
            client.create("Sent")
            client.create('"A \\"b\\""')
        yield running


def place(server: ImapServer, **other: object) -> Place:
    told = {"host": "localhost", "user": USER, "password": PASSWORD, "port": server.tls_port} | other
    return Place(**told)  # type: ignore[arg-type]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mails_are_listed_and_fetched_and_nothing_is_marked(server: ImapServer, security: str) -> None:
    port = server.tls_port if security == "tls" else server.port
    with Mailbox(place(server, port=port, security=security), trust=server.trust) as mailbox:
        folder = mailbox.open("INBOX")
        assert folder.epoch > 0
        mails = list(mailbox.listed(folder, 0))
        assert [mail.arrived for mail in mails[:2]] == [imap_server.AT] * 2
        assert folder.next_uid == mails[-1].uid + 1
        bodies = [body for _, body in mailbox.fetched(mails, 1_000)]
        assert b"Subject: one" in bodies[0]
        assert len(bodies[1]) == 1_000 < mails[1].size
        assert list(mailbox.listed(folder, mails[-1].uid)) == []
        assert [mail.uid for mail in mailbox.listed(folder, mails[0].uid)] == [mail.uid for mail in mails[1:]]
    assert not any(b"Seen" in line for line in server.flags())


def test_many_mails_are_fetched_in_portions(server: ImapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "_MOST_AT_ONCE", 1)
    monkeypatch.setattr(imap, "_WINDOW", 1)
    with Mailbox(place(server), trust=server.trust) as mailbox:
        mails = list(mailbox.listed(mailbox.open("INBOX"), 0))
        assert [mail for mail, _ in mailbox.fetched(mails, 50)] == mails


def test_the_first_mail_since_a_day(server: ImapServer) -> None:
    with Mailbox(place(server), trust=server.trust) as mailbox:
        folder = mailbox.open("INBOX")
        first, *_ = mailbox.listed(folder, 0)
        assert mailbox.first_since(folder, date(2026, 5, 1)) == first.uid
        assert mailbox.first_since(folder, date(2027, 1, 1)) == folder.next_uid


def test_folders_are_named_as_the_server_names_them(server: ImapServer) -> None:
    with Mailbox(place(server), trust=server.trust) as mailbox:
        assert {"INBOX", "Sent", 'A "b"'} <= set(mailbox.folders())
        assert mailbox.sent_folder() == ""
        assert mailbox.open('A "b"').next_uid >= 1


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"password": "wrong"}, "mailbox_refused"),
        ({"password": "a\r\nA1 LOGOUT"}, "mailbox_refused"),
        ({"user": "nobody"}, "mailbox_refused"),
        ({"port": 1}, "mailbox_unreachable"),
        ({"host": "no.such.host.invalid"}, "mailbox_unreachable"),
        ({"host": "x" * 300}, "mailbox_unreachable"),
    ],
)
def test_what_stands_in_the_way_is_said(server: ImapServer, other: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as refused, Mailbox(place(server, **other), trust=server.trust):
        raise AssertionError("it opened")
    assert refused.value.code == code
    assert PASSWORD not in str(refused.value)


def test_a_server_that_cannot_prove_who_it_is_gets_no_password(server: ImapServer) -> None:
    for port, security in ((server.tls_port, "tls"), (server.port, "starttls")):
        wrong = place(server, port=port, security=security)
        with pytest.raises(Refusal, match="certificate"), Mailbox(wrong, trust=ssl.create_default_context()):
            raise AssertionError("it opened")


def test_a_folder_that_is_not_there_is_refused(server: ImapServer) -> None:
    with Mailbox(place(server), trust=server.trust) as mailbox, pytest.raises(Refusal) as refused:
        mailbox.open("Nowhere")
    assert refused.value.code == "no_folder"


def test_the_password_is_not_in_what_is_printed() -> None:
    assert "geheim" not in repr(Place("h", "u", "geheim"))


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("INBOX", "INBOX"),
        ("Отправленные", "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"),
        ("Trimise și plecate", "Trimise &Ahk-i plecate"),
        ("已发送", "&XfJT0ZAB-"),
        ("R&D", "R&D"),
        ("R&D é", "R&-D &AOk-"),
    ],
)
def test_names_of_folders_beyond_ascii_are_written_as_servers_want_them(typed: str, sent: str) -> None:
    assert folder_as_typed(typed) == sent


def test_answers_of_other_servers_are_understood() -> None:
    line = b'7 (INTERNALDATE " 1-Feb-2026 01:02:03 -0130" RFC822.SIZE 44827 UID 12)'
    assert imap._described(line) == Listed(12, 44827, datetime(2026, 2, 1, 2, 32, 3, tzinfo=UTC))
    assert imap._described(b'7 (UID 12 RFC822.SIZE 4 INTERNALDATE "99-Foo-2026 01:02:03 -0130")') is None
    assert imap._literals([(b"7 (BODY[]<0> {2}", b"ab"), b" UID 12)", b"8 (FLAGS ())"]) == {12: b"ab"}
    listed = imap._LISTED.search(b'(\\HasNoChildren \\Sent) "/" "Sent Items"')
    assert listed is not None
    assert (listed["flags"], listed["name"]) == (b"\\HasNoChildren \\Sent", b'"Sent Items"')
    assert imap._LISTED.search(b"(\\Sent) NIL Sent") is not None
