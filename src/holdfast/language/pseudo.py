"""A language that nobody speaks: every translated string is marked, so the others stand out.

A test renders a page in the language ``xx`` and asks :func:`unmarked` for the words that reached
the reader without passing a catalogue. Marked strings are also a third longer, as Persian and
Romanian are.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

OPEN, CLOSE = "⟦", "⟧"

_KEPT = re.compile(r"(\{\w+\}|\{\{|\}\}|%\(\w+\)[sd]|%%|<[^>]*>|&\w+;|`[^`]*`)")
_LOOKALIKES = str.maketrans("AEIOUYaeiouycnst", "ÀÉÎÕÛÝàéîõûýçñšţ")
_VOWELS = re.compile(r"[aeiou](?=[a-z]*\b)")
_READ_ALOUD = ("alt", "aria-label", "aria-description", "placeholder", "title")
_NOT_OURS = {"script", "style", "code", "kbd", "samp", "pre", "bdi", "data", "time", "template"}
_EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_WITHIN_SENTENCES = {"b", "code", "bdi"}
"""What a sentence may bring as mark-up of its own: it goes on after them."""
_MARKED = re.compile(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")


def marked(message: str) -> str:
    """``message`` as the pseudo-language says it; placeholders, tags and code stay whole."""
    pieces = _KEPT.split(message)
    pieces[::2] = [_stretched(piece).translate(_LOOKALIKES) for piece in pieces[::2]]
    return f"{OPEN}{''.join(pieces)}{CLOSE}"


def unmarked(html: str, *, names: tuple[str, ...] = ("Holdfast",)) -> list[str]:
    """Words in a page that no translation produced: text, and attributes that are read aloud.

    Left out: numbers, ``names``, code and keys, what stands in ``bdi``, ``data`` or ``time``, and
    whatever has ``translate="no"``, ``dir="auto"`` or a ``lang`` of its own: that is the company's
    data or another language, not our words. Empty when all is marked.
    """
    reader = _Reader(names)
    reader.feed(html)
    reader.close()
    return reader.found


def _stretched(piece: str) -> str:
    """Every third vowel twice: long words find the places where a layout counts on short ones."""
    count = 0

    def again(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return match[0] * 2 if count % 3 == 0 else match[0]

    return _VOWELS.sub(again, piece)


class _Reader(HTMLParser):
    """Walks a page and collects what is written outside of ⟦ and ⟧."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._names = names
        self._open: list[tuple[str, bool]] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        skipped = self._skipping or _is_not_ours(tag, given)
        if not skipped:
            for name in _READ_ALOUD:
                self._check(given.get(name) or "")
            if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
                self._check(given.get("value") or "")
        if tag not in _EMPTY:
            if tag not in _WITHIN_SENTENCES:
                self._flush()
            self._open.append((tag, skipped))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _WITHIN_SENTENCES:
            self._flush()
        while self._open and any(opened == tag for opened, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        self._flush()

    @property
    def _skipping(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _flush(self) -> None:
        self._check("".join(self._text))
        self._text.clear()

    def _check(self, text: str) -> None:
        rest = text
        while (shorter := _MARKED.sub(" ", rest)) != rest:
            rest = shorter
        for name in self._names:
            rest = rest.replace(name, " ")
        if re.search(r"[^\W\d_]{2,}", rest):
            self.found.append(" ".join(rest.split()))


def _is_not_ours(tag: str, given: dict[str, str | None]) -> bool:
    return (
        tag in _NOT_OURS
        or given.get("translate") == "no"
        or given.get("dir") == "auto"
        or (tag != "html" and "lang" in given)
    )
