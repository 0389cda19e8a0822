"""Words of customers as they are quoted: short, and without what says who wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 240
DOTS = "•••"
_SHORTEST_NAME = 3

_ADDRESS = re.compile(r"[^\s@<>\"'()\[\],;:]{1,64}@[^\s@<>\"'()\[\],;:]{1,255}|(?:https?://|www\.)\S{1,500}")
_NUMBER = re.compile(r"\+?\d(?:[ \u00a0().\-/]?\d){4,}")


def quoted(text: str, names: Iterable[str] = (), most: int = LONGEST) -> str:
    """``text`` in one line of at most ``most`` characters; addresses, links, numbers of five digits and more,
    and the words of ``names`` become dots.
    """
    line = " ".join(text[: 20 * most].split())
    line = _NUMBER.sub(DOTS, _ADDRESS.sub(DOTS, line))
    words = {word for name in names for word in name.split() if len(word) >= _SHORTEST_NAME}
    if words:
        listed = "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
        line = re.sub(rf"(?<!\w)(?:{listed})(?!\w)", DOTS, line, flags=re.IGNORECASE)
    if len(line) <= most:
        return line
    cut = line[: most - 1].rpartition(" ")[0]
    return (cut if len(cut) > most // 2 else line[: most - 1]) + "…"
