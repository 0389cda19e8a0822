"""Templates of messages: one or two variants in one or several languages, and parts that messages share.

As JSON: ``{"variants": {"a": {"en": MESSAGE, "fa": MESSAGE}}, "fallback": ["en", "ro"], "campaign": {…}}``
with messages as :mod:`holdfast.domain.blocks` reads them. Who reads none of the languages gets the first of
``fallback`` that is there. ``campaign`` are parameters for links to the web.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from holdfast.domain import blocks as b
from holdfast.domain.arms import PRIME, draw_of
from holdfast.domain.blocks import Block, Content, bad_message
from holdfast.domain.texts import Text

TemplateKind = Literal["message", "part"]

TEMPLATE_KINDS: Mapping[TemplateKind, Text] = {
    "message": Text("Message"),
    "part": Text("Shared part"),
}
"""What a template can be: a message, or blocks that several messages share."""

VARIANTS = ("a", "b")
CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
LONGEST_TITLE = 120
LONGEST_PARAMETER = 100

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_MOST_LANGUAGES = 20


@dataclass(frozen=True, slots=True)
class Body:
    """What a template says; ``variants`` are by letter, then by language."""

    variants: Mapping[str, Mapping[str, Content]]
    fallback: tuple[str, ...] = ("en",)
    campaign: Mapping[str, str] = field(default_factory=dict)

    def languages(self, variant: str = "a") -> tuple[str, ...]:
        """The languages of a variant, those of the fallback first."""
        there = self.variants.get(variant, {})
        first = [each for each in self.fallback if each in there]
        return (*first, *sorted(each for each in there if each not in first))

    def language_for(self, wanted: str, variant: str = "a") -> str:
        """The language in which somebody gets it who reads ``wanted``; "" where there is none at all."""
        there = self.variants.get(variant, {})
        near = (wanted, wanted.split("-", maxsplit=1)[0].lower())
        return next((each for each in (*near, *self.languages(variant)) if each in there), "")

    def content(self, language: str, variant: str = "a") -> Content | None:
        """The message of a variant in a language."""
        return self.variants.get(variant, {}).get(language)

    def with_content(self, language: str, content: Content, variant: str = "a") -> Body:
        """The same body with another message in one place."""
        there = {**self.variants.get(variant, {}), language: content}
        return replace(self, variants={**self.variants, variant: there})

    def without(self, language: str, variant: str | None = None) -> Body:
        """The same body without a language, or without it in one variant."""
        kept = {
            name: {
                code: each for code, each in there.items() if code != language or variant not in (None, name)
            }
            for name, there in self.variants.items()
        }
        return replace(self, variants=kept)

    def without_variant(self, variant: str) -> Body:
        """The same body without a variant."""
        return replace(
            self, variants={name: there for name, there in self.variants.items() if name != variant}
        )


def variant_of(body: Body, key: str, unit_id: int | None) -> str:
    """The variant that a customer gets: always the same one, half of the customers each."""
    if len(body.variants) < 2 or unit_id is None:
        return VARIANTS[0]
    drawn = draw_of("messages", key, "variant").of(unit_id)
    return VARIANTS[drawn * len(VARIANTS) // PRIME]


def parse_body(written: object) -> Body:
    """The body that JSON holds. Raises ``Refusal`` (``bad_message``) with the place of what is wrong."""
    if not isinstance(written, dict):
        raise bad_message(Text("a template is an object with variants"), "template")
    unknown = [key for key in written if key not in ("variants", "fallback", "campaign")]
    if unknown:
        raise bad_message(Text("{key} has no meaning here", key=str(unknown[0])[:60]), "template")
    return Body(
        _variants(written.get("variants")),
        _fallback(written.get("fallback", ["en"])),
        _campaign(written.get("campaign", {})),
    )


def body_as_json(body: Body) -> dict[str, Any]:
    """What :func:`parse_body` reads the same body from."""
    return {
        "variants": {
            variant: {language: b.content_as_json(content) for language, content in there.items()}
            for variant, there in body.variants.items()
        },
        "fallback": list(body.fallback),
        "campaign": dict(body.campaign),
    }


def new_body(language: str, campaign: Mapping[str, str]) -> Body:
    """The body of a template that was just made."""
    return Body({"a": {language: Content("")}}, (language,), campaign)


def contents(body: Body) -> Iterable[tuple[str, str, Content]]:
    """Every message of a body, with its variant and its language."""
    for variant, there in body.variants.items():
        for language, content in there.items():
            yield variant, language, content


def parts_in(body: Body) -> set[str]:
    """The keys of the shared parts that a body uses."""
    return {block.key for block in _every(body) if block.kind == "partial"}


def images_in(body: Body) -> set[str]:
    """The names of the pictures that a body uses."""
    return {block.image for block in _every(body) if block.kind == "image"}


def fields_in(body: Body) -> tuple[str, ...]:
    """The fields that a body names."""
    return tuple(dict.fromkeys(name for _, _, content in contents(body) for name in b.fields_of(content)))


def _every(body: Body) -> Iterable[Block]:
    for _, _, content in contents(body):
        yield from b.every(content.blocks)


def _variants(written: object) -> dict[str, dict[str, Content]]:
    if not isinstance(written, dict) or "a" not in written:
        raise bad_message(Text("there is a variant “a”, and perhaps a “b”"), "variants")
    found: dict[str, dict[str, Content]] = {}
    for variant, there in written.items():
        place = f"variants.{str(variant)[:20]}"
        if variant not in VARIANTS:
            raise bad_message(Text("variants are called a and b"), place)
        if not isinstance(there, dict) or len(there) > _MOST_LANGUAGES:
            raise bad_message(Text("a variant has messages by language"), place)
        found[variant] = {
            _language(code, place): b.parse_content(each, f"{place}.{code}") for code, each in there.items()
        }
    return found


def _fallback(written: object) -> tuple[str, ...]:
    if not isinstance(written, list) or len(written) > _MOST_LANGUAGES:
        raise bad_message(Text("it takes a list of languages"), "fallback")
    return tuple(dict.fromkeys(_language(each, "fallback") for each in written))


def _language(code: object, at: str) -> str:
    if not isinstance(code, str) or not _LANGUAGE.fullmatch(code):
        raise bad_message(Text("“{given}” is no language such as en", given=str(code)[:20]), at)
    return code


def _campaign(written: object) -> dict[str, str]:
    if not isinstance(written, dict):
        raise bad_message(Text("it takes parameters such as utm_source"), "campaign")
    for name, value in written.items():
        at = f"campaign.{str(name)[:20]}"
        if name not in CAMPAIGN:
            raise bad_message(Text("parameters are {known}", known=", ".join(CAMPAIGN)), at)
        if not isinstance(value, str) or len(value) > LONGEST_PARAMETER or not value.isprintable():
            raise bad_message(Text("it has more than {n} characters", n=LONGEST_PARAMETER), at)
    return {name: written[name].strip() for name in CAMPAIGN if str(written.get(name, "")).strip()}
