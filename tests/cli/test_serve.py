"""`holdfast serve` on an empty folder makes a workspace and says how the first person comes in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import call, start
from holdfast.cli.pages import set_up_link
from holdfast.settings import Settings, read_settings
from holdfast.store import start as beginnings
from service import free_port


def test_an_empty_folder_becomes_a_workspace_with_a_link(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    served = start("serve", "--workspace", folder, "--port", str(free_port()), "--no-worker", "--json")
    try:
        assert served.stdout is not None
        answer = json.loads(served.stdout.readline())
    finally:
        served.terminate()
        served.communicate(timeout=30)
    assert answer["set_up"].startswith(f"{answer['address']}/set-up/")
    settings = read_settings(folder)
    assert beginnings.is_open(settings, answer["set_up"].rsplit("/", 1)[1], 1)


def test_a_folder_with_other_things_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ann", encoding="utf-8")
    ended = call("serve", "--workspace", tmp_path, "--port", str(free_port()))
    assert ended.code == 1 and "holds no holdfast.toml" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_behind_a_proxy_the_link_is_where_people_reach_it(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFAST_PUBLIC_URL", "https://holdfast.example.com/")
    link = set_up_link(workspace, "http://127.0.0.1:8000")
    assert link is not None and link.startswith("https://holdfast.example.com/set-up/")
