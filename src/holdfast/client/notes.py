"""Notes that our people write about a customer.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict, cast

from holdfast.client.connection import Connection


class Note(TypedDict):
    """A note; only who wrote it may change it."""

    id: int
    at: str
    by: str
    text: str
    changed_at: str | None


class Notes(TypedDict):
    """Every note about a customer, the newest first."""

    items: list[Note]


class NotesArea:
    """Notes that our people write about a customer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_notes(self, customer_id: int) -> Notes:
        """List the notes about a customer, a hundred at most."""
        return cast("Notes", self._connection.ask("GET", f"/customers/{customer_id}/notes"))

    def create_note(self, customer_id: int, *, text: str) -> Note:
        """Write a note."""
        return cast(
            "Note", self._connection.ask("POST", f"/customers/{customer_id}/notes", body={"text": text})
        )

    def get_note(self, customer_id: int, note_id: int) -> Note:
        """Get one note."""
        return cast("Note", self._connection.ask("GET", f"/customers/{customer_id}/notes/{note_id}"))

    def update_note(self, customer_id: int, note_id: int, *, text: str, if_match: str | None = None) -> Note:
        """Write a note anew; what it said before is kept."""
        return cast(
            "Note",
            self._connection.ask(
                "PUT", f"/customers/{customer_id}/notes/{note_id}", body={"text": text}, if_match=if_match
            ),
        )

    def delete_note(self, customer_id: int, note_id: int, *, if_match: str | None = None) -> None:
        """Take a note away; for a month it can be brought back."""
        self._connection.ask("DELETE", f"/customers/{customer_id}/notes/{note_id}", if_match=if_match)

    def restore_note(self, customer_id: int, note_id: int) -> Note:
        """Bring a note back."""
        return cast("Note", self._connection.ask("POST", f"/customers/{customer_id}/notes/{note_id}/restore"))
