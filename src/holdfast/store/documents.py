"""Which documents lie with a customer; their bytes lie in the workspace's folder under random names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.notes import among


@dataclass(frozen=True, slots=True)
class Document:
    """A document: ``size`` in bytes, ``digest`` its SHA-256, ``stored`` what its file is called."""

    id: int
    subject_id: int
    at_us: int
    made_by: str
    name: str
    media_type: str
    size: int
    digest: str
    stored: str
    deleted_us: int | None


_COLUMNS = "id, subject_id, at_us, made_by, name, media_type, size, digest, stored, deleted_us"


def add(settings: Settings, document: Document) -> int:
    """Note a document whose bytes are on disk already; its id (that of ``document`` is not looked at)."""
    store.connect(settings)
    row = sql.one(
        "INSERT INTO document "
        "(subject_id, at_us, made_by, name, media_type, size, digest, stored, deleted_by) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '') RETURNING id",
        (
            document.subject_id,
            document.at_us,
            document.made_by,
            document.name,
            document.media_type,
            document.size,
            document.digest,
            document.stored,
        ),
    )
    if row is None:
        raise RuntimeError("an INSERT ... RETURNING returned nothing")
    return int(row[0])


def one(settings: Settings, document_id: int, subjects: Sequence[int]) -> Document | None:
    """The document with this id, if it is about one of these subjects; a deleted one too."""
    store.connect(settings)
    row = sql.one(
        f"SELECT {_COLUMNS} FROM document WHERE id = %s AND subject_id IN {among(subjects)}", (document_id,)
    )
    return None if row is None else Document(*row)


def of(settings: Settings, subjects: Sequence[int], *, limit: int = 100) -> list[Document]:
    """Documents of these subjects, the newest first; none that was deleted."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_COLUMNS} FROM document WHERE subject_id IN {among(subjects)} AND deleted_us IS NULL "
        f"ORDER BY at_us DESC, id DESC LIMIT {int(limit)}"
    )
    return [Document(*row) for row in rows]


def delete(settings: Settings, document_id: int, *, by: str, now_us: int) -> None:
    """Take a document from the page; it can be brought back until it is swept."""
    store.connect(settings)
    sql.write(
        "UPDATE document SET deleted_us = %s, deleted_by = %s WHERE id = %s AND deleted_us IS NULL",
        (now_us, by, document_id),
    )


def restore(settings: Settings, document_id: int) -> None:
    """Bring a deleted document back."""
    store.connect(settings)
    sql.write("UPDATE document SET deleted_us = NULL, deleted_by = '' WHERE id = %s", (document_id,))


def deleted_before(settings: Settings, before_us: int) -> list[tuple[int, str]]:
    """(id, where its bytes lie) of what was deleted before a moment."""
    store.connect(settings)
    return [(int(id_), str(stored)) for id_, stored in sql.read(_DELETED, (before_us,))]


def of_subjects(settings: Settings, subjects: Sequence[int]) -> list[tuple[int, str]]:
    """(id, where its bytes lie) of every document of these subjects, deleted ones too: to erase them."""
    store.connect(settings)
    rows = sql.read(f"SELECT id, stored FROM document WHERE subject_id IN {among(subjects)} ORDER BY id")
    return [(int(id_), str(stored)) for id_, stored in rows]


def forget(settings: Settings, document_ids: Sequence[int]) -> None:
    """Forget documents for good, once their bytes are gone."""
    store.connect(settings)
    sql.write(f"DELETE FROM document WHERE id IN {among(document_ids)}")


def known(settings: Settings, stored: Sequence[str]) -> set[str]:
    """Which of these names of bytes on disk belong to a document."""
    store.connect(settings)
    if not stored:
        return set()
    marks = ", ".join(["%s"] * len(stored))
    return {name for (name,) in sql.read(f"SELECT stored FROM document WHERE stored IN ({marks})", stored)}


_DELETED = "SELECT id, stored FROM document WHERE deleted_us < %s ORDER BY id LIMIT 1000"
