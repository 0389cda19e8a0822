"""What a note of the audit trail says, and how notes are chained: pure, the key is an argument.

Each note's hash is an HMAC-SHA256 over the hash before it and the note itself. Whoever can write to the
database but has not the workspace's secret can change no note without :func:`link` saying so.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

START = ""
"""The hash before the first note."""

SAW, CHANGED, SIGNED = "saw", "changed", "signed"
SORTS = (SAW, CHANGED, SIGNED)
"""What a note is of: somebody saw something, changed something, or signed in or out."""

_SEEING = frozenset({"seen", "exported", "fetched", "unmasked", "read", "listed"})
_ADDRESS = re.compile(r"[^\s@<>,;:\"']+@[^\s@<>,;\"']+|\+?\d[\d\s()./-]{6,}\d")
_LONGEST = 200

Value = str | int | float | bool | None


BY_COMMAND, BY_KEY, BY_ITSELF = "command by ", "api key ", "web process"
"""By what way something was done where nobody was signed in: an account's command, a key, Holdfast itself."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did, not yet noted.

    ``who`` is the number of the person, ``None`` where a program did it; ``via`` says by what way
    ("command by ann", "api key 7", "" for a page). ``did`` is an area and a past participle
    ("customer.seen"); ``about`` the kind and number or name of what it was done to ("customer:12",
    "segment:vip").
    """

    who: int | None
    did: str
    about: str
    at_us: int
    details: Mapping[str, Value] = field(default_factory=dict)
    via: str = ""


def sort_of(did: str) -> str:
    """The sort of a deed: what ends in seeing words was seen, what begins with "sign_in." was signing in."""
    if did.startswith("sign_in."):
        return SIGNED
    return SAW if did.rpartition(".")[2] in _SEEING else CHANGED


def about_customer(unit_id: int) -> str:
    """What is written in ``about`` for a customer."""
    return f"customer:{unit_id}"


def written(details: Mapping[str, Value]) -> str:
    """``details`` as they are kept: in one fixed order, short, and without addresses and numbers of people.

    The trail outlives the customers: what looks like an e-mail address or a telephone number is left out.
    """
    kept = {str(name): _short(value) for name, value in details.items()}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _short(value: Value) -> Value:
    if isinstance(value, bool | int | float) or value is None:
        return value
    return _ADDRESS.sub("…", str(value))[:_LONGEST]


def digest(key: bytes, salt: str, details: str) -> str:
    """What the chain covers of the details: without the salt nobody guesses them back, key or not."""
    return hmac.digest(key, f"details\x1f{salt}\x1f{details}".encode(), "sha256").hex()


def link(
    key: bytes, before: str, position: int, deed: tuple[int, int | None, str, str, str, str], digest_: str
) -> str:
    """The hash of the note at ``position`` after the hash ``before``.

    ``deed`` is (at_us, who, via, did, sort, about), in this order.
    """
    content = json.dumps([before, position, *deed, digest_], ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(key, f"note\x1f{content}".encode(), "sha256").hex()
