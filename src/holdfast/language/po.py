"""Reads ``.po`` files, quickly, as far as a running program needs them, and writes them.

Babel's reader keeps comments, places and flags and takes some 100 ms for 1,500 messages; this one
keeps the messages and takes a tenth. What it writes has no dates and no line numbers, so that two
people's changes rarely meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

Key = str | tuple[str, str]
"""A message id, or (context, message id)."""

_PIECE = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)?\s*"(.*)"\s*$')
_PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)[sd]")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One message as a catalogue holds it: with the files that say it and translators' remarks."""

    msgid: str
    forms: tuple[str, ...]
    plural: str | None = None
    context: str | None = None
    files: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """How the catalogue finds it."""
        return self.msgid if self.context is None else (self.context, self.msgid)


@dataclass(slots=True)
class _Lines:
    parts: dict[str, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> Key:
        msgid = self.parts.get("msgid", "")
        return (self.parts["msgctxt"], msgid) if "msgctxt" in self.parts else msgid

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(text for name, text in self.parts.items() if name.startswith("msgstr"))


def has_words(message: str) -> bool:
    """Whether ``message`` has a word outside its placeholders: else there is nothing to translate."""
    return any(char.isalpha() for char in _PLACEHOLDER.sub("", message))


def read_po(path: Path) -> tuple[dict[str, str], dict[Key, tuple[str, ...]]]:
    """The catalogue in a file; see :func:`parse_po`."""
    return parse_po(path.read_text(encoding="utf-8"), path.name)


def parse_po(text: str, name: str = "catalogue") -> tuple[dict[str, str], dict[Key, tuple[str, ...]]]:
    """Header fields, and the translated messages: id to its plural forms (one where it has none).

    Left out: fuzzy, obsolete, and not or only partly translated messages. Raises ``ValueError``
    with the line that cannot be read.
    """
    header: dict[str, str] = {}
    messages: dict[Key, tuple[str, ...]] = {}
    for entry in _entries(text, name):
        forms = entry.forms
        if entry.key == "":
            header = _header(forms[0] if forms else "")
        elif all(forms) and forms and not entry.fuzzy:
            messages[entry.key] = forms
    return header, messages


def as_po(header: dict[str, str], entries: Iterable[Entry], obsolete: Iterable[Entry] = ()) -> str:
    """A catalogue as text; ``obsolete`` entries are kept at its end as comments."""
    fields = "".join(f"{name}: {value}\n" for name, value in header.items())
    blocks = [_block(Entry("", (fields,)))]
    blocks += [_block(entry) for entry in entries]
    blocks += ["\n".join(f"#~ {line}" for line in _block(entry).splitlines()) for entry in obsolete]
    return "\n\n".join(blocks) + "\n"


def _block(entry: Entry) -> str:
    lines = [f"# {remark}" for remark in entry.remarks]
    lines += [f"#: {' '.join(entry.files)}"] if entry.files else []
    lines += [f"msgctxt {_quoted(entry.context)}"] if entry.context is not None else []
    lines.append(f"msgid {_quoted(entry.msgid)}")
    if entry.plural is None:
        lines.append(f"msgstr {_quoted(entry.forms[0])}")
    else:
        lines.append(f"msgid_plural {_quoted(entry.plural)}")
        lines += [f"msgstr[{place}] {_quoted(form)}" for place, form in enumerate(entry.forms)]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\r", "\\r")
    first, *rest = escaped.split("\n")
    if not rest:
        return f'"{first}"'
    pieces = [f"{line}\\n" for line in (first, *rest[:-1])] + ([rest[-1]] if rest[-1] else [])
    return '""\n' + "\n".join(f'"{piece}"' for piece in pieces)


def _entries(text: str, file: str) -> list[_Lines]:
    entries: list[_Lines] = []
    entry, name = _Lines(), ""
    for line_number, line in enumerate(text.splitlines(), 1):
        if not line or line[0] == "#":
            if entry.parts:
                entries.append(entry)
                entry, name = _Lines(), ""
            entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        match = _PIECE.match(line)
        if match is None:
            raise ValueError(f"{file}, line {line_number}: not a line of a .po file: {line!r}")
        name = match[1] or name
        entry.parts[name] = entry.parts.get(name, "") + _unescaped(match[2])
    return [*entries, entry] if entry.parts else entries


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), text)


def _header(text: str) -> dict[str, str]:
    fields = (line.partition(":") for line in text.splitlines())
    return {name.strip(): value.strip() for name, _, value in fields}
