"""Which machines may send mails of a domain (SPF, RFC 7208), as receiving servers find out.

What the DNS says is asked through :class:`Ask`; what has to do with time and network is the caller's.
Macros are not written out: a mechanism that holds one matches nothing here (they name the sender of
each mail, which we do not have).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal, Protocol

Kind = Literal["TXT", "A", "AAAA", "MX"]
Verdict = Literal["pass", "fail", "softfail", "neutral", "none", "permerror"]

MOST_LOOKUPS = 10
"""Questions to the DNS that a record may cost its reader (RFC 7208, 4.6.4)."""

_MOST_NAMES = 10
_VERDICTS: dict[str, Verdict] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_ASKING = ("include", "a", "mx", "ptr", "exists", "redirect")


class Ask(Protocol):
    """The DNS: every answer of a kind under a name, none where there is none.

    Raises :class:`NoAnswer` where nobody answers: that says nothing about the name.
    """

    def __call__(self, name: str, kind: Kind) -> Sequence[str]:
        """The answers; of TXT the strings of one record joined, of MX the names of the servers."""


class NoAnswer(Exception):  # noqa: N818
    """The DNS did not answer."""


class _Wrong(Exception):  # noqa: N818
    """The record cannot be read, or asks too much: receivers treat it as none (permerror)."""


@dataclass(slots=True)
class _Counted:
    """How many questions are left."""

    left: int = MOST_LOOKUPS

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _Wrong


@dataclass(frozen=True, slots=True)
class _Term:
    """A mechanism or modifier: what a match means, its name, its domain or network, its prefix lengths."""

    verdict: Verdict
    name: str
    value: str
    bits: tuple[int | None, int | None]


def spf_records(domain: str, ask: Ask) -> list[str]:
    """The SPF records of a domain; right is exactly one."""
    found = [" ".join(each.split()) for each in ask(domain, "TXT")]
    return [each for each in found if each.lower() == "v=spf1" or each.lower().startswith("v=spf1 ")]


def may_send_from(machine: str, domain: str, ask: Ask) -> Verdict:
    """What receivers find for a mail of ``domain`` from an IP address. Raises :class:`NoAnswer`."""
    try:
        return _check(ip_address(machine), domain, ask, _Counted(), 0)
    except _Wrong:
        return "permerror"


def _check(
    machine: IPv4Address | IPv6Address, domain: str, ask: Ask, counted: _Counted, depth: int
) -> Verdict:
    records = spf_records(domain, ask)
    if not records:
        return "none"
    if len(records) > 1 or depth > MOST_LOOKUPS:
        raise _Wrong
    terms = list(_terms(records[0]))
    for term in terms:
        if term.name in _ASKING:
            counted.spend()
        if term.name != "redirect" and _matches(term, machine, domain, ask, counted, depth):
            return term.verdict
    target = next((term.value for term in terms if term.name == "redirect"), "")
    return _must_say(machine, target, ask, counted, depth) if target else "neutral"


def _must_say(
    machine: IPv4Address | IPv6Address, domain: str, ask: Ask, counted: _Counted, depth: int
) -> Verdict:
    """What another domain's record says; that it has none is a mistake of whoever points there."""
    found = _check(machine, domain, ask, counted, depth + 1)
    if found == "none":
        raise _Wrong
    return found


def _terms(record: str) -> Iterator[_Term]:
    for word in record.split()[1:]:
        if word.lower().startswith("redirect="):
            yield _Term("pass", "redirect", word.partition("=")[2], (None, None))
        elif "=" in word.partition(":")[0].partition("/")[0]:
            continue  # another modifier: unknown ones are passed over
        else:
            yield _mechanism(word)


def _mechanism(word: str) -> _Term:
    verdict = _VERDICTS.get(word[0])
    written = word[1:] if verdict else word
    name, _, value = written.partition(":")
    plain, slash, bits = name.partition("/")
    if plain.lower() in ("ip4", "ip6"):
        return _Term(verdict or "pass", plain.lower(), value, (None, None))
    if plain.lower() not in ("all", "include", "a", "mx", "ptr", "exists"):
        raise _Wrong
    if not slash:
        value, slash, bits = value.partition("/")
    return _Term(verdict or "pass", plain.lower(), value, _bits(bits) if slash else (None, None))


def _bits(written: str) -> tuple[int | None, int | None]:
    """``24`` or ``24//64`` or ``/64``: prefix lengths of IPv4 and IPv6."""
    four, _, six = written.partition("//") if "//" in written else (written, "", "")
    if written.startswith("/"):
        four, six = "", written[1:]
    try:
        return int(four) if four else None, int(six) if six else None
    except ValueError as error:
        raise _Wrong from error


def _matches(
    term: _Term,
    machine: IPv4Address | IPv6Address,
    domain: str,
    ask: Ask,
    counted: _Counted,
    depth: int,
) -> bool:
    if term.name == "all":
        return True
    if term.name in ("ip4", "ip6"):
        return _is_within(machine, term.value)
    if "%" in term.value or term.name == "ptr":
        return False
    name = term.value or domain
    if term.name == "include":
        return _must_say(machine, name, ask, counted, depth) == "pass"
    if term.name == "exists":
        return bool(ask(name, "A"))
    hosts = ask(name, "MX")[:_MOST_NAMES] if term.name == "mx" else [name]
    return any(_has(machine, host, term.bits, ask) for host in hosts)


def _has(
    machine: IPv4Address | IPv6Address, host: str, bits: tuple[int | None, int | None], ask: Ask
) -> bool:
    kind: Kind = "A" if machine.version == 4 else "AAAA"
    length = bits[0] if machine.version == 4 else bits[1]
    return any(
        _is_within(machine, each if length is None else f"{each}/{length}") for each in ask(host, kind)
    )


def _is_within(machine: IPv4Address | IPv6Address, network: str) -> bool:
    try:
        return machine in ip_network(network, strict=False)
    except ValueError as error:
        raise _Wrong from error
