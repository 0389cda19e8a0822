"""A mail as bytes: headers in any language folded and encoded (RFC 5322, 2047, 2231), bodies of any kind.

Written out by hand because it is signed: what is signed is exactly what is sent, and no library folds it
anew on the way. Whatever could break out of its line is refused, never cleaned away silently.
"""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b
from quopri import encodestring
from urllib.parse import quote

from holdfast.domain.touch import Attachment

Header = tuple[str, bytes]
"""Name and folded value, without the end of the line."""

LINE = 76
_WORD = 75
"""Characters of one encoded word at most."""

_HARD = 998
"""Characters of a line that every server takes."""

_OURS = (
    "from to cc bcc sender subject date message-id mime-version dkim-signature received return-path "
    "content-type content-transfer-encoding content-disposition content-id"
)
RESERVED = frozenset(_OURS.split())
"""Headers that the channel writes itself."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")
_TURNS = re.compile("[\u202a-\u202e]")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_MESSAGE_ID = re.compile(r"<[^<>\s@]{1,400}@[^<>\s@]{1,400}>")


class BadHeader(Exception):  # noqa: N818
    """A header that cannot be written as it is; ``name`` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address with the name that stands before it, "" for none."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail consists of. ``key`` names it for ever: the Message-ID and the boundaries come from it."""

    key: str
    sender: Mailbox
    to: Mailbox
    subject: str
    text: str
    at: datetime
    html: str = ""
    language_tag: str = "en"
    direction: str = "ltr"
    reply_to: str = ""
    reply_to_message: str = ""
    headers: Mapping[str, str] | None = None
    attachments: Sequence[Attachment] = ()
    automatic: bool = True


def message_id(key: str, domain: str) -> str:
    """The Message-ID of what ``key`` names: the same each time, and it tells nobody the key."""
    return f"<{_digest(key, 'message')}@{domain}>"


def headers_of(mail: Mail) -> list[Header]:
    """The headers of a mail but those of its content. Raises :class:`BadHeader`."""
    domain = mail.sender.address.rpartition("@")[2]
    written: list[tuple[str, bytes]] = [
        ("From", mailbox("From", mail.sender)),
        ("To", mailbox("To", mail.to)),
        ("Subject", words("Subject", mail.subject)),
        ("Date", format_datetime(mail.at.astimezone(UTC)).encode("ascii")),
        ("Message-ID", message_id(mail.key, domain).encode("ascii")),
    ]
    if mail.reply_to:
        written.append(("Reply-To", mailbox("Reply-To", Mailbox(mail.reply_to))))
    if named := _MESSAGE_ID.findall(mail.reply_to_message):
        written.append(("In-Reply-To", _ascii("In-Reply-To", named[-1])))
        written.append(("References", _ascii("References", "\r\n ".join(named[-20:]), folded=True)))
    if mail.automatic:
        written.append(("Auto-Submitted", b"auto-generated"))
    written.append(("Content-Language", _ascii("Content-Language", mail.language_tag)))
    for name, value in (mail.headers or {}).items():
        if not _NAME.fullmatch(name) or name.lower() in RESERVED:
            raise BadHeader(name[:60])
        written.append((name, words(name, value)))
    written.append(("MIME-Version", b"1.0"))
    return written


def content_of(mail: Mail) -> tuple[list[Header], bytes]:
    """(headers, body) of a mail's content: text, HTML beside it, what the HTML shows, files."""
    part = _text(mail.text, "plain")
    if mail.html:
        shown = [each for each in mail.attachments if each.inline_id]
        html = _text(_whole_page(mail), "html")
        if shown:
            html = _several("related", [html, *map(_file, shown)], mail.key)
        part = _several("alternative", [part, html], mail.key)
    files = [each for each in mail.attachments if not (each.inline_id and mail.html)]
    if files:
        part = _several("mixed", [part, *map(_file, files)], mail.key)
    return part


def as_bytes(headers: Sequence[Header], body: bytes) -> bytes:
    """A mail as it goes over the line, without the doubling of leading dots."""
    return b"".join(b"%s: %s\r\n" % (name.encode("ascii"), value) for name, value in headers) + b"\r\n" + body


# Headers


def words(name: str, value: str) -> bytes:
    """A header's words, folded; what is not ASCII as encoded words. Raises :class:`BadHeader`.

    Tabs become blanks; marks that turn the direction of what follows are left out: in a header they
    turn what stands beside it.
    """
    if _CONTROL.search(value):
        raise BadHeader(name)
    plain = _TURNS.sub("", value.replace("\t", " "))
    if plain.isascii() and "=?" not in plain and _fits(plain):
        return _folded(plain.split(" "), len(name) + 2)
    return _encoded(plain.strip(), len(name) + 2)


def mailbox(name: str, given: Mailbox) -> bytes:
    """``Name <address>`` or the address alone. Raises :class:`BadHeader`."""
    if _CONTROL.search(given.address) or _CONTROL.search(given.name):
        raise BadHeader(name)
    address = given.address.encode("utf-8")
    shown = _TURNS.sub("", given.name).strip()
    if not shown:
        return address
    before = len(name) + 2
    if shown.isascii() and "=?" not in shown and len(shown) + before <= LINE:
        if _ATOMS.fullmatch(shown):
            written = shown.encode("ascii")
        else:
            written = b'"%s"' % re.sub(r'(["\\])', r"\\\1", shown).encode("ascii")
    else:
        written = _encoded(shown, before)
    last = len(written.rpartition(b"\r\n")[2]) + (0 if b"\r\n" in written else before)
    between = b" " if last + 3 + len(address) <= LINE else b"\r\n "
    return written + between + b"<" + address + b">"


def _fits(plain: str) -> bool:
    """Whether every word of it fits into a line as it is, and folding loses nothing."""
    return (
        plain == plain.strip()
        and "  " not in plain
        and all(len(each) < _HARD - 80 for each in plain.split(" "))
    )


def _folded(some: Sequence[str], column: int) -> bytes:
    lines: list[str] = []
    line = ""
    for each in some:
        if line and column + len(line) + 1 + len(each) > LINE:
            lines.append(line)
            line, column = each, 1
        else:
            line = f"{line} {each}" if line else each
    return "\r\n ".join([*lines, line]).encode("ascii")


def _encoded(plain: str, column: int) -> bytes:
    """As encoded words of whole characters; white space between two of them counts for nothing."""
    found: list[str] = []
    some, room = b"", _room(column)
    for letter in plain:
        coded = letter.encode("utf-8", "replace")
        if some and len(some) + len(coded) > room:
            found.append(_word(some))
            some, room = b"", _room(1)
        some += coded
    return "\r\n ".join([*found, _word(some)]).encode("ascii")


def _room(column: int) -> int:
    """Bytes whose base64 fits into one encoded word that begins at ``column``."""
    return max(min(_WORD, LINE - column) - len("=?utf-8?b??="), 8) // 4 * 3


def _word(some: bytes) -> str:
    return f"=?utf-8?b?{b64encode(some).decode('ascii')}?="


def _ascii(name: str, value: str, *, folded: bool = False) -> bytes:
    if _CONTROL.search(value.replace("\r\n ", "") if folded else value) or not value.isascii():
        raise BadHeader(name)
    return value.encode("ascii")


# Bodies


def _text(written: str, kind: str) -> tuple[list[Header], bytes]:
    """A part of text: as it is where that is possible, else in the shorter of the two encodings."""
    raw = "\r\n".join(re.split(r"\r\n|\r|\n", written)).encode("utf-8", "replace").replace(b"\0", b"")
    if not raw.endswith(b"\r\n"):
        raw += b"\r\n"
    if raw.isascii() and all(len(line) <= 200 for line in raw.split(b"\r\n")):
        coding, body = b"7bit", raw
    else:
        printable = encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
        packed = encodebytes(raw).replace(b"\n", b"\r\n")
        coding, body = (
            (b"quoted-printable", printable) if len(printable) <= len(packed) else (b"base64", packed)
        )
    headers = [
        ("Content-Type", f'text/{kind}; charset="utf-8"'.encode("ascii")),
        ("Content-Transfer-Encoding", coding),
    ]
    return headers, body


def _whole_page(mail: Mail) -> str:
    """The HTML as a page that says its language and direction, unless it is one."""
    if re.search(r"<html[\s>]", mail.html[:2_000], re.IGNORECASE):
        return mail.html
    return (
        f'<!DOCTYPE html>\n<html lang="{mail.language_tag}" dir="{mail.direction}"><head>'
        f'<meta charset="utf-8"></head>\n<body>{mail.html}</body></html>'
    )


def _file(attached: Attachment) -> tuple[list[Header], bytes]:
    kind = attached.media_type
    if not re.fullmatch(r"[a-z]+/[A-Za-z0-9.+-]{1,100}", kind):
        kind = "application/octet-stream"
    headers = [
        ("Content-Type", kind.encode("ascii")),
        ("Content-Transfer-Encoding", b"base64"),
        ("Content-Disposition", b"\r\n ".join(_disposition(attached))),
    ]
    if attached.inline_id:
        if not re.fullmatch(r"[A-Za-z0-9.@_-]{1,100}", attached.inline_id):
            raise BadHeader("Content-ID")
        headers.append(("Content-ID", f"<{attached.inline_id}>".encode("ascii")))
    return headers, encodebytes(attached.content).replace(b"\n", b"\r\n")


def _disposition(attached: Attachment) -> Iterator[bytes]:
    """The file's name, in any language as RFC 2231 says (a plain one beside it is read instead of it)."""
    if _CONTROL.search(attached.name):
        raise BadHeader("Content-Disposition")
    name = _TURNS.sub("", attached.name).replace("/", "_").replace("\\", "_")[:150].strip() or "file"
    yield (b"inline" if attached.inline_id else b"attachment") + b";"
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", name)
    if plain == name:
        yield f'filename="{name}"'.encode("ascii")
        return
    coded = "UTF-8''" + quote(name, safe="")
    pieces = _pieces(coded, 60)
    if len(pieces) == 1:
        yield f"filename*={coded}".encode("ascii")
        return
    for number, piece in enumerate(pieces):
        end = ";" if number < len(pieces) - 1 else ""
        yield f"filename*{number}*={piece}{end}".encode("ascii")


def _pieces(coded: str, size: int) -> list[str]:
    """``coded`` in pieces that cut no ``%xx`` in two."""
    found, first = [], 0
    while first < len(coded):
        last = min(first + size, len(coded))
        while last < len(coded) and "%" in coded[last - 2 : last]:
            last -= 1
        found.append(coded[first:last])
        first = last
    return found


def _several(kind: str, parts: Sequence[tuple[list[Header], bytes]], key: str) -> tuple[list[Header], bytes]:
    """Parts as one, between boundaries that come from the key: no part of base64 or text holds one."""
    boundary = f"=_{_digest(key, kind)}"
    mark = boundary.encode("ascii")
    body = b"".join(b"--%s\r\n%s\r\n" % (mark, as_bytes(headers, content)) for headers, content in parts)
    value = f'multipart/{kind};\r\n boundary="{boundary}"'
    return [("Content-Type", value.encode("ascii"))], body + b"--%s--\r\n" % mark


def _digest(key: str, what: str) -> str:
    return blake2b(f"{what}\0{key}".encode(), digest_size=16, person=b"holdfast mail").hexdigest()
