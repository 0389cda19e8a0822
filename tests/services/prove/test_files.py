"""Files to fetch: what a killed process leaves is deleted (N4)."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from holdfast.services.prove import files
from holdfast.settings import Settings
from holdfast.store import export_files

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def test_n4_a_file_that_no_row_names_is_deleted_after_a_day(base: Settings) -> None:
    place = files.folder(base)
    place.mkdir()
    kept, stray, young = (place / name for name in ("kept.csv", ".stray.csv", "young.csv"))
    for path, hours in ((kept, 30), (stray, 30), (young, 1)):
        path.write_text("name\nAnn\n", encoding="utf-8")
        os.utime(path, (NOW.timestamp() - hours * 3600,) * 2)
    now_us = int(NOW.timestamp() * 1_000_000)
    asked = export_files.ask(base, 1, "customers", {}, "csv", now_us=now_us)
    export_files.finish(base, asked, stored="kept.csv", rows=1, size=9, now_us=now_us, ends_us=now_us + 1)
    assert files.clear(base, NOW) == 1
    assert sorted(path.name for path in place.iterdir()) == ["kept.csv", "young.csv"]
