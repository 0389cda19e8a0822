"""Files that somebody asked for: written by the worker, fetched by who asked, deleted after a week.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class ExportFile(TypedDict):
    """A file: ``asked`` is what of its kind it holds; ``trouble`` why it could not be written.

    A ready one is fetched until ``fetch_until``; then it is gone.
    """

    id: int
    kind: str
    asked: dict[str, Any]
    format: str
    state: Literal["failed", "gone", "ready", "running", "waiting"]
    asked_at: str
    ready_at: str | None
    fetch_until: str | None
    rows: int | None
    size: int | None
    trouble: str | None


class ExportFilesArea:
    """Files that somebody asked for: written by the worker, fetched by who asked, deleted after a week."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_export_files(self, *, limit: int | None = None) -> Iterator[ExportFile]:
        """List one's own files, the newest first; those that are over are forgotten after a month."""
        return self._connection.pages("/export-files", {"limit": limit})

    def ask_for_file(
        self,
        *,
        kind: Literal["at_risk", "customers", "dashboard", "events", "metrics", "risks", "segment"],
        format: Literal["csv", "parquet", "xlsx"] | LeftOut = LEFT_OUT,
        segment: str | LeftOut | None = LEFT_OUT,
        dashboard_id: int | LeftOut | None = LEFT_OUT,
        start: str | LeftOut | None = LEFT_OUT,
        period: Literal["month", "quarter", "year"] | LeftOut = LEFT_OUT,
    ) -> ExportFile:
        """Ask for a file; the worker writes it. The same one that still waits is not asked for twice."""
        return cast(
            "ExportFile",
            self._connection.ask(
                "POST",
                "/export-files",
                body={
                    "kind": kind,
                    "format": format,
                    "segment": segment,
                    "dashboard_id": dashboard_id,
                    "start": start,
                    "period": period,
                },
            ),
        )

    def get_export_file(self, export_id: int) -> ExportFile:
        """See what became of a file."""
        return cast("ExportFile", self._connection.ask("GET", f"/export-files/{export_id}"))

    def delete_export_file(self, export_id: int, *, if_match: str | None = None) -> None:
        """Delete a file before its time."""
        self._connection.ask("DELETE", f"/export-files/{export_id}", if_match=if_match)

    def export_asked_file(self, export_id: int) -> bytes:
        """Fetch a file that is ready."""
        return cast(bytes, self._connection.ask("GET", f"/export-files/{export_id}/content"))
