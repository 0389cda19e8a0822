"""What the DNS says under a name, asked of this machine's resolver or of a named one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from holdfast.domain.spf import Kind, NoAnswer

if TYPE_CHECKING:
    from dns.resolver import Answer, Resolver

SECONDS = 6.0
"""So long a question may take."""

MOST = 50
"""Answers to one question that are read."""

LOCAL_PORT = 53

VARIABLE = "HOLDFAST_DNS"
"""The environment names a resolver with it, in the place of this machine's."""


class Dns:
    """Asks; every answer is kept for as long as the object lives, so that one look sees one state.

    ``server`` is ``address`` or ``address:port``, "" for the resolver of this machine.
    """

    def __init__(self, server: str = "", *, seconds: float = SECONDS) -> None:
        self._resolver = _resolver(server, seconds)
        self._known: dict[tuple[str, Kind], Sequence[str]] = {}

    def __call__(self, name: str, kind: Kind) -> Sequence[str]:
        """Every answer, none for a name that there is not. Raises :class:`NoAnswer`."""
        key = (name.rstrip(".").lower(), kind)
        if key not in self._known:
            self._known[key] = self._asked(*key)
        return self._known[key]

    def _asked(self, name: str, kind: Kind) -> Sequence[str]:
        from dns.exception import DNSException
        from dns.name import LabelTooLong, NameTooLong
        from dns.resolver import NXDOMAIN
        from dns.resolver import NoAnswer as Nothing

        try:
            answer = self._resolver.resolve(f"{name}.", kind, search=False)
        except (NXDOMAIN, Nothing, LabelTooLong, NameTooLong, UnicodeError):
            return ()
        except (DNSException, OSError) as error:
            raise NoAnswer(type(error).__name__) from error
        return _written(answer, kind)


def usual() -> Dns:
    """Asks the resolver that the environment names, else this machine's."""
    return Dns(os.environ.get(VARIABLE, ""))


def _written(answer: Answer, kind: Kind) -> Sequence[str]:
    rows = list(answer)[:MOST]
    if kind == "TXT":
        return tuple(b"".join(row.strings).decode("utf-8", "replace") for row in rows)
    if kind == "MX":
        rows.sort(key=lambda row: row.preference)
        return tuple(str(row.exchange).rstrip(".") for row in rows)
    return tuple(str(row.address) for row in rows)


def _resolver(server: str, seconds: float) -> Resolver:
    from dns.resolver import NoResolverConfiguration, Resolver

    try:
        resolver = Resolver(configure=not server)
    except NoResolverConfiguration:  # no network was set up: every question goes unanswered
        resolver = Resolver(configure=False)
    if server:
        host, _, port = server.partition(":")
        resolver.nameservers, resolver.port = [host], int(port or LOCAL_PORT)
    resolver.lifetime = seconds
    return resolver
