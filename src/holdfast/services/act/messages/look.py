"""What blocks of a message are written with: language, shared parts, pictures, the names of a campaign."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from holdfast.domain.blocks import Block, condition_of
from holdfast.domain.merge_fields import as_link, compiled
from holdfast.domain.written_fields import Field, If, Part, Parts
from holdfast.language.languages import Language


def _nowhere(_: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Look:
    """How the messages of one language look.

    ``shared`` are the parts that several messages share, by key; ``image_url`` says where a picture is
    fetched ("" where nobody can), ``image_widths`` how wide it is. ``campaign`` are parameters put on
    links to the web ("utm_source" and its like); those that a link has already stay.
    """

    language: Language
    shared: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    image_url: Callable[[str], str] = _nowhere
    image_widths: Mapping[str, int] = field(default_factory=dict)
    campaign: Mapping[str, str] = field(default_factory=dict)

    def template(self, words: str) -> Parts:
        """The parts of a template."""
        return compiled(words)

    def partial(self, key: str) -> tuple[Block, ...]:
        """A shared part; shared parts do not hold others, so that none holds itself."""
        return tuple(block for block in self.shared.get(key, ()) if block.kind != "partial")

    def image_width(self, name: str, most: int) -> int:
        """How wide a picture is shown."""
        return min(self.image_widths.get(name) or most, most)

    def tracked(self, link: str, *, html: bool) -> Parts:
        """Where a link leads, with the names of the campaign."""
        return as_link(self.with_campaign(compiled(link)), html=html)

    def with_campaign(self, link: Parts) -> Parts:
        """A link to the web with the parameters of the campaign, before its fragment."""
        first = link[0] if link else ""
        if not isinstance(first, str) or not first.lower().startswith(("https://", "http://")):
            return link
        written = "".join(part for part in link if isinstance(part, str))
        added = [
            f"{name}={quote(value, safe='')}"
            for name, value in self.campaign.items()
            if f"?{name}=" not in written and f"&{name}=" not in written
        ]
        if not added:
            return link
        return _before_fragment(link, ("&" if "?" in written.split("#")[0] else "?") + "&".join(added))

    def paragraphs(self, words: str) -> tuple[Parts, ...]:
        """The paragraphs of a text, parted by empty lines outside of conditions."""
        found: list[list[Part]] = [[]]
        for part in compiled(words):
            if not isinstance(part, str):
                found[-1].append(part)
                continue
            first, *others = _EMPTY_LINE.split(part)
            found[-1].append(first)
            found += [[each] for each in others]
        return tuple(tuple(_trimmed(each)) for each in found if any(part != "" for part in each))


_EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*")


def _trimmed(paragraph: list[Part]) -> list[Part]:
    """A paragraph without line breaks at its edges."""
    if paragraph and isinstance(paragraph[0], str):
        paragraph[0] = paragraph[0].lstrip("\n")
    if paragraph and isinstance(paragraph[-1], str):
        paragraph[-1] = paragraph[-1].rstrip("\n")
    return paragraph


def when(block: Block, inside: Parts) -> Parts:
    """``inside`` for those who meet the condition of the block."""
    found = condition_of(block)
    if found is None:
        return inside
    holds, name, value = found
    return (If(name, value, inside, ()) if holds else If(name, value, (), inside),)


def _before_fragment(link: Parts, added: str) -> Parts:
    """``added`` at the end of a link, before the first ``#`` in its own words."""
    done: list[Part] = []
    put = False
    for part in link:
        if isinstance(part, Field) or put or not isinstance(part, str) or "#" not in part:
            done.append(part)
            continue
        before, sign, after = part.partition("#")
        done.append(before + added + sign + after)
        put = True
    return tuple(done) if put else (*done, added)
