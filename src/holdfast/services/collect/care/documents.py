"""Documents of a customer: taken by what is in them, kept outside of what is served, handed out as files."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from holdfast.domain.documents import (
    MOST_BYTES,
    TYPES,
    clean_name,
    declared_type,
    found_type,
    tells_the_truth,
)
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.care.typed import gone
from holdfast.services.collect.care.who import Who
from holdfast.settings import Settings
from holdfast.store import documents
from holdfast.store.documents import Document

_AT_ONCE = 1 << 20

FOUND: dict[str, Text] = {
    "empty": Text("nothing"),
    "html": Text("a web page"),
    "svg": Text("a drawing that can hold programs (SVG)"),
    "program": Text("a program"),
    "archive": Text("an archive of files"),
    "macros": Text("an office document that can hold programs"),
    "bomb": Text("a package that unpacks to far more than it says"),
    "unknown": Text("something that is none of the kinds of file we take"),
}
"""What else may be in a file, in words."""


def add_document(
    settings: Settings, about: Who, name: str, content: BinaryIO, *, by: str, now_us: int
) -> Document:
    """Keep a file with a customer. Its bytes are on disk before anybody hears of it.

    Refuses a name that says no kind of file we take ("unknown_type"), content that is another kind than
    the name says ("lying_type"), what is too large ("too_large") and a full disk ("disk_full").
    """
    from holdfast.services.full_disk import refused_when_full

    shown = clean_name(name)
    declared = declared_type(shown)
    if declared not in TYPES:
        raise _unknown(shown or name)
    size = _size(content)
    if size > MOST_BYTES:
        raise too_large()
    found = found_type(content)
    if not tells_the_truth(declared, found):
        raise _lying(shown, declared, found)
    with refused_when_full(settings):
        stored, digest = _keep(settings, content)
    document = Document(
        0, about.unit_id, now_us, by, shown, TYPES[declared].media_type, size, digest, stored, None
    )
    try:
        documents.add(settings, document)
    except BaseException:
        path_of(settings, stored).unlink(missing_ok=True)
        raise
    return document


def open_document(settings: Settings, about: Who, document_id: int) -> tuple[Document, BinaryIO]:
    """A document of this customer with its bytes. Refuses one that is gone ("no_such_document")."""
    document = documents.one(settings, document_id, about.subjects)
    if document is None or document.deleted_us is not None:
        raise gone("no_such_document")
    try:
        return document, path_of(settings, document.stored).open("rb")
    except FileNotFoundError as error:
        raise gone("no_such_document") from error


def delete_document(settings: Settings, about: Who, document_id: int, *, by: str, now_us: int) -> None:
    """Take a document away; it can be brought back for a month, then its bytes go."""
    document = documents.one(settings, document_id, about.subjects)
    if document is None or document.deleted_us is not None:
        raise gone("no_such_document")
    documents.delete(settings, document_id, by=by, now_us=now_us)


def restore_document(settings: Settings, about: Who, document_id: int) -> None:
    """Bring a document back that was taken away."""
    if documents.one(settings, document_id, about.subjects) is None:
        raise gone("no_such_document")
    documents.restore(settings, document_id)


def folder_of(settings: Settings) -> Path:
    """Where the bytes of documents lie: in the workspace, which no server hands out."""
    return settings.folder / "documents"


def path_of(settings: Settings, stored: str) -> Path:
    """The file of these bytes. Raises ``ValueError`` for a name that we did not make up."""
    if len(stored) != 32 or not all(letter in "0123456789abcdef" for letter in stored):
        raise ValueError(f"{stored!r} is no name of ours")
    return folder_of(settings) / stored[:2] / stored


def forget_documents(settings: Settings, found: list[tuple[int, str]]) -> None:
    """Remove documents for good, first their bytes; may be repeated."""
    for _, stored in found:
        path_of(settings, stored).unlink(missing_ok=True)
    documents.forget(settings, [id_ for id_, _ in found])


def remove_strays(settings: Settings, *, older_than: float) -> int:
    """Remove bytes that belong to no document: a process was killed between the two; how many.

    Only those written before ``older_than`` (seconds since 1970): younger ones may be being noted.
    """
    old = [path for path in _files(settings) if path.stat().st_mtime < older_than]
    known = documents.known(settings, [path.name for path in old])
    strays = [path for path in old if path.name not in known]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def _files(settings: Settings) -> Iterator[Path]:
    folder = folder_of(settings)
    if folder.is_dir():
        yield from (path for path in sorted(folder.glob("??/*")) if path.is_file())


def _size(content: BinaryIO) -> int:
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    return size


def _keep(settings: Settings, content: BinaryIO) -> tuple[str, str]:
    """Write the bytes under a random name, to the disk; that name and their SHA-256."""
    stored, digest = secrets.token_hex(16), hashlib.sha256()
    path = path_of(settings, stored)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content.seek(0)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            while piece := content.read(_AT_ONCE):
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise
    return stored, digest.hexdigest()


def too_large() -> Refusal:
    """That a file is larger than a document may be."""
    return Refusal(
        "too_large",
        found=Text("The file is larger than a document may be."),
        expected=Text("At most {n} megabyte.", "At most {n} megabytes.", n=MOST_BYTES // 1_000_000),
        remedy=Text("Make it smaller, or keep it elsewhere and write down where."),
    )


def _unknown(name: str) -> Refusal:
    return Refusal(
        "unknown_type",
        found=Text("{name} has an ending that says no kind of file we take.", name=name),
        expected=Text("One of {endings}.", endings=", ".join(TYPES)),
        remedy=Text("Save it as one of these kinds, a PDF for example."),
    )


def _lying(name: str, declared: str, found: str) -> Refusal:
    what = FOUND.get(found) or Text("a file of the kind {kind}", kind=found)
    return Refusal(
        "lying_type",
        found=Text(
            "{name} says that it is {declared}, and holds {what}.", name=name, declared=declared, what=what
        ),
        expected=Text("A file that holds what its ending says."),
        remedy=Text("Save it again in the kind you mean; text has to be in UTF-8."),
    )
