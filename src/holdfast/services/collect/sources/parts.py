"""The providers that are known, and their options from what a form or a command says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from holdfast.connectors.webhooks import Source
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.registry import parts

Shape = Literal["text", "choice", "yes"]

_YES = ("1", "on", "true", "yes")
_NO = ("", "0", "off", "false", "no")


@dataclass(frozen=True, slots=True)
class Field:
    """One option as a form asks for it: a text, one of ``choices``, or yes and no."""

    name: str
    shape: Shape
    label: Text
    hint: Text
    default: Any
    choices: tuple[str, ...] = ()


def source_parts() -> dict[str, Source]:
    """Every provider that is known, by name."""
    found: dict[str, Source] = {}
    for name, part in parts("sources").items():
        assert isinstance(part.declared, Source)  # noqa: S101  (what the family asks for)
        found[name] = part.declared
    return found


def source_part(kind: str) -> Source | None:
    """The provider called ``kind``, if it is one of those that tell by webhook."""
    return source_parts().get(kind)


def known_part(kind: str) -> Source:
    """The provider called ``kind``. Refuses ("unknown_kind") one that nobody knows."""
    found = source_part(kind)
    if found is not None:
        return found
    raise Refusal(
        "unknown_kind",
        found=Text("There is no kind {name}.", name=kind),
        expected=Text("One of {names}.", names=", ".join(source_parts())),
        remedy=Text("`holdfast parts` lists them."),
    )


def fields_of(part: Source) -> list[Field]:
    """The options of a provider as a form asks for them."""
    hints = get_type_hints(part.options)
    found = []
    for each in fields(part.options):
        kind = hints[each.name]
        chosen = get_args(kind) if get_origin(kind) is Literal else ()
        shape: Shape = "choice" if chosen else "yes" if kind is bool else "text"
        label, hint = each.metadata["label"], each.metadata["hint"]
        found.append(Field(each.name, shape, label, hint, each.default, tuple(map(str, chosen))))
    return found


def read_options(part: Source, given: Mapping[str, str]) -> dict[str, Any]:
    """The options that ``given`` words mean; what is not given has its default.

    Refuses ("unknown_option", "bad_option") names and values that mean nothing.
    """
    known = {each.name: each for each in fields_of(part)}
    for name in given:
        if name not in known:
            raise Refusal(
                "unknown_option",
                found=Text("{source} has no option {name}.", source=part.title, name=name),
                expected=Text("One of {names}.", names=", ".join(known)),
                remedy=Text("Check the spelling."),
            )
    return {name: _value(each, given[name]) for name, each in known.items() if name in given}


def _value(field: Field, written: str) -> Any:
    written = written.strip()
    if field.shape == "yes" and written.lower() in (*_YES, *_NO):
        return written.lower() in _YES
    if field.shape == "choice" and written in field.choices:
        return written
    if field.shape == "text" and len(written) <= 500 and written.isprintable():
        return written
    expected = {"yes": "yes, no", "choice": ", ".join(field.choices), "text": "500"}[field.shape]
    raise Refusal(
        "bad_option",
        found=Text("{name} cannot be {value}.", name=field.label, value=repr(written[:60])),
        expected=Text("At most 500 characters, none of control.")
        if field.shape == "text"
        else Text("One of {names}.", names=expected),
        remedy=Text("Choose another value; nothing was changed."),
    )
