"""Mails as they go over the line: headers in any language, bodies of any kind, signatures others believe."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any, cast

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispatching
import smtp_sink
from holdfast.channels._addresses import one_address
from holdfast.channels._dkim import new_key, public_record, read_key
from holdfast.channels._mime import BadHeader, Mailbox, mailbox, message_id, words
from holdfast.channels.contract import kept_of, settings_of
from holdfast.channels.email import Postman, SmtpSettings, check
from holdfast.domain.texts import Text
from holdfast.domain.touch import Attachment, Parcel, Receipt, TouchRequest

AT_US = 1_780_000_000_000_000


def _parsed(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(raw, policy=email.policy.default))


def _written(request: TouchRequest, **options: Any) -> bytes:
    postman = Postman(dispatching.smtp(25, **options))
    return postman.written(Parcel(7, request, AT_US), request.to.address)


def _asked(**said: Any) -> TouchRequest:
    return dispatching.mail(said.pop("key", "order 7"), **said)


# Headers


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=300))
@settings(max_examples=300, deadline=None)
def test_a_subject_in_any_language_arrives_as_it_was(subject: str) -> None:
    written = words("Subject", subject)
    lines = written.split(b"\r\n")
    assert all(len(line) <= 998 for line in lines)
    assert all(line.startswith(b" ") and line.strip() for line in lines[1:])
    assert b"\r" not in written.replace(b"\r\n", b"") and written.isascii()
    raw = b"Subject: " + written + b"\r\n\r\n"
    read = email.header.make_header(email.header.decode_header(email.message_from_bytes(raw)["Subject"]))
    wanted = re.sub("[\u202a-\u202e]", "", subject)
    assert str(read).strip() == wanted.strip() or str(read).split() == wanted.split()


@pytest.mark.parametrize(
    "evil", ["Hi\r\nBcc: all@example.com", "Hi\nX: y", "Hi\0", "Hi\x0b", "a\u2028b", "a\x85b"]
)
def test_what_breaks_out_of_its_line_is_refused(evil: str) -> None:
    for build in (
        lambda: _written(_asked(subject=evil)),
        lambda: _written(_asked(sender_name=evil)),
        lambda: _written(_asked(headers={"List-Id": evil})),
        lambda: _written(_asked(headers={f"X-{evil}": "x"})),
        lambda: _written(_asked(attachments=(Attachment(evil, "text/plain", b"x"),))),
    ):
        with pytest.raises(BadHeader):
            build()
    assert "from_name" in check(dispatching.smtp(25, from_name=evil))


@pytest.mark.parametrize("name", ["Bcc", "from", "Content-Type", "DKIM-Signature", "Bad Name", ""])
def test_headers_of_the_channel_itself_are_nobody_elses(name: str) -> None:
    with pytest.raises(BadHeader):
        _written(_asked(headers={name: "x"}))


@pytest.mark.parametrize(
    "name",
    ["Ann Kelly", 'Ann "the boss" Kelly', "Café Söhne GmbH", "سلام، فروشگاه", "老板", "a, b <x@evil.example>",
     "=?utf-8?q?evil?=", "Ann\tKelly", "x" * 200, "Ан" * 60],
)  # fmt: skip
def test_a_name_before_the_address_is_a_name(name: str) -> None:
    written = mailbox("From", Mailbox("shop@example.com", name))
    raw = b"From: " + written + b"\r\n\r\n"
    assert [each.addr_spec for each in _parsed(raw)["From"].addresses] == ["shop@example.com"]
    shown, address = parseaddr(email.message_from_bytes(raw)["From"])
    assert address == "shop@example.com"
    read = str(email.header.make_header(email.header.decode_header(shown)))
    assert read.replace("\t", " ") == name.replace("\t", " ")
    assert all(len(line) <= 80 or line.count(b"x") > 70 for line in written.split(b"\r\n"))


def test_marks_that_turn_what_follows_do_not_get_into_headers() -> None:
    raw = _written(_asked(subject="Invoice \u202egpj.exe", sender_name="\u202eknaB ruoY"))
    read = _parsed(raw)
    assert read["Subject"] == "Invoice gpj.exe"
    assert read["From"].addresses[0].display_name == "knaB ruoY"
    file = Attachment("bill\u202efdp.exe", "application/pdf", b"x")
    assert "\u202e" not in str(_parsed(_written(_asked(attachments=(file,)))).get_payload())


def test_the_message_id_comes_from_the_key_and_tells_nobody_the_key() -> None:
    first, second = (
        _written(_asked(key="invitation 7")),
        _written(_asked(key="invitation 7", subject="Other")),
    )
    name = _parsed(first)["Message-ID"]
    assert name == _parsed(second)["Message-ID"] == message_id("invitation 7", dispatching.DOMAIN)
    assert name != _parsed(_written(_asked(key="invitation 8")))["Message-ID"]
    assert "invitation" not in name


def test_an_answer_stands_in_its_thread() -> None:
    read = _parsed(_written(_asked(reply_to_message="<a@x.example> <b@x.example>", conversation_id=3)))
    assert read["In-Reply-To"] == "<b@x.example>"
    assert read["References"].split() == ["<a@x.example>", "<b@x.example>"]
    assert read["Auto-Submitted"] is None
    assert _parsed(_written(_asked()))["Auto-Submitted"] == "auto-generated"


# Bodies


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=400))
@settings(max_examples=200, deadline=None)
def test_a_text_arrives_as_it_was(text: str) -> None:
    raw = _written(_asked(text=text or "x", html=""))
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    read = _parsed(raw).get_payload(decode=True)
    assert isinstance(read, bytes)
    wanted = re.sub(r"\r\n|\r|\n", "\r\n", text or "x")
    assert read.decode().replace("\r\n", "\n").rstrip("\n") == wanted.replace("\r\n", "\n").rstrip("\n")


def test_right_to_left_text_says_its_direction() -> None:
    read = _parsed(_written(_asked(language="fa", text="سلام Ann، سفارش ۷", html="<p>سلام <b>Ann</b></p>")))
    plain, html = read.iter_parts()
    assert plain.get_content().strip() == "سلام Ann، سفارش ۷"
    assert '<html lang="fa" dir="rtl">' in html.get_content()
    assert read["Content-Language"] == "fa"


def test_html_with_a_picture_and_a_file() -> None:
    files = (
        Attachment("chart.png", "image/png", b"\x89PNG" * 40, "chart@holdfast"),
        Attachment("Отчёт за май 2026.csv", "text/csv", "имя;сумма\r\n".encode() * 20),
        Attachment("", "evil\r\nX: y/z", b"x"),
    )
    read = _parsed(_written(_asked(html='<img src="cid:chart@holdfast">', attachments=files)))
    assert read.get_content_type() == "multipart/mixed"
    alternative, csv, unnamed = read.iter_parts()
    plain, related = alternative.iter_parts()
    html, picture = related.iter_parts()
    assert [each.get_content_type() for each in (plain, html, picture)] == [
        "text/plain", "text/html", "image/png"
    ]  # fmt: skip
    assert picture["Content-ID"] == "<chart@holdfast>"
    assert csv.get_filename() == "Отчёт за май 2026.csv"
    assert csv.get_payload(decode=True) == files[1].content
    assert (unnamed.get_content_type(), unnamed.get_filename()) == ("application/octet-stream", "file")


# Signatures


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_somebody_elses_code_believes_the_signature(kind: str) -> None:
    key = new_key(kind)
    way_out = {
        "List-Unsubscribe": "<https://shop.example/u/" + "x" * 90 + ">",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    file = Attachment("a b.txt", "text/plain", b"x \t\r\n\r\n" * 30)
    request = _asked(
        subject="سلام  Ann   Kelly " * 8,
        text="Hi  \r\n\r\n.dot\r\n  two  \t\n\n\n",
        headers=way_out,
        attachments=(file,),
    )
    raw = _written(request, dkim_selector="holdfast", dkim_key=key)

    def record(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"holdfast._domainkey.shop.example."
        return public_record(key).encode()

    assert dkim.verify(raw, dnsfunc=record)
    signature = _parsed(raw)["DKIM-Signature"]
    assert f"a={kind}-sha256;" in signature and "c=relaxed/relaxed;" in signature
    signed = re.search(r"h=([^;]+);", signature)
    assert signed is not None and {"list-unsubscribe", "list-unsubscribe-post", "from", "subject"} <= set(
        re.sub(r"\s", "", signed[1]).split(":")
    )
    for changed in (
        raw.replace(b".dot", b".dog"),
        raw.replace(b"One-Click", b"Two-Click"),
        raw.replace(b"\r\nSubject:", b"\r\nSubject: evil\r\nSubject:"),
        raw.replace(b"\r\nTo:", b"\r\nFrom: evil@example.com\r\nTo:"),
    ):
        assert changed != raw
        assert not dkim.verify(changed, dnsfunc=record)
    respaced = raw.replace(b"\r\nSubject: ", b"\r\nsubject:   ")
    assert dkim.verify(respaced, dnsfunc=record)


def test_a_domain_in_other_letters_signs_as_the_dns_knows_it() -> None:
    key = new_key("ed25519")
    raw = _written(
        _asked(),
        from_address="привет@пример.рф",
        reply_to="ответ@пример.рф",
        dkim_selector="h",
        dkim_key=key,
    )
    assert b"d=xn--e1afmkfd.xn--p1ai;" in raw
    assert "пример" not in raw.decode()
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: public_record(key).encode())


def test_keys_that_are_none_are_refused() -> None:
    for pem in ("", "no key", public_record(new_key("ed25519"))):
        with pytest.raises(ValueError, match=r"key|deserialize|PEM"):
            read_key(pem)
        assert check(dispatching.smtp(25, dkim_selector="x", dkim_key=pem)) == ("dkim_key",)
    assert check(dispatching.smtp(25, dkim_key=new_key("ed25519"))) == ("dkim_selector",)


# Addresses and settings


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("ann@example.com", "ann@example.com"),
        ("Ann.O'Kelly+x@Example.COM", "Ann.O'Kelly+x@example.com"),
        ("анна@пример.рф", "анна@xn--e1afmkfd.xn--p1ai"),
        ("me@localhost", "me@localhost"),
        ("ann@evil.example@example.com", None),
        ("ann", None),
        ("@example.com", None),
        ("ann@", None),
        ("ann@example", None),
        ("ann@example..com", None),
        ("ann@-x.example.com", None),
        ("a b@example.com", None),
        ("Ann <ann@example.com>", None),
        ('"a@b"@example.com', None),
        ("ann@example.com,bob@example.com", None),
        ("ann@example.com\r\nRCPT TO:<x@y.z>", None),
        ("ann\u202e@example.com", None),
        ("x" * 65 + "@example.com", None),
        (".ann@example.com", None),
    ],
)
def test_one_address_and_one_only(written: str, address: str | None) -> None:
    found = one_address(written)
    assert (None if isinstance(found, Text) else found) == address


def test_settings_come_back_with_their_secrets_apart() -> None:
    written = dispatching.smtp(2525, user="u", password="very secret", dkim_selector="s", dkim_key="PEM")
    options, secrets = kept_of(written)
    assert secrets == {"password": "very secret", "dkim_key": "PEM"}
    assert "very secret" not in repr(written) and "very secret" not in str(options)
    assert settings_of(SmtpSettings, options | {"unknown": 1}, secrets) == written


def test_a_password_is_not_sent_in_the_open() -> None:
    assert check(dispatching.smtp(25, host="mail.example.com", user="u")) == ("security",)
    assert check(dispatching.smtp(0, from_address="x@y@z.example", connections=99)) == (
        "port", "from_address", "connections"
    )  # fmt: skip


# Over the line


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[smtp_sink.Sink]:
    with smtp_sink.running(tmp_path_factory.mktemp("sink")) as running:
        yield running


def _sent(postman: Postman, to: str, **said: Any) -> Receipt:
    request = dispatching.mail(said.pop("key", to), to=to, **said)
    return postman.send(Parcel(1, request, AT_US))


def test_many_mails_over_one_connection(sink: smtp_sink.Sink) -> None:
    for reuse, wanted in ((True, 1), (False, 10)):
        before = sink.connections()
        postman = Postman(dispatching.smtp(sink.port), reuse=reuse)
        assert all(_sent(postman, f"ann{n}@example.com").outcome == "sent" for n in range(10))
        postman.close()
        assert sink.connections() - before == wanted


def test_each_answer_of_a_server_is_a_receipt(sink: smtp_sink.Sink) -> None:
    postman = Postman(dispatching.smtp(sink.port, timeout_seconds=1))
    wanted = {
        "refused": ("failed", False, "refused_address"),
        "later": ("failed", True, "try_later"),
        "full": ("failed", True, "try_later"),
        "spam": ("failed", False, "refused_message"),
        "drop": ("failed", True, "connection_lost"),
        "lost": ("unknown", False, "connection_lost"),
        "slow": ("unknown", False, "no_answer"),
        "ann": ("sent", False, ""),
    }
    for name, said in wanted.items():
        receipt = _sent(postman, f"{name}@example.com")
        assert (receipt.outcome, receipt.retry, receipt.code) == said, name
        assert f"{name}@example.com" not in str(receipt.reason)
    postman.close()


def test_lines_that_begin_with_a_dot_arrive(sink: smtp_sink.Sink) -> None:
    postman = Postman(dispatching.smtp(sink.port))
    assert _sent(postman, "dot@example.com", text=".\r\n..\r\n.x\r\n", html="").outcome == "sent"
    postman.close()
    (arrived,) = [each for each in sink.mails() if each.to == "dot@example.com"]
    assert arrived.raw.endswith(b"\r\n\r\n.\r\n..\r\n.x\r\n")


def test_an_address_in_other_letters(sink: smtp_sink.Sink) -> None:
    postman = Postman(dispatching.smtp(sink.port))
    assert _sent(postman, "анна@пример.рф").outcome == "sent"
    postman.close()
    assert "анна@xn--e1afmkfd.xn--p1ai" in [each.to for each in sink.mails()]


def test_a_password_that_cannot_be_sent_is_not_told(sink: smtp_sink.Sink) -> None:
    from holdfast.channels.contract import ChannelDown

    postman = Postman(dispatching.smtp(sink.port, user="shop", password="geheim-ß-1"))
    with pytest.raises(ChannelDown, match="cannot be") as down:
        _sent(postman, "ann@example.com")
    assert "xdf" not in str(down.value) and "ß" not in str(down.value)


def test_nobody_there_is_the_channels_trouble_and_no_touches(tmp_path: Path) -> None:
    import socket

    from holdfast.channels.contract import ChannelDown

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(ChannelDown, match="cannot be used"):
        _sent(Postman(dispatching.smtp(port)), "ann@example.com")
