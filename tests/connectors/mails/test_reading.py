from __future__ import annotations

import os
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mail_samples as samples
from holdfast.connectors.mails.reading import MOST_BYTES, Address, Attachment, email_in, read_mail
from mail_samples import raw


@pytest.mark.parametrize("language", samples.LANGUAGES)
def test_a_mail_in_each_language_is_read_as_written(language: str) -> None:
    charset, subject, text, name = samples.LANGUAGES[language]
    mail = read_mail(samples.in_charset(charset, subject, text, name=name))
    assert (mail.subject, mail.text, mail.sender) == (subject, text, Address("ann@example.org", name))
    assert mail.date == datetime(2026, 5, 18, 6, 30, tzinfo=UTC)
    assert mail.recipients == (Address("help@shop.example"),)


@pytest.mark.parametrize(
    ("charset", "written", "read"),
    [
        ("x-unknown", "Жду ответа уже неделю".encode("cp1251"), "Жду ответа уже неделю"),
        ("utf-8", "Жду ответа уже неделю".encode("cp1251"), "Жду ответа уже неделю"),
        ("us-ascii", "Ștefan".encode(), "Ștefan"),
        ("gb2312", "陈镕".encode("gb18030"), "陈镕"),
        ("iso-8859-1", "“so” €".encode("cp1252"), "“so” €"),
        ("idna", b"xn--" + b"a" * 50, "xn--" + "a" * 50),
        ("zip", b"plain", "plain"),
        ("unicode_escape", rb"\u0041", r"\u0041"),
        ("utf-8", b"half \xd8 letter", None),
        ("", "سلام".encode(), "سلام"),
    ],
)
def test_a_charset_that_is_wrong_unknown_or_none_is_put_right(
    charset: str, written: bytes, read: str | None
) -> None:
    mail = read_mail(raw(f"Content-Type: text/plain; charset={charset}", body=written))
    assert mail.text == read if read is not None else "half" in mail.text


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("=?utf-8?q?J=C3=BCrgen?= =?utf-8?q?_M?=", "Jürgen M"),
        ("=?utf-8?b?2LPZhNi?= =?utf-8?b?p9mF?=", "سلام"),  # cut between the bytes of one letter
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?utf-8?q?one?= =?koi8-r?b?5M8=?=", "oneДо"),
        ("=?nonsense?q?x=FF?= ok", "xя ok"),
        ("=?utf-8?b?!!!?= x", "x"),
        ("=?utf-8?q?Hi=0D=0ABcc:_all@example.org?=", "Hi Bcc: all@example.org"),
        ("=?utf-8?q?=E2=80=AEgnp.exe?=", "gnp.exe"),  # would be shown turned round
        ("plain\r\n\tfolded", "plain folded"),
        ("Жду ответа", "Жду ответа"),
    ],
)
def test_header_words_are_decoded_onto_one_line(header: str, read: str) -> None:
    found = read_mail(raw(f"Subject: {header}")).subject
    assert found == read or (read.startswith("x") and found.startswith("x"))


def test_an_address_in_a_name_is_no_address() -> None:
    mail = read_mail(raw('From: "boss@shop.example" <eve@evil.example>', "To: help@shop.example"))
    assert mail.sender == Address("eve@evil.example", "boss@shop.example")
    mail = read_mail(raw("From: =?utf-8?q?boss=40shop.example=3E=2C?= <eve@evil.example>"))
    assert mail.sender is not None and mail.sender.email == "eve@evil.example"


@pytest.mark.parametrize(
    "sender",
    ["", "nobody", "<>", "a@b", "ann@", "@example.org", "ann@-.org", "x" * 70 + "@a.org"],
)
def test_without_a_usable_address_there_is_no_sender(sender: str) -> None:
    assert read_mail(raw(f"From: {sender}")).sender is None


@pytest.mark.parametrize(
    "email",
    ["ann@example.org", "Ann@Example.ORG", "a.b+c@mail.shop.co.uk", "почта@пример.бг", "ann@münchen.de"],
)
def test_addresses_in_all_letters_are_addresses(email: str) -> None:
    assert email_in(email) == email.lower()


def test_of_two_forms_the_plain_one_is_read_and_an_empty_one_is_not() -> None:
    assert read_mail(samples.ALTERNATIVE).text == "The plain words"
    assert read_mail(samples.ALTERNATIVE.replace(b"The plain words", b" ")).text == "The marked words"


def test_html_becomes_words_without_what_is_hidden_or_would_run() -> None:
    mail = read_mail(samples.HTML_ONLY)
    own = mail.text[: mail.folded_from]
    assert own == "سلام & درود\nخط دوم\n\n- یک\n- دو\n\nپیوند"
    assert "How are you?" in mail.text and "> How" in mail.text
    assert "alert" not in mail.text and "preheader" not in mail.text


def test_files_are_named_and_measured_and_mails_within_are_not_its_words() -> None:
    mail = read_mail(samples.MIXED)
    assert mail.text == "See the pictures."
    assert mail.attachments == (
        Attachment("кот.png", "image/png", 8),
        Attachment("passwd", "application/octet-stream", 4),
        Attachment("", "message/rfc822", None),
    )


def test_what_it_answers_is_named_with_the_nearest_last() -> None:
    mail = read_mail(
        raw("References: <a@x> <b@x>\r\n\t<c@x>", "In-Reply-To: <c@x>", "Message-ID: <d@x> (comment)")
    )
    assert (mail.references, mail.message_id) == (("a@x", "b@x", "c@x"), "d@x")


def test_a_mail_without_an_id_has_one_of_its_content() -> None:
    one, other = raw("Message-ID: "), raw("Message-ID: ", body=b"other")
    assert read_mail(one).message_id == read_mail(one).message_id != read_mail(other).message_id
    assert len(read_mail(raw("Message-ID: <\x01\u202e>")).message_id) == 64


@pytest.mark.parametrize(
    "date", ["", "tomorrow", "Mon, 99 Foo 2026", "Fri, 31 Dec 99999 00:00:00 +9999", "\0"]
)
def test_a_date_that_is_none_is_none(date: str) -> None:
    assert read_mail(raw(f"Date: {date}")).date is None


def test_flowed_lines_are_paragraphs_again() -> None:
    body = b"One paragraph \r\nin two lines.\r\n>quoted \r\nAnother.\r\n-- \r\nAnn\r\n"
    mail = read_mail(raw("Content-Type: text/plain; format=flowed", body=body))
    assert mail.text == "One paragraph in two lines.\n>quoted \nAnother.\n-- \nAnn"


def test_parts_nested_as_deep_as_can_be_leave_the_head() -> None:
    for levels in (5, 90, 3_000):
        mail = read_mail(samples.nested(levels))
        assert (mail.subject, mail.sender) == ("deep", Address("ann@example.org"))


def test_a_huge_mail_is_cut_and_its_words_stay() -> None:
    file = b"QUJD\r\n" * (MOST_BYTES // 5)
    huge = raw(
        'Content-Type: multipart/mixed; boundary="m"',
        body=b"--m\r\nContent-Type: text/plain\r\n\r\nSee the film.\r\n--m\r\n"
        b"Content-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + file
        + b"--m--\r\n",
    )
    mail = read_mail(huge)
    assert (mail.text, mail.cut) == ("See the film.", True)
    assert mail.attachments == (Attachment("film.mp4", "video/mp4", None),)


@pytest.mark.parametrize(
    "malicious",
    [
        raw("Content-Type: text/html", body=b"<a" * 900_000),
        raw("Content-Type: text/html", body=b'<a b="' * 300_000),
        raw("Content-Type: text/html", body=b"<!--" * 400_000),
        raw("Content-Type: text/html", body=b"&#" + b"9" * 200_000),
        raw("Content-Type: text/html", body=b"<blockquote>" * 100_000 + b"x"),
        raw("Content-Type: multipart/mixed; " + ';"' * 900_000),
        raw("Content-Type: multipart/mixed; boundary=" + "x" * 1_000_000),
        raw("Content-Type: text/plain; format=flowed", body=b"a \r\n" * 400_000),
        raw("From: " + "a@b.org, " * 200_000),
        raw("Subject: " + "=?utf-8?q?x?= " * 100_000),
        raw(*(f"X-{n}: y" for n in range(50_000))),
        raw("References: " + "<a@b> " * 300_000),
        raw("Content-Type: text/plain", body=b"On 1 Monday, x wrote:\r\n> a\r\nb\r\n" * 60_000),
        raw("Content-Type: text/plain", body=b"-- \r\n" * 300_000),
        raw('Content-Type: multipart/mixed; boundary="m"', body=b"--m\r\n\r\nx\r\n" * 100_000),
        raw("Content-Type: text/plain", "Content-Transfer-Encoding: base64", body=b"=" * 1_900_000),
        raw(
            "Content-Type: text/plain",
            "Content-Transfer-Encoding: x-uuencode",
            body=b"begin 644 x\n" * 100_000,
        ),
    ],
    ids=lambda mail: bytes(mail[60:90]).decode("ascii", "replace"),
)
def test_a_mail_that_was_written_to_keep_us_busy_takes_seconds_at_most(malicious: bytes) -> None:
    began = time.process_time()
    read_mail(malicious)
    assert time.process_time() - began < 5


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([samples.MIXED, samples.HTML_ONLY, samples.BOUNCE, samples.ALTERNATIVE]),
    st.integers(0, 600),
)
def test_whatever_bytes_there_are_something_is_read(noise: bytes, mail: bytes, at: int) -> None:
    found = read_mail(mail[:at] + noise + mail[at:])
    for words in (found.subject, found.text, found.message_id, *(each.name for each in found.attachments)):
        words.encode("utf-8")
    assert "\n" not in found.subject
    read_mail(noise)
    read_mail(os.urandom(200))
