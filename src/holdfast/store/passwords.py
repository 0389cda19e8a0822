"""What a password has to be (NIST SP 800-63B, OWASP ASVS).

Long enough, not one of the common ones, not made of the person's own name or address, nor of the company's.
No rule asks for signs or capitals, none lets a password run out, and nothing is cut off.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings

SHORTEST, LONGEST = 12, 256


def normal(password: str) -> str:
    """The password in one spelling: keyboards write "é" in two ways (NFKC, as NIST asks)."""
    return unicodedata.normalize("NFKC", password)


def check(settings: Settings, password: str, *, email: str = "", name: str = "") -> None:
    """Refuse ("weak_password") what is too short, too long, common, or easily thought of for this person."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    chosen = normal(password)
    if len(chosen) > LONGEST:
        raise _weak(Text("The password has {n} characters.", n=len(chosen)))
    if len(chosen) < SHORTEST:
        raise _weak(Text("The password is too short."))
    if _repeats(chosen):
        raise _weak(Text("The password is too easy to guess."))
    if _told_by(chosen, (name, *email.split("@")[:1], *email.split("@")[1:], settings.name, "holdfast")):
        raise _weak(Text("The password is made of your name, your address or the company's name."))
    try:
        validate_password(chosen)
    except ValidationError as error:
        raise _weak(Text("The password is too easy to guess.")) from error


def _repeats(password: str) -> bool:
    """Whether something short is only said over and over."""
    return (password + password).find(password, 1) < SHORTEST


def _told_by(password: str, words: Iterable[str]) -> bool:
    """Whether little is left of the password without the words that everybody thinks of first."""
    whole = left = "".join(letter for letter in password.casefold() if letter.isalnum())
    for word in words:
        for part in (word, *word.replace(".", " ").replace("-", " ").split()):
            plain = "".join(letter for letter in part.casefold() if letter.isalnum())
            if len(plain) >= 4:
                left = left.replace(plain, "")
    return left != whole and len(left) < SHORTEST // 2


def _weak(found: Text) -> Refusal:
    return Refusal(
        "weak_password",
        found=found,
        expected=Text(
            "Expected 12 to 256 characters that nobody would think of: four words of your own, say."
        ),
        remedy=Text("Choose another, or let a password manager make one."),
    )
