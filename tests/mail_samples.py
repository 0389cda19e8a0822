"""Mails as mailers of six languages write them, and as people write them who mean harm."""

from __future__ import annotations

from base64 import b64encode
from quopri import encodestring


def raw(*head: str, body: bytes = b"Hello\r\n", sender: str = "Ann Kelly <ann@example.org>") -> bytes:
    """A mail with these header lines and a body; From, Message-ID and Date unless given."""
    told = "\r\n".join(head).lower()
    lines = list(head)
    if "from:" not in told:
        lines.insert(0, f"From: {sender}")
    if "message-id:" not in told:
        lines.append("Message-ID: <one@example.org>")
    if "\ndate:" not in f"\n{told}":
        lines.append("Date: Mon, 18 May 2026 09:30:00 +0300")
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def in_charset(charset: str, subject: str, text: str, *, name: str = "Ann") -> bytes:
    """A plain mail in ``charset``: subject in base64, body quoted-printable."""
    coded = b64encode(subject.encode(charset)).decode()
    return raw(
        f"From: =?{charset}?B?{b64encode(name.encode(charset)).decode()}?= <ann@example.org>",
        "To: help@shop.example",
        f"Subject: =?{charset}?B?{coded}?=",
        f'Content-Type: text/plain; charset="{charset}"',
        "Content-Transfer-Encoding: quoted-printable",
        body=encodestring(text.encode(charset)).replace(b"\n", b"\r\n"),
    )


LANGUAGES = {
    "en": ("utf-8", "The kettle – again", "It arrived broken. “Again!”", "Niamh Kelly"),
    "ro": ("iso-8859-2", "Comanda mea întârzie", "Aștept de o săptămână.".replace("ș", "ş"), "Ştefan"),
    "bg": ("windows-1251", "Чайникът", "Пристигна счупен.", "Иван Петров"),
    "ru": ("koi8-r", "Где мой заказ?", "Жду уже неделю, ответа нет.", "Пётр"),
    "fa": ("utf-8", "سفارش من کجاست؟", "یک هفته است که منتظرم. می‌خواهم لغو کنم.", "زهرا محمدی"),
    "zh": ("gb2312", "我的订单在哪里", "水壶到的时候是坏的。", "陈美玲"),
}
"""Language -> charset that mailers there use, subject, text, name."""

ALTERNATIVE = raw(
    "To: help@shop.example",
    "Subject: Two forms",
    'Content-Type: multipart/alternative; boundary="=_b"',
    body=b"""--=_b\r
Content-Type: text/plain; charset=utf-8\r
\r
The plain words\r
--=_b\r
Content-Type: text/html; charset=utf-8\r
\r
<p>The <b>marked</b> words</p>\r
--=_b--\r
""",
)

HTML_ONLY = raw(
    "Subject: Only HTML",
    "Content-Type: text/html; charset=utf-8",
    body="""<html><head><title>no</title><style>p { color: red }</style></head><body dir="rtl">
<div style="display:none">preheader</div>
<p>سلام &amp; درود<br>خط دوم</p><script>alert(1)</script><img src=x onerror=alert(1)>
<ul><li>یک<li>دو</ul><a href="javascript:alert(1)">پیوند</a>
<div class="gmail_quote">On Mon, 18 May 2026 at 09:30, Shop &lt;help@shop.example&gt; wrote:<br>
<blockquote><p>How are you?</p></blockquote></div></body></html>""".encode(),
)

MIXED = raw(
    "Subject: With files",
    'Content-Type: multipart/mixed; boundary="m"',
    body=b"""--m\r
Content-Type: multipart/alternative; boundary=a\r
\r
--a\r
Content-Type: text/plain\r
\r
See the pictures.\r
--a\r
Content-Type: text/html\r
\r
<p>See</p>\r
--a--\r
--m\r
Content-Type: image/png\r
Content-Transfer-Encoding: base64\r
Content-Disposition: attachment; filename*=utf-8''%D0%BA%D0%BE%D1%82.png\r
\r
iVBORw0KGgo=\r
--m\r
Content-Type: application/octet-stream; name="=?utf-8?q?..=2F..=2Fetc=2Fpasswd?="\r
Content-Disposition: attachment\r
\r
four\r
--m\r
Content-Type: message/rfc822\r
\r
From: someone@else.example\r
Subject: inner\r
\r
Not the words of this mail.\r
--m--\r
""",
)

BOUNCE = raw(
    "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>",
    "Return-Path: <>",
    "To: help@shop.example",
    "Auto-Submitted: auto-replied",
    "Subject: Undelivered Mail Returned to Sender",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    body=b"""--b\r
Content-Type: text/plain\r
\r
I'm sorry to have to inform you that your message could not be delivered.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example.net\r
Arrival-Date: Mon, 18 May 2026 09:29:00 +0300\r
\r
Final-Recipient: rfc822; Gone@Example.org\r
Original-Recipient: rfc822;gone@example.org\r
Action: failed\r
Status: 5.1.1\r
Remote-MTA: dns; mx.example.org\r
Diagnostic-Code: smtp; 550 5.1.1 <gone@example.org>: user unknown\r
\r
Final-Recipient: rfc822; slow@example.org\r
Action: delayed\r
Status: 4.4.1\r
\r
--b\r
Content-Type: message/rfc822\r
\r
Message-ID: <sent-7@shop.example>\r
From: help@shop.example\r
To: gone@example.org\r
Subject: Your order\r
\r
Text\r
--b--\r
""",
)
"""As Postfix writes it (RFC 3464)."""

GMAIL_BOUNCE = raw(
    "From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
    "X-Failed-Recipients: gone@example.org",
    "Auto-Submitted: auto-replied",
    "Subject: Delivery Status Notification (Failure)",
    body=b"550 5.1.1 The email account that you tried to reach does not exist.\r\n",
)

QMAIL_BOUNCE = raw(
    "From: MAILER-DAEMON@old.example",
    "Return-Path: <>",
    "Subject: failure notice",
    body=b"""Hi. This is the qmail-send program at old.example.\r
I'm afraid I wasn't able to deliver your message to the following addresses.\r
\r
<gone@example.org>:\r
Sorry, no mailbox here by that name. (#5.1.1)\r
\r
--- Below this line is a copy of the message.\r
""",
)

COMPLAINT = raw(
    "From: fbl@provider.example",
    "Subject: complaint",
    'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
    body=b"""--b\r
Content-Type: text/plain\r
\r
This is an abuse report.\r
--b\r
Content-Type: message/feedback-report\r
\r
Feedback-Type: abuse\r
User-Agent: SomeGenerator/1.0\r
Version: 1\r
Original-Rcpt-To: <tired@example.org>\r
--b\r
Content-Type: text/rfc822-headers\r
\r
Message-ID: <sent-8@shop.example>\r
--b--\r
""",
)
"""RFC 5965, appendix B."""

RECEIPT = raw(
    "Subject: Read: Your order",
    'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"',
    body=b"--b\r\nContent-Type: text/plain\r\n\r\nRead.\r\n--b--\r\n",
)


def nested(levels: int) -> bytes:
    """Parts within parts within parts."""
    heads = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(levels)
    )
    return (
        b"From: ann@example.org\r\nSubject: deep\r\n"
        + heads.encode()
        + b"Content-Type: text/plain\r\n\r\nhi\r\n"
    )
