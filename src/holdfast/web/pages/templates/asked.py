"""What somebody looks at of a template: variant, language, a block of it; and a block as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from holdfast.domain import block_edits as edits
from holdfast.domain.block_edits import Place
from holdfast.domain.blocks import FIELDS, KINDS, LEVELS, Block, Content, Kind, parse_block
from holdfast.domain.templates import Body
from holdfast.store.templates import Template


@dataclass(frozen=True, slots=True)
class Asked:
    """A variant and a language of a template, perhaps a block that is changed or a kind that is added.

    ``place`` is where the block stands or is put; ``adding`` is the kind of a new one, "" for none.
    """

    template: Template
    variant: str
    language: str
    place: Place | None = None
    adding: Kind | None = None

    @property
    def content(self) -> Content:
        """The message of this variant in this language."""
        return self.template.draft.content(self.language, self.variant) or Content("")

    def body_with(self, content: Content) -> Body:
        """The draft with another message here."""
        return self.template.draft.with_content(self.language, content, self.variant)

    def body_with_blocks(self, blocks: tuple[Block, ...]) -> Body:
        """The draft with other blocks here."""
        return self.body_with(replace(self.content, blocks=blocks))

    def address(self, place: Place | None = None) -> str:
        """Where this is changed, with a block open."""
        asked = {"language": self.language, "variant": self.variant}
        found = f"{reverse('template_edit', args=[self.template.id])}"
        if place is None:
            return f"{found}?{urlencode(asked)}"
        written = edits.written_place(place)
        return f"{found}?{urlencode(asked | {'block': written})}#block-{written}"


def read_asked(given: Mapping[str, str], template: Template, body: Body | None = None) -> Asked:
    """What is looked at; what is not there is taken for the first that is."""
    shown = body or template.draft
    variant = given.get("variant", "a")
    variant = variant if variant in shown.variants else "a"
    languages = shown.languages(variant)
    language = given.get("language", "")
    if language not in languages:
        language = languages[0] if languages else "en"
    place = edits.place_of(given.get("block", ""))
    adding = next((kind for kind in KINDS if kind == given.get("add")), None)
    return Asked(template, variant, language, place, adding)


def typed_block(kind: Kind, given: Mapping[str, str]) -> Block:
    """The block that was typed into a form. Refuses ("bad_message")."""
    written: dict[str, object] = {"block": kind, "when": given.get("when", "").strip()}
    for name in FIELDS[kind]:
        if name == "columns":
            written[name] = [[] for _ in range(3 if given.get("columns") == "3" else 2)]
        elif name == "level":
            level = given.get(name, "1")
            written[name] = int(level) if level in map(str, LEVELS) else 0
        else:
            value = given.get(name, "").replace("\r\n", "\n")
            written[name] = value if name == "words" else value.strip()
    return parse_block(written, kind)


def put(asked: Asked, block: Block) -> tuple[Block, ...]:
    """The blocks with a typed one in its place: a new one, or one that keeps its columns."""
    blocks = asked.content.blocks
    place = asked.place if asked.place is not None else (len(blocks),)
    if asked.adding:
        return edits.added(blocks, place, block)
    before = edits.block_at(blocks, place)
    if before is None:
        return blocks
    return edits.changed(blocks, place, replace(block, columns=before.columns) if before.columns else block)
