"""A list of who was erased, in numbers and hashes, beside the database: it outlives the loss of that."""

from __future__ import annotations

import json

from holdfast.lake.disk import sync_file, sync_folder
from holdfast.settings import Settings

NAME = "erasures.json"
"""The list lies in the workspace's folder; it holds numbers and hashes."""


def write_list(settings: Settings) -> None:
    """Write down every erasure as it stands now, beside the database."""
    from holdfast.store import erasure

    records = erasure.listed(settings)
    keys = erasure.digests(settings)
    said = [
        {
            "erasure": each.id,
            "kind": each.kind,
            "asked_us": each.asked_us,
            "asked_by": each.asked_by,
            "subjects": list(each.subjects),
            "keys": keys.get(each.id, []),
            "lifted": each.lifted_us is not None,
        }
        for each in records
    ]
    beside = settings.folder / f".{NAME}.new"
    beside.write_text(json.dumps(said, indent=1), encoding="utf-8")
    sync_file(beside)
    beside.replace(settings.folder / NAME)
    sync_folder(settings.folder)
