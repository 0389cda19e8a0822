"""What a reader of an HTML mail reads, as plain lines. Nothing of it is ever shown as HTML.

The markup is cut by our own scanner, in time linear to its length: the standard library's parser
takes minutes over 300,000 characters that were written to keep it busy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

MOST = 300_000
"""Characters of HTML that are looked at."""

_RAW = frozenset({"script", "style", "title", "textarea", "noscript", "template", "svg", "math"})
"""Elements that show nothing; they end at the first end tag of their name."""
_UNSEEN = _RAW | {"head", "select"}
_BLOCK_NAMES = """
address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6
header hr html li main nav ol p pre section table tr ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_APART = frozenset({"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})((?:[^"'<>]|"[^"]{0,2000}"|'[^']{0,2000}')*+)>""", re.ASCII
)
_BEGINS_TAG = re.compile(r"</?[a-zA-Z]", re.ASCII)
_HIDDEN = re.compile(r"""\bhidden\b(?!\s*=\s*["']?until)|display\s*:\s*none|mso-hide\s*:\s*all""", re.I)
_BLANK = re.compile("[ \t\r\n\f\xa0]+")
_DEEPEST = 8
"""Quotes within quotes that are told apart."""


class _Piece(NamedTuple):
    """Text (``tag`` ""), or the beginning or end of an element."""

    text: str
    tag: str = ""
    ends: bool = False
    attributes: str = ""


def html_to_text(html: str) -> str:
    """The text of ``html`` in lines; what is quoted begins with ``> ``. Never raises."""
    writer = _Writer()
    for piece in _pieces(html[:MOST]):
        if piece.tag:
            (writer.end if piece.ends else writer.begin)(piece)
        else:
            writer.say(piece.text)
    return writer.text()


def _pieces(html: str) -> Iterator[_Piece]:
    """The pieces of ``html`` in order, without comments and what no reader sees."""
    at = 0
    while (opened := html.find("<", at)) >= 0:
        if opened > at:
            yield _Piece(_unescaped(html[at:opened]))
        piece, at = _markup(html, opened)
        if piece is not None:
            yield piece
        if piece is not None and piece.tag in _RAW and not piece.ends:
            at = _after_raw(html, at, piece.tag)
    yield _Piece(_unescaped(html[at:]))


def _markup(html: str, at: int) -> tuple[_Piece | None, int]:
    """What begins with the ``<`` at ``at``, and where it ends."""
    if found := _TAG.match(html, at):
        return _Piece("", found[2].lower(), bool(found[1]), found[3]), found.end()
    if html.startswith("<!--", at):
        return None, _after(html, "-->", at)
    if html.startswith(("<!", "<?"), at):
        return None, _after(html, ">", at)
    if _BEGINS_TAG.match(html, at):  # broken: gone up to its end, or to where something else begins
        following = _before(html, at + 1)
        closed = html.find(">", at, following)
        return None, following if closed < 0 else closed + 1
    return _Piece("<"), at + 1


def _after(html: str, mark: str, at: int) -> int:
    found = html.find(mark, at)
    return len(html) if found < 0 else found + len(mark)


def _before(html: str, at: int) -> int:
    found = html.find("<", at)
    return len(html) if found < 0 else found


def _after_raw(html: str, at: int, tag: str) -> int:
    """The end of an element that shows nothing; its end tag is left to be read."""
    found = re.compile(f"</{tag}", re.I).search(html, at)
    return found.start() if found else len(html)


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a reference of thousands of digits
        return text


class _Writer:
    """Gathers lines; ``_unseen`` counts how deep inside an element that shows nothing we are."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, str]] = []
        self._words: list[str] = []
        self._quotes = 0
        self._unseen = 0
        self._unseen_tag = ""
        self._pre = 0

    def text(self) -> str:
        """What was read, without more than one empty line in a row."""
        self._end_line()
        lines: list[str] = []
        for quotes, line in self._lines:
            if line or (lines and lines[-1].strip("> ")):
                lines.append(f"{'>' * quotes} {line}".rstrip() if quotes else line)
        return "\n".join(lines).strip("\n")

    def begin(self, piece: _Piece) -> None:
        """A block begins a line; what is hidden is passed over until it ends."""
        tag = piece.tag
        if self._unseen:
            self._unseen += tag == self._unseen_tag
        elif tag not in _VOID and (tag in _UNSEEN or _HIDDEN.search(piece.attributes)):
            self._unseen, self._unseen_tag = 1, tag
        elif tag == "br":
            self._end_line(even_empty=True)
        elif tag in _BLOCKS:
            self._begin_block(tag)
        elif tag in ("td", "th"):
            self._words.append(" ")

    def end(self, piece: _Piece) -> None:
        """A block ends its line."""
        tag = piece.tag
        if self._unseen:
            self._unseen -= tag == self._unseen_tag
        elif tag in _BLOCKS:
            self._end_line()
            self._pre = max(0, self._pre - (tag == "pre"))
            self._quotes = max(0, self._quotes - (tag == "blockquote"))
            if tag in _APART:
                self._lines.append((self._quotes, ""))

    def say(self, text: str) -> None:
        """Words; in ``pre`` as they stand, else with single blanks."""
        if self._unseen:
            return
        if not self._pre:
            self._words.append(_BLANK.sub(" ", text))
            return
        first, *others = text.split("\n")
        self._words.append(first)
        for line in others:
            self._end_line(even_empty=True)
            self._words.append(line)

    def _begin_block(self, tag: str) -> None:
        self._end_line()
        if tag in _APART:
            self._lines.append((self._quotes, ""))
        if tag == "blockquote":
            self._quotes = min(_DEEPEST, self._quotes + 1)
        elif tag == "pre":
            self._pre += 1
        elif tag == "li":
            self._words.append("- ")

    def _end_line(self, *, even_empty: bool = False) -> None:
        written = "".join(self._words)
        line = written.rstrip() if self._pre else " ".join(written.split(" ")).strip()
        line = line if self._pre else _BLANK.sub(" ", line)
        self._words.clear()
        if line or even_empty:
            self._lines.append((self._quotes, line))
