"""Brings the many ways of writing a word to one: letters, marks, half-spaces, contractions, other scripts.

Phrases and texts go through the same folding, so that whoever writes a phrase need not think of it. A
folded text knows where each of its words stands in the text that was folded.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_GONE = dict.fromkeys([*range(0x200E, 0x2010), 0x00AD, 0xFEFF, 0x2060, 0x0640, 0xFE0F, 0x200B])
_SAME_LENGTH = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "İ": "I", "ẞ": "ß", "‐": "-", "‑": "-"}
    | {digit: str(value) for value, digit in enumerate("۰۱۲۳۴۵۶۷۸۹")}
    | {digit: str(value) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")}
)
_REWRITTEN = re.compile(f"[{''.join(map(chr, [*_GONE, *_SAME_LENGTH]))}]")
"""Any letter that the two tables above change: most texts have none, and need neither."""
QUESTION = "?"
"""What stands in a folded text behind the end of a question."""
_ASKS = re.compile("[?？؟]")
GLAD, CROSS = "☺", "☹"
"""The words that stand in a folded text for emoji of one mood."""
_GLAD = "😀😃😄😁😆😊🙂😍🥰😘🤩👍👏🙏💯🎉❤💖💕😇🤗🙌✨🌟⭐🥳💪👌☺"
_CROSS = "😡😠🤬👎😤😞😟😔😩😫😢😭💩🤮🤢😒🙄😑😖😣🤡💔☹😾🤦"
_LINK_OR_ADDRESS = r"(?P<skip>https?://\S{1,2000}|www\.\S{1,2000}|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{2,64})|"
_WRITTEN = r"\w[\w\u064b-\u0670\u0300-\u036f]*"
_PLAIN_TOKEN = (
    r"(?P<word>[$€£₽¥#]?\d[\d.,:/]*\d[%$€£₽¥]?"
    rf"|[$€£₽¥#]?{_WRITTEN}(?:[\u200c\u200d'&+/·]{_WRITTEN})*'?[%$€£₽¥]?|[%$€£₽¥])"
    rf"|(?P<glad>[{_GLAD}]+)|(?P<cross>[{_CROSS}]+)"
    r"|(?P<stop>[.!?؟…\n。！？]+)|(?P<comma>[,;:،؛()\"“”„«»\[\]{}–—、，；：]|\s-\s|--+)"
)
_TOKEN, _TOKEN_WITHOUT_LINKS = re.compile(_LINK_OR_ADDRESS + _PLAIN_TOKEN), re.compile(_PLAIN_TOKEN)
_LONE_DASH = re.compile(r"\s-\s")
_MAY_LINK = re.compile("@|https?://|www\\.")
_HALF_SPACE = re.compile("[\u200c\u200d]")
_TWICE, _THRICE = re.compile(r"([^\W\d])\1+"), re.compile(r"([^\W\d])\1{2,}")
_LONGEST_WORD = 60
_MOST_KNOWN = 20_000
"""So many folded words are remembered for a language: people use few words, and those often."""


Piece = tuple[str, int, int]
"""A folded word, and from where to where it stood."""
_MARKS, _JOINS_NOTHING = frozenset(".,|?"), frozenset(".,|")
_DEPENDS: Sequence[Piece] = ((".", 0, 0),)
"""Stands for the pieces of a chunk that begins with a mark or joins the word before it."""


@dataclass(frozen=True, slots=True)
class Folding:
    """How one language is folded: as its phrase file says under ``[folding]``."""

    spaced: bool = True
    marks_dropped: bool = False
    doubles_dropped: bool = False
    letters: Mapping[int, str | None] = field(default_factory=dict)
    sequences: tuple[tuple[str, str], ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    endings: tuple[tuple[str, str], ...] = ()
    joined_to_next: frozenset[str] = frozenset()
    joined_to_last: frozenset[str] = frozenset()
    joined_by_half_space: frozenset[str] = frozenset()
    turns: frozenset[str] = frozenset()
    latin: Callable[[str], str] | None = None
    """Reads a word that is written in Latin letters; None for a text in the language's own script."""
    known: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What has been folded before, by :func:`_words_of`."""
    chunks: dict[str, Sequence[Piece]] = field(default_factory=dict, init=False, compare=False, repr=False)
    """The pieces of what stood between two blanks before, by :func:`_learned`."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and where its words come from."""

    text: str
    pieces: Sequence[Piece]
    places: Sequence[int] | None
    """Where each character of the composed text stands in the original; None: where it stands there."""
    spaced: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of the folded characters from ``start`` to before ``end``."""
        if self.text[start : start + 1] == " ":
            start += 1  # a phrase begins with the blank before its first word
        if not self.pieces:
            return 0, 0
        starts = [1]
        for word, _, _ in self.pieces[:-1]:
            starts.append(starts[-1] + len(word) + self.spaced)
        first = max(0, bisect_right(starts, start) - 1)
        last = max(first, bisect_right(starts, end - 1) - 1)
        return self._place(first)[0], self._place(last)[1]

    @property
    def spans(self) -> Sequence[tuple[int, int]]:
        """The place of each word in the original."""
        return [self._place(number) for number in range(len(self.pieces))]

    def _place(self, number: int) -> tuple[int, int]:
        _, start, end = self.pieces[number]
        return (start, end) if self.places is None else (self.places[start], _end(self.places, end))


def fold_text(text: str, folding: Folding) -> Folded:
    """``text`` as a row of folded words: ``.`` ends a sentence, ``,`` a clause, ``|`` goes before a turn.

    The ``.`` of a question has a ``?`` behind it.
    """
    plain, places = _composed(text)
    pieces = _spaced_pieces(plain, folding) if folding.spaced else _unspaced_pieces(plain, folding)
    return _joined(pieces, places, spaced=folding.spaced)


def fold_word(word: str, folding: Folding) -> str:
    """One word folded; it may become several words, or none."""
    return _fold_word(word, folding) if folding.spaced else word.lower().translate(folding.letters)


def _composed(text: str) -> tuple[str, list[int] | None]:
    """``text`` in the composed form, and for each of its characters its place (None: the same places)."""
    rewritten = (not text.isascii() and _REWRITTEN.search(text) is not None) or "`" in text
    if rewritten:
        text = text.translate(_SAME_LENGTH)
        rewritten = text.translate(_GONE) != text
    if not rewritten and unicodedata.is_normalized("NFKC", text):
        lower = text.lower()
        if len(lower) == len(text):
            return lower, None
    letters, places = [], []
    for found in re.finditer(r".[\u0300-\u036f\u0653-\u0655]*", text, re.DOTALL):
        cluster = (
            unicodedata.normalize("NFKC", found.group()).translate(_GONE).lower().translate(_SAME_LENGTH)
        )
        letters.append(cluster)
        places += [found.start()] * len(cluster)
    return "".join(letters), [*places, len(text)]


def _spaced_pieces(text: str, folding: Folding) -> list[Piece]:
    if _LONE_DASH.search(text):  # the only token that reaches over a blank
        return _add_tokens([], text, 0, folding)
    pieces: list[Piece] = []
    known, waits = folding.chunks, folding.joined_to_next
    at = 0
    for chunk in text.split(" "):
        told = known.get(chunk)
        if told is None:
            told = _learned(chunk, folding)
        if told is _DEPENDS or (waits and pieces and pieces[-1][0] in waits):
            _add_tokens(pieces, chunk, at, folding)
        else:
            for word, start, end in told:
                pieces.append((word, at + start, at + end))
        at += len(chunk) + 1
    return pieces


def _learned(chunk: str, folding: Folding) -> Sequence[Piece]:
    """The pieces of what stands between two blanks, remembered; ``_DEPENDS`` where they hang on more."""
    told: Sequence[Piece] = _add_tokens([], chunk, 0, folding)
    first = told[0][0] if told else ""
    if first in _MARKS or first in folding.joined_to_last:
        told = _DEPENDS
    if len(chunk) <= _LONGEST_WORD:
        if len(folding.chunks) >= _MOST_KNOWN:
            folding.chunks.clear()
        folding.chunks[chunk] = told
    return told


def _add_tokens(pieces: list[Piece], text: str, at: int, folding: Folding) -> list[Piece]:
    """Adds the pieces of ``text``, which begins at ``at``, to those before it."""
    if text.isalpha():  # most are one word
        _add_word(pieces, text, at, at + len(text), folding)
        return pieces
    token = _TOKEN if _MAY_LINK.search(text) else _TOKEN_WITHOUT_LINKS
    for found in token.finditer(text):
        kind = found.lastgroup
        start, end = found.span()
        if kind == "word":
            _add_word(pieces, found.group(), at + start, at + end, folding)
        elif kind in ("stop", "comma"):
            _add_mark(pieces, kind, found.group(), at + start, at + end)
        elif kind in ("glad", "cross"):
            pieces.append((GLAD if kind == "glad" else CROSS, at + start, at + end))
    return pieces


def _add_mark(pieces: list[Piece], kind: str, signs: str, start: int, end: int) -> None:
    """The end of a clause or sentence, once; behind that of a question the mark of one."""
    mark = "." if kind == "stop" else ","
    if not pieces or pieces[-1][0] not in (mark, QUESTION):
        pieces.append((mark, start, end))
    if kind == "stop" and _ASKS.search(signs) and pieces[-1][0] != QUESTION:
        pieces.append((QUESTION, end, end))


def _words_of(part: str, folding: Folding) -> tuple[str, ...]:
    """The folded words of one token, remembered."""
    words = folding.known.get(part)
    if words is None:
        words = tuple(_fold_word(part[:_LONGEST_WORD], folding).split())
        if len(folding.known) >= _MOST_KNOWN:
            folding.known.clear()
        if len(part) <= _LONGEST_WORD:
            folding.known[part] = words
    return words


def _add_word(pieces: list[Piece], word: str, start: int, end: int, folding: Folding) -> None:
    """Folds one token into ``pieces``, joined with its neighbour where the language writes them as one."""
    for number, part in enumerate((word,) if word.isascii() else _HALF_SPACE.split(word)):
        for folded in _words_of(part, folding):
            if folded in folding.turns:
                pieces.append(("|", start, start))
            if pieces and _is_joined(pieces[-1][0], folded, folding, half_space=number > 0):
                pieces[-1] = (pieces[-1][0] + folded, pieces[-1][1], end)
            else:
                pieces.append((folded, start, end))


def _is_joined(last: str, folded: str, folding: Folding, *, half_space: bool) -> bool:
    """Whether a word is written as one with the piece before it."""
    return (
        last in folding.joined_to_next
        or (folded in folding.joined_to_last and last not in _JOINS_NOTHING)
        or (half_space and folded in folding.joined_by_half_space)
    )


@lru_cache(maxsize=50_000)
def _repeats_cut(word: str) -> str:
    return word if word.isdigit() else _THRICE.sub(r"\1", word)


def _fold_word(word: str, folding: Folding) -> str:
    word = _repeats_cut(word.lower())
    if folding.latin is not None:
        word = folding.latin(word)
    if folding.marks_dropped and not word.isascii():
        word = _without_marks(word)
    if word in folding.words:
        return folding.words[word]
    word = word.translate(folding.letters)
    for old, new in folding.sequences:
        word = word.replace(old, new)
    for ending, new in folding.endings:
        if word.endswith(ending) and len(word) > len(ending):
            word = word[: -len(ending)] + new
            break
    if folding.doubles_dropped:
        word = _TWICE.sub(r"\1", word)
    word = word.strip("'").replace("'", " ")
    return folding.words.get(word, word)


def _without_marks(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


_UNSPACED = re.compile(
    rf"(?P<skip>https?://[!-~]{{1,2000}})|(?P<glad>[{_GLAD}]+)|(?P<cross>[{_CROSS}]+)"
    r"|(?P<stop>[.。!?！？…\n;；~～]+)|(?P<comma>[,，、:：（）()\"“”\-—]+)|(?P<blank>\s+)|(?P<letter>.)",
    re.DOTALL,
)


def _unspaced_pieces(text: str, folding: Folding) -> list[Piece]:
    """A piece per character; blanks stay only between Latin words."""
    pieces: list[Piece] = []
    for found in _UNSPACED.finditer(text):
        kind = found.lastgroup
        start, end = found.span()
        if kind == "letter":
            one = found.group()
            letter = folding.letters.get(ord(one), one) or ""
            if not (len(pieces) > 1 and pieces[-1][0] == pieces[-2][0] == letter and not letter.isdigit()):
                pieces.append((letter, start, end))
        elif kind == "blank":
            if text[start - 1 : start].isascii() and text[end : end + 1].isascii() and start:
                pieces.append((" ", start, end))
        elif kind in ("stop", "comma"):
            _add_mark(pieces, str(kind), found.group(), start, end)
        elif kind in ("glad", "cross"):
            pieces.append((GLAD if kind == "glad" else CROSS, start, end))
    return _with_turns(pieces, folding)


def _with_turns(pieces: list[Piece], folding: Folding) -> list[Piece]:
    """The mark ``|`` before each word that turns the sentence ("but")."""
    if not folding.turns:
        return pieces
    text = "".join(piece[0] for piece in pieces)
    longest_first = sorted(folding.turns, key=len, reverse=True)
    at = {m.start() for m in re.finditer("|".join(map(re.escape, longest_first)), text)}
    marked: list[Piece] = []
    for number, piece in enumerate(pieces):
        if number in at:
            marked.append(("|", piece[1], piece[1]))
        marked.append(piece)
    return marked


def _joined(pieces: list[Piece], places: list[int] | None, *, spaced: bool) -> Folded:
    words = [piece[0] for piece in pieces]
    text = f" {' '.join(words)} " if spaced else f".{''.join(words)}."
    return Folded(text, pieces, places, spaced)


def _end(places: Sequence[int], end: int) -> int:
    """The original place after the character before ``end``."""
    return places[end] if places[end] > places[end - 1] else places[end - 1] + 1
