"""A mailbox over IMAP: looked at, never changed. Folders are opened read-only, nothing is marked as seen."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Literal

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

Security = Literal["tls", "starttls"]

WITHIN_SECONDS = 20
_WINDOW = 2_000
"""UIDs that are asked about at once."""
_MOST_AT_ONCE = 8_000_000
"""Bytes of mails that are fetched at once."""

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_ARRIVED = re.compile(rb'\bINTERNALDATE "([^"]{10,40})"')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LISTED = re.compile(rb'\((?P<flags>[^)]*)\) (?:"[^"]*"|NIL) (?P<name>"(?:[^"\\]|\\.)*"|[^ "]+)\s*$')


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mailbox is and who may open it."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 0
    security: Security = "tls"

    @property
    def door(self) -> int:
        """The port: the usual one unless another is given."""
        return self.port or (993 if self.security == "tls" else 143)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as it is now: numbers hold while ``epoch`` (UIDVALIDITY) stays; ``next_uid`` is the next."""

    name: str
    epoch: int
    next_uid: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail that is there: its number in the folder, its size in bytes, when the server received it."""

    uid: int
    size: int
    arrived: datetime


class Mailbox:
    """An open mailbox; use it with ``with``. Whatever goes wrong is a :class:`Refusal`."""

    def __init__(self, place: Place, *, trust: ssl.SSLContext | None = None) -> None:
        self._place = place
        self._trust = trust or ssl.create_default_context()
        self._server: imaplib.IMAP4

    def __enter__(self) -> Mailbox:
        """Connect and sign in."""
        self._server = _connected(self._place, self._trust)
        try:
            _sign_in(self._server, self._place)
        except BaseException:
            _leave(self._server)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Sign out; a server that is gone already is left."""
        try:
            self._server.logout()
        except (imaplib.IMAP4.error, OSError):
            _leave(self._server)

    def folders(self) -> list[str]:
        """The names of all folders, as the server writes them."""
        return [name for name, _ in self._listed_folders()]

    def sent_folder(self) -> str:
        """The folder that the server marks as that of sent mails (RFC 6154); "" without one."""
        return next((name for name, flags in self._listed_folders() if b"\\sent" in flags.lower()), "")

    def open(self, name: str) -> Folder:
        """Look into a folder, without changing it. Refuses ("no_folder") one that is not there."""
        told = self._do("select", _quoted(name), readonly=True, refusal=_no_folder(name))
        epoch, upcoming = self._response("UIDVALIDITY"), self._response("UIDNEXT")
        if upcoming is None:
            status = self._do("status", _quoted(name), "(UIDNEXT)")
            found = re.search(rb"UIDNEXT (\d+)", b" ".join(_plain(status)))
            upcoming = int(found[1]) if found else int((_plain(told) or [b"0"])[0] or 0) + 1
        return Folder(name, epoch or 0, upcoming)

    def first_since(self, folder: Folder, day: date) -> int:
        """The number of the first mail that arrived on ``day`` or later; that of the next one without any."""
        written = f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}"
        told = self._do("uid", "SEARCH", "SINCE", written)
        numbers = [int(each) for line in _plain(told) for each in line.split() if each.isdigit()]
        return min(numbers, default=folder.next_uid)

    def listed(self, folder: Folder, after: int) -> Iterator[Listed]:
        """The mails with a higher number than ``after``, in their order."""
        for first in range(after + 1, folder.next_uid, _WINDOW):
            last = min(first + _WINDOW, folder.next_uid) - 1
            told = self._do("uid", "FETCH", f"{first}:{last}", "(UID RFC822.SIZE INTERNALDATE)")
            found = [each for each in map(_described, _plain(told)) if each is not None]
            yield from sorted(
                (each for each in found if first <= each.uid <= last), key=lambda each: each.uid
            )

    def fetched(self, mails: Sequence[Listed], most_bytes: int) -> Iterator[tuple[Listed, bytes]]:
        """Each of ``mails`` with its first ``most_bytes`` bytes; one that is gone meanwhile is left out."""
        some: list[Listed] = []
        size = 0
        for mail in mails:
            if some and size + min(mail.size, most_bytes) > _MOST_AT_ONCE:
                yield from self._bodies(some, most_bytes)
                some, size = [], 0
            some.append(mail)
            size += min(mail.size, most_bytes)
        if some:
            yield from self._bodies(some, most_bytes)

    def _bodies(self, mails: Sequence[Listed], most_bytes: int) -> Iterator[tuple[Listed, bytes]]:
        numbers = ",".join(str(mail.uid) for mail in mails)
        told = self._do("uid", "FETCH", numbers, f"(UID BODY.PEEK[]<0.{most_bytes}>)")
        bodies = _literals(told)
        yield from ((mail, bodies[mail.uid]) for mail in mails if mail.uid in bodies)

    def _listed_folders(self) -> list[tuple[str, bytes]]:
        found = []
        for line in _plain(self._do("list")):
            if match := _LISTED.search(line):
                name = match["name"].decode("utf-8", "replace")
                if name.startswith('"'):
                    name = re.sub(r"\\(.)", r"\1", name[1:-1])
                found.append((name, match["flags"]))
        return found

    def _do(self, command: str, *words: Any, refusal: Refusal | None = None, **named: Any) -> list[Any]:
        try:
            status, told = getattr(self._server, command)(*words, **named)
        except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
            raise _unreachable(self._place, error) from error
        if status != "OK":
            raise refusal or _unreachable(self._place, imaplib.IMAP4.error(_words(told)))
        return list(told)

    def _response(self, name: str) -> int | None:
        _, told = self._server.response(name)
        words = told[0] if told else None
        return int(words) if isinstance(words, bytes) and words.isdigit() else None


def folder_as_typed(written: str) -> str:
    """A folder's name as servers want it: letters beyond ASCII in modified UTF-7 (RFC 3501, 5.1.3)."""
    if written.isascii():  # as it is, or written that way already
        return written
    pieces = re.split(r"([^\x20-\x7e]+)", written.replace("&", "&-"))
    return "".join(piece if n % 2 == 0 else _shifted(piece) for n, piece in enumerate(pieces))


def _shifted(piece: str) -> str:
    from base64 import b64encode

    return f"&{b64encode(piece.encode('utf-16-be')).decode().rstrip('=').replace('/', ',')}-"


def _connected(place: Place, trust: ssl.SSLContext) -> imaplib.IMAP4:
    try:
        if place.security == "tls":
            return imaplib.IMAP4_SSL(place.host, place.door, ssl_context=trust, timeout=WITHIN_SECONDS)
        server = imaplib.IMAP4(place.host, place.door, timeout=WITHIN_SECONDS)
        try:
            server.starttls(trust)
        except BaseException:
            _leave(server)
            raise
        return server
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        raise _unreachable(place, error) from error


def _leave(server: imaplib.IMAP4) -> None:
    with suppress(OSError):
        server.shutdown()


def _sign_in(server: imaplib.IMAP4, place: Place) -> None:
    if any(not word.isprintable() for word in (place.user, place.password)):
        raise _not_let_in(place, "characters of control")
    try:
        if "AUTH=PLAIN" in server.capabilities:
            secret = f"\0{place.user}\0{place.password}".encode()
            server.authenticate("PLAIN", lambda _: secret)
        else:
            server.login(place.user, place.password)
    except (imaplib.IMAP4.abort, OSError) as error:
        raise _unreachable(place, error) from error
    except (imaplib.IMAP4.error, UnicodeError) as error:
        raise _not_let_in(place, _words([str(error)])) from error


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _plain(told: Sequence[Any]) -> list[bytes]:
    return [line for line in told if isinstance(line, bytes)]


def _described(line: bytes) -> Listed | None:
    uid, size, arrived = _UID.search(line), _SIZE.search(line), _ARRIVED.search(line)
    moment = _moment(arrived[1].decode("ascii", "replace")) if arrived else None
    return Listed(int(uid[1]), int(size[1]), moment) if uid and size and moment else None


def _moment(written: str) -> datetime | None:
    """``18-May-2026 09:30:00 +0300``, whatever language this machine speaks."""
    found = re.fullmatch(r"\s*(\d\d?)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d\d)(\d\d)", written)
    if not found or found[2] not in _MONTHS:
        return None
    day, month, year = int(found[1]), _MONTHS.index(found[2]) + 1, int(found[3])
    clock = f"{found[4]}:{found[5]}:{found[6]}{found[7]}:{found[8]}"
    try:
        return datetime.fromisoformat(f"{year:04d}-{month:02d}-{day:02d}T{clock}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _literals(told: Sequence[Any]) -> dict[int, bytes]:
    """Number to body. A server may name the number before the body or after it."""
    found: dict[int, bytes] = {}
    for at, each in enumerate(told):
        if not isinstance(each, tuple):
            continue
        after = told[at + 1] if at + 1 < len(told) and isinstance(told[at + 1], bytes) else b""
        if uid := _UID.search(each[0]) or _UID.search(after):
            found[int(uid[1])] = each[1]
    return found


def _words(told: Sequence[Any]) -> str:
    """What a server said, short and on one line."""
    said = b" ".join(each if isinstance(each, bytes) else str(each).encode() for each in told)
    return " ".join("".join(c if c.isprintable() else " " for c in said.decode("utf-8", "replace")).split())[
        :200
    ]


def _unreachable(place: Place, error: Exception) -> Refusal:
    said = _words([str(error) or type(error).__name__]).rstrip(".")
    return Refusal(
        "mailbox_unreachable",
        found=Text("{host} does not answer as a mailbox: {reason}.", host=place.host, reason=said),
        expected=Text("An IMAP server that is reached over TLS."),
        remedy=Text("It is tried again by itself; check server, port and network if it stays so."),
    )


def _not_let_in(place: Place, said: str) -> Refusal:
    return Refusal(
        "mailbox_refused",
        found=Text(
            "{host} does not let {user} in: {reason}.",
            host=place.host,
            user=place.user,
            reason=said.rstrip(".") or "?",
        ),
        expected=Text("The name and the password of the mailbox."),
        remedy=Text("Many providers want a password made for this use alone (an app password)."),
    )


def _no_folder(name: str) -> Refusal:
    return Refusal(
        "no_folder",
        found=Text("The mailbox has no folder {name}.", name=name),
        expected=Text("The name of a folder as the server calls it, like INBOX."),
        remedy=Text("Check the spelling, also of large and small letters."),
    )
