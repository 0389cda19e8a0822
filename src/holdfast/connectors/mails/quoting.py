"""Where a mail stops being its author's own words: quotes of what came before, and signatures."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MOST_LINES = 5_000
_LONGEST_HEAD = 400
_SIGNATURE_LINES = 20
_MOST_TRIES = 30
"""Beginnings of quotes that are followed up: a mail with more of them was written to keep us busy."""


def _any(phrases: str) -> str:
    """One of the ``phrases`` between commas, as a regular expression; they are expressions themselves."""
    return f"({'|'.join(' '.join(phrase.split()) for phrase in phrases.split(','))})"


_WROTE = re.compile(
    _any(
        r"""
        \bwrote\b, \bschrieb\b, \ba écrit\b, \bescribió\b, \bha scritto\b, \ba scris\b, \bнаписа(л|ла)?\b,
        <\S+@\S+>, \bпише\b, \bпишет\b, \bписала?\b, نوشت\b, نوشته\b, نوشته است\b, 写道, 寫道, 写到
        """
    )
    + r".{0,40}[:：]\s*$",
    re.I,
)
_BEGINS_HEAD = re.compile(
    r"^\s*"
    + _any(
        r"""
        On\b, Am\b, Le\b, În data\b, Pe\b, La\b, На\b, В\b, El\b, Il\b, Op\b, Den\b, در\b, 在, 于,
        \d{4}[-./年 ], \d\d?[-./ ], (пн|вт|ср|чт|пт|сб|вс|нд)\b, \S+@
        """
    ),
    re.I,
)
_ORIGINAL = re.compile(
    r"^\s*[-_*]{2,9}\s*"
    + _any(
        """
        original message, forwarded message, original appointment, mesaj original, mesajul original,
        mesaj redirecționat, оригинално съобщение, препратено съобщение, исходное сообщение,
        пересылаемое сообщение, пересланное сообщение, پیام اصلی, پیام فوروارد شده, 原始邮件, 原始郵件,
        转发的邮件, 轉寄郵件, ursprüngliche nachricht, message d'origine
        """
    )
    + r"\s*[-_*]{2,9}\s*$",
    re.I,
)
_RULE = re.compile(r"^\s*_{20,}\s*$")
_FIELD = re.compile(
    r"^\s*[*_]{0,2}"
    + _any(
        """
        from, sent, date, to, cc, subject, de la, de, trimis, data, către, subiect, от, изпратено, до, тема,
        относно, отправлено, дата, кому, копия, از, فرستنده, تاریخ, ارسال, به, گیرنده, موضوع, 发件人,
        发送时间, 日期, 收件人, 抄送, 主题, 寄件者, von, gesendet, an, betreff, envoyé, à, objet
        """
    )
    + r"[*_]{0,2}\s*[:：][*_]{0,2}(\s|$)",
    re.I,
)
_MOBILE = re.compile(
    r"^\s*"
    + _any(
        """
        sent from my, sent from (outlook|mail|yahoo|proton), get outlook for, trimis de pe, trimis din,
        изпратено от, отправлено (с|из), ارسال‌?\\s*شده از, فرستاده شده از, 发自我的, 从我的, 來自我的,
        von meinem .+ gesendet
        """
    ),
    re.I,
)
_QUOTED = re.compile(r"^\s*>")


def folded_from(text: str) -> int | None:
    """From which character of ``text`` on everything is quote or signature; ``None`` when nothing is.

    A mail that answers between the lines it quotes is not folded: its own words would be hidden. Nor
    is one that consists of nothing else.
    """
    lines = text.split("\n")[:_MOST_LINES]
    cut = _end_of_own(lines)
    while cut > 0 and not lines[cut - 1].strip():
        cut -= 1
    if cut == 0 or cut >= len(lines):
        return None
    return len("\n".join(lines[:cut]))


def _end_of_own(lines: Sequence[str]) -> int:
    """The number of lines that are the author's own."""
    tries = 0
    for at, line in enumerate(lines):
        if tries < _MOST_TRIES and _may_begin_rest(line):
            tries += 1
            if _begins_rest(lines, at):
                return at
    at = len(lines)
    while at and (_QUOTED.match(lines[at - 1]) or not lines[at - 1].strip()):
        at -= 1
    return at


def _may_begin_rest(line: str) -> bool:
    if _is_dashes(line):
        return True
    return any(pattern.match(line) for pattern in (_ORIGINAL, _MOBILE, _RULE, _FIELD, _BEGINS_HEAD)) or bool(
        _WROTE.search(line[-_LONGEST_HEAD:])
    )


def _begins_rest(lines: Sequence[str], at: int) -> bool:
    """Whether nothing of the author's follows from line ``at`` on."""
    line = lines[at]
    if _ORIGINAL.match(line):
        return True
    if _is_dashes(line) or _MOBILE.match(line):
        return _is_signature(lines, at + 1)
    if _RULE.match(line) or _FIELD.match(line):
        return _is_header_block(lines, at + bool(_RULE.match(line)))
    length = _head_of_quote(lines, at)
    return length > 0 and _only_quotes_follow(lines, at + length)


def _is_dashes(line: str) -> bool:
    return line.rstrip() == "--"


def _head_of_quote(lines: Sequence[str], at: int) -> int:
    """How many lines the head "On ... wrote:" at line ``at`` has; 0 when there is none."""
    for length in (1, 2, 3):
        head = " ".join(lines[at : at + length])
        if len(head) > _LONGEST_HEAD:
            return 0
        if _WROTE.search(head) and (length == 1 or "@" in head or re.search(r"\d", head)):
            return length
        if at + length < len(lines) and not lines[at + length].strip():
            return 0
    return 0


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """Whether three fields of a mail's head stand here, as Outlook writes above what it quotes."""
    block = [line for line in lines[at : at + 8] if line.strip()][:4]
    return sum(bool(_FIELD.match(line)) for line in block) >= 3


def _only_quotes_follow(lines: Sequence[str], at: int) -> bool:
    """Whether no words of the author's stand below: either all is marked as quoted, or nothing is."""
    rest = [line for line in lines[at:] if line.strip()]
    marked = [bool(_QUOTED.match(line)) for line in rest]
    if not any(marked):
        return bool(rest)
    last = len(marked) - 1 - marked[::-1].index(True)
    return all(marked[: last + 1]) and _is_tail(rest[last + 1 :])


def _is_tail(rest: Sequence[str]) -> bool:
    return not rest or _is_dashes(rest[0]) or bool(_MOBILE.match(rest[0]))


def _is_signature(lines: Sequence[str], at: int) -> bool:
    """A signature is short, or followed by what is quoted."""
    for number, line in enumerate(lines[at : at + _SIGNATURE_LINES]):
        if _QUOTED.match(line) or _ORIGINAL.match(line) or _head_of_quote(lines, at + number):
            return True
    return len(lines) - at <= _SIGNATURE_LINES
