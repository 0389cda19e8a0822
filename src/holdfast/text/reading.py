"""Reads what people write: which language, in what mood, for which causes, leaving or not, for whom."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from holdfast.text.coding import code
from holdfast.text.cutting import cut
from holdfast.text.folding import CROSS, GLAD, Folding, fold_text
from holdfast.text.hunting import prepare_hunches
from holdfast.text.languages import as_found, find_language, prepare_languages
from holdfast.text.phrases import COMPETITOR, Match, phrasebook, written_languages
from holdfast.text.taxonomy import cause_order


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a reading says something: the words from ``start`` to before ``end`` of the text.

    ``meaning`` is the id of a cause, ``leaving`` or ``competitor``.
    """

    meaning: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says.

    ``language`` is the code of a language with a phrase file, or None: not read, so there are no causes
    and the mood is that of the emoji. ``sentiment`` is "negative", "neutral" or "positive"; ``causes``
    are ids of the taxonomy in its order; ``competitors`` the words that stand for other providers.
    """

    language: str | None
    sentiment: str
    causes: tuple[str, ...] = ()
    churn_intent: bool = False
    competitors: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    hunches: tuple[str, ...] = ()
    """Those of the causes that no phrase says, only the words of examples."""


def read(text: str, language: str | None = None, *, competitors: Iterable[str] = ()) -> Reading:
    """Reads one text.

    ``language``: its code where somebody knows it, else it is found. ``competitors``: names of your own
    competitors, looked for as whole words in any language. Of a text longer than
    :data:`holdfast.text.cutting.MOST_CHARACTERS` the beginning is read. Quoted mails, signatures and
    HTML are not. A language without a phrase file is not read, and never guessed. The first text of which
    the language is to be found waits for :func:`prepare`.
    """
    if not isinstance(text, str):
        raise TypeError(f"read() takes a text, not {type(text).__name__}: hand over a str.")
    if language is None:
        prepare()
    text = cut(text)
    found = as_found(language, text) if language is not None else find_language(text)
    named = tuple(_named(text, competitors))
    if found is None:
        return Reading(None, _mood_of_emoji(text), competitors=_quotes(text, named), evidence=named)
    book = phrasebook(found.code, latin=found.latin)
    folded = book.fold(text)
    coded = code(folded.text, book)

    def evidence(match: Match) -> Evidence:
        return Evidence(match.meaning, *folded.span(match.start, match.end))

    others = [m for m in coded.competitors if m.meaning == COMPETITOR or not named]
    rivals = (*named, *(Evidence("competitor", *folded.span(m.start, m.end)) for m in others))
    order = cause_order()
    said = {match.meaning for match in coded.causes}
    return Reading(
        found.code,
        coded.sentiment,
        tuple(sorted(said, key=order.__getitem__)),
        bool(coded.leaving),
        _quotes(text, rivals),
        _once((*map(evidence, coded.causes), *map(evidence, coded.leaving), *rivals)),
        coded.hunches,
    )


@cache
def prepare() -> None:
    """Reads the files of all languages and learns from them, once, so that no later text waits for it."""
    with _no_collection():
        prepare_languages()
        for code_of, written in written_languages().items():
            for latin in (False, True) if "latin" in written else (False,):
                book = phrasebook(code_of, latin=latin)
                book.prepare()
                prepare_hunches(book)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the search for garbage, which takes a quarter of the time where only what stays is made."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_many(texts: Iterable[str]) -> Iterator[Reading]:
    """Reads each text, in order."""
    return (read(text) for text in texts)


def _named(text: str, competitors: Iterable[str]) -> Iterator[Evidence]:
    for name in competitors:
        if not name.strip():
            raise ValueError("A competitor without a name was given: take the empty entry out of the list.")
        for found in re.finditer(rf"(?<!\w){re.escape(name.strip())}(?!\w)", text, re.IGNORECASE):
            yield Evidence("competitor", found.start(), found.end())


def _quotes(text: str, evidence: Iterable[Evidence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[one.start : one.end].strip() for one in evidence))


def _once(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Each place once: without those that lie in a longer one of the same meaning."""
    longest: list[Evidence] = []
    for one in sorted(dict.fromkeys(evidence), key=lambda one: one.start - one.end):
        if not any(o.meaning == one.meaning and o.start <= one.start and one.end <= o.end for o in longest):
            longest.append(one)
    return tuple(sorted(longest, key=lambda one: (one.start, one.end)))


def _mood_of_emoji(text: str) -> str:
    words = fold_text(text, Folding()).text.split()
    glad, cross = words.count(GLAD), words.count(CROSS)
    return "neutral" if glad == cross else "positive" if glad > cross else "negative"
