"""Telephone numbers as channels need them: one spelling (E.164), and none of them in what servers said."""

from __future__ import annotations

import re

from holdfast.domain.written_numbers import latin_digits

_NUMBER = re.compile(r"\+?[1-9][0-9]{6,14}")
_IN_WORDS = re.compile(r"\+?\(?[0-9](?:[ ().\-]{0,3}[0-9]){6,16}")


def e164(written: str) -> str:
    """The number with its plus and its country; "" for what is none. A plus that was left out is added."""
    plain = latin_digits(written.strip())
    return f"+{plain.lstrip('+')}" if _NUMBER.fullmatch(plain) else ""


def without_numbers(said: str) -> str:
    """What a server said without the numbers that it repeats: seven digits and more."""
    return _IN_WORDS.sub("…", said)
