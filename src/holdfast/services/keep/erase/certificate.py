"""What was erased, in figures and sentences, without saying who it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.domain.texts import Text
from holdfast.services.keep.erase.scan import Scanned
from holdfast.settings import Settings


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup that was made before the erasure, and so still holds who was erased."""

    place: str
    made_us: int
    expires_us: int


def certificate(
    settings: Settings, found: Scanned, copies: Sequence[Copy], *, unclear: int, truncated: bool
) -> dict[str, Any]:
    """What is certified after a scan, as it is kept; sentences as ``Text``."""
    return {
        "looked_through": {
            "tables": "postgresql" if settings.database_url else "sqlite",
            "parquet_files": found.parquet,
            "files": found.looked.files,
            "packages": found.looked.packed,
            "bytes": found.looked.size,
            "not_unpacked": found.looked.closed,
        },
        "rows_left": dict(found.rows),
        "files_left": dict(found.files),
        "words_left": found.words + int(found.loose),
        "mentions": dict(found.mentions),
        "backups": [
            {"place": each.place, "made_us": each.made_us, "expires_us": each.expires_us} for each in copies
        ],
        "remarks": list(_remarks(settings, found, unclear, truncated)),
    }


def _remarks(settings: Settings, found: Scanned, unclear: int, truncated: bool) -> list[Text]:
    said = []
    if found.mentions:
        said.append(
            Text(
                "{n} row or file of other people names them. These are others' words: look at them, and "
                "delete what has to go.",
                "{n} rows or files of other people name them. These are others' words: look at them, and "
                "delete what has to go.",
                n=sum(found.mentions.values()),
            )
        )
    if unclear:
        said.append(
            Text(
                "{n} id or value was too short, or not theirs alone, to be looked for as text; rows about "
                "them were looked for by their number.",
                "{n} ids or values were too short, or not theirs alone, to be looked for as text; rows about "
                "them were looked for by their number.",
                n=unclear,
            )
        )
    if found.looked.closed:
        said.append(
            Text(
                "{n} file could not be unpacked (pictures, PDF): only its bytes were looked at.",
                "{n} files could not be unpacked (pictures, PDF): only their bytes were looked at.",
                n=found.looked.closed,
            )
        )
    if settings.database_url:
        said.append(
            Text(
                "The tables on PostgreSQL were asked; the server's own files, its log, its copies and its "
                "backups are the server's: what was deleted goes from them as space is used again and as "
                "they expire."
            )
        )
    elif not truncated:
        said.append(Text("SQLite's log was in use and could not be emptied; it is emptied later."))
    return [*said, *_ALWAYS]


_ALWAYS = (
    Text(
        "Models that were trained before keep what they learnt from all customers together; they hold no "
        "row of anybody. The next training does not see who was erased."
    ),
    Text("Published figures of closed periods stay as they were published: they are sums."),
    Text("Files that were exported to elsewhere, and mails that were sent, are not reached."),
)


def left(certified: Mapping[str, Any]) -> int:
    """How many traces a certificate says are left; 0 proves the erasure."""
    rows, files = certified["rows_left"], certified["files_left"]
    return int(sum(rows.values()) + sum(files.values()) + certified["words_left"])
