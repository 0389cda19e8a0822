"""One mail, read: who wrote, what about, in which thread, and in which words.

The bytes may be anything. Attachments are named and measured, never opened. What cannot be made out is
empty; nothing raises.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime
from typing import Any

from holdfast.connectors.mails.charsets import decoded, header_words
from holdfast.connectors.mails.html import html_to_text
from holdfast.connectors.mails.quoting import folded_from

MOST_BYTES = 2_000_000
"""Bytes of a mail that are read; what follows (the rest of an attachment) is left out."""
MOST_TEXT = 200_000
"""Characters of its text that are looked at."""

_MOST_PARTS = 300
_MOST_ATTACHMENTS = 50
_LONGEST_VALUE = 4_000
_LONGEST_NAME = 200
_MOST_REFERENCES = 50
_ID = re.compile(r"<([^<>\s]{1,900})>")
_EMAIL = re.compile(
    r"[^\s@<>()\"',;:\\\[\]]{1,64}@(?:[^\s@<>()\"',;:\\\[\]_.-](?:[^\s@<>()\"',;:\\\[\].]*\.)+)[^\W\d_][\w-]{1,62}"
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address in small letters, and the name beside it ("" without one)."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail; ``size`` in bytes, ``None`` where it is not known."""

    name: str
    type: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail.

    ``sender`` is ``None`` without a usable address. ``references`` are the mails it answers, the
    nearest last. ``text`` is all of it, ``folded_from`` where quotes and signature begin. ``headers``
    has every header by its name in small letters, ``parts`` all of its parts.
    """

    message_id: str
    sender: Address | None
    recipients: tuple[Address, ...]
    subject: str
    date: datetime | None
    references: tuple[str, ...]
    text: str
    folded_from: int | None
    attachments: tuple[Attachment, ...]
    cut: bool
    headers: dict[str, list[str]]
    parts: tuple[Message, ...]

    def header(self, name: str) -> str:
        """The words of the first header of that name, "" without one."""
        found = self.headers.get(name)
        return header_words(found[0]) if found else ""


class _Part(Message):
    """A part whose headers are read to a bounded length: the library's are slow with long ones."""

    def get(self, name: str, failobj: Any = None) -> Any:
        """The header's beginning, as text."""
        value = super().get(name, failobj)
        return value if value is None or value is failobj else str(value)[:_LONGEST_VALUE]


def read_mail(raw: bytes) -> Mail:
    """The mail in ``raw``, of which at most :data:`MOST_BYTES` are read."""
    cut = len(raw) > MOST_BYTES
    raw = raw[:MOST_BYTES]
    message = _parsed(raw)
    headers = _headers(message)
    parts = tuple(_parts(message))
    text = _text(parts)[:MOST_TEXT]
    sender = next(iter(_addresses(headers, "from")), None) or next(iter(_addresses(headers, "sender")), None)
    references = _references(headers)
    return Mail(
        message_id=_message_id(headers, raw),
        sender=sender,
        recipients=tuple(_addresses(headers, "to", "cc")),
        subject=header_words(headers.get("subject", [""])[0]),
        date=_date(headers.get("date", [""])[0]),
        references=references,
        text=text,
        folded_from=folded_from(text),
        attachments=tuple(_attachments(parts, cut)),
        cut=cut,
        headers=headers,
        parts=parts,
    )


def ids_in(words: str) -> list[str]:
    """The Message-IDs in a header, without their brackets."""
    return _ID.findall(words[: 20 * _LONGEST_VALUE])


def email_in(words: str) -> str:
    """``words`` in small letters where they are one e-mail address, else ""."""
    words = words.strip().strip("<>").lower()
    return words if len(words) <= 254 and _EMAIL.fullmatch(words) else ""


def _parsed(raw: bytes) -> Message:
    """The message; of one nested deeper than the library can go, its head alone."""
    try:
        return message_from_bytes(raw, _class=_Part)
    except RecursionError:
        head, _, _ = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        lines = [line for line in head.split(b"\n") if not line.lower().startswith(b"content-type")]
        return message_from_bytes(b"\n".join(lines) + b"\n\n", _class=_Part)


def _headers(message: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in list(message.raw_items())[:1_000]:
        found.setdefault(name.lower(), []).append(str(value)[: 20 * _LONGEST_VALUE])
    return found


def _parts(message: Message) -> Iterator[Message]:
    """Every part that holds something, in order; mails within the mail are one part each."""
    waiting = [message]
    count = 0
    while waiting and count < _MOST_PARTS:
        part = waiting.pop()
        count += 1
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            yield part
            waiting += [each for each in reversed(inner) if isinstance(each, Message)]
        else:
            yield part


def _text(parts: Sequence[Message]) -> str:
    """The words of the mail: of what is offered in two forms the plain one, unless it is empty."""
    plain, html = [], []
    for part in parts:
        if _is_file(part) or part.get_content_maintype() != "text":
            continue
        if part.get_content_subtype() == "html":
            html.append(part)
        elif part.get_content_subtype() in ("plain", "enriched"):
            plain.append(part)
    said = "\n\n".join(filter(None, (_plain_text(part) for part in plain)))
    if said or not html:
        return said
    return "\n\n".join(filter(None, (html_to_text(_words_of(part)) for part in html)))


def _plain_text(part: Message) -> str:
    text = _words_of(part).replace("\r\n", "\n").replace("\r", "\n")
    if _parameter(part, "format").lower() == "flowed":
        text = _unflowed(text, _parameter(part, "delsp").lower() == "yes")
    return text.strip("\n").rstrip()


def _unflowed(text: str, without_space: bool) -> str:
    """Paragraphs as they were before the mailer broke their lines (RFC 3676)."""
    lines: list[list[str]] = []
    flows = False
    for written in text.split("\n"):
        line = written.removeprefix(" ")
        quoted, dashes = line.startswith(">"), line == "-- "
        if flows and not quoted and not dashes:
            lines[-1].append(line)
        else:
            lines.append([line])
        flows = line.endswith(" ") and not quoted and not dashes
        if flows and without_space:
            lines[-1][-1] = line[:-1]
    return "\n".join("".join(pieces) for pieces in lines)


def _words_of(part: Message) -> str:
    return decoded(content(part)[: 4 * MOST_TEXT], _parameter(part, "charset"))


def content(part: Message) -> bytes:
    """The bytes of a part, unpacked; none where they cannot be."""
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
        return b""  # the library trips over parameters that nobody writes by intent
    return found if isinstance(found, bytes) else b""


def _is_file(part: Message) -> bool:
    """Whether the part is a file and no words of the mail."""
    return part.get_content_disposition() == "attachment" or (
        bool(_file_name(part)) and part.get_content_maintype() != "multipart"
    )


def _attachments(parts: Sequence[Message], cut: bool) -> Iterator[Attachment]:
    found = [part for part in parts if part.get_content_maintype() != "multipart"]
    files = [part for part in found if _is_file(part) or part.get_content_maintype() != "text"]
    for part in files[:_MOST_ATTACHMENTS]:
        last = cut and part is parts[-1]
        yield Attachment(
            _file_name(part), part.get_content_type()[:_LONGEST_NAME], None if last else _size(part)
        )


def _size(part: Message) -> int | None:
    """How large a file is; a mail within the mail was taken apart, and is not measured."""
    return len(content(part)) if isinstance(part.get_payload(), str) else None


def _file_name(part: Message) -> str:
    """The last part of a file's name; what comes before it is a path on a machine of the sender's."""
    name = _parameter(part, "filename", "content-disposition") or _parameter(part, "name")
    return re.split(r"[/\\]", header_words(name))[-1].strip()[:_LONGEST_NAME]


def _parameter(part: Message, name: str, header: str = "content-type") -> str:
    try:
        value = part.get_param(name, "", header)
        return collapse_rfc2231_value(value) if isinstance(value, str | tuple) else ""
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        return ""


def _addresses(headers: dict[str, list[str]], *names: str) -> Iterator[Address]:
    """The usable addresses in headers; names are decoded after the list was taken apart."""
    raw = [_one_line(value[:_LONGEST_VALUE]) for name in names for value in headers.get(name, [])[:5]]
    for name, email in getaddresses(raw)[:_MOST_REFERENCES]:
        if usable := email_in(header_words(email)):
            yield Address(usable, header_words(name)[:_LONGEST_NAME])


def _one_line(raw: str) -> str:
    return raw.replace("\r", " ").replace("\n", " ").replace("\0", " ")


def _references(headers: dict[str, list[str]]) -> tuple[str, ...]:
    found = [
        each for name in ("references", "in-reply-to") for each in ids_in(" ".join(headers.get(name, [])))
    ]
    once = list(dict.fromkeys(found))
    return tuple(once if len(once) <= _MOST_REFERENCES else once[:1] + once[1 - _MOST_REFERENCES :])


def _message_id(headers: dict[str, list[str]], raw: bytes) -> str:
    """The mail's id; one without has a hash of itself."""
    given = next(iter(headers.get("message-id", [])), "")
    found = ids_in(given)
    words = found[0] if found else "".join(given.split())[:900].strip("<>")
    return words if words and words.isprintable() and words.isascii() else hashlib.sha256(raw).hexdigest()


def _date(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(_one_line(written[:200]))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
