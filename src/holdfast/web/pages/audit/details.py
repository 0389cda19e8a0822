"""What else a note of the trail says, in the reader's words: names and values that we have words for."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.web.figures import readable
from holdfast.web.pages.people.words import ROLES

NAMES: dict[str, Text] = {
    "by": Text("How"),
    "from": Text("From"),
    "kind": Text("Kind"),
    "owner": Text("Looked after by"),
    "page": Text("Page"),
    "role": Text("Role"),
    "segment": Text("Segment"),
    "state": Text("State"),
    "to": Text("To"),
    "what": Text("What"),
    "why": Text("Why"),
}
VALUES: dict[str, dict[str, Text]] = {
    "by": {"password": Text("Password"), "invitation": Text("Invitation")},
    "page": {
        "accounts": Text("Accounts"),
        "customer": Text("Customer"),
        "customer_ids": Text("Under which ids they came"),
        "person": Text("Their data"),
    },
    "role": ROLES,
    "from": ROLES,
    "to": ROLES,
}
"""What a value means, by the name it stands under."""


def details(found: Mapping[str, object], reader: Reader) -> str:
    """All of it in one line; what we have no words for as it is called."""
    said = [_one(name, value, reader) for name, value in found.items() if value not in ("", None)]
    return " · ".join(said)


def _one(name: str, value: object, reader: Reader) -> str:
    called = reader.say(NAMES[name]) if name in NAMES else readable(name)
    return f"{called}: {_value(name, value, reader)}"


def _value(name: str, value: object, reader: Reader) -> str:
    words = VALUES.get(name, {}).get(str(value))
    if words is not None:
        return reader.say(words)
    if isinstance(value, int) and not isinstance(value, bool):
        return reader.number(value)
    return readable(str(value)) if name == "page" else str(value)
