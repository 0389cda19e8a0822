"""What of a text is read: not the thread it answers, not the signature, not the HTML, not without end.

Everything that is cut is overwritten with blanks, so that places in the cut text are places in the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import cache

from holdfast.text.phrases import written_languages

MOST_CHARACTERS = 20_000
"""So much of one text is read: a long mail, not a pasted book. What comes after is not looked at."""

_NOTHING = "\u2060"
"""A character that folding drops: keeps places the same where an entity becomes one letter."""
_SCRIPTS = re.compile(r"<(script|style)\b[^>]{0,500}>.{0,20000}?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,2000}>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")
_QUOTED_LINE = re.compile(r"^[ \t]*(?:>|&gt;).*$", re.MULTILINE)
_FORWARD = re.compile(
    r"^[ \t]*-{2,}[ \t]*(?:original message|forwarded message|mesaj original|пересылаемое|исходное|"
    r"оригинално|препратено|پیام اصلی|原始邮件|转发)[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_DASHES = re.compile(r"^-- ?$|^_{5,}[ \t]*$", re.MULTILINE)
_CLOSING_MOST = 400
"""A signature is no longer than this; after a greeting line with more behind it the text goes on."""


def cut(text: str) -> str:
    """``text`` with blanks in place of what its writer did not write to us now."""
    text = text[:MOST_CHARACTERS]
    if "<" in text:
        text = _TAG.sub(_blank, _SCRIPTS.sub(_blank, text))
    if "&" in text:
        text = _ENTITY.sub(_letter, text)
    if "\n" in text:
        text = _without_thread(text)
    return text


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def _letter(found: re.Match[str]) -> str:
    letter = html.unescape(found.group())
    return letter.ljust(len(found.group()), _NOTHING) if len(letter) <= len(found.group()) else found.group()


def _without_thread(text: str) -> str:
    ends = [found.start() for found in (_FORWARD.search(text), _thread_line().search(text)) if found]
    ends += [found.start() for found in [_DASHES.search(text)] if found]
    ends += [
        f.start() for f in _closing_line().finditer(text) if len(text[f.end() :].strip()) <= _CLOSING_MOST
    ]
    worth = [end for end in ends if text[:end].strip()]
    end = min(worth, default=len(text))
    return _QUOTED_LINE.sub(_blank, text[:end]) + re.sub(r"[^\n]", " ", text[end:])


@cache
def _thread_line() -> re.Pattern[str]:
    """Lines with which mail programs introduce what is answered ("On Monday Ana wrote:")."""
    return _lines("thread_lines", r"[ \t]*")


@cache
def _closing_line() -> re.Pattern[str]:
    """Lines that begin a signature ("Best regards")."""
    return _lines("closings", r"[ \t]*[,.!،，]?[ \t]*")


def _lines(name: str, end: str) -> re.Pattern[str]:
    written: Iterable[list[str]] = (one["mail"][name] for one in written_languages().values())
    lines = "|".join(_as_expression(line) for listed in written for line in listed)
    return re.compile(rf"^[ \t]*(?:{lines}){end}$", re.IGNORECASE | re.MULTILINE)


def _as_expression(line: str) -> str:
    """A line of the phrase file, in which ``...`` stands for anything."""
    return r"[^\n]{0,200}".join(re.escape(part.strip()) for part in line.split("..."))
