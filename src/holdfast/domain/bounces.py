"""Whose fault a refused mail is: the address's, for good; perhaps the address's; or ours, or the mail's.

Servers say it in three ways, of which none can be taken alone. The enhanced status (RFC 3463) is clear
where it is given: 5.1.1 says that there is no such mailbox, 5.7.x that we or what we write are not wanted.
The reply code is not: RFC 5321 says of 550 "mailbox not found, no access, or command rejected for policy
reasons". Many servers give no status, or 5.0.0; then only their words tell.

An address that is held to be dead by mistake gets nothing any more, and nobody notices; one that is held
to be alive by mistake costs a few mails that come back. So in doubt a mail that came back is counted
("perhaps"), and what speaks of us or of the mail says nothing about the address ("ours").
"""

from __future__ import annotations

import re
from typing import Literal

Fault = Literal["nobody", "perhaps", "ours"]
"""``nobody``: nobody is reached there, now and later; ``perhaps``: it may be the address, or passing;
``ours``: who sends or what is sent is refused."""

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.]*\d)")

_NOBODY_STATUS = frozenset(
    {
        "5.1.1",  # bad mailbox
        "5.1.2",  # bad system: no such domain
        "5.1.3",  # bad syntax of the mailbox
        "5.1.6",  # the mailbox has moved
        "5.1.10",  # the domain takes no mail (RFC 7505)
        "5.2.1",  # the mailbox is disabled
        "5.4.4",  # no way to the domain
    }
)
_OURS_STATUS = ("5.1.7", "5.1.8", "5.6.", "5.7.")
"""Of the sender's address, of the content, of security or policy."""

_PASSING_STATUS = ("4.", "5.2.2", "5.2.3", "5.2.4", "5.3.1", "5.3.2", "5.3.4", "5.4.5", "5.4.7")

_BLOCKED = re.compile(
    r"black[ -]?list|block[ -]?list|deny[ -]?list|\bblocked\b|\b(rbl|dnsbl)\b|spamhaus|spamcop|barracuda"
    r"|\bspam\b|unsolicited|reputation|\bbanned\b"
)
"""Words of servers that refuse us, even under a status that speaks of the address."""

_POLICY = re.compile(
    r"\bpolic(y|ies)\b|prohibit|not permitted|not allowed|not accept(ed|ing) (mail|messages|connections) from"
    r"|access denied|\brelay(ing)?\b|authenticat|\b(spf|dkim|dmarc)\b|reverse dns|\bptr\b|\btls\b"
    r"|content|virus|malware|attachment|rate limit|too (many|fast)|try again|grey ?list"
    r"|sender (address )?(rejected|refused|denied|verify|unknown)|message (was )?(rejected|refused)"
)
"""Words about who sends, what is sent or how."""

_PASSING = re.compile(
    r"quota|mailbox (is )?full|storage|too (large|big)|size limit|out of (office|memory)|timed? ?out|expired"
    r"|temporar"
)

_WHOSE = r"(user|recipient|mailbox|account|address|addressee|local part)"
_NOBODY = re.compile(
    rf"no such {_WHOSE}|unknown (local )?{_WHOSE}|invalid {_WHOSE}|bad (destination )?{_WHOSE}"
    rf"|{_WHOSE}\b[^.;:]{{0,60}}\b(unknown|invalid|inactive|disabled|deactivated|closed|suspended|expunged"
    r"|unavailable|unroutable|undeliverable|(does|do)(n'?t| not) exist|not (found|exist|known|valid|local"
    r"|listed|active|available|a known)|no longer|cannot be found|could not be found|can ?not be delivered)"
    r"|(doesn'?t|does not) have an? \S+ account|no mailbox (here|by)|nobody (here|of|by)|no one here"
    r"|not our customer|is not a (valid|known)|(host|domain)( or domain)?( name)? not found"
    r"|domain (does ?n[o']t exist|takes no mail|does not accept mail)|null ?mx"
)

_EDGE = re.compile(r"recipient address rejected: access denied")
"""How Exchange Online says under 5.4.1 that it knows no such recipient."""


def fault(said: str, status: str = "") -> Fault:
    """Whose fault it is that a server did not take a mail for good.

    ``said`` is what it said, with its reply code where there is one, and ``status`` its enhanced status
    (else looked for in ``said``).
    """
    words = said.lower()
    if not status:
        found = _STATUS.search(said)
        status = found[1] if found else ""
    if status.startswith(_OURS_STATUS) or _BLOCKED.search(words):
        return "ours"
    if status.startswith(_PASSING_STATUS):
        return "perhaps"
    if status in _NOBODY_STATUS:
        return "nobody"
    return _by_words(words, status)


def _by_words(words: str, status: str) -> Fault:
    """Where the status says nothing clear: policy before all, since a mistake there costs most."""
    if status == "5.4.1" and _EDGE.search(words):
        return "nobody"
    if _POLICY.search(words):
        return "ours"
    if _PASSING.search(words):
        return "perhaps"
    if _NOBODY.search(words):
        return "nobody"
    reply = _REPLY.search(words)
    no_mail = reply is not None and reply[1] == _TAKES_NO_MAIL
    return "nobody" if no_mail or status == _SOME_ADDRESS else "perhaps"


_TAKES_NO_MAIL = "556"
"""The domain takes no mail at all (RFC 7504)."""

_SOME_ADDRESS = "5.1.0"
"""Something about an address; of the sender's the words would say so."""
