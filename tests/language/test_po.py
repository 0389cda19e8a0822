"""Catalogue files: read as Babel reads them, written so that they read back."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po as babel_reads
from hypothesis import given
from hypothesis import strategies as st

from holdfast.language import languages
from holdfast.language.languages import CATALOGUES, ENGLISH
from holdfast.language.po import Entry, as_po, parse_po, read_po

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1
) | st.sampled_from(
    ['"quoted"', "back\\slash", "two\nlines", "tab\there", "ends\n", "\\n is not a line", "a\\"]
)
HEADER = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n > 1);"}


@given(st.dictionaries(TEXT, st.tuples(TEXT, TEXT), max_size=5), st.booleans())
def test_what_is_written_reads_back(said: dict[str, tuple[str, str]], plural: bool) -> None:
    entries = [
        Entry(msgid, forms if plural else forms[:1], msgid + "s" if plural else None)
        for msgid, forms in said.items()
    ]
    text = as_po(HEADER, entries)
    header, messages = parse_po(text)
    catalog = babel_reads(BytesIO(text.encode()))
    assert header == HEADER
    assert messages == {entry.msgid: entry.forms for entry in entries}
    for msgid, forms in said.items():
        found = catalog.get((msgid, msgid + "s") if plural else msgid)
        assert found is not None
        assert found.string == (forms if plural else forms[0])


@pytest.mark.parametrize("code", [code for code in languages() if code != ENGLISH])
def test_our_catalogues_read_as_babel_reads_them(code: str) -> None:
    path = CATALOGUES / f"{code}.po"
    with path.open("rb") as file:
        catalog = babel_reads(file)
    theirs = {
        each.id[0] if isinstance(each.id, tuple) else each.id: each.string
        if isinstance(each.string, tuple)
        else (each.string,)
        for each in catalog
        if each.id
        and not each.context
        and all(each.string if isinstance(each.string, tuple) else (each.string,))
    }
    ours = {key: forms for key, forms in read_po(path)[1].items() if isinstance(key, str)}
    assert ours == theirs


def test_left_out_are_fuzzy_obsolete_and_half_translated(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    path.write_text(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
        '#, fuzzy\nmsgid "a"\nmsgstr "A"\n\n'
        '#~ msgid "b"\n#~ msgstr "B"\n\n'
        'msgid "c"\nmsgid_plural "cs"\nmsgstr[0] "C"\nmsgstr[1] ""\n\n'
        'msgctxt "verb"\nmsgid "open"\nmsgstr "öffnen"\n\n'
        'msgid "d"\nmsgstr ""\n'
    )
    assert read_po(path)[1] == {("verb", "open"): ("öffnen",)}


def test_a_line_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    path.write_text('msgid "a"\nmsgstr A\n')
    with pytest.raises(ValueError, match="line 2"):
        read_po(path)
