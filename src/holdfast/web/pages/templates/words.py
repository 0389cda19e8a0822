"""How templates are shown: blocks as lines that can be chosen, and the fields of the one that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast.domain import block_edits as edits
from holdfast.domain.block_edits import Place
from holdfast.domain.blocks import FIELDS, KINDS, LONGEST, Block, Kind
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.language.languages import written_in
from holdfast.store.templates import Template

_FIRST = 90


@dataclass(frozen=True, slots=True)
class Line:
    """A block in the list: where it stands, what it is, the beginning of what it says."""

    place: str
    kind: str
    name: str
    words: str
    when: str
    first: bool
    last: bool
    columns: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of the form of a block; ``shape`` is "line", "text", "link" or "choice"."""

    name: str
    label: str
    hint: str
    shape: str
    value: str
    most: int
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ShownTemplate:
    """A template in the list."""

    id: int
    title: str
    key: str
    languages: str
    variants: int
    state: str
    pressing: bool
    when: str


LABELS: Mapping[str, tuple[Text, Text]] = {
    "words": (Text("Words"), Text("Fields such as {field}; **strong**, *stressed*, [words](https://…).")),
    "level": (Text("Size"), Text("The first heading is the large one.")),
    "link": (Text("Leads to"), Text("A link that begins with https://, http:// or mailto:.")),
    "image": (Text("Picture"), Text("One that was brought before, or a new one below.")),
    "alt": (Text("What it shows"), Text("For those who do not see pictures, and until they are loaded.")),
    "by": (Text("Whose words"), Text("May stay empty.")),
    "key": (Text("Which part"), Text("Shared parts that are published.")),
    "when": (Text("Only for"), Text("Such as {first} or {second}; empty for everybody.")),
}
"""Label and hint of each field of a block."""


def code(written: str) -> str:
    """What people type, kept from left to right in a sentence that goes the other way."""
    return f"\u2066{written}\u2069"


_HINTS = {
    "words": {"field": code("{{ name | there }}")},
    "when": {"first": code("plan = gold"), "second": code("bought = tea")},
}


def lines(blocks: Sequence[Block], reader: Reader, above: Place = ()) -> tuple[Line, ...]:
    """The blocks as lines."""
    return tuple(_line(block, (*above, at), len(blocks), reader) for at, block in enumerate(blocks))


def _line(block: Block, place: Place, of: int, reader: Reader) -> Line:
    columns = tuple(lines(column, reader, (*place, n)) for n, column in enumerate(block.columns))
    said = " ".join((block.words or block.alt or block.key).split())
    short = said if len(said) <= _FIRST else f"{said[: _FIRST - 1]}…"
    name = reader.say(KINDS[block.kind])
    written = edits.written_place(place)
    return Line(written, block.kind, name, short, block.when, place[-1] == 0, place[-1] == of - 1, columns)


def fields(
    kind: Kind,
    typed: Mapping[str, str],
    choices: Mapping[str, tuple[tuple[str, str], ...]],
    reader: Reader,
) -> list[ShownField]:
    """The form of a block with what is in it."""
    shown = []
    for name in (*FIELDS[kind], "when"):
        if name == "columns":
            continue
        label, hint = LABELS[name]
        said = reader.say(Text(hint.msgid, **_HINTS.get(name, {})))
        value = typed.get(name, "")
        shape = _shape(kind, name)
        offered = choices.get(name, ())
        shown.append(ShownField(name, reader.say(label), said, shape, value, LONGEST.get(name, 10), offered))
    return shown


def _shape(kind: Kind, name: str) -> str:
    if name in ("level", "image", "key"):
        return "choice"
    if name == "words":
        return "line" if kind in ("heading", "button") else "text"
    return "link" if name == "link" else "line"


def of_block(block: Block) -> dict[str, str]:
    """What is in the form of a block."""
    return {name: str(getattr(block, name)) for name in (*FIELDS[block.kind], "when") if name != "columns"}


def levels(reader: Reader) -> tuple[tuple[str, str], ...]:
    """The sizes of headings."""
    return ("1", reader.say(Text("large"))), ("2", reader.say(Text("small")))


def language_names(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Languages by their own names."""
    return [
        (code, written_in(code).own_name if written_in(code).code != "en" or code == "en" else code)
        for code in codes
    ]


def shown(found: Sequence[Template], reader: Reader, when: Mapping[int, str]) -> list[ShownTemplate]:
    """Templates as the list shows them."""
    return [
        ShownTemplate(
            each.id,
            each.title,
            each.key,
            reader.list_of(name for _, name in language_names(each.draft.languages())),
            len(each.draft.variants),
            reader.say(Text("published") if each.published else Text("not published yet")),
            not each.published,
            when[each.id],
        )
        for each in found
    ]
