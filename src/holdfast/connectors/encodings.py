"""Which encoding a text is written in."""

from __future__ import annotations

import codecs
import re

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CYRILLIC = re.compile("[а-яА-ЯёЁіїєґђћџљњ]")
_MIXED_CASE = re.compile("[а-яё][А-ЯЁ]")
_AMONG_LATIN = re.compile("[A-Za-z][а-яА-ЯёЁіїєґђћџљњ]|[а-яА-ЯёЁіїєґђћџљњ][A-Za-z]")
_ARABIC = re.compile("[\u0621-\u06d2]")
_ACCENTED = re.compile("[À-ÖØ-öø-ɏ]")
_ACCENTED_RUN = re.compile("[À-ÖØ-öø-ɏ]{2,}")
_PUNCTUATION = set("–—‘’“”„…«»№€£°\u00a0·•‹›")
_COMMON_HAN = (0xB0, 0xD7)


def named_encoding(name: str) -> str:
    """The codec called ``name``; raises ``Refusal`` when Python knows none."""
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise Refusal(
            "unknown_encoding",
            found=Text("The encoding {name} is not known.", name=repr(name)),
            expected=Text("A name like utf-8, utf-16, cp1251, cp1252, gbk or cp1256."),
            remedy=Text("Mend [options] encoding in the map; nothing was imported."),
        ) from error


def detect_encoding(head: bytes) -> str:
    """The encoding of a text that begins with ``head`` (cut anywhere).

    A byte-order mark decides; then UTF-16 by its zero bytes; then UTF-8 when most of what is not
    ASCII is valid UTF-8 (single lines that are not are rejected later); then, among cp1251,
    cp1252, cp1250, GBK and cp1256, the one in which the letters look like words.
    """
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if wide := _utf16(head):
        return wide
    if head.isascii() or _mostly_utf8(head):
        return "utf-8"
    scores = {
        encoding: _plausibility(head, encoding)
        for encoding in ("cp1251", "cp1252", "cp1250", "gbk", "cp1256")
    }
    return max(scores, key=lambda encoding: scores[encoding])


def _utf16(head: bytes) -> str:
    """UTF-16 without a mark: nearly every second byte of its ASCII part is zero."""
    even, odd = head[0:4000:2].count(0), head[1:4000:2].count(0)
    half = min(len(head), 4000) // 2
    if half < 2:
        return ""
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.05 * half else ""


def _mostly_utf8(head: bytes) -> bool:
    decoded = head.decode("utf-8", errors="replace")
    broken = decoded.count("\ufffd")
    whole = sum(1 for character in decoded if character > "\x7f") - broken
    return whole > 3 * max(broken - 1, 0)


def _plausibility(head: bytes, encoding: str) -> float:
    """How much ``head`` looks like words in ``encoding``: about -1 to 1 per byte beyond ASCII."""
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(head)
    except UnicodeDecodeError:
        return -9.0
    beyond = [character for character in text if character > "\x7f"]
    if not beyond:
        return 0.0
    known = sum(character in _PUNCTUATION for character in beyond) * 0.5
    return (known + _LETTERS[encoding](text, beyond)) / len(beyond)


def _cyrillic(text: str, beyond: list[str]) -> float:
    return (
        len(_CYRILLIC.findall(text))
        - 4 * len(_MIXED_CASE.findall(text))
        - 2 * len(_AMONG_LATIN.findall(text))
    )


def _arabic(text: str, beyond: list[str]) -> float:
    return len(_ARABIC.findall(text)) - 2 * len(_ACCENTED.findall(text))


def _latin(text: str, beyond: list[str]) -> float:
    return len(_ACCENTED.findall(text)) - 2 * sum(len(run) for run in _ACCENTED_RUN.findall(text))


def _central(text: str, beyond: list[str]) -> float:
    """As western Latin, but only where letters stand that western Latin lacks."""
    own = sum(character in "ăĂșȘțȚşŞţŢłŁąĄęĘćĆńŃśŚźŹżŻčČšŠžŽřŘěĚůŮőŐűŰđĐ" for character in beyond)
    return _latin(text, beyond) * (1.05 if own > 0.3 * len(beyond) else 0.9)


def _han(text: str, beyond: list[str]) -> float:
    common = 0.0
    for character in beyond:
        lead = character.encode("gbk", errors="replace")[0]
        common += 1 if _COMMON_HAN[0] <= lead <= _COMMON_HAN[1] else (0.5 if lead in (0xA1, 0xA3) else -1)
    return common


_LETTERS = {"cp1251": _cyrillic, "cp1256": _arabic, "cp1252": _latin, "cp1250": _central, "gbk": _han}
