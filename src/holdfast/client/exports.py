"""Everything that Holdfast knows, as files that other programs read.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import Literal, TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import Connection


class Exportable(TypedDict):
    """The names of what can be exported."""

    items: list[str]


class ExportsArea:
    """Everything that Holdfast knows, as files that other programs read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_exports(self) -> Exportable:
        """List what can be exported."""
        return cast("Exportable", self._connection.ask("GET", "/exports"))

    def export_kind(
        self,
        kind: str,
        *,
        format: Literal["csv", "csv.gz", "jsonl", "jsonl.gz", "parquet", "xlsx"] | None = None,
    ) -> bytes:
        """Fetch everything of a kind as a file.

        It is written before the answer begins: of very much data `holdfast export` does better. A key
        that does not see everything whole (an analyst's, unless decided otherwise) exports nothing.
        Events are for administrators, rejected rows for managers too.
        """
        return cast(
            bytes, self._connection.ask("GET", f"/exports/{quote(kind, safe='')}", query={"format": format})
        )
