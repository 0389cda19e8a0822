"""Fields of the forms in which a play is written: made from what steps declare, and read back as JSON.

The options of a step are posted as ``o.days``, what a message says as ``subject.en`` and ``text.en``, a
rule as :mod:`holdfast.web.pages.segments.form` has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from holdfast.domain.texts import Text
from holdfast.domain.work import PRIORITY_NAMES
from holdfast.domain.written_expressions import parse
from holdfast.language import Reader, in_own_digits
from holdfast.language.languages import written_in
from holdfast.services.act import survey_letters
from holdfast.services.act.scripts import kept as scripts
from holdfast.services.collect.segments.offered import offered
from holdfast.settings import Settings
from holdfast.steps.contract import OptionField, Step, fields_of
from holdfast.store import owners, templates
from holdfast.web.pages.segments import form
from holdfast.web.pages.segments.form import Group
from holdfast.web.pages.templates.words import language_names

Shape = Literal["line", "lines", "number", "choice", "tick", "time", "moment", "day"]

NAME = "o."
"""How the names of a step's own fields begin."""

LONGEST_LANGUAGE = 12

Choices = tuple[tuple[str, str], ...]
"""What a field offers: each as it is posted, and in words."""


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of a form. ``unit`` stands behind it, ``offered`` are values that it proposes."""

    name: str
    label: str
    shape: Shape
    value: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    offered: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says in one language."""

    code: str
    language: str
    subject: str
    text: str
    parts: tuple[tuple[str, str], ...] = ()
    """What else its step says in each language ("question"), by name."""

    def as_read(self) -> Said:
        """With the question in its place, as a customer reads it."""
        question = dict(self.parts).get(survey_letters.PLACE, "")
        if not question:
            return self
        text = survey_letters.with_question(self.text, question)
        return replace(self, subject=self.subject or question, text=text)


@dataclass(frozen=True, slots=True)
class Offers:
    """What there is in this workspace for fields to propose."""

    events: tuple[str, ...]
    traits: tuple[str, ...]
    segments: tuple[tuple[str, str], ...]
    templates: tuple[tuple[str, str], ...]
    scripts: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]


def offers(settings: Settings, now_us: int, language: str) -> Offers:
    """What fields can propose here."""
    known = offered(settings, now_us)
    written = [each for each in templates.listed(settings) if each.kind == "message" and each.published]
    return Offers(
        tuple(known.events),
        known.traits,
        tuple(known.segments.items()),
        tuple((each.key, each.title) for each in written),
        tuple((each.key, each.said((language,))[1].title) for each in scripts.every(settings)),
        tuple((each.email, each.name or each.email) for each in owners.people(settings)),
    )


def of_step(step: Step, typed: Mapping[str, str], known: Offers, reader: Reader) -> list[ShownField]:
    """The fields of a step with what stands in them; rules and messages have forms of their own."""
    return [_field(each, typed, known, reader) for each in fields_of(step) if each.kind not in _APART]


_APART = ("rule", "content")


def _field(each: OptionField, typed: Mapping[str, str], known: Offers, reader: Reader) -> ShownField:
    name = NAME + each.name
    value = typed.get(name, _usual(each, reader))
    if each.name in _CHOSEN:
        return ShownField(
            name, reader.say(each.label), "choice", value, "", _CHOSEN[each.name](value, known, reader)
        )
    choices = tuple((code, reader.say(words)) for code, words in each.choices.items())
    offered: tuple[str, ...] = ()
    choosable = {"template": known.templates, "segment": known.segments, "script": known.scripts}
    if each.kind in choosable:
        choices = (("", reader.gettext("none chosen")), *choosable[each.kind])
    elif each.kind in ("event", "trait"):
        offered = known.events if each.kind == "event" else known.traits
    hint = "" if each.hint is None else reader.say(each.hint)
    shape = _SHAPES.get(each.kind, "line") if not choices else "choice"
    return ShownField(name, reader.say(each.label), shape, value, hint, choices, offered)


def _whom(value: str, known: Offers, reader: Reader) -> Choices:
    """Who gets the work; an address that is nobody's here stays to be seen."""
    usual = (("owner", reader.say(Text("who looks after the customer"))), ("", reader.gettext("nobody")))
    there = {value for value, _ in (*usual, *known.people)}
    return (*usual, *known.people, *(() if value in there else ((value, value),)))


def _priority(value: str, known: Offers, reader: Reader) -> Choices:
    there = tuple((number(at, reader), reader.say(words)) for at, words in enumerate(PRIORITY_NAMES))
    return there if value in dict(there) else (*there, (value, value))


_CHOSEN: Mapping[str, Callable[[str, Offers, Reader], Choices]] = {"whom": _whom, "priority": _priority}
"""Options that are written as a word or a number in a file, and chosen by their meaning on a page."""

_SHAPES: Mapping[str, Shape] = {"lines": "lines", "number": "number", "yes_no": "tick"}


def _usual(each: OptionField, reader: Reader) -> str:
    if each.kind == "number":
        return number(int(each.default), reader) if each.default else ""
    return str(each.default or "")


def typed_from(step: Step, options: Mapping[str, Any], reader: Reader) -> dict[str, str]:
    """What stands in the fields of a step that was written before."""
    typed: dict[str, str] = {}
    for each in fields_of(step):
        value = options.get(each.name)
        if each.kind in _APART or value is None:
            continue
        if each.kind == "number":
            typed[NAME + each.name] = number(value, reader)
        else:
            typed[NAME + each.name] = "1" if value is True else str(value or "")
    for code, told in (options.get("content") or {}).items():
        words = {"text": told} if isinstance(told, str) else told
        typed |= {f"{name}.{code}": words.get(name, "") for name in ("subject", "text", *content_parts(step))}
    return typed


def rule_from(step: Step, options: Mapping[str, Any]) -> Group | None:
    """The rule among the options of a step, as fields; ``None`` where it takes none."""
    name = _rule_field(step)
    if name is None:
        return None
    return form.shown(parse(options[name])) if options.get(name) is not None else form.NEW


def options_from(step: Step, posted: Mapping[str, str], rule: Group) -> dict[str, Any]:
    """The options that were typed, as JSON; what is no number stays words and is refused as such."""
    found: dict[str, Any] = {}
    for each in fields_of(step):
        written = posted.get(NAME + each.name, "").replace("\r\n", "\n").strip()
        if each.kind == "rule":
            if not is_empty(rule):
                found[each.name] = json_of(rule)
        elif each.kind == "content":
            found[each.name] = {said.code: _words(said) for said in messages(posted, each.parts) if said.text}
        elif each.kind == "yes_no":
            found[each.name] = bool(written)
        elif written or each.name in ("whom",):
            found[each.name] = whole(written) if each.kind == "number" else written
    return {name: value for name, value in found.items() if value != {}}


def messages(posted: Mapping[str, str], parts: Iterable[str] = ()) -> list[Said]:
    """What is said in each language, in the order of the form; ``parts`` beside subject and text."""
    codes = [name.removeprefix("text.") for name in posted if name.startswith("text.")]
    return [
        Said(
            code,
            dict(language_names([code]))[code],
            " ".join(posted.get(f"subject.{code}", "").split()),
            _lines(posted[f"text.{code}"]),
            tuple((part, _lines(posted.get(f"{part}.{code}", ""))) for part in parts),
        )
        for code in codes
        if code.isalpha() and len(code) <= LONGEST_LANGUAGE
    ]


def direction(code: str) -> str:
    """From which side a language is written: "ltr" or "rtl"; "auto" for one that is not known here."""
    known = written_in(code)
    return known.direction if known.code == code else "auto"


def _words(said: Said) -> dict[str, str]:
    words = {"subject": said.subject, "text": said.text, **dict(said.parts)}
    return {name: told for name, told in words.items() if told or name == "text"}


def _lines(written: str) -> str:
    return written.replace("\r\n", "\n").strip()


def content_parts(step: Step) -> Mapping[str, Text]:
    """What a step says in each language beside subject and text, and what that is called."""
    return next((each.parts for each in fields_of(step) if each.kind == "content"), {})


def takes_message(step: Step) -> bool:
    """Whether a step says something in every language."""
    return any(each.kind == "content" for each in fields_of(step))


def _rule_field(step: Step) -> str | None:
    return next((each.name for each in fields_of(step) if each.kind == "rule"), None)


def is_empty(rule: Group) -> bool:
    """Whether nothing was said in a rule yet."""
    return all(isinstance(part, form.Row) and not part.kind for part in rule.parts)


def json_of(rule: Group) -> dict[str, Any]:
    """The rule that was typed, as JSON. Refuses ("unfinished_rule", "bad_rule")."""
    from holdfast.domain.written_expressions import as_json

    return as_json(form.rule_of(rule))


def whole(written: str) -> Any:
    """A whole number in digits of any script; what is none stays as it was typed."""
    found = form.as_number(written)
    return int(found) if found is not None and found == found.to_integral_value() else written


def number(value: Any, reader: Reader) -> str:
    """A number in the reader's digits, as it can be typed."""
    return in_own_digits(str(value), reader.code)


def chosen(choices: Iterable[tuple[Any, str]]) -> tuple[tuple[str, str], ...]:
    """Entries of a list, their codes as words."""
    return tuple((str(code), words) for code, words in choices)
