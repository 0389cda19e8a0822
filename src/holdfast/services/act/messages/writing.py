"""Templates written for customers: each language is read once, however many customers get it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from holdfast.domain.blocks import Block, Content, fields_of
from holdfast.domain.merge_fields import Values
from holdfast.domain.refusals import Refusal
from holdfast.domain.templates import Body, images_in, parts_in, variant_of
from holdfast.domain.texts import Text
from holdfast.language.languages import written_in
from holdfast.services.act.messages.composing import Composed, Message, compose
from holdfast.services.act.messages.images import IMAGES_PATH
from holdfast.services.act.messages.look import Look
from holdfast.settings import Settings
from holdfast.store import message_images, message_settings, templates
from holdfast.store.templates import Published


@dataclass(frozen=True, slots=True)
class Written:
    """A message for one customer, and which template, version and variant of it that is."""

    message: Message
    key: str
    number: int
    variant: str


class Writer:
    """Writes messages of published templates; what was published later is read by the next writer."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._published: dict[str, Published] = {}
        self._composed: dict[tuple[str, str, str], Composed] = {}
        self._names: dict[str, frozenset[str]] = {}

    def write(self, key: str, language: str, values: Values, unit_id: int | None = None) -> Written:
        """The message for one customer, in their language where there is one.

        Refuses a template that is not there ("no_such_template") and a customer of whom a field is not
        known ("missing_field").
        """
        ready, number, variant = self._ready(key, language, unit_id)
        return Written(ready.for_customer(values), key, number, variant)

    def names(self, key: str) -> frozenset[str]:
        """The fields that a template names in any language, with the parts that it shares.

        Refuses a template that is not there ("no_such_template").
        """
        if key not in self._names:
            body = self._found(key).body
            shared = templates.published(self._settings, parts_in(body)).values()
            self._names[key] = frozenset(
                name
                for each in (body, *(part.body for part in shared))
                for variant in each.variants.values()
                for content in variant.values()
                for name in fields_of(content)
            )
        return self._names[key]

    def missing(self, key: str, language: str, values: Values, unit_id: int | None = None) -> tuple[str, ...]:
        """The fields that keep a customer from getting it."""
        return self._ready(key, language, unit_id)[0].missing(values)

    def _ready(self, key: str, language: str, unit_id: int | None) -> tuple[Composed, int, str]:
        found = self._found(key)
        variant = variant_of(found.body, key, unit_id)
        chosen = found.body.language_for(language, variant)
        place = (key, variant, chosen)
        if place not in self._composed:
            content = found.body.content(chosen, variant) or Content("")
            look = look_of(self._settings, found.body, chosen, variant)
            self._composed[place] = compose(content, look)
        return self._composed[place], found.number, variant

    def _found(self, key: str) -> Published:
        if key not in self._published:
            found = templates.published(self._settings, [key]).get(key)
            if found is None or found.kind != "message":
                raise no_such_template(key)
            self._published[key] = found
        return self._published[key]


def look_of(settings: Settings, body: Body, language: str, variant: str, base: str | None = None) -> Look:
    """With what a body is written in a language; ``base`` is where pictures are fetched from."""
    at = message_settings.public_url(settings) if base is None else base
    images = message_images.among(settings, images_in(body) | _images_in_parts(settings, body))
    campaign = dict(body.campaign)
    if len(body.variants) > 1:
        campaign.setdefault("utm_content", variant)
    return Look(
        written_in(language),
        _shared(settings, body, language),
        lambda name: f"{at}{IMAGES_PATH}{name}" if name in images and (at or base is not None) else "",
        {name: each.width for name, each in images.items()},
        campaign,
    )


def no_such_template(key: str) -> Refusal:
    """The refusal of a template that was never published or is gone."""
    return Refusal(
        "no_such_template",
        found=Text("There is no published message “{key}”.", key=key[:80]),
        expected=Text("The key of a template that was published."),
        remedy=Text("Publish it under Templates, or name another one."),
    )


def _shared(settings: Settings, body: Body, language: str) -> Mapping[str, tuple[Block, ...]]:
    found = templates.published(settings, parts_in(body))
    shared: dict[str, tuple[Block, ...]] = {}
    for key, part in found.items():
        content = part.body.content(part.body.language_for(language))
        if part.kind == "part" and content is not None:
            shared[key] = content.blocks
    return shared


def _images_in_parts(settings: Settings, body: Body) -> set[str]:
    parts: Iterable[Published] = templates.published(settings, parts_in(body)).values()
    return {name for part in parts for name in images_in(part.body)}
