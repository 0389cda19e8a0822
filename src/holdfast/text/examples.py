"""Texts as customers write them, by cause: what teaches the reader to have a hunch where no phrase fits.

One file ``examples/<code>.txt`` per language: a line ``[cause]`` and then a text a line. ``[praise]`` and
``[nothing]`` hold texts without a cause, ``[anger]`` displeasure without one, ``[leaving]`` and ``[staying]``
sentences about going. They are written by us, by hand; no customer wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from holdfast.text.taxonomy import cause_order

PRAISE, NOTHING = "praise", "nothing"
"""What a text without a cause can be."""
ANGER = "anger"
"""Displeasure that names no cause."""
LEAVES, STAYS = "leaving", "staying"
"""Sentences of somebody who goes, and of somebody who only sounds like that."""


class ExampleError(ValueError):
    """A file of examples that cannot be read: where, and what to do."""


def examples(code: str) -> Iterator[tuple[str, str]]:
    """(cause or one of the five above, text) of one language; none where it has no file."""
    file = files("holdfast.text") / "examples" / f"{code}.txt"
    if not file.is_file():
        return
    known, meaning = {*cause_order(), PRAISE, NOTHING, ANGER, LEAVES, STAYS}, None
    lines = file.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(map(str.strip, lines), start=1):
        if line.startswith("[") and line.endswith("]"):
            meaning = line[1:-1]
            if meaning not in known:
                raise ExampleError(
                    f"examples/{code}.txt, line {number}: {meaning!r} is no cause of taxonomy.json."
                )
        elif line:
            if meaning is None:
                raise ExampleError(
                    f"examples/{code}.txt, line {number}: a text before the first [cause]: put it below one."
                )
            yield meaning, line
