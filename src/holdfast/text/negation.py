"""What a negation reaches: "no bugs, delays or fees", "not only slow", "گران نیست".

A negator turns round what follows it within a few words of the same clause, and what a list carries on;
in Persian it follows. It does not when it belongs to the phrase itself ("did not help"), to another
phrase, to a word of praise in between, or to a turn of speech that denies nothing ("not only").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.text.patterns import expression, parse

Fold = Callable[[str], str]
Span = tuple[int, int]

_CLAUSE_ENDS = (" .", " ,", " |")
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Negation:
    """The negations of one language, compiled from ``[negation]`` of its phrase file."""

    spaced: bool
    before: frozenset[str]
    words_back: int
    joins: frozenset[str]
    exceptions: re.Pattern[str]
    inside: re.Pattern[str]
    after: re.Pattern[str]
    closing: re.Pattern[str]
    """Unspaced scripts: a negator at the end of what stands before the phrase."""

    @classmethod
    def read(cls, told: Mapping[str, Any], fold: Fold, *, spaced: bool) -> Negation:
        """The negations as a phrase file tells them."""
        words = [fold(word) for word in told["before"].split()]

        def compiled(name: str, lead: str = "") -> re.Pattern[str]:
            if name not in told:
                return _NEVER
            row = parse(f"({told[name]})", {}, fold)
            return re.compile(lead + expression(row, spaced=spaced))

        gap = rf"(?: (?!و )[^ .,|]+){{0,{told.get('after_within', 0)}}}" if spaced else ""
        inner = " | ".join(word.replace("_", " ") for word in told["before"].split())
        inside = parse(f"({told.get('inside', inner)})", {}, fold)
        return cls(
            spaced=spaced,
            before=frozenset(words),
            words_back=told.get("words_back", 3),
            joins=frozenset(told["joins"].split()),
            exceptions=compiled("exceptions"),
            inside=re.compile(expression(inside, spaced=spaced)),
            after=compiled("after", gap),
            closing=_closing(words, told) if not spaced else _NEVER,
        )

    def is_inside(self, text: str, span: Span) -> bool:
        """Whether the phrase itself holds a negation, so that another would not turn it round."""
        return self.inside.search(text[span[0] : span[1]] + (" " if self.spaced else "")) is not None

    def turns_round(
        self, text: str, span: Span, *, others: Sequence[Span], praise: Sequence[Span], turned: Sequence[Span]
    ) -> bool:
        """Whether a negation reaches the phrase at ``span``.

        ``others``: phrases that hold a negation of their own; ``praise``: words of praise; ``turned``:
        phrases already found to be negated, from which a list may carry on.
        """
        if self.is_inside(text, span):
            return False
        if self.after.match(text, span[1]):
            return True
        at = self.negator(text, span)
        if at is None:
            return any(self._carries(text[end : span[0]]) for _, end in turned if end <= span[0])
        if self.exceptions.match(text, at) or any(start <= at < end for start, end in others):
            return False
        return not any(start > at and end <= span[0] for start, end in praise)

    def negator(self, text: str, span: Span) -> int | None:
        """Where the negator stands that comes just before ``span`` in its clause."""
        if not self.spaced:
            begin = max(text.rfind(mark, 0, span[0]) for mark in ".,|") + 1
            found = self.closing.search(text, begin, span[0])
            return found.start() if found else None
        begin = max(text.rfind(mark, 0, span[0]) for mark in _CLAUSE_ENDS) + 2
        at = span[0]
        for word in reversed(text[begin : span[0]].split()[-self.words_back :]):
            at = text.rfind(" " + word, 0, at)
            if word in self.before:
                return at
        return None

    def _carries(self, between: str) -> bool:
        """Whether a list goes on between a negated phrase and the next one."""
        if not self.spaced:
            return len(between) <= 4 and all(letter in self.joins for letter in between)
        words = between.split()
        return len(words) <= 3 and all(word in self.joins for word in words)


def _closing(words: list[str], told: Mapping[str, Any]) -> re.Pattern[str]:
    negators = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(f"(?:{negators})[{told['fillers']}]{{0,5}}$")
