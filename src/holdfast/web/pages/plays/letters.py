"""What a message of a play says, as one customer would read it; who sees names in part sees them so here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast.domain.merge_fields import compiled, written
from holdfast.domain.refusals import Refusal
from holdfast.services.act.messages.composing import with_gaps
from holdfast.web.pages.plays.fields import Said, direction
from holdfast.web.pages.templates import seen
from holdfast.web.reading import Request


@dataclass(frozen=True, slots=True)
class Preview:
    """A message in one language as it is read; ``wrong`` says why it cannot be."""

    language: str
    code: str
    direction: str
    subject: str
    text: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Previews:
    """What is read in each language; ``wrong`` says why nobody's values are in it."""

    read: tuple[Preview, ...]
    wrong: str


def previews(request: Request, said: Sequence[Said], customer: str) -> Previews:
    """The message with the values of a customer; a value that is not known is shown by its name."""
    found = seen.customer_asked(request, customer)
    values = found.values or {}
    read = [_read(request, each, values) for each in said if each.text or each.subject]
    return Previews(tuple(read), found.wrong)


def _read(request: Request, said: Said, values: Mapping[str, object]) -> Preview:
    told = (said.language, said.code, direction(said.code))
    try:
        subject, text = (written(with_gaps(compiled(each)), values) for each in (said.subject, said.text))
    except Refusal as refusal:
        return Preview(*told, "", "", request.reader.say(refusal.found))
    return Preview(*told, subject, text)
