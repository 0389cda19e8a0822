"""What praise takes from the phrases of complaint: "tons of options, love it" complains of nothing.

Two things do: words that only sound like a cause (``harmless`` under ``[tone]`` of the phrase file, "good
value for money"), and praise in the same sentence or again and again in the text. Praise takes nothing
where a real complaint shows: behind or before a turn ("great, but slow") or a reserve ("only cold"),
beside a word of blame, where two phrases say the same cause, and where the phrase file has it firm.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.text.phrases import Match, Phrasebook

_TURN = "|"
_SENTENCE_ENDS = ".?" + _TURN
_MUCH_PRAISE = 2
"""So many words of praise in a text without blame, and its only cause is no longer believed."""


def without_harmless(text: str, matches: list[Match], book: Phrasebook) -> list[Match]:
    """Without the phrases of which at least half are words that only sound like a complaint."""
    spans = [found.span() for found in book.harmless.finditer(text)] if matches else []
    return [m for m in matches if not any(_mostly_in(m, start, end) for start, end in spans)]


def without_praised(
    text: str, causes: list[Match], praise: Sequence[Match], blame: Sequence[Match], book: Phrasebook
) -> list[Match]:
    """The phrases of complaint without those that praise around them makes doubtful.

    ``praise`` and ``blame``: the words of praise and of displeasure that stand in the text.
    """
    free = [p for p in praise if not any(c.start < p.end and p.start < c.end for c in causes)]
    if not free:
        return causes
    much = len(free) >= _MUCH_PRAISE and not blame and len({c.meaning for c in causes}) == 1

    def stands(cause: Match) -> bool:
        start, end = _sentence(text, cause)
        praised = much or any(start <= p.start < end for p in free)
        return not praised or cause.firm or _twice(cause, causes) or _reserved(text, start, end, blame, book)

    return [cause for cause in causes if stands(cause)]


def _mostly_in(match: Match, start: int, end: int) -> bool:
    return 2 * (min(match.end, end) - max(match.start, start)) >= match.end - match.start


def _sentence(text: str, match: Match) -> tuple[int, int]:
    """From the mark before ``match`` to behind the one after it."""
    start = max(text.rfind(mark, 0, match.start + 1) for mark in _SENTENCE_ENDS)
    ends = [at for at in (text.find(mark, match.end) for mark in _SENTENCE_ENDS) if at >= 0]
    return max(start, 0), min(ends, default=len(text)) + 1


def _twice(cause: Match, causes: Sequence[Match]) -> bool:
    return any(other.meaning == cause.meaning and other != cause for other in causes)


def _reserved(text: str, start: int, end: int, blame: Sequence[Match], book: Phrasebook) -> bool:
    """Whether a turn, a reserve or a word of blame stands in the sentence."""
    return (
        _TURN in text[start:end]
        or any(start <= word.start < end for word in blame)
        or book.reserve.search(text, start, end) is not None
    )
