"""A message of one language, read once and written for each customer: subject, plain text, HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from holdfast.domain.blocks import Content
from holdfast.domain.merge_fields import Values, compiled, missing, written
from holdfast.domain.written_fields import Field, If, Parts, Writing, joined
from holdfast.services.act.messages.html import blocks_as_html, page
from holdfast.services.act.messages.look import Look
from holdfast.services.act.messages.plain import blocks_as_text


@dataclass(frozen=True, slots=True)
class Message:
    """A message as one customer gets it."""

    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A message of one language, ready to be written a hundred thousand times."""

    language: str
    subject: Parts
    text: Parts
    html: Parts

    def for_customer(self, values: Values) -> Message:
        """The message for one customer. Refuses ("missing_field", "bad_link")."""
        subject = " ".join(written(self.subject, values).split())
        text = _EMPTY_LINES.sub("\n\n", written(self.text, values)).strip() + "\n"
        return Message(subject, text, written(self.html, values), self.language)

    def missing(self, values: Values) -> tuple[str, ...]:
        """The fields that keep a customer with these values from getting it."""
        return tuple(dict.fromkeys((*missing(self.subject, values), *missing(self.html, values))))


def _as_address(gap: str) -> str:
    return f"https://{quote(gap)}"


_GAPS: Mapping[Writing, Callable[[str], str]] = {
    "plain": str,
    "html": escape,
    "quoted": quote,
    "address": _as_address,
    "href": _as_address,
}
"""How the name of a field is written in its place: a fallback, which must be what could stand there."""

_EMPTY_LINES = re.compile(r"\n{3,}")


def compose(content: Content, look: Look) -> Composed:
    """A message made ready."""
    subject = compiled(content.subject)
    html = page(tuple(blocks_as_html(content.blocks, look)), subject, compiled(content.preheader), look)
    text = tuple(blocks_as_text(content.blocks, look))
    return Composed(look.language.code, subject, joined(text), joined(html))


def with_gaps(parts: Parts) -> Parts:
    """The same parts where a value that is not known is shown by its name: for looking at, never to send."""
    done: list[str | Field | If] = []
    for part in parts:
        if isinstance(part, Field) and part.fallback is None:
            done.append(Field(part.name, _GAPS[part.writing](f"[{part.name}]"), part.writing))
        elif isinstance(part, If):
            done.append(If(part.name, part.value, with_gaps(part.then), with_gaps(part.otherwise)))
        else:
            done.append(part)
    return tuple(done)
