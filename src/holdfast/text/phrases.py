"""A language as its phrase file describes it: how it is written, what its phrases are.

One file ``phrases/<code>.toml`` is one language; it is found by being there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from importlib.resources import files
from itertools import islice
from typing import Any

from holdfast.text.folding import CROSS, GLAD, Folded, Folding, fold_text, fold_word
from holdfast.text.latin import reader_of_latin
from holdfast.text.matching import Beginnings, Row, Seen, beginnings_of, places, seen, steps
from holdfast.text.negation import Negation
from holdfast.text.patterns import Element, PhraseError, Reader, expression, literal_sets, parse
from holdfast.text.prefilter import Prefilter
from holdfast.text.questions import Questions
from holdfast.text.taxonomy import causes

LEAVING, STAYING, COMPETITOR, POSITIVE, NEGATIVE = "leaving", "staying", "competitor", "positive", "negative"
"""What a phrase can stand for beside the ids of the causes."""


_TIMES_A_PHRASE = 12
"""Who writes a phrase oftener in one text says nothing new."""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in a folded text: what it stands for, and from where to where."""

    meaning: str
    start: int
    end: int
    firm: bool

    def within(self, other: Match) -> bool:
        """Whether ``other`` covers all of this one."""
        return other.start <= self.start and self.end <= other.end


class Phrase:
    """One phrase of a phrase file; its steps are laid out when it is first tried."""

    def __init__(self, meaning: str, row: tuple[Element, ...], *, firm: bool, spaced: bool) -> None:
        self.meaning = meaning
        self.row = row
        self.firm = firm
        self._spaced = spaced

    @cached_property
    def _steps(self) -> tuple[Row, Beginnings | None]:
        row = steps(self.row, spaced=self._spaced)
        return row, beginnings_of(row, spaced=self._spaced)

    def prepare(self) -> None:
        """Lays out the steps, which else the first text does that may hold the phrase."""
        _ = self._steps

    def matches(self, text: Seen) -> Iterator[Match]:
        """Where the phrase stands in a folded text, the first few times."""
        for start, end in islice(places(*self._steps, text), _TIMES_A_PHRASE):
            yield Match(self.meaning, start, end, self.firm)


class Phrasebook:
    """One language: folds its texts and finds its phrases in them."""

    def __init__(self, written: Mapping[str, Any], own: Phrasebook | None = None) -> None:
        """``written``: the phrase file; ``own``: its book, when this one is for texts in Latin letters."""
        latin = own is not None
        self.code: str = written["language"]["code"]
        self.folding = _folding(written, latin=latin)
        fold = partial(fold_word, folding=self.folding)
        self.same_as = None if own is None or "letters_merged" in written["latin"] else own
        """The book in the language's own script, where a Latin text becomes what its writer means in it."""
        phrases = _phrases(written, self.folding) if self.same_as is None else self.same_as.phrases
        self.phrases: tuple[Phrase, ...] = tuple(phrases)
        self.negation = Negation.read(written["negation"], fold, spaced=self.folding.spaced)
        spaced = self.folding.spaced
        groups = written.get("groups", {})
        self.questions = Questions.read(written["questions"], groups, fold, spaced=spaced)

        def any_of(phrases: list[str]) -> re.Pattern[str]:
            rows = (parse(phrase, groups, fold) for phrase in phrases)
            return re.compile("|".join(expression(row, spaced=spaced) for row in rows))

        self.past = any_of(written["tone"]["past"])
        self.denial = any_of(written["tone"]["denial"])
        self.harmless = any_of(written["tone"]["harmless"])
        self.reserve = any_of(written["tone"]["reserve"])
        self.nearer = replace(self.negation, words_back=2)
        """What denies a wish to leave: it stands closer."""
        # The language may have been found by the phrases: the last text is not looked through twice.
        self._folded: tuple[str, Folded] | None = None
        self._matched: tuple[str, list[Match]] | None = None
        self._prefilter: Prefilter = (
            Prefilter([literal_sets(phrase.row, spaced=spaced)[:3] for phrase in self.phrases])
            if self.same_as is None
            else self.same_as._prefilter
        )

    def prepare(self) -> None:
        """Lays out every phrase ahead, which else many texts share."""
        for phrase in self.phrases:
            phrase.prepare()

    def fold(self, text: str) -> Folded:
        """The text as the phrases of this language see it."""
        last = self._folded
        if last is None or last[0] != text:
            last = self._folded = (text, fold_text(text, self.folding))
        return last[1]

    def matches(self, text: str) -> list[Match]:
        """All phrases in a folded text, from left to right, the longer first."""
        last = self._matched
        if last is None or last[0] != text:
            words = seen(text, spaced=self.folding.spaced)
            found = [m for n in self._prefilter.candidates(text) for m in self.phrases[n].matches(words)]
            found.sort(key=lambda m: (m.start, m.start - m.end))
            last = self._matched = (text, found)
        return list(last[1])


@cache
def written_languages() -> dict[str, dict[str, Any]]:
    """Code -> phrase file of each language there is."""
    folder = files("holdfast.text") / "phrases"
    read = [
        tomllib.loads(file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return {
        written["language"]["code"]: written for written in sorted(read, key=lambda w: w["language"]["code"])
    }


def phrasebook(code: str, *, latin: bool = False) -> Phrasebook:
    """The language ``code``, for its own script or, with ``latin``, written in Latin letters."""
    return _book(code, latin)


@cache
def _book(code: str, latin: bool) -> Phrasebook:
    return Phrasebook(written_languages()[code], _book(code, False) if latin else None)


def _folding(written: Mapping[str, Any], *, latin: bool) -> Folding:
    told = written["folding"]
    letters: dict[int, str | None] = {ord(old): new or None for old, new in told.get("letters", {}).items()}
    for pair in told.get("pairs", "").split():
        letters[ord(pair[0])] = pair[1]
    table = written.get("latin", {})
    if latin:
        letters |= {ord(old): new for old, new in table.get("letters_merged", {}).items()}
    reader = reader_of_latin(table) if latin else None
    plain = Folding(
        spaced=told.get("spaced", True),
        marks_dropped=told.get("marks_dropped", False),
        doubles_dropped=told.get("doubles_dropped", False),
        letters=letters,
        sequences=tuple((old, new) for old, new in told.get("sequences", {}).items()),
        words=told.get("words", {}),
        endings=tuple(sorted(told.get("endings", {}).items(), key=lambda pair: -len(pair[0]))),
        latin=reader,
    )
    return _with_words(plain, told)


def _with_words(plain: Folding, told: Mapping[str, Any]) -> Folding:
    """The folding with its word lists, which are folded themselves."""
    unread = replace(plain, latin=None)

    def words(name: str) -> frozenset[str]:
        return frozenset(fold_word(word, unread) for word in told.get(name, "").split())

    return replace(
        plain,
        turns=words("turns"),
        joined_to_next=words("joined_to_next"),
        joined_to_last=words("joined_to_last"),
        joined_by_half_space=words("joined_by_half_space"),
    )


def _phrases(written: Mapping[str, Any], folding: Folding) -> Iterator[Phrase]:
    """All phrases of a file; PhraseError names the file and the list of a phrase that cannot be read."""
    fold = cache(partial(fold_word, folding=replace(folding, latin=None)))
    reader = Reader(written.get("groups", {}), fold)
    for meaning, listed in _lists(written):
        for phrase in listed:
            firm = phrase.startswith("!")
            try:
                row = reader.read(phrase.lstrip("!"))
            except PhraseError as wrong:
                code = written["language"]["code"]
                raise PhraseError(f"phrases/{code}.toml, {meaning}: {wrong}") from wrong
            yield Phrase(meaning, row, firm=firm, spaced=folding.spaced)


def _lists(written: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    known = {cause.id for cause in causes()}
    for cause, listed in written["causes"].items():
        if cause not in known:
            code = written["language"]["code"]
            raise PhraseError(
                f"phrases/{code}.toml has phrases for {cause!r}, which is no cause of taxonomy.json."
            )
        yield cause, listed
    yield LEAVING, written["intent"]["leaving"]
    yield STAYING, written["intent"]["staying"]
    yield COMPETITOR, written["competitors"]["phrases"]
    yield POSITIVE, [*written["tone"]["positive"], GLAD]
    yield NEGATIVE, [*written["tone"]["negative"], CROSS]
