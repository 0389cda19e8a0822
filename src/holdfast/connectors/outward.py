"""The way out to other servers over HTTPS: never to an address inside the house, never where it leads next.

Whoever may enter an address must not be able to make this machine ask its neighbours (SSRF): the name is
looked up once, every address it has must be public, and the connection goes to the address looked at.
Redirects are not followed.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from holdfast.domain.public_addresses import is_public
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

WITHIN_SECONDS = 20
MOST_BYTES = 20_000_000
"""Bytes of one answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Refuses ("bad_answer") what is none."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise _bad_answer(Text("it is no JSON")) from error


class Unanswered(Refusal):
    """The server has all of what was asked and did not answer: it may have done it."""


@dataclass(frozen=True, slots=True)
class Door:
    """Asks other servers. ``inner`` names hosts that may be inside the house; ``trust`` whom to believe.

    ``plain`` names hosts that may be asked without TLS, and only while they are this very machine;
    ``within`` is how many seconds it waits for each part of an answer.
    """

    inner: frozenset[str] = frozenset()
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    plain: frozenset[str] = frozenset()
    within: float = WITHIN_SECONDS

    def ask(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: Any = None
    ) -> Answer:
        """Send a request, ``content`` as JSON; bytes as they are, of the type that ``headers`` name.

        Refuses ("bad_address", "inner_address", "server_unreachable", "bad_answer") an address that
        is not https or not public, silence, and an answer that is too long.
        """
        parts = urlsplit(url)
        host = parts.hostname
        if parts.scheme not in self._schemes(host) or not host or parts.username is not None:
            raise _bad_address(f"{parts.scheme}://{host or ''}")  # what stands behind it may be secret
        connection = self._connection(parts.scheme, host, parts.port)
        body = content if content is None or isinstance(content, bytes) else json.dumps(content).encode()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"Accept": "application/json", **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        asked = False
        try:
            connection.request(method, path, body, sent)
            asked = True
            with connection.getresponse() as response:
                read = response.read(MOST_BYTES + 1)
                answered = {name.lower(): value for name, value in response.getheaders()}
        except (OSError, HTTPException) as error:
            kind = Unanswered if asked else Refusal
            raise _unreachable(host, str(error) or type(error).__name__, kind) from error
        finally:
            connection.close()
        if len(read) > MOST_BYTES:
            raise _bad_answer(Text("it has more than {n} bytes", n=MOST_BYTES))
        return Answer(response.status, answered, read)

    def _schemes(self, host: str | None) -> tuple[str, ...]:
        return ("https", "http") if host in self.plain else ("https",)

    def _connection(self, scheme: str, host: str, given_port: int | None) -> HTTPConnection:
        """A connection to the address that was looked at."""
        port = given_port or (443 if scheme == "https" else 80)
        address = self._address(host, port)
        if scheme == "https":
            return _Pinned(host, port, address, self.trust, self.within)
        if not ipaddress.ip_address(address.partition("%")[0]).is_loopback:
            raise _bad_address(f"{scheme}://{host}")
        return HTTPConnection(address, port, timeout=self.within)

    def _address(self, host: str, port: int) -> str:
        """The address to connect to, once every address of the name was looked at."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise _unreachable(host, str(error)) from error
        addresses = [str(each[4][0]) for each in found]
        if host not in self.inner and not all(is_public(address) for address in addresses):
            raise Refusal(
                "inner_address",
                found=Text("{host} is an address inside this house.", host=host),
                expected=Text("A server on the internet."),
                remedy=Text("Check the address; nothing was asked."),
            )
        return addresses[0]


class _Pinned(HTTPSConnection):
    """A connection to one address that must prove to be ``host``."""

    def __init__(self, host: str, port: int, address: str, trust: ssl.SSLContext, within: float) -> None:
        super().__init__(host, port, timeout=within, context=trust)
        self._address, self._trust, self._within = address, trust, within

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self._within)
        try:
            self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _bad_address(url: str) -> Refusal:
    return Refusal(
        "bad_address",
        found=Text("{address} cannot be asked.", address=repr(url[:100])),
        expected=Text("An address that begins with https:// and holds no password."),
        remedy=Text("Mend the address; nothing was asked."),
    )


def _unreachable(host: str, reason: str, kind: type[Refusal] = Refusal) -> Refusal:
    return kind(
        "server_unreachable",
        found=Text("{host} does not answer: {reason}.", host=host, reason=reason[:200].rstrip(".")),
        expected=Text("A server that answers over HTTPS."),
        remedy=Text("It is tried again by itself; check the address and the network if it stays so."),
    )


def _bad_answer(reason: Text) -> Refusal:
    return Refusal(
        "bad_answer",
        found=Text("The answer of the server cannot be used: {reason}.", reason=reason),
        expected=Text("The answer that its documentation describes."),
        remedy=Text("It is tried again by itself; check the address if it stays so."),
    )
