"""Files are what is in them: everything that lies, hides or would run is found out."""

from __future__ import annotations

import io
import zipfile
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.documents import (
    LONGEST_NAME,
    TYPES,
    clean_name,
    declared_type,
    found_type,
    tells_the_truth,
)


def package(parts: dict[str, bytes], *, stored_first: bool = False) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for at, (name, content) in enumerate(parts.items()):
            made.writestr(name, content, zipfile.ZIP_STORED if stored_first and not at else None)
    return file.getvalue()


DOCX = package({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
ODT = package({"mimetype": TYPES["odt"].media_type.encode(), "content.xml": b"<o/>"}, stored_first=True)
CONTENTS: dict[str, tuple[bytes, str]] = {
    "pdf": (b"%PDF-1.7\n...", "pdf"),
    "png": (b"\x89PNG\r\n\x1a\n....", "png"),
    "jpeg": (b"\xff\xd8\xff\xe0....", "jpg"),
    "gif": (b"GIF89a....", "gif"),
    "webp": (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "webp"),
    "docx": (DOCX, "docx"),
    "xlsx": (package({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "xlsx"),
    "pptx": (package({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}), "pptx"),
    "odt": (ODT, "odt"),
    "text": ("Bună, مریم\n".encode(), "txt"),
    "text with a mark": (b"\xef\xbb\xbfplain", "txt"),
    "empty": (b"", "empty"),
    "html": (b"  <!DOCTYPE html><html>", "html"),
    "html after a comment": (b"<!-- hi -->\n<script>alert(1)</script>", "html"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "svg"),
    "svg behind xml": (b"<?xml version='1.0'?>\n<svg/>", "svg"),
    "program": (b"MZ\x90\x00", "program"),
    "elf": (b"\x7fELF", "program"),
    "script": (b"#!/bin/sh\nrm -rf /", "program"),
    "zip": (package({"a.txt": b"a"}), "archive"),
    "gzip": (b"\x1f\x8b\x08", "archive"),
    "macros": (package({"[Content_Types].xml": b"", "word/vbaProject.bin": b""}), "macros"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "macros"),
    "nul": (b"a\0b", "unknown"),
    "no text": (b"\xff\xfe\x00\x01", "unknown"),
    "latin-2": ("Fiș".encode("iso8859-16"), "unknown"),
    "broken package": (b"PK\x03\x04 nothing behind it", "unknown"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_content_says_what_a_file_is(name: str) -> None:
    content, kind = CONTENTS[name]
    assert found_type(io.BytesIO(content)) == kind


class _Counting(io.BytesIO):
    """Counts what is read of it."""

    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.bytes_read += len(piece)
        return piece


def test_a_package_that_unpacks_to_very_much_is_not_unpacked() -> None:
    bomb = package({"[Content_Types].xml": b"", "word/document.xml": b"\0" * 600_000_000})
    assert len(bomb) < 1_000_000
    file = _Counting(bomb)
    assert found_type(file) == "bomb"
    assert file.bytes_read < 100_000


def test_a_package_of_very_many_parts_is_not_even_listed() -> None:
    many = package({f"word/{number}": b"" for number in range(6_000)})
    file = _Counting(many)
    assert found_type(file) == "bomb"
    assert file.bytes_read < 100_000


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("contract.pdf", "contract.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\niamh\\offer.pdf", "offer.pdf"),
        ("offer\u202efdp.exe", "offerfdp.exe"),
        ("a\u2066b\u200b.pdf", "ab.pdf"),
        ("a\0b\n.pdf", "ab.pdf"),
        ("...hidden.pdf", "hidden.pdf"),
        ("عقد.pdf", "عقد.pdf"),
        ('<img src=x onerror="alert(1)">.png', "img src=x onerror=alert(1).png"),
        ("/", ""),
        (f"{'x' * 500}.pdf", f"{'x' * (LONGEST_NAME - 4)}.pdf"),
    ],
)
def test_a_name_hides_nothing(typed: str, shown: str) -> None:
    assert clean_name(typed) == shown


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_can_be_saved(typed: str) -> None:
    shown = clean_name(typed)
    assert len(shown) <= LONGEST_NAME
    assert not set(shown) & set('/\\\0<>:"|?*\n\r')
    assert clean_name(shown) == shown or len(typed) > LONGEST_NAME


@given(st.binary(max_size=2_000))
def test_any_content_is_named(content: bytes) -> None:
    file: BinaryIO = io.BytesIO(content)
    assert isinstance(found_type(file), str)


def test_a_declared_type_must_be_what_is_found() -> None:
    assert declared_type("A.JPEG") == "jpg"
    assert declared_type("pdf") == ""
    assert tells_the_truth("csv", "txt")
    assert tells_the_truth("txt", "txt")
    assert not tells_the_truth("pdf", "png")
    assert not tells_the_truth("txt", "html")
