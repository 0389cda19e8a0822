"""Keeps the catalogues in step with the code: what is said where, and what is not translated yet.

``python -m holdfast.language.messages update`` brings the ``.po`` files up to date, ``... missing fa``
lists what Persian lacks, ``... check`` says what is wrong with any catalogue and ends with 1 if a
complete language is not complete.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from holdfast.language.extraction import Message, computed, extract
from holdfast.language.languages import CATALOGUES, ENGLISH, language, languages
from holdfast.language.po import Entry, Key, as_po, read_po
from holdfast.language.translations import catalogue

if TYPE_CHECKING:
    from babel.messages.catalog import Message as WrittenMessage

COMPLETE = ("fa", "ro", "bg", "ru", "zh")
"""Languages in which nothing may be missing."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}|%\((\w+)\)[sd]")


def missing(code: str) -> list[str]:
    """Messages that ``code`` lacks, in alphabetical order. English lacks none."""
    if code == ENGLISH:
        return []
    known = catalogue(code).messages
    return sorted(message.msgid for key, message in extract().items() if key not in known)


def unused(code: str) -> list[str]:
    """Messages that ``code`` translates and nobody says."""
    said = extract()
    return sorted(
        key if isinstance(key, str) else key[1] for key in catalogue(code).messages if key not in said
    )


def broken(code: str) -> list[str]:
    """Translations that cannot be filled in, or have the wrong number of plural forms, and why."""
    known = catalogue(code)
    faults: list[str] = []
    for key, message in extract().items():
        forms = known.messages.get(key, ())
        wanted = known.plural_forms if message.plural else 1
        if forms and len(forms) != wanted:
            faults.append(f"{message.msgid!r}: {len(forms)} forms, expected {wanted}")
        faults += [fault for form in forms if (fault := _fault(message, form))]
    return faults


def update(code: str) -> int:
    """Bring ``catalogues/<code>.po`` in step with the code; how many messages it still lacks."""
    path = CATALOGUES / f"{code}.po"
    beside = path.with_suffix(".po.new")
    beside.write_text(updated(code), encoding="utf-8")
    beside.replace(path)
    catalogue.cache_clear()
    return len(missing(code))


def updated(code: str) -> str:
    """The catalogue of ``code`` in step with the code, as the text of a ``.po`` file.

    A translation that nobody needs any more is kept as an obsolete entry, and comes back to life
    when its message does. Remarks of translators ("# ...") stay.
    """
    before = _written(code)
    header, _ = read_po(CATALOGUES / f"{code}.po")
    forms = catalogue(code).plural_forms
    messages = sorted(extract().values(), key=lambda each: (min(each.files), each.msgid))
    entries = [_entry(message, before.pop(message.key, None), forms) for message in messages]
    return as_po(header, entries, [entry for entry in before.values() if any(entry.forms)])


def _entry(message: Message, known: Entry | None, forms: int) -> Entry:
    """The entry of ``message``; a known translation with another number of forms does not fit."""
    wanted = forms if message.plural else 1
    fits = known is not None and len(known.forms) == wanted
    said = known.forms if known is not None and fits else ("",) * wanted
    remarks = known.remarks if known is not None else ()
    return Entry(message.msgid, said, message.plural, message.context, tuple(sorted(message.files)), remarks)


def _written(code: str) -> dict[Key, Entry]:
    """All entries of the catalogue as it is, the obsolete ones too."""
    from babel.messages.pofile import read_po as read_everything

    with (CATALOGUES / f"{code}.po").open("rb") as file:
        catalog = read_everything(file)
    entries = (_as_entry(each) for each in (*catalog.obsolete.values(), *catalog) if each.id)
    return {entry.key: entry for entry in entries}


def _as_entry(message: WrittenMessage) -> Entry:
    msgid, plural = message.id if isinstance(message.id, tuple) else (str(message.id), None)
    forms = message.string if isinstance(message.string, tuple) else (str(message.string or ""),)
    return Entry(msgid, forms, plural, message.context, (), tuple(message.user_comments))


def main(arguments: list[str]) -> int:
    """The tool: ``update [CODE ...]``, ``missing CODE``, or ``check``; the exit status."""
    verb, *codes = arguments or ["check"]
    chosen = codes or [code for code in languages() if code != ENGLISH]
    if verb == "update":
        for code in chosen:
            print(f"{code}: {update(code)} missing of {len(extract())}")
        return 0
    if verb == "missing":
        print(*(f"{code}: {msgid!r}" for code in chosen for msgid in missing(code)), sep="\n")
        return 0
    return _check(chosen)


def _check(codes: list[str]) -> int:
    faults = [f"{code}: {fault}" for code in codes for fault in broken(code)]
    faults += [
        f"{code}: not translated: {msgid!r}" for code in codes if code in COMPLETE for msgid in missing(code)
    ]
    print(*faults, *computed(), sep="\n")
    for code in codes:
        print(f"{code} ({language(code).own_name}): {len(missing(code))} missing of {len(extract())}")
    return 1 if faults else 0


def _fault(message: Message, form: str) -> str | None:
    """What hinders ``form`` from being filled in as ``message`` is."""
    wanted = set(_PLACEHOLDER.findall(message.msgid)) | set(_PLACEHOLDER.findall(message.plural or ""))
    unknown = set(_PLACEHOLDER.findall(form)) - wanted
    if unknown:
        names = ", ".join(sorted(a or b for a, b in unknown))
        return f"{message.msgid!r}: {names} is no value of this message"
    try:
        form.format_map(_Anything())
    except ValueError as error:
        return f"{message.msgid!r}: {error}" if "{" in message.msgid else None
    return None


class _Anything(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
