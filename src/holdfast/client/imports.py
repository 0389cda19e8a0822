"""Imports: files into the customer base, what became of their rows, and undoing one.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class Column(TypedDict):
    """A column that the kind knows, and the one of the file that stands for it ("" for none)."""

    name: str
    meaning: str
    required: bool
    source: str
    sure: float | None
    examples: list[str]


class Import(TypedDict):
    """An import and what became of its rows; ``report`` as `holdfast import --json` documents it."""

    id: int
    kind: str
    source: str
    files: list[str]
    state: str
    started_at: str
    finished_at: str | None
    first_at: str | None
    last_at: str | None
    report: dict[str, Any]


class Uploaded(TypedDict):
    """A file that was brought: new (not looked at), looked, asked (being imported), done or refused."""

    id: int
    name: str
    bytes: int
    state: str
    kind: str
    trouble: str | None
    columns: list[Column]
    unused: list[str]
    import_id: int | None


class Uploads(TypedDict):
    """Files that were not imported yet, the newest first."""

    items: list[Uploaded]


class Work(TypedDict):
    """Long work that goes on elsewhere: waiting, running, done or failed.

    ``done`` of ``total`` units are finished (null: nobody knows how many there are).
    """

    id: int
    kind: str
    state: str
    step: str | None
    done: int
    total: int | None
    trouble: str | None
    result: Any


class ImportsArea:
    """Imports: files into the customer base, what became of their rows, and undoing one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_imports(self, *, limit: int | None = None) -> Iterator[Import]:
        """List the imports, the newest first."""
        return self._connection.pages("/imports", {"limit": limit})

    def get_import(self, import_id: int) -> Import:
        """Get one import with its report."""
        return cast("Import", self._connection.ask("GET", f"/imports/{import_id}"))

    def undo_import(self, import_id: int) -> Work:
        """Undo an import: everything that it brought is taken back; look at the work to see how far it is."""
        return cast("Work", self._connection.ask("POST", f"/imports/{import_id}/undo"))

    def list_uploads(self) -> Uploads:
        """List the files that were brought and not imported yet."""
        return cast("Uploads", self._connection.ask("GET", "/uploads"))

    def bring_file(self, *, content: bytes, name: str, kind: str | None = None) -> Uploaded:
        """Bring a file: CSV, XLSX, JSON Lines or Parquet, packed or not.

        The body is the file. It is looked at, and which column is which is guessed; nothing is imported
        yet. An archive becomes its files: the first of them is answered.
        """
        return cast(
            "Uploaded",
            self._connection.ask("POST", "/uploads", query={"name": name, "kind": kind}, content=content),
        )

    def get_upload(self, upload_id: int) -> Uploaded:
        """Get a file that was brought, with the columns as they are chosen or guessed."""
        return cast("Uploaded", self._connection.ask("GET", f"/uploads/{upload_id}"))

    def delete_upload(self, upload_id: int, *, if_match: str | None = None) -> None:
        """Take a file away that is not being imported."""
        self._connection.ask("DELETE", f"/uploads/{upload_id}", if_match=if_match)

    def import_upload(self, upload_id: int) -> Work:
        """Import a file as it is mapped; look at the work to see how far it is."""
        return cast("Work", self._connection.ask("POST", f"/uploads/{upload_id}/import"))

    def map_upload(
        self,
        upload_id: int,
        *,
        kind: str,
        columns: dict[str, str],
        options: dict[str, str | int | bool] | LeftOut = LEFT_OUT,
    ) -> Uploaded:
        """Say what the rows of a file are, and which column is which."""
        return cast(
            "Uploaded",
            self._connection.ask(
                "PUT",
                f"/uploads/{upload_id}/map",
                body={"kind": kind, "columns": columns, "options": options},
            ),
        )

    def get_work(self, work_id: int) -> Work:
        """See how far some long work is."""
        return cast("Work", self._connection.ask("GET", f"/work/{work_id}"))
