"""One request to an address that was looked at first: no inner address, no redirect, bounded time and size.

The name is looked up once and every address it has must be public; the connection goes to the address that
was looked at, so a name that means another one a moment later gains nothing.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from socket import SOCK_STREAM, create_connection, getaddrinfo
from urllib.parse import SplitResult, urlsplit

from holdfast.channels.contract import NoAnswer, NotReached
from holdfast.domain.public_addresses import is_public
from holdfast.domain.texts import Text

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
"""All together, however slowly the bytes come."""
MOST_ANSWER_BYTES = 65_536
LONGEST_URL = 2_000


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes; ``secure`` is https."""

    host: str
    port: int
    path: str
    secure: bool


def target_of(url: str, *, inside: bool = False) -> Target | None:
    """An address that can be asked; ``None`` for what is none.

    Only https, and with ``inside`` (for development) http too. No user, no password, no fragment.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    schemes = {"https": 443, "http": 80} if inside else {"https": 443}
    if len(url) > LONGEST_URL or not url.isascii() or any(sign <= " " for sign in url) or "\\" in url:
        return None
    if parts.scheme not in schemes or not parts.hostname or "@" in parts.netloc or port == 0:
        return None
    return Target(parts.hostname, port or schemes[parts.scheme], _path(parts), parts.scheme == "https")


def post(
    target: Target,
    headers: Mapping[str, str],
    body: bytes,
    *,
    inside: bool = False,
    trust: ssl.SSLContext | None = None,
) -> tuple[int, Mapping[str, str]]:
    """Post ``body``; status and headers of the answer, whose body is read and thrown away.

    Raises :class:`NotReached` where nothing of it arrived, :class:`NoAnswer` where all of it may have.
    """
    until = time.monotonic() + ANSWER_SECONDS
    connection = _Pinned(target, _looked_up(target, inside=inside), trust)
    try:
        try:
            connection.connect()
        except (OSError, ssl.SSLError) as error:
            raise NotReached("not_reached", _words(target, error)) from error
        try:
            connection.request("POST", target.path, body, dict(headers))
            _not_later_than(connection, until)
            answer = connection.getresponse()
            _read_away(connection, answer, until)
        except (OSError, HTTPException, ValueError) as error:
            raise NoAnswer(type(error).__name__) from error
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


class _Pinned(HTTPConnection):
    """A connection to one address, which over TLS must prove to be ``host``."""

    default_port = 443

    def __init__(self, target: Target, address: str, trust: ssl.SSLContext | None) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self._target, self._address = target, address
        self._trust = trust or ssl.create_default_context()
        if not target.secure:
            self.default_port = 80

    def connect(self) -> None:
        """Connect to the address that was looked at."""
        plain = create_connection((self._address, self._target.port), CONNECT_SECONDS)
        if not self._target.secure:
            self.sock = plain
            return
        try:
            self.sock = self._trust.wrap_socket(plain, server_hostname=self._target.host)
        except BaseException:
            plain.close()
            raise


def _looked_up(target: Target, *, inside: bool) -> str:
    try:
        found = getaddrinfo(target.host, target.port, type=SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached("not_found", _words(target, error)) from error
    addresses = [str(each[4][0]) for each in found]
    if not inside and not all(map(is_public, addresses)):
        raise NotReached("inner_address", Text("{host} is an address inside this house.", host=target.host))
    return addresses[0]


def _not_later_than(connection: HTTPConnection, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("too slow")
    if connection.sock is not None:
        connection.sock.settimeout(left)


def _read_away(connection: HTTPConnection, answer: HTTPResponse, until: float) -> None:
    """Read what is answered up to a bound: who sends without end is not listened to."""
    size = 0
    while size < MOST_ANSWER_BYTES:
        _not_later_than(connection, until)
        piece = answer.read1(8_192)
        if not piece:
            return
        size += len(piece)


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _words(target: Target, error: Exception) -> Text:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return Text("{host} cannot be reached: {reason}.", host=target.host, reason=str(reason)[:120].rstrip("."))
