from pathlib import Path

import pytest

from holdfast.services.keep.create import create_workspace
from holdfast.services.keep.examine import Check, examine
from holdfast.settings import Settings
from holdfast.store import imports


def named(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_a_new_workspace_is_well(tmp_path: Path) -> None:
    create_workspace(tmp_path / "shop")
    checks = examine(tmp_path / "shop")
    assert all(check.ok for check in checks), [check for check in checks if not check.ok]
    assert {"python", "sqlite", "time_zones", "disk", "workspace", "database", "event_log", "imports"} <= set(
        named(checks)
    )


def test_a_folder_that_is_no_workspace_is_an_answer(tmp_path: Path) -> None:
    checks = named(examine(tmp_path / "nowhere"))
    assert not checks["workspace"].ok
    assert "database" not in checks
    assert not (tmp_path / "nowhere").exists()


def test_an_interrupted_import_is_named(workspace: Settings) -> None:
    imports.begin(workspace, "orders", "shop", ["orders.csv"], 1)
    found = named(examine(workspace.folder))["imports"]
    assert not found.ok
    assert "1" in str(found.found)


def test_a_damaged_database_is_found(tmp_path: Path) -> None:
    settings = create_workspace(tmp_path / "shop")
    from django.db import connection

    connection.close()
    for beside in settings.folder.glob("holdfast.db-*"):
        beside.unlink()
    whole = bytearray(settings.database.read_bytes())
    whole[4096 * 8 : 4096 * 24] = b"\x5a" * (4096 * 16)
    settings.database.write_bytes(whole)
    found = named(examine(settings.folder))["database"]
    assert not found.ok
    assert found.remedy is not None


def test_a_cut_file_of_the_log_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.domain.events import EventFile
    from holdfast.lake.log import EventLog

    settings = create_workspace(tmp_path / "shop")
    (settings.lake / "bucket=0").mkdir()
    (settings.lake / "bucket=0" / "import-1-a.parquet").write_bytes(b"PAR1")
    log = EventLog(settings.lake, settings.buckets)
    log.commit_import(1, [EventFile("bucket=0/import-1-a.parquet", 0, 400, 3, 1, 2, 10, 20)])
    found = named(examine(settings.folder))["event_log"]
    assert not found.ok
    assert "import-1-a" in str(found.found)
