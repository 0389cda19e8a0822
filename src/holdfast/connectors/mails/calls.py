"""What a mail means as calls: a message in a conversation, an address that failed, or nothing."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from holdfast.connectors.mails.reading import Address, Mail
from holdfast.connectors.mails.reports import Sort, about, complained, failures, is_proven, sort_of
from holdfast.connectors.webhooks import Call, identify, track

CHANNEL = "email"
"""What the channel of a mail is called."""

MOST_TEXT_BYTES = 24_000
"""Bytes of a mail's text in its call, so that the call stays below what one may have."""
_MOST_SUBJECT = 500
_LATEST = timedelta(days=7)
_UNPROVEN = "unproven:"

_REPLY = re.compile(
    r"^\s*(re|fwd?|aw|wg|sv|vs|odp|tr|răsp|rasp|redirecționat|отг|ответ|отв|на|пересл|fw|پاسخ|پ|ارجاع|回复|答复|回覆|转发|轉寄)"
    r"(\[\d+\]|\(\d+\))?\s*[:：]\s*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Whose mailbox it is: our own ``addresses`` and ``domains``, and the ``server`` that checks senders."""

    addresses: frozenset[str]
    domains: frozenset[str] = frozenset()
    server: str = ""

    def is_ours(self, email: str) -> bool:
        """Whether someone of the company writes from this address."""
        return email in self.addresses or email.partition("@")[2] in self.domains


@dataclass(frozen=True, slots=True)
class Meant:
    """What a mail means: its ``sort``, and the calls that come of it (none: it is passed over).

    ``proven`` says whether our mail server found its sender to be right; ``None`` when it says nothing.
    """

    sort: Sort
    calls: tuple[Call, ...] = field(default=())
    proven: bool | None = None


def other_side(mail: Mail, mailbox: Mailbox) -> tuple[Address, bool] | None:
    """The customer of a mail, and whether the customer wrote it; ``None`` for mails among ourselves."""
    if mail.sender is None:
        return None
    if not mailbox.is_ours(mail.sender.email):
        return mail.sender, True
    return next(((each, False) for each in mail.recipients if not mailbox.is_ours(each.email)), None)


def refers_to(mail: Mail, other: Address) -> tuple[list[str], str]:
    """What the conversation of a mail is found by: mails it answers, the nearest first; and its subject.

    The subject is "" unless the mail is an answer that names no other: then it is that of the mails
    with the same address.
    """
    ids = list(reversed(mail.references))
    bare = bare_subject(mail.subject)
    return ids, (subject_key(other, bare) if not ids and is_answer(mail.subject) and bare else "")


def subject_key(other: Address, subject: str) -> str:
    """Under what the mails with an address about a subject are found."""
    return f"{other.email}\n{bare_subject(subject)}"


def is_answer(subject: str) -> bool:
    """Whether a subject begins as mailers begin those of answers, in any of many languages."""
    return bool(_REPLY.match(subject))


def bare_subject(subject: str) -> str:
    """A subject without what mailers put before it when they answer or forward."""
    bare = subject[:_MOST_SUBJECT]
    for _ in range(20):
        shorter = _REPLY.sub("", bare, count=1)
        if shorter == bare:
            break
        bare = shorter
    return " ".join(bare.split()).casefold()


def meaning(mail: Mail, mailbox: Mailbox, *, conversation: str, arrived: datetime) -> Meant:
    """The calls of a mail that the server received at ``arrived`` and that belongs to ``conversation``."""
    sort = sort_of(mail)
    key = f"mail:{_digest(mail)}"
    if sort == "bounce":
        return Meant(sort, tuple(_bounces(mail, key, arrived)))
    if sort == "complaint":
        email = complained(mail)
        told = {"code": "complaint", "object_id": next(iter(about(mail)), "")}
        return Meant(sort, (track(email, "Email Marked as Spam", arrived, key, told),) if email else ())
    found = other_side(mail, mailbox)
    if sort in ("receipt", "bulk") or found is None:
        return Meant(sort)
    other, incoming = found
    proven = is_proven(mail, mailbox.server) if incoming else None
    who = other.email if proven is not False else _UNPROVEN + other.email
    at = _written_at(mail, arrived)
    if sort == "automatic":
        if not incoming:
            return Meant(sort)
        told = {"code": CHANNEL, "text": _fitting(mail.text)}
        return Meant(
            sort, (*_who(other, who, at, key), track(who, "Automatic Reply Received", at, key, told))
        )
    name = "Message Received" if incoming else "Message Sent"
    properties = _message(mail, conversation, other, incoming, proven)
    return Meant(sort, (*_who(other, who, at, key), track(who, name, at, key, properties)), proven)


def _who(other: Address, who: str, at: datetime, key: str) -> list[Call]:
    """Who the customer is, by the address; an unproven sender is nobody we know."""
    if who != other.email:
        return [identify(who, at, f"{key}:who", {"name": other.name or other.email})]
    return [identify(who, at, f"{key}:who", {"email": other.email, "name": other.name})]


def _message(
    mail: Mail, conversation: str, other: Address, incoming: bool, proven: bool | None
) -> dict[str, object]:
    text = _fitting(mail.text)
    folded = mail.folded_from if mail.folded_from is not None and mail.folded_from < len(text) else None
    author = other if incoming else mail.sender
    return {
        "conversation_id": conversation,
        "object_kind": "conversation",
        "object_id": conversation,
        "code": CHANNEL,
        "channel": CHANNEL,
        "message_id": _digest(mail),
        "reference": mail.message_id,
        "text": text,
        "subject": mail.subject[:_MOST_SUBJECT],
        "author": (author.name or author.email) if author else "",
        "address": other.email,
        "folded_from": folded,
        "shortened": (mail.cut and not mail.attachments) or len(text) < len(mail.text) or None,
        "unproven": True if proven is False else None,
        "attachments": [
            {"name": each.name, "type": each.type, "size": each.size} for each in mail.attachments
        ],
    }


def _bounces(mail: Mail, key: str, arrived: datetime) -> list[Call]:
    returned = next(iter(about(mail)), "")
    return [
        track(
            failed.email,
            "Email Bounced",
            arrived,
            f"{key}:{number}",
            {"code": failed.status or "bounced", "object_id": returned, "text": failed.reason},
        )
        for number, failed in enumerate(failures(mail))
        if failed.for_good
    ]


def _digest(mail: Mail) -> str:
    """The same for the same mail, in whichever folder it is found.

    Not the Message-ID alone: some machines give all their mails the same.
    """
    sender = mail.sender.email if mail.sender else ""
    date = mail.header("date")
    return hashlib.sha256(f"{mail.message_id}\n{sender}\n{date}".encode()).hexdigest()[:32]


def _written_at(mail: Mail, arrived: datetime) -> datetime:
    """When it was written by its own date, where that is believable; else when it arrived."""
    if mail.date is not None and timedelta(0) <= arrived - mail.date <= _LATEST:
        return mail.date
    return arrived


def _fitting(text: str) -> str:
    """As much of ``text`` as a call may carry as JSON."""
    if len(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace")) <= MOST_TEXT_BYTES:
        return text
    low, high = 0, min(len(text), MOST_TEXT_BYTES)
    while low < high:
        middle = (low + high + 1) // 2
        if len(json.dumps(text[:middle], ensure_ascii=False).encode("utf-8", "replace")) <= MOST_TEXT_BYTES:
            low = middle
        else:
            high = middle - 1
    return text[:low]


def root_of(mail: Mail) -> str:
    """The Message-ID that names the conversation of a mail in a thread that nobody knows yet."""
    return mail.references[0] if mail.references else mail.message_id
