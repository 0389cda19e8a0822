"""When a hunch counts: a cause where phrases found none, another where they are surely wrong, or none.

The bounds were chosen on texts that neither phrases nor examples knew, written by people who saw neither.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence, Set
from functools import cache, partial

from holdfast.text.examples import ANGER, LEAVES, NOTHING, PRAISE, STAYS, examples
from holdfast.text.folding import fold_text
from holdfast.text.hunches import EXAMPLE, Hunch, Hunches, samples
from holdfast.text.phrases import LEAVING, POSITIVE, STAYING, Match, Phrasebook
from holdfast.text.taxonomy import NATURAL, cause_order

LIKELY = 0.24
"""From here on a hunch is a cause where no phrase found one."""
LIKELY_BESIDE_PRAISE = 0.35
STRONGER = 0.18
"""From here on another cause than the phrases found stands beside or instead of theirs."""
UNLIKELY = 0.04
"""A phrase's cause below this gives way to a stronger one."""
FREE = 0.3
"""From here on praise and nothing together take the causes of phrases away."""
_EVEN = 0.5
_PHRASE, _PRAISING_PHRASE, _LEAVING_PHRASE = 0.35, 0.2, 0.5
"""What a sample of a phrase weighs beside an example: it holds no sentence."""
_CAUSELESS = 0.5
"""What a text of anger or of going weighs: it names no cause, but does not say that there is none."""


LEAVES_FOR_SURE = 0.75
"""From here on a sentence of somebody who goes is believed."""
LEAVES_FOR_A_REASON = 0.55
"""As long as the text names a cause that is nobody's fault: who moves house, goes."""
COMPETITION = "competitor_better_offer"
LIKELY_RIVAL, RIVAL_CLAUSE = 0.08, 0.3
"""From here on, in the whole and in a clause of it, a text speaks of another provider."""
_LATIN = re.compile("[A-Za-z]")
_SPACED_CLAUSE = re.compile(r"(?: (?![.,|?] )[^ ]+)+(?= )")
_UNSPACED_CLAUSE = re.compile(r"[^.,|?]{2,}")


@cache
def _examples(book: Phrasebook) -> tuple[tuple[str, str], ...]:
    """The examples of the language as its phrases see them."""
    told = list(examples(book.code))
    if book.same_as is None:
        return tuple((meaning, fold_text(text, book.folding).text) for meaning, text in told)
    return tuple(
        (meaning, fold_text(text, book.folding).text if _LATIN.search(text) else folded)
        for (meaning, text), (_, folded) in zip(told, _examples(book.same_as), strict=True)
    )


@cache
def hunches_of(book: Phrasebook) -> Hunches:
    """Learned from the examples of the language and its phrases."""
    order = cause_order()
    spaced = book.folding.spaced
    told = []
    for meaning, folded in _examples(book):
        if meaning in (ANGER, LEAVES):
            told.append((NOTHING, folded, _CAUSELESS))
        elif meaning != STAYS:
            told.append((meaning, folded, EXAMPLE))
    for phrase in book.phrases:
        if phrase.meaning in order:
            told += [(phrase.meaning, text, _PHRASE) for text in sorted(samples(phrase.row, spaced=spaced))]
        elif phrase.meaning == POSITIVE:
            told += [(PRAISE, text, _PRAISING_PHRASE) for text in sorted(samples(phrase.row, spaced=spaced))]
    return Hunches(told, spaced=spaced)


@cache
def hunches_of_leaving(book: Phrasebook) -> Hunches:
    """What sounds like going: sentences of those who go against all others."""
    spaced = book.folding.spaced
    told = [
        (LEAVES if meaning == LEAVES else NOTHING, folded, EXAMPLE) for meaning, folded in _examples(book)
    ]
    for phrase in book.phrases:
        if phrase.meaning in (LEAVING, STAYING):
            meaning = LEAVES if phrase.meaning == LEAVING else NOTHING
            told += [(meaning, text, _LEAVING_PHRASE) for text in sorted(samples(phrase.row, spaced=spaced))]
    return Hunches(told, spaced=spaced)


def prepare_hunches(book: Phrasebook) -> None:
    """Learns ahead all that hunches need."""
    hunches_of(book).prepare()
    hunches_of_leaving(book).prepare(two=True)


def leaving_hunch(text: str, causes: Sequence[Match], book: Phrasebook) -> tuple[Match, ...]:
    """The clause of a folded text, if any, in which somebody goes."""
    bound = LEAVES_FOR_A_REASON if any(c.meaning in NATURAL for c in causes) else LEAVES_FOR_SURE
    hunches, spaced = hunches_of_leaving(book), book.folding.spaced
    needed, mark = math.log(bound / (1 - bound)), " " if spaced else "."
    for found in (_SPACED_CLAUSE if spaced else _UNSPACED_CLAUSE).finditer(text):
        if hunches.odds(mark + found.group().strip() + mark) >= needed:
            return (Match(LEAVING, found.start(), found.end(), firm=False),)
    return ()


def competitor_hunch(text: str, hunch: Hunch | None, book: Phrasebook) -> tuple[Match, ...]:
    """The clauses of a folded text that are about another provider, where the whole may be."""
    if hunch is None or hunch.each.get(COMPETITION, 0.0) < LIKELY_RIVAL:
        return ()
    return _clauses(text, hunches_of(book), COMPETITION, RIVAL_CLAUSE, book)


def _clauses(text: str, hunches: Hunches, meaning: str, bound: float, book: Phrasebook) -> tuple[Match, ...]:
    """The clauses of a folded text that speak for ``meaning`` at least as much as ``bound``."""
    spaced = book.folding.spaced
    mark = " " if spaced else "."
    return tuple(
        Match(meaning, found.start(), found.end(), firm=False)
        for found in (_SPACED_CLAUSE if spaced else _UNSPACED_CLAUSE).finditer(text)
        if (hunch := hunches(mark + found.group().strip() + mark)) is not None
        and hunch.each.get(meaning, 0.0) >= bound
    )


def with_hunch(
    text: str,
    causes: tuple[Match, ...],
    hunch: Hunch | None,
    hunches: Hunches,
    *,
    praised: bool,
    taken: Set[str],
) -> tuple[Match, ...]:
    """``causes``, which phrases found in a folded text, as the hunch changes them.

    ``taken``: causes of which phrases were found and taken away, since they are denied or over.
    """
    if hunch is None or hunch.meaning in taken:
        return causes
    new = partial(_found, text, hunch, hunches)
    if not causes:
        bound = LIKELY_BESIDE_PRAISE if praised else LIKELY
        return (new(),) if _is_cause(hunch) and hunch.likely >= bound and hunch.harmless < _EVEN else ()
    if hunch.free >= FREE and hunch.harmless >= _EVEN:
        return tuple(cause for cause in causes if cause.firm)
    if not _is_cause(hunch) or hunch.likely < STRONGER or hunch.meaning in _meanings(causes):
        return causes
    return (*(cause for cause in causes if hunch.each.get(cause.meaning, 0.0) >= UNLIKELY), new())


def _is_cause(hunch: Hunch) -> bool:
    return hunch.meaning in cause_order()


def _meanings(causes: Sequence[Match]) -> set[str]:
    return {cause.meaning for cause in causes}


def _found(text: str, hunch: Hunch, hunches: Hunches) -> Match:
    return Match(hunch.meaning, *hunches.word_for(text, hunch.meaning), firm=False)
