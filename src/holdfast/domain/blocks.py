"""What a message is made of: blocks, one below the other, as JSON and as frozen values.

A message in one language is a subject, a line that mail programs show beside it, and blocks::

    {"subject": "Your plan, {{ first_name | friend }}", "preheader": "It ends on Friday",
     "blocks": [{"block": "heading", "words": "Stay a little longer"},
                {"block": "text", "words": "Dear **{{ first_name | friend }}**, …"},
                {"block": "button", "words": "Renew", "link": "https://shop.example/renew"},
                {"block": "image", "image": "…", "alt": "The new kettle", "link": "https://…"},
                {"block": "columns", "columns": [[…], […]]},
                {"block": "quote", "words": "…", "by": "Ann"}, {"block": "divider"},
                {"block": "footer", "words": "…"}, {"block": "partial", "key": "our_footer"}]}

Words hold fields and conditions (:mod:`holdfast.domain.merge_fields`) and marks
(:mod:`holdfast.domain.marks`). Every block may have ``when``: ``plan``, ``plan = gold`` or ``not plan``; who
does not meet it does not see the block. Whatever else is written is refused with the place where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from holdfast.domain import merge_fields
from holdfast.domain.marks import links_in
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_fields import Field, If, Parts

Kind = Literal["heading", "text", "button", "image", "divider", "columns", "quote", "footer", "partial"]

KINDS: dict[Kind, Text] = {
    "heading": Text("Heading"),
    "text": Text("Text"),
    "button": Text("Button"),
    "image": Text("Image"),
    "divider": Text("Line between parts"),
    "columns": Text("Columns"),
    "quote": Text("Quotation"),
    "footer": Text("Footer"),
    "partial": Text("Shared part"),
}
"""Every kind of block, with its name."""

FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "heading": ("words", "level"),
    "text": ("words",),
    "button": ("words", "link"),
    "image": ("image", "alt", "link"),
    "divider": (),
    "columns": ("columns",),
    "quote": ("words", "by"),
    "footer": ("words",),
    "partial": ("key",),
}
"""What each kind has, beside ``when``."""

_OPTIONAL = frozenset({"level", "by", "when"})
LONGEST = {"words": 20_000, "link": 2_000, "image": 100, "alt": 300, "by": 200, "key": 80, "when": 200}
LONGEST_SUBJECT = 200
MOST_BLOCKS = 100
MOST_COLUMNS = 3
LEVELS = (1, 2)


@dataclass(frozen=True, slots=True)
class Block:
    """One block; which of its fields mean something goes by its kind (:data:`FIELDS`)."""

    kind: Kind
    words: str = ""
    link: str = ""
    image: str = ""
    alt: str = ""
    by: str = ""
    key: str = ""
    level: int = 1
    columns: tuple[tuple[Block, ...], ...] = ()
    when: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A message in one language."""

    subject: str
    preheader: str = ""
    blocks: tuple[Block, ...] = ()


def parse_content(written: object, at: str = "") -> Content:
    """The message that JSON holds. Raises ``Refusal`` (``bad_message``) with the place of what is wrong."""
    if not isinstance(written, dict):
        raise bad_message(Text("a message is an object with a subject and blocks"), at or "message")
    _only(written, ("subject", "preheader", "blocks"), at or "message")
    before = f"{at}." if at else ""
    return Content(
        _template(written.get("subject", ""), f"{before}subject", LONGEST_SUBJECT),
        _template(written.get("preheader", ""), f"{before}preheader", LONGEST_SUBJECT),
        parse_blocks(written.get("blocks", []), f"{before}blocks"),
    )


def parse_blocks(written: object, at: str = "blocks") -> tuple[Block, ...]:
    """The blocks that JSON holds. Raises ``Refusal`` (``bad_message``)."""
    found = _listed(written, at, deep=False)
    if sum(1 for _ in every(found)) > MOST_BLOCKS:
        raise bad_message(Text("there are more than {n} blocks", n=MOST_BLOCKS), at)
    return found


def parse_block(written: object, at: str, *, deep: bool = False) -> Block:
    """One block; a ``deep`` one stands in a column, where there are no columns again."""
    if not isinstance(written, dict):
        raise bad_message(Text("a block is an object"), at)
    kind = next((each for each in KINDS if each == written.get("block")), None)
    if kind is None:
        known, given = ", ".join(KINDS), written.get("block")
        raise bad_message(
            Text("{given} is no block; there are {known}", given=_short(given), known=known), at
        )
    _only(written, ("block", "when", *FIELDS[kind]), at)
    values = {name: _value(name, written, at, deep=deep) for name in (*FIELDS[kind], "when")}
    return Block(kind, **values)


def content_as_json(content: Content) -> dict[str, Any]:
    """What :func:`parse_content` reads the same message from."""
    blocks = [as_json(each) for each in content.blocks]
    return {"subject": content.subject, "preheader": content.preheader, "blocks": blocks}


def as_json(block: Block) -> dict[str, Any]:
    """What :func:`parse_block` reads the same block from."""
    said: dict[str, Any] = {"block": block.kind}
    for name in FIELDS[block.kind]:
        value = getattr(block, name)
        if name == "columns":
            value = [[as_json(each) for each in column] for column in block.columns]
        said[name] = value
    return said | ({"when": block.when} if block.when else {})


def every(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """All blocks, those in columns too."""
    for block in blocks:
        yield block
        for column in block.columns:
            yield from every(column)


def condition_of(block: Block) -> tuple[bool, str, str | None] | None:
    """Whether it must hold, the field and the value of ``when``; ``None`` where everybody sees the block."""
    if not block.when:
        return None
    negated = block.when.startswith("not ")
    return (not negated, *merge_fields.condition(block.when.removeprefix("not ")))


def fields_of(content: Content) -> tuple[str, ...]:
    """The fields that a message names, in their order."""
    names: list[str] = []
    for template in templates_of(content):
        names += merge_fields.fields_in(template)
    names += [found[1] for block in every(content.blocks) if (found := condition_of(block))]
    return tuple(dict.fromkeys(names))


def templates_of(content: Content) -> Iterator[str]:
    """Everything in a message that may name fields."""
    yield content.subject
    yield content.preheader
    for block in every(content.blocks):
        yield from (block.words, block.link, block.alt, block.by)


def bad_message(why: Text, at: str) -> Refusal:
    """The refusal of a message that cannot be read; ``at`` is the place within it."""
    return Refusal(
        "bad_message",
        found=Text("The message cannot be used at {place}: {why}.", place=at, why=why),
        expected=Text("Blocks such as {example}.", example='{"block": "text", "words": "Hello"}'),
        remedy=Text("Mend that place and try again; nothing was changed."),
    )


def _listed(written: object, at: str, *, deep: bool) -> tuple[Block, ...]:
    if not isinstance(written, list):
        raise bad_message(Text("blocks stand in a list"), at)
    return tuple(parse_block(each, f"{at}[{place}]", deep=deep) for place, each in enumerate(written))


def _value(name: str, written: Mapping[str, Any], at: str, *, deep: bool) -> Any:
    here = f"{at}.{name}"
    if name == "columns":
        return _columns(written.get(name), here, deep=deep)
    if name == "level":
        level = written.get(name, 1)
        if isinstance(level, bool) or level not in LEVELS:
            raise bad_message(Text("a heading is of level 1 or 2"), here)
        return level
    value = _template(written.get(name, ""), here, LONGEST[name], fields=name not in ("key", "image", "when"))
    _check(
        name,
        value,
        here,
        needed=name not in _OPTIONAL and not (name == "link" and written["block"] == "image"),
    )
    return value


def _check(name: str, value: str, here: str, *, needed: bool) -> None:
    """What a field must be beyond words that can be read."""
    if needed and not value.strip():
        words = (
            Text("an image needs words for those who do not see it") if name == "alt" else Text("it is empty")
        )
        raise bad_message(words, here)
    if name == "link" and value:
        _check_link(merge_fields.compiled(value), here)
    elif name == "words":
        for link in links_in(merge_fields.compiled(value)):
            _check_link(link, here)
    elif name == "when" and value:
        try:
            merge_fields.condition(value.removeprefix("not "))
        except Refusal as refusal:
            words = Text(
                "“{given}” is no condition such as {example}", given=_short(value), example="plan = gold"
            )
            raise bad_message(words, here) from refusal


def _check_link(link: Parts, here: str) -> None:
    """A link leads to the web or to a mailbox; a field may be a part of it, or with what it begins."""
    if any(isinstance(part, If) for part in link):
        raise bad_message(Text("a link holds no condition; give the block one"), here)
    begins, rest = (link[0], link[1:]) if link else ("", ())
    if isinstance(begins, Field) and begins.fallback is not None:
        begins = begins.fallback  # it stands there as it is, as words do
    words = [part for part in (begins, *rest) if isinstance(part, str)]
    if isinstance(begins, str) and not begins.lower().startswith(merge_fields.SCHEMES):
        raise bad_message(
            Text("the link “{link}” does not begin with https://, http:// or mailto:", link=_short(begins)),
            here,
        )
    if any(sign in part for part in words for sign in " \t\r\n<>\"'"):
        raise bad_message(
            Text("the link “{link}” holds a blank or a quotation mark", link=_short(words[0])), here
        )


def _columns(written: object, here: str, *, deep: bool) -> tuple[tuple[Block, ...], ...]:
    if deep:
        raise bad_message(Text("columns do not stand in columns"), here)
    if not isinstance(written, list) or not 2 <= len(written) <= MOST_COLUMNS:
        raise bad_message(Text("there are 2 or 3 columns"), here)
    return tuple(_listed(each, f"{here}[{place}]", deep=True) for place, each in enumerate(written))


def _template(written: object, here: str, longest: int, *, fields: bool = True) -> str:
    if not isinstance(written, str):
        raise bad_message(Text("it takes words"), here)
    if len(written) > longest:
        raise bad_message(Text("it has more than {n} characters", n=longest), here)
    if any(ord(letter) < 32 and letter not in "\t\r\n" for letter in written):
        raise bad_message(Text("it holds a control character"), here)
    if fields:
        _readable(written, here)
    return written.replace("\r\n", "\n").replace("\r", "\n")


def _readable(written: str, here: str) -> None:
    wrong = merge_fields.problems(written)
    if wrong:
        raise bad_message(wrong[0].words, here)


def _only(written: Mapping[str, Any], known: tuple[str, ...], at: str) -> None:
    unknown = [key for key in written if key not in known]
    if unknown:
        raise bad_message(Text("{key} has no meaning here", key=_short(unknown[0])), at)


def _short(value: object) -> str:
    return str(value)[:60]
