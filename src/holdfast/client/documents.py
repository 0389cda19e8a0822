"""Documents that are kept with a customer.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict, cast

from holdfast.client.connection import Connection


class Document(TypedDict):
    """A file with its name and size; ``sha256`` is of its bytes."""

    id: int
    at: str
    by: str
    name: str
    media_type: str
    bytes: int
    sha256: str


class Documents(TypedDict):
    """Every document of a customer, the newest first."""

    items: list[Document]


class DocumentsArea:
    """Documents that are kept with a customer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_documents(self, customer_id: int) -> Documents:
        """List the documents of a customer, a hundred at most."""
        return cast("Documents", self._connection.ask("GET", f"/customers/{customer_id}/documents"))

    def add_document(self, customer_id: int, *, content: bytes, name: str) -> Document:
        """Keep a file with a customer.

        The body is the file. What its name says it is has to be what its bytes are.
        """
        return cast(
            "Document",
            self._connection.ask(
                "POST", f"/customers/{customer_id}/documents", query={"name": name}, content=content
            ),
        )

    def get_document(self, customer_id: int, document_id: int) -> bytes:
        """Fetch the bytes of a document."""
        return cast(bytes, self._connection.ask("GET", f"/customers/{customer_id}/documents/{document_id}"))

    def delete_document(self, customer_id: int, document_id: int, *, if_match: str | None = None) -> None:
        """Take a document away; for a month it can be brought back."""
        self._connection.ask("DELETE", f"/customers/{customer_id}/documents/{document_id}", if_match=if_match)

    def restore_document(self, customer_id: int, document_id: int) -> None:
        """Bring a document back."""
        self._connection.ask("POST", f"/customers/{customer_id}/documents/{document_id}/restore")
