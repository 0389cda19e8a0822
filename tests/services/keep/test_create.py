from pathlib import Path

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.lake.log import EventLog
from holdfast.services.keep.create import create_workspace
from holdfast.settings import read_settings


def test_a_new_workspace_can_be_read_again_and_has_an_empty_log(tmp_path: Path) -> None:
    made = create_workspace(tmp_path / "shop", currency="EUR", timezone="Asia/Tehran", calendar="solar_hijri")
    assert read_settings(tmp_path / "shop") == made
    assert made.name == "shop"
    assert made.database.is_file()
    assert EventLog(made.lake, made.buckets).files().rows == 0


def test_a_workspace_is_never_made_over_another(tmp_path: Path) -> None:
    create_workspace(tmp_path / "shop", currency="EUR")
    with pytest.raises(Refusal) as refused:
        create_workspace(tmp_path / "shop", currency="USD")
    assert refused.value.code == "workspace_exists"
    assert read_settings(tmp_path / "shop").currency == "EUR"


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(Refusal) as refused:
        create_workspace(tmp_path)
    assert refused.value.code == "folder_in_use"
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_settings_that_mean_nothing_leave_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        create_workspace(tmp_path / "shop", timezone="Nowhere/Atlantis")
    assert refused.value.code == "bad_setting"
    assert not (tmp_path / "shop").exists()


def test_an_interrupted_call_can_be_repeated(tmp_path: Path) -> None:
    made = create_workspace(tmp_path / "shop")
    made.toml.unlink()  # as if the process had ended just before its last step
    assert create_workspace(tmp_path / "shop") == made
