"""From the phrases found in one text to what it says: causes, wish to leave, competitors, mood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.text.borders import settled
from holdfast.text.hunting import COMPETITION, competitor_hunch, hunches_of, leaving_hunch, with_hunch
from holdfast.text.phrases import COMPETITOR, LEAVING, NEGATIVE, POSITIVE, STAYING, Match, Phrasebook
from holdfast.text.praising import without_harmless, without_praised
from holdfast.text.taxonomy import NATURAL, cause_order

_COMPACT_WORDS, _COMPACT_LETTERS = 6, 12


@dataclass(frozen=True, slots=True)
class Coded:
    """What one folded text says; places are those of the folded text."""

    causes: tuple[Match, ...]
    leaving: tuple[Match, ...]
    competitors: tuple[Match, ...]
    sentiment: str
    hunches: tuple[str, ...] = ()
    """Those of the causes that no phrase says."""


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The phrases of a text by what a negation did to them."""

    causes: tuple[Match, ...]
    blame: int
    """Words of displeasure that no cause covers."""
    praise: tuple[Match, ...]
    praise_denied: int
    blame_denied: int


def code(text: str, book: Phrasebook) -> Coded:
    """Reads one folded text with the phrases of its language."""
    matches = _without_questions(text, book.matches(text), book)
    found = _sorted_out(text, matches, book)
    settling = settled(_uncovered(text, found.causes, spaced=book.folding.spaced))
    hunches = hunches_of(book)
    hunch = None if _only_asks(text, book) else hunches(text)
    praised = len(found.praise) > found.blame + found.praise_denied
    taken = {m.meaning for m in matches} - {m.meaning for m in settling}
    causes = with_hunch(text, settling, hunch, hunches, praised=praised, taken=taken)
    leaving = _leaving(text, matches, book) or _leaving_by_hunch(text, causes, matches, book)
    competitors = (
        tuple(m for m in matches if m.meaning == COMPETITOR)
        or tuple(m for m in causes if m.meaning == COMPETITION)
        or competitor_hunch(text, hunch, book)
    )
    guessed = tuple(m.meaning for m in causes if m not in settling)
    sentiment = _sentiment(causes, found, leaving=bool(leaving))
    return Coded(causes, leaving, competitors, sentiment, guessed)


def _only_asks(text: str, book: Phrasebook) -> bool:
    """Whether every sentence is a plain question."""
    asked = sum(end - start for start, end in book.questions.plain(text))
    return asked >= len(text) - len("  ") * (1 + book.folding.spaced)


def _without_questions(text: str, matches: list[Match], book: Phrasebook) -> list[Match]:
    """Without the complaints that lie in a plain question; who asks how to leave still asks that."""
    asked = list(book.questions.plain(text)) if matches else []
    if not asked:
        return matches
    order = cause_order()
    return [
        m
        for m in matches
        if not (m.meaning in order or m.meaning in (NEGATIVE, POSITIVE))
        or not any(start <= m.start and m.end <= end for start, end in asked)
    ]


def _sorted_out(text: str, matches: Sequence[Match], book: Phrasebook) -> _Sorted:
    order = cause_order()
    spans = [(m.start, m.end) for m in matches if m.meaning == POSITIVE]
    others = [
        (m.start, m.end)
        for m in matches
        if m.meaning in order and book.negation.is_inside(text, (m.start, m.end))
    ]
    standing: list[Match] = []
    turned: list[tuple[int, int]] = []
    for match in matches:
        if match.meaning not in order and match.meaning != NEGATIVE:
            continue
        span = (match.start, match.end)
        negated = not match.firm and book.negation.turns_round(
            text, span, others=others, praise=spans, turned=turned
        )
        if negated:
            turned.append(span)
        else:
            standing.append(match)
    praise, denied = _praise(text, matches, book)
    standing = _without_past(text, standing, praise, book)
    blamed = [m for m in standing if m.meaning == NEGATIVE]
    named = without_harmless(text, [m for m in standing if m.meaning in order], book)
    causes = tuple(without_praised(text, named, praise, blamed, book))
    blame = sum(m.meaning == NEGATIVE and not any(m.within(c) for c in causes) for m in standing)
    return _Sorted(causes, blame, praise, denied, len(turned))


def _praise(text: str, matches: Sequence[Match], book: Phrasebook) -> tuple[tuple[Match, ...], int]:
    """Words of praise that stand, and how many are denied ("not happy")."""
    praise: list[Match] = []
    denied, seen = 0, -1
    for match in matches:
        if match.meaning != POSITIVE or match.start < seen:
            continue
        seen = match.end
        if book.negation.turns_round(text, (match.start, match.end), others=(), praise=(), turned=()):
            denied += 1
        else:
            praise.append(match)
    return tuple(praise), denied


def _without_past(text: str, standing: list[Match], praise: Sequence[Match], book: Phrasebook) -> list[Match]:
    """ "Used to be slow, but now great", "I feared fees, but there are none": what was before is over."""
    turn = text.find("|")
    if turn < 0:
        return standing
    if book.denial.search(text, turn):
        return [m for m in standing if m.start > turn and not book.denial.match(text, m.start)]
    if not book.past.search(text, 0, turn + 1) or not any(m.start > turn for m in praise):
        return standing
    order = cause_order()
    if any(m.start > turn and m.meaning in order for m in standing):
        return standing
    return [m for m in standing if m.start > turn]


def _uncovered(text: str, causes: Sequence[Match], *, spaced: bool) -> tuple[Match, ...]:
    """Without the short phrases that lie inside a longer one of another cause, when that one is compact."""

    def compact(match: Match) -> bool:
        if not spaced:
            return match.end - match.start <= _COMPACT_LETTERS
        return len(text[match.start : match.end].split()) <= _COMPACT_WORDS

    return tuple(
        m
        for m in causes
        if not any(
            o.meaning != m.meaning and m.within(o) and o.end - o.start > m.end - m.start and compact(o)
            for o in causes
        )
    )


def _leaving(text: str, matches: Sequence[Match], book: Phrasebook) -> tuple[Match, ...]:
    """Phrases that say the customer goes, unless denied or covered by one that says the contrary."""
    staying = [m for m in matches if m.meaning == STAYING]
    return tuple(
        m
        for m in matches
        if m.meaning == LEAVING
        and not any(_covers(stay, m, text, book) for stay in staying)
        and (m.firm or not book.nearer.turns_round(text, (m.start, m.end), others=(), praise=(), turned=()))
    )


def _leaving_by_hunch(
    text: str, causes: Sequence[Match], matches: Sequence[Match], book: Phrasebook
) -> tuple[Match, ...]:
    """A clause that sounds like going, where no phrase says that the customer stays or speaks of going."""
    if any(match.meaning in (STAYING, LEAVING) for match in matches):
        return ()
    return leaving_hunch(text, causes, book)


def _covers(stay: Match, leave: Match, text: str, book: Phrasebook) -> bool:
    touches = stay.start <= leave.start < stay.end or stay.start < leave.end <= stay.end
    starts_before = leave.start < stay.start and book.negation.is_inside(text, (leave.start, leave.end))
    return touches and not starts_before


def _sentiment(causes: Sequence[Match], found: _Sorted, *, leaving: bool) -> str:
    blame = found.blame + found.praise_denied
    if any(m.meaning not in NATURAL for m in causes):
        return "negative"
    if causes:
        return "negative" if blame > len(found.praise) else "neutral"
    praise = len(found.praise) + min(found.blame_denied, 2)
    if praise > blame:
        return "neutral" if leaving and blame else "positive"
    return "negative" if blame else "neutral"
