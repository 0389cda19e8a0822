"""Mail addresses: what is one address, and one only."""

from __future__ import annotations

import re

from holdfast.domain.texts import Text

_LOCAL = re.compile(r"[^\x00-\x20\x7f()<>\[\]:;@\\,\"\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]{1,64}")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LONGEST = 254


def one_address(written: str) -> str | Text:
    """The address as it goes over the line, its domain in ASCII; or why it is none.

    Two addresses in one, a name before it, quotes and comments are refused: what one program reads as
    one address another reads as two.
    """
    if written.count("@") != 1:
        return Text("An address has exactly one @; this one has {n}.", n=written.count("@"))
    local, _, domain = written.partition("@")
    if not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        return Text("What stands before the @ is no mailbox.")
    try:
        plain = domain.lower() if domain.isascii() else domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return Text("What stands after the @ is no domain.")
    labels = plain.split(".")
    literal = re.fullmatch(r"localhost", plain)
    if not literal and (len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels)):
        return Text("What stands after the @ is no domain.")
    address = f"{local}@{plain}"
    if len(address.encode("utf-8")) > _LONGEST:
        return Text("The address is longer than any mail server takes.")
    return address
