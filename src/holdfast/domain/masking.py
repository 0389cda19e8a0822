"""Personal data shown in part: enough to tell one from another, not enough to write to anybody.

Pure, and one way: the same for everybody whose role sees them so.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["email", "phone", "address", "name"]
Sight = Literal["shown", "on_request", "hidden"]

SHOWN: Sight = "shown"
ON_REQUEST: Sight = "on_request"
HIDDEN: Sight = "hidden"
SIGHTS: tuple[Sight, ...] = (SHOWN, ON_REQUEST, HIDDEN)
"""Whole; in part, and whole when they ask, which is noted; or in part only."""

_ALWAYS = frozenset({"admin"})
_HIDDEN_FROM = frozenset({"analyst", "read_only"})
DOTS = "•••"


def usual_sight(role: str) -> Sight:
    """How contact points are shown to a role where nobody decided otherwise.

    Who works with customers needs them; who reads figures does not.
    """
    return HIDDEN if role in _HIDDEN_FROM else SHOWN


def may_be_masked(role: str) -> bool:
    """Whether a workspace may mask something for a role: an administrator decides it, and sees all."""
    return role not in _ALWAYS


def mask(kind: Kind, value: str) -> str:
    """``value`` in part: "a•••@example.com", "•••56", "•••", "N•••"; "" stays "".

    The domain of an e-mail address stays: it says which company, and figures are grouped by it.
    """
    if not value.strip():
        return ""
    if kind == "email":
        return _email(value.strip())
    if kind == "phone":
        return _phone(value)
    if kind == "name":
        return " ".join(f"{part[0]}{DOTS}" for part in value.split())
    return DOTS


def _email(value: str) -> str:
    local, at, domain = value.rpartition("@")
    return f"{local[0]}{DOTS}@{domain}" if at and local else DOTS


def _phone(value: str) -> str:
    digits = [letter for letter in value if letter.isdigit()]
    return f"{DOTS}{''.join(digits[-2:])}" if len(digits) > 4 else DOTS
