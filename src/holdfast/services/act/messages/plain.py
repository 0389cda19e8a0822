"""Blocks as plain text: for programs that show no HTML, and for whoever reads mails that way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from holdfast.domain.blocks import Block
from holdfast.domain.marks import marked
from holdfast.domain.merge_fields import as_link
from holdfast.domain.written_fields import Field, If, Part, Parts
from holdfast.services.act.messages.look import Look, when


def blocks_as_text(blocks: tuple[Block, ...], look: Look) -> Iterator[Part]:
    """The blocks, each with an empty line behind it."""
    for block in blocks:
        inside = tuple(_block(block, look))
        if inside:
            yield from when(block, inside)


def _block(block: Block, look: Look) -> Iterator[Part]:
    match block.kind:
        case "heading" | "text" | "footer":
            yield from (*_inline(block.words, look), "\n\n")
        case "button":
            yield from (*_inline(block.words, look), ":\n", *look.tracked(block.link, html=False), "\n\n")
        case "image":
            link = (*look.tracked(block.link, html=False), "\n") if block.link else ()
            yield from ("[", *look.template(block.alt), "]\n", *link, "\n")
        case "columns":
            yield from blocks_as_text(tuple(chain(*block.columns)), look)
        case "quote":
            yield from _quotation(block, look)
        case "divider":
            yield "----\n\n"
        case "partial":
            yield from blocks_as_text(look.partial(block.key), look)


def _quotation(block: Block, look: Look) -> Iterator[Part]:
    yield from ("> ", *_quoted(_inline(block.words, look)), "\n")
    yield from ("> ", *look.template(block.by), "\n\n") if block.by else ("\n",)


def _quoted(parts: Parts) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, str):
            yield part.replace("\n", "\n> ")
        elif isinstance(part, Field):
            yield part
        else:
            yield If(part.name, part.value, tuple(_quoted(part.then)), tuple(_quoted(part.otherwise)))


def _inline(template: str, look: Look) -> Parts:
    return marked(look.template(template), _Text(look))


class _Text:
    """Marks as words: a link says where it leads."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def words(self, words: str) -> str:
        return words

    def field(self, field: Field) -> Field:
        return field

    def strong(self, inside: Parts) -> Parts:
        return inside

    def emphasis(self, inside: Parts) -> Parts:
        return inside

    def link(self, inside: Parts, link: Parts) -> Parts:
        return (*inside, " (", *as_link(self._look.with_campaign(link), html=False), ")")
