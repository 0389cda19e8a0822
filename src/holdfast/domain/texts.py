"""Words for people, written in layers that know no language.

A pure layer answers with ``Text("{lost} lost of {start}", lost=412, start=18_206)``; the edge
(page, mail, command) hands it to :func:`holdfast.language.say`, which finds the sentence of the
reader's language and writes each value in the reader's way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, 0..1, written as a percentage with ``digits`` after the point."""

    value: float
    digits: int = 1


@dataclass(frozen=True, slots=True)
class Days:
    """A length of time in days, written with its unit and the right plural."""

    value: float


@dataclass(frozen=True, slots=True, init=False)
class Text:
    """A sentence to be translated at the edge.

    ``msgid`` is the English sentence with ``{names}``; ``plural`` its plural form, chosen by the
    value called ``n``. Values are numbers, money, dates, shares or further texts; plain strings
    are names and stay as they are.
    """

    msgid: str
    plural: str | None
    values: Mapping[str, object] = field(hash=False)

    def __init__(self, msgid: str, plural: str | None = None, /, **values: object) -> None:
        object.__setattr__(self, "msgid", msgid)
        object.__setattr__(self, "plural", plural)
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        """The English sentence, for logs and errors on the command line."""
        chosen = self.plural if self.plural is not None and self.values.get("n") != 1 else self.msgid
        return chosen.format(**{name: _plain(value) for name, value in self.values.items()})


def _plain(value: object) -> str:
    if isinstance(value, Share):
        return f"{value.value * 100:.{value.digits}f}%"
    if isinstance(value, Days):
        return f"{value.value:g} days" if value.value != 1 else "1 day"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}"
