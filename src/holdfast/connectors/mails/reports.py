"""Mails that no person wrote: bounces, receipts, automatic answers, lists; and mails that prove forged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Literal

from holdfast.connectors.mails.charsets import header_words
from holdfast.connectors.mails.reading import Mail, content, email_in, ids_in
from holdfast.domain.bounces import fault

Sort = Literal["written", "bounce", "complaint", "receipt", "automatic", "bulk"]
"""``written`` by a person; ``bounce``: a mail came back; ``complaint``: one was reported as spam;
``receipt``: one was seen, or is late; ``automatic``: somebody's machine answered; ``bulk``: to many."""

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY_CODE = re.compile(r"\b(5\d\d)\b")
_POSTMASTERS = ("mailer-daemon@", "postmaster@", "mail-daemon@", "mailerdaemon@")
_QMAIL = re.compile(r"^<([^<>\s]{3,254})>:\s*$", re.M)
_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(auto(matic)?[- ]?(reply|response)|out of (the )?office|răspuns automat|автоматичен отговор"
    r"|автоматический ответ|автоответ|پاسخ خودکار|自动回复|自動回覆|自动答复|abwesenheit)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Failed:
    """An address whose mail came back: ``status`` like "5.1.1", ``reason`` as the server says it; or ""."""

    email: str
    status: str = ""
    reason: str = ""

    @property
    def for_good(self) -> bool:
        """Whether nobody is reached there any more: not where a mailbox is full, a mail too large or late,
        or refused for who sends it or what it says.
        """
        return fault(self.reason, self.status) == "nobody"


def sort_of(mail: Mail) -> Sort:
    """What sort of mail it is."""
    report = _report_type(mail)
    if report == "delivery-status" or _looks_returned(mail):
        return "bounce" if failures(mail) else "receipt"
    if report == "feedback-report":
        return "complaint"
    if report == "disposition-notification":
        return "receipt"
    if _is_automatic(mail):
        return "automatic"
    return "bulk" if _is_bulk(mail) else "written"


def failures(mail: Mail) -> tuple[Failed, ...]:
    """The addresses that a returned mail did not reach, each once; see :attr:`Failed.for_good`."""
    found = list(_by_status(mail))
    if not found and _looks_returned(mail):
        found = list(_by_header(mail)) or list(_by_qmail(mail))
    return tuple({each.email: each for each in found}.values())


def complained(mail: Mail) -> str:
    """Whose mail was reported as spam (RFC 5965); "" where the report does not say."""
    for fields in _fields(mail, "message/feedback-report"):
        for name in ("original-rcpt-to", "removal-recipient"):
            if found := email_in(header_words(str(fields.get(name, "")))):
                return found
    return ""


def about(mail: Mail) -> tuple[str, ...]:
    """Message-IDs of the mail that a report is about, where it carries that one or its head."""
    found: list[str] = []
    for part in mail.parts:
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/global"):
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                found += ids_in(str(inner[0].get("message-id", "")))
            else:
                head = content(part)[:20_000].decode("utf-8", "replace")
                found += [id_ for line in re.findall(r"(?im)^message-id:(.*)$", head) for id_ in ids_in(line)]
    return tuple(dict.fromkeys(found))


def is_proven(mail: Mail, server: str) -> bool | None:
    """Whether our own mail server found the sender's domain to be right (DMARC, RFC 8601).

    ``server`` is the name it signs its findings with; only its own count, and the topmost: what a
    sender wrote stands below. ``None`` when it says nothing.
    """
    if not server:
        return None
    for raw in mail.headers.get("authentication-results", [])[:20]:
        words = header_words(raw)
        who, _, findings = words.partition(";")
        if who.split()[:1] != [server]:
            continue
        found = re.search(r"\bdmarc\s*=\s*(\w+)", findings)
        verdict = found[1].lower() if found else ""
        return {"pass": True, "fail": False}.get(verdict)
    return None


def _report_type(mail: Mail) -> str:
    for part in mail.parts[:1]:
        if part.get_content_type() == "multipart/report":
            try:
                return str(part.get_param("report-type", "") or "").lower()
            except (ValueError, LookupError, TypeError, AttributeError, IndexError):
                return ""
    return ""


def _looks_returned(mail: Mail) -> bool:
    """Old servers send a mail back without a report that machines read."""
    by_postmaster = mail.sender is not None and mail.sender.email.startswith(_POSTMASTERS)
    return bool(mail.headers.get("x-failed-recipients")) or (
        by_postmaster and mail.header("return-path") in ("<>", "")
    )


def _by_status(mail: Mail) -> Iterator[Failed]:
    for fields in _fields(mail, "message/delivery-status"):
        if str(fields.get("action", "")).strip().lower() != "failed":
            continue
        email = _recipient(fields, "original-recipient") or _recipient(fields, "final-recipient")
        status = _STATUS.search(str(fields.get("status", "")))
        if email and not (status and status[1].startswith("2")):
            reason = header_words(str(fields.get("diagnostic-code", ""))).partition(";")[2].strip()
            yield Failed(email, status[1] if status else "", reason[:300])


def _recipient(fields: Message, name: str) -> str:
    """The address of ``rfc822; ann@example.org``."""
    kind, found, address = header_words(str(fields.get(name, ""))).rpartition(";")
    return email_in(address) if found and kind.strip().lower() in ("rfc822", "utf-8", "") else ""


def _by_header(mail: Mail) -> Iterator[Failed]:
    for raw in mail.headers.get("x-failed-recipients", [])[:10]:
        for words in header_words(raw).split(",")[:50]:
            if email := email_in(words):
                yield Failed(email, *_told_in(mail.text))


def _by_qmail(mail: Mail) -> Iterator[Failed]:
    for words in _QMAIL.findall(mail.text[:20_000])[:50]:
        if email := email_in(words):
            yield Failed(email, *_told_in(mail.text))


def _told_in(text: str) -> tuple[str, str]:
    status = _STATUS.search(text[:20_000])
    line = next((line.strip() for line in text[:20_000].split("\n") if _REPLY_CODE.search(line)), "")
    return status[1] if status else "", line[:300]


def _fields(mail: Mail, content_type: str) -> Iterator[Message]:
    """The groups of fields in the parts of a type."""
    for part in mail.parts:
        if part.get_content_type() == content_type:
            inner = part.get_payload()
            if isinstance(inner, list):
                yield from (each for each in inner[:200] if isinstance(each, Message))
            else:
                yield from _groups(content(part))


def _groups(raw: bytes) -> Iterator[Message]:
    from email import message_from_bytes

    for group in re.split(rb"\n\s*\n", raw.replace(b"\r\n", b"\n"))[:200]:
        if group.strip():
            yield message_from_bytes(group.strip() + b"\n\n")


def _is_automatic(mail: Mail) -> bool:
    """RFC 3834, and what servers wrote before it."""
    told = mail.header("auto-submitted").lower()
    precedence = mail.header("precedence").lower()
    return (
        told.startswith(("auto-replied", "auto-notified"))
        or bool(mail.headers.get("x-autoreply") or mail.headers.get("x-autorespond"))
        or precedence == "auto_reply"
        or bool(_AUTOMATIC_SUBJECT.match(mail.subject))
    )


def _is_bulk(mail: Mail) -> bool:
    """From a list or a machine, to many or to nobody in particular."""
    return (
        bool(mail.headers.get("list-id") or mail.headers.get("list-unsubscribe"))
        or mail.header("precedence").lower() in ("bulk", "list", "junk")
        or mail.header("auto-submitted").lower().startswith("auto-generated")
    )
