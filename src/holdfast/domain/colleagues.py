"""Our own people: which role may give which, and what a name and an address may look like."""

from __future__ import annotations

import unicodedata

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

GIVES: dict[str, tuple[str, ...]] = {
    "admin": ("admin", "manager", "agent", "analyst", "read_only"),
    "manager": ("manager", "agent", "analyst", "read_only"),
    "agent": ("agent", "read_only"),
    "analyst": ("analyst", "read_only"),
    "read_only": ("read_only",),
}
"""Role to the roles that are not above it: only these can somebody of that role give to others."""

LONGEST_NAME = 200
LONGEST_ADDRESS = 254

_JOINERS = frozenset("\u200c\u200d")
"""Not seen, and needed: Persian writes its half-space with the first, Indian scripts join with the second."""

_NOT_IN_NAMES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control and format characters (among them what turns the direction of writing round), and what is none."""


def may_give(giver: str, role: str) -> bool:
    """Whether somebody of role ``giver`` may give ``role``: nobody gives what is above their own."""
    return role in GIVES.get(giver, ())


def clean_name(name: str) -> str:
    """``name`` in one spelling, with single spaces.

    Refuses ("bad_name") characters that are not seen or turn the writing round (a name that reads as
    another one), and what is longer than 200 characters.
    """
    cleaned = unicodedata.normalize("NFC", " ".join(name.split(" "))).strip()
    cleaned = " ".join(part for part in cleaned.split(" ") if part)
    for letter in cleaned:
        if unicodedata.category(letter) in _NOT_IN_NAMES and letter not in _JOINERS:
            raise _bad_name(Text("The name holds the character {code}.", code=f"U+{ord(letter):04X}"))
    if len(cleaned) > LONGEST_NAME:
        raise _bad_name(Text("The name has {n} characters.", n=len(cleaned)))
    return cleaned


def clean_address(address: str) -> str:
    """``address`` in small letters.

    Refuses ("bad_email") what is plainly none: no @ or two, spaces, quotes, line ends, too long. Whether
    the rest is well formed is looked at where it is kept.
    """
    cleaned = address.strip().lower()
    name, at, domain = cleaned.partition("@")
    plain = cleaned.isprintable() and not set(cleaned) & set(" \"'<>(),:;\\[]\u00a0")
    if not at or "@" in domain or not name or "." not in domain or not plain:
        raise bad_address(address)
    if len(cleaned) > LONGEST_ADDRESS or len(name) > 64:
        raise bad_address(address)
    return cleaned


def bad_address(address: str) -> Refusal:
    """What is said of an address that is none; it is shown as it is, without what cannot be seen."""
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in address.strip()[:100])
    return Refusal(
        "bad_email",
        found=Text("{email} is no e-mail address.", email=shown),
        expected=Text("Expected an address like niamh@example.com."),
        remedy=Text("Mend the address; nothing was changed."),
    )


def _bad_name(found: Text) -> Refusal:
    return Refusal(
        "bad_name",
        found=found,
        expected=Text("Expected at most 200 letters, signs and spaces, all of which can be seen."),
        remedy=Text("Type the name anew; nothing was changed."),
    )
