"""Fields in the words of a message: ``Dear {{ first_name | customer }}``, and parts that not everybody gets.

A small part of Handlebars, which mail programs of this kind share, so that people need not learn ours::

    {{ first_name }}                the customer's value; who has none gets no message at all
    {{ first_name | there }}        "there" for those who have none
    {{#if plan}}…{{else}}…{{/if}}   one part for who has a plan, another for the rest
    {{#if plan = gold}}…{{/if}}     by the value, whatever its capitals
    {{#if bought = tea}}…{{/if}}    of a value of many words, by one of them
    {{#unless plan}}…{{/unless}}    for who has none

Jinja2 is a dependency of the pages, and not used here: the domain is standard library only, and what
people type into a message must not be a program. There are no loops, no calls, no filters.

A template is read once (:func:`compiled` remembers it) and rendered by going through its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from urllib.parse import quote

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_fields import (
    Field,
    If,
    Part,
    Parts,
    Writing,
    WrongTemplate,
    line_at,
    line_of,
    read,
    read_condition,
)

Values = Mapping[str, object]
"""What is known of a customer, written as the customer reads it; ``None`` and "" are not known."""


@dataclass(frozen=True, slots=True)
class Several:
    """A value of many words, such as all that a customer bought; a condition holds that names one of them.

    ``also`` are further words by which it is asked, in small letters: categories beside products.
    """

    words: tuple[str, ...] = ()
    also: frozenset[str] = frozenset()

    def has(self, word: str) -> bool:
        """Whether one of them is this, whatever its capitals."""
        asked = word.casefold()
        return asked in self.also or any(each.casefold() == asked for each in self.words)

    def __str__(self) -> str:
        return ", ".join(self.words)


SCHEMES = ("https://", "http://", "mailto:")
"""How a link in a message begins."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a template: a stable ``code``, words, and the line where it stands."""

    code: str
    words: Text
    line: int = 0


def render(template: str, values: Values) -> str:
    """The words for one customer. Refuses ("missing_field") where a value is not known and has no
    fallback, and ("bad_template") what cannot be read.
    """
    return written(compiled(template), values)


def render_html(template: str, values: Values) -> str:
    """The words for one customer as HTML: what is not ours to trust, the template included, is escaped."""
    return written(as_html(compiled(template)), values)


def fields_in(template: str) -> tuple[str, ...]:
    """The names of all fields, in the order in which they first stand."""
    return tuple(dict.fromkeys(names_in(compiled(template))))


def needed_by(template: str) -> tuple[str, ...]:
    """The fields without a fallback that no condition guards: who lacks one of them gets nothing."""
    return tuple(dict.fromkeys(each for each in _needed(compiled(template), frozenset())))


def problems(template: str, known: Collection[str] | None = None) -> tuple[Problem, ...]:
    """What is wrong with ``template`` where ``known`` are the fields there are (``None``: any)."""
    try:
        parts = read(template)
    except WrongTemplate as wrong:
        return (Problem(wrong.code, wrong.words, line_at(template, wrong.at)),)
    return tuple(
        Problem("unknown_field", Text("there is no field “{name}”", name=name), line_of(template, name))
        for name in dict.fromkeys(names_in(parts))
        if known is not None and name not in known
    )


@lru_cache(maxsize=4096)
def compiled(template: str) -> Parts:
    """The parts of a template. Refuses ("bad_template") with the line of what cannot be read."""
    try:
        return read(template)
    except WrongTemplate as wrong:
        raise bad_template(wrong.words, line_at(template, wrong.at)) from wrong


def bad_template(why: Text, line: int) -> Refusal:
    """The refusal of words whose fields cannot be read."""
    return Refusal(
        "bad_template",
        found=Text("The fields in line {line} cannot be read: {why}.", line=line, why=why),
        expected=Text(
            "Fields such as {field}, and parts such as {part}.",
            field="{{ first_name | there }}",
            part="{{#if plan}}…{{else}}…{{/if}}",
        ),
        remedy=Text("Mend the line and try again; nothing was changed."),
    )


def written(parts: Parts, values: Values) -> str:
    """What one customer reads of ``parts``. Refuses ("missing_field", "bad_link")."""
    said: list[str] = []
    _write(parts, values, said)
    return "".join(said)


def as_html(parts: Parts) -> Parts:
    """The same parts for HTML: words and fallbacks escaped now, values when they come."""
    return _each(parts, escape, "html")


def field_as_html(field: Field) -> Field:
    """The same field for HTML."""
    fallback = field.fallback
    return Field(field.name, None if fallback is None else escape(fallback), "html")


def as_link(parts: Parts, *, html: bool) -> Parts:
    """The same parts for a link, in HTML or in plain text.

    A value within it is quoted; one with which it begins must be a link that may stand in a message.
    """
    quoted = _each(parts, escape if html else str, "quoted")
    first = parts[0] if parts else None
    if isinstance(first, Field):
        return (Field(first.name, first.fallback, "href" if html else "address"), *quoted[1:])
    return quoted


def missing(parts: Parts, values: Values) -> tuple[str, ...]:
    """The fields that keep a customer with these values from getting a message."""
    return tuple(dict.fromkeys(_missing(parts, values)))


def missing_field(name: str) -> Refusal:
    """The refusal of a message for a customer of whom a field is not known."""
    return Refusal(
        "missing_field",
        found=Text("The field “{name}” is not known of this customer.", name=name),
        expected=Text("A value, or words in its place as in {example}.", example=f"{{{{ {name} | … }}}}"),
        remedy=Text("Give the field a fallback, or tell the value; nothing was sent."),
    )


def condition(written_condition: str) -> tuple[str, str | None]:
    """What ``plan`` or ``plan = gold`` asks for. Refuses ("bad_template")."""
    try:
        return read_condition(written_condition, 0)
    except WrongTemplate as wrong:
        raise bad_template(wrong.words, 1) from wrong


def is_known(name: str, values: Values) -> bool:
    """Whether there is something to be written."""
    value = values.get(name)
    return value is not None and str(value).strip() != ""


def _write(parts: Parts, values: Values, said: list[str]) -> None:
    for part in parts:
        if isinstance(part, str):
            said.append(part)
        elif isinstance(part, Field):
            said.append(_value(part, values))
        else:
            _write(part.then if _holds(part, values) else part.otherwise, values, said)


def _value(field: Field, values: Values) -> str:
    value = values.get(field.name)
    words = "" if value is None else str(value).strip()
    if not words:
        if field.fallback is None:
            raise missing_field(field.name)
        words = field.fallback
        if field.writing in ("html", "quoted"):  # written for its place when the template was read
            return words
    return words if field.writing == "plain" else _WRITES[field.writing](words)


def _address(words: str) -> str:
    """A value that is a whole link. Refuses ("bad_link") what could do something else than lead somewhere."""
    if not words.lower().startswith(SCHEMES) or any(letter in words for letter in " \t\r\n<>\"'"):
        raise Refusal(
            "bad_link",
            found=Text("The link “{link}” cannot stand in a message.", link=words[:80]),
            expected=Text("A link that begins with https://, http:// or mailto:."),
            remedy=Text("Mend the value of the field; nothing was sent."),
        )
    return words


def _href(words: str) -> str:
    return escape(_address(words))


def _quoted(words: str) -> str:
    return quote(words, safe="")


_WRITES: dict[Writing, Callable[[str], str]] = {
    "plain": str,
    "html": escape,
    "quoted": _quoted,
    "address": _address,
    "href": _href,
}


def _holds(part: If, values: Values) -> bool:
    if part.value is None:
        return is_known(part.name, values)
    value = values.get(part.name)
    if isinstance(value, Several):
        return value.has(part.value)
    return value is not None and str(value).strip().casefold() == part.value.casefold()


def _each(parts: Parts, words: Callable[[str], str], writing: Writing) -> Parts:
    done: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            done.append(words(part))
        elif isinstance(part, Field):
            fallback = part.fallback
            done.append(Field(part.name, None if fallback is None else _WRITES[writing](fallback), writing))
        else:
            then, otherwise = _each(part.then, words, writing), _each(part.otherwise, words, writing)
            done.append(If(part.name, part.value, then, otherwise))
    return tuple(done)


def names_in(parts: Parts) -> Iterator[str]:
    """The names of all fields, perhaps repeated."""
    for part in parts:
        if isinstance(part, Field):
            yield part.name
        elif isinstance(part, If):
            yield part.name
            yield from names_in(part.then)
            yield from names_in(part.otherwise)


def _needed(parts: Parts, sure: frozenset[str]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Field) and part.fallback is None and part.name not in sure:
            yield part.name
        elif isinstance(part, If):
            yield from _needed(part.then, sure | {part.name})
            yield from _needed(part.otherwise, sure)


def _missing(parts: Parts, values: Values) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Field) and part.fallback is None and not is_known(part.name, values):
            yield part.name
        elif isinstance(part, If):
            yield from _missing(part.then if _holds(part, values) else part.otherwise, values)
