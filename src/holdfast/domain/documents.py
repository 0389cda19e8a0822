"""Which files may lie with a customer: found out by what is in them, never by what they say they are."""

from __future__ import annotations

import re
import struct
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

MOST_BYTES = 10_000_000
"""Size of a document at most."""

LONGEST_NAME = 120
"""Characters of a document's name at most; the ending is kept."""

_HEAD = 4_096
_MOST_ENTRIES = 5_000
_MOST_DIRECTORY_BYTES = 2_000_000
_MOST_UNPACKED_BYTES = 500_000_000
"""What an office document may say it unpacks to; nothing is ever unpacked here."""


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A kind of file that is taken: its ending and what it is served as."""

    ending: str
    media_type: str


TYPES: dict[str, DocumentType] = {
    each.ending: each
    for each in (
        DocumentType("pdf", "application/pdf"),
        DocumentType("png", "image/png"),
        DocumentType("jpg", "image/jpeg"),
        DocumentType("gif", "image/gif"),
        DocumentType("webp", "image/webp"),
        DocumentType("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        DocumentType("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        DocumentType("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        DocumentType("odt", "application/vnd.oasis.opendocument.text"),
        DocumentType("ods", "application/vnd.oasis.opendocument.spreadsheet"),
        DocumentType("txt", "text/plain; charset=utf-8"),
        DocumentType("csv", "text/csv; charset=utf-8"),
    )
}
"""Every kind of file that is taken, by its ending. Nothing that a browser or an office would run."""

_SAME = {"jpeg": "jpg", "jpe": "jpg", "text": "txt"}
_WRITTEN_ALIKE = ("txt", "csv")
"""Plain text is plain text: only the ending says which of these it is."""


def declared_type(name: str) -> str:
    """The ending that a file's name declares, in small letters; "" for none."""
    _, dot, ending = name.rpartition(".")
    ending = ending.lower() if dot else ""
    return _SAME.get(ending, ending)


def tells_the_truth(declared: str, found: str) -> bool:
    """Whether a file that says it is ``declared`` holds what it says."""
    return declared == found or (found == "txt" and declared in _WRITTEN_ALIKE)


def clean_name(name: str) -> str:
    """A file's name as it can be shown and saved anywhere: no folder, no control or direction signs.

    A sign that turns the direction of writing could show ``exe.pdf`` where ``fdp.exe`` stands.
    "" where nothing is left.
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(letter for letter in base if letter == " " or _harmless(letter))
    kept = " ".join(kept.split()).strip(" .")
    if len(kept) <= LONGEST_NAME:
        return kept
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 10:
        return kept[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def _harmless(letter: str) -> bool:
    """Whether a letter is neither a control, a direction or joining sign, nor one that systems refuse."""
    return unicodedata.category(letter)[0] not in "CZ" and letter not in '<>:"|?*'


def found_type(file: BinaryIO) -> str:
    """What kind of file this is by its content: an ending of :data:`TYPES`, or what else was found.

    Others are named by a word for people to look at: "empty", "html", "svg", "program", "archive",
    "macros", "bomb", "unknown". Reads the beginning, of a package the list of its parts; nothing is unpacked.
    """
    file.seek(0)
    head = file.read(_HEAD)
    if not head:
        return "empty"
    for kind, begins in _BEGINNINGS:
        if head.startswith(begins):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"PK\x03\x04"):
        return _package(file)
    return _text(file)


_BEGINNINGS: tuple[tuple[str, bytes], ...] = (
    ("pdf", b"%PDF-"),
    ("png", b"\x89PNG\r\n\x1a\n"),
    ("jpg", b"\xff\xd8\xff"),
    ("gif", b"GIF87a"),
    ("gif", b"GIF89a"),
    ("program", b"MZ"),
    ("program", b"\x7fELF"),
    ("program", b"#!"),
    ("program", b"\xca\xfe\xba\xbe"),
    ("program", b"\xcf\xfa\xed\xfe"),
    ("archive", b"PK\x05\x06"),
    ("archive", b"Rar!"),
    ("archive", b"7z\xbc\xaf\x27\x1c"),
    ("archive", b"\x1f\x8b"),
    ("archive", b"BZh"),
    ("macros", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
)
"""How files begin. The last is the old binary format of offices: whether it holds macros nobody can see."""


def _package(file: BinaryIO) -> str:
    """Which office document a ZIP is, by the names of its parts alone."""
    if not _small_directory(file):
        return "bomb"
    try:
        with ZipFile(file) as package:
            parts = package.infolist()
    except (BadZipFile, ValueError, OSError, struct.error, NotImplementedError):
        return "unknown"
    if sum(part.file_size for part in parts) > _MOST_UNPACKED_BYTES:
        return "bomb"
    names = [part.filename for part in parts]
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) for name in names):
        return "macros"
    return _office(names, file)


def _office(names: list[str], file: BinaryIO) -> str:
    if names and names[0] == "mimetype":
        file.seek(0)
        head = file.read(200)
        for kind in ("odt", "ods"):
            if TYPES[kind].media_type.encode() in head:
                macros = any(name.startswith(("Basic/", "Scripts/")) for name in names)
                return "macros" if macros else kind
    if "[Content_Types].xml" in names:
        for kind, folder in (("docx", "word/"), ("xlsx", "xl/"), ("pptx", "ppt/")):
            if any(name.startswith(folder) for name in names):
                return kind
    return "archive"


def _small_directory(file: BinaryIO) -> bool:
    """Whether the list of parts is small enough to be read. Source: APPNOTE.TXT 6.3.10, 4.3.16."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return True  # no list at all: reading it will fail
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    directory_bytes = int.from_bytes(tail[at + 12 : at + 16], "little")
    return entries <= _MOST_ENTRIES and directory_bytes <= _MOST_DIRECTORY_BYTES


def _text(file: BinaryIO) -> str:
    """Whether it is text in UTF-8, and if so whether a browser would take it for a page."""
    file.seek(0)
    try:
        text = file.read(MOST_BYTES + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        return "unknown"
    if "\0" in text or any(ord(letter) < 32 and letter not in "\t\n\r\f\x1b" for letter in text[:_HEAD]):
        return "unknown"
    begins = _MARKUP.match(text)
    if begins is None:
        return "txt"
    return "svg" if (begins[1] and begins[1].lower() == "svg") or "<svg" in text[:_HEAD].lower() else "html"


_MARKUP = re.compile(r"\s*(?:<!--.*?-->\s*)*<[!?/]?\s*([a-zA-Z]+)", re.DOTALL)
"""Text that begins with a tag, a comment, a document type or an XML declaration."""
