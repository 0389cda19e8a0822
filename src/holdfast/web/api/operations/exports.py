"""Everything that Holdfast knows, as files that other programs read."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from holdfast.services.keep.export import export
from holdfast.services.keep.exported import kinds
from holdfast.store.write_keys import READ
from holdfast.web.access import ADMINS, DECIDERS, EXPORTERS
from holdfast.web.api.contract import Answered, Asked, Call, File, operation
from holdfast.web.api.passing import check_role
from holdfast.web.api.seeing import check_whole


class Exportable(Answered, frozen=True):
    """The names of what can be exported."""

    items: list[str]


class ExportQuery(Asked, kw_only=True, frozen=True):
    """In which format."""

    format: Literal["csv", "csv.gz", "jsonl", "jsonl.gz", "parquet", "xlsx"] = "jsonl.gz"


@operation("GET", "/exports", scope=READ)
def list_exports(call: Call) -> Exportable:
    """List what can be exported."""
    return Exportable(items=list(kinds()))


@operation("GET", "/exports/{kind}", scope=READ, roles=EXPORTERS)
def export_kind(call: Call, kind: str, query: ExportQuery) -> File:
    """Fetch everything of a kind as a file.

    It is written before the answer begins: of very much data `holdfast export` does better. A key that
    does not see everything whole (an analyst's, unless decided otherwise) exports nothing. Events are for
    administrators, rejected rows for managers too.
    """
    check_whole(call)
    check_role(call.person, _ONLY.get(kind, EXPORTERS))
    folder = call.settings.folder / "spill"
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix="api-") as here:
        path = Path(here) / f"{_safe(kind)}.{query.format}"
        export(call.settings, kind, path)
        file = path.open("rb")  # it goes on after its name is gone; the answer closes it
    return File(path.name, "application/octet-stream", file)


_ONLY = {"events": ADMINS, "rejects": DECIDERS}
"""Who may fetch what on the pages not everybody may who exports."""


def _safe(kind: str) -> str:
    return "".join(sign for sign in kind if sign.isalnum() or sign in "-_")[:40] or "export"
