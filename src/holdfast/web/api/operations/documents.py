"""Documents that are kept with a customer."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Annotated

from msgspec import Meta

from holdfast.domain.documents import MOST_BYTES
from holdfast.services.collect.care import documents
from holdfast.services.collect.care.who import who
from holdfast.store import documents as stored
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import WRITERS
from holdfast.web.api.contract import Answered, Asked, Call, File, Id, Upload, moment, operation


class Document(Answered, frozen=True):
    """A file with its name and size; ``sha256`` is of its bytes."""

    id: int
    at: datetime
    by: str
    name: str
    media_type: str
    bytes: int
    sha256: str


class Documents(Answered, frozen=True):
    """Every document of a customer, the newest first."""

    items: list[Document]


class Named(Asked, kw_only=True, frozen=True):
    """What the file is called."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]


@operation("GET", "/customers/{customer_id}/documents", scope=READ)
def list_documents(call: Call, customer_id: Id) -> Documents:
    """List the documents of a customer, a hundred at most."""
    about = who(call.settings, customer_id)
    found = stored.of(call.settings, about.subjects)
    return Documents(items=[_document(each) for each in found if each.deleted_us is None])


@operation("POST", "/customers/{customer_id}/documents", scope=WRITE, roles=WRITERS, status=201)
def add_document(call: Call, customer_id: Id, query: Named, body: Upload) -> Document:
    """Keep a file with a customer.

    The body is the file. What its name says it is has to be what its bytes are.
    """
    about = who(call.settings, customer_id)
    if body.size > MOST_BYTES:
        raise documents.too_large()
    content = BytesIO(body.content.read(body.size))
    made = documents.add_document(call.settings, about, query.name, content, by=call.by, now_us=call.now_us)
    newest = stored.of(call.settings, about.subjects)
    return _document(next(each for each in newest if each.stored == made.stored))


@operation("GET", "/customers/{customer_id}/documents/{document_id}", scope=READ)
def get_document(call: Call, customer_id: Id, document_id: Id) -> File:
    """Fetch the bytes of a document."""
    found, content = documents.open_document(call.settings, who(call.settings, customer_id), document_id)
    with content:
        return File(found.name, "application/octet-stream", content.read())


@operation("DELETE", "/customers/{customer_id}/documents/{document_id}", scope=WRITE, roles=WRITERS)
def delete_document(call: Call, customer_id: Id, document_id: Id) -> None:
    """Take a document away; for a month it can be brought back."""
    about = who(call.settings, customer_id)
    documents.delete_document(call.settings, about, document_id, by=call.by, now_us=call.now_us)


@operation("POST", "/customers/{customer_id}/documents/{document_id}/restore", scope=WRITE, roles=WRITERS)
def restore_document(call: Call, customer_id: Id, document_id: Id) -> None:
    """Bring a document back."""
    documents.restore_document(call.settings, who(call.settings, customer_id), document_id)


def _document(each: stored.Document) -> Document:
    return Document(
        id=each.id,
        at=moment(each.at_us),
        by=each.made_by,
        name=each.name,
        media_type=each.media_type,
        bytes=each.size,
        sha256=each.digest,
    )
