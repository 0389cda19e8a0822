"""Plain questions: who asks what delivery costs does not complain of its price.

A sentence is one when it opens like a question for information, as ``[questions]`` of the phrase file
lists them, and holds none of the words that make a reproach of a question ("still", "why", "again").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from holdfast.text.folding import QUESTION
from holdfast.text.patterns import expression, parse

_SPACED_SENTENCE = re.compile(r"(?: (?!\. )[^ ]+)+(?: \.(?= ))?(?: \?(?= ))?")
_UNSPACED_SENTENCE = re.compile(r"[^.]+\.?\??")


@dataclass(frozen=True, slots=True)
class Questions:
    """How one language asks without complaining."""

    sentence: re.Pattern[str]
    opening: re.Pattern[str]
    reproach: re.Pattern[str]

    @classmethod
    def read(
        cls, told: Mapping[str, Any], groups: Mapping[str, str], fold: Callable[[str], str], *, spaced: bool
    ) -> Questions:
        """The questions as a phrase file tells them."""

        def compiled(name: str) -> re.Pattern[str]:
            return re.compile(expression(parse(f"({told[name]})", groups, fold), spaced=spaced))

        return cls(
            _SPACED_SENTENCE if spaced else _UNSPACED_SENTENCE, compiled("opening"), compiled("reproach")
        )

    def plain(self, text: str) -> Iterator[tuple[int, int]]:
        """From where to where a folded text asks for nothing but information."""
        for found in self.sentence.finditer(text):
            start, end = found.span()
            opening = self.opening.search(text, start, end)
            if opening is None or self.reproach.search(text, start, end):
                continue
            asked = text[start:end].rstrip().endswith(QUESTION)
            before = text[start : opening.start()].rstrip(" ")
            if asked or not before or before.endswith((",", ".", "?")):
                yield start, end
