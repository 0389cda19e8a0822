"""In how many parts a text message goes out: networks carry 140 bytes at once, and bill each part.

Texts of the letters of GSM 03.38 have 160 of them in one part, 153 where there are several (each part says
which one it is); any other letter makes all of it UCS-2: 70 and 67 UTF-16 units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""These are written with an escape before them: they count twice."""

_ONE, _OF_SEVERAL = {"GSM-7": 160, "UCS-2": 70}, {"GSM-7": 153, "UCS-2": 67}


@dataclass(frozen=True, slots=True)
class Parts:
    """How a text goes out: its encoding, the units it has in it, and in how many parts."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    count: int


def parts_of(text: str) -> Parts:
    """The parts of a text; no letter and no escape is torn apart, so that a part may be a little shorter."""
    if all(letter in _BASIC or letter in _EXTENDED for letter in text):
        return _counted("GSM-7", [1 + (letter in _EXTENDED) for letter in text])
    return _counted("UCS-2", [1 + (ord(letter) > 0xFFFF) for letter in text])


def _counted(encoding: Literal["GSM-7", "UCS-2"], sizes: list[int]) -> Parts:
    units = sum(sizes)
    if units <= _ONE[encoding]:
        return Parts(encoding, units, 1)
    count, left = 1, _OF_SEVERAL[encoding]
    for size in sizes:
        if size > left:
            count, left = count + 1, _OF_SEVERAL[encoding]
        left -= size
    return Parts(encoding, units, count)
