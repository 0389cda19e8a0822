"""N2: the audit trail from the command line: checked, written out, its end kept elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import call
from holdfast.settings import Settings
from holdfast.store import audit, sql


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "HOLDFAST_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.fixture
def trail(workspace: Settings) -> Settings:
    for number in range(3):
        audit.note(workspace, who=None, did="x.changed", about=f"x:{number}", now_us=number, via="test")
    return workspace


def test_n2_a_whole_trail_is_said_to_be_whole(trail: Settings) -> None:
    ended = call("audit", "verify", "--workspace", trail.folder)
    assert (ended.code, ended.out.strip()) == (0, "The trail is whole: 3 notes, each as it was written.")
    told = call("audit", "verify", "--json", "--workspace", trail.folder).json
    assert (told["notes"], told["whole"]) == (3, True)
    assert told["head"].startswith("3:")


def test_n2_a_touched_trail_ends_with_1_and_says_where(trail: Settings) -> None:
    sql.write("UPDATE audit_note SET about = 'x:9' WHERE id = 2")
    ended = call("audit", "verify", "--workspace", trail.folder)
    assert ended.code == 1
    assert "Notes 2 to 2 are not as they were written" in ended.err


def test_n2_an_end_kept_elsewhere_is_compared(trail: Settings) -> None:
    head = call("audit", "head", "--json", "--workspace", trail.folder).json["head"]
    assert call("audit", "verify", "--kept", head, "--workspace", trail.folder).code == 0
    ended = call("audit", "verify", "--kept", f"2:{'0' * 64}", "--workspace", trail.folder)
    assert ended.code == 1
    assert "cut off and written anew" in ended.err
    assert call("audit", "verify", "--kept", "soon", "--workspace", trail.folder).code == 2


def test_n2_the_trail_is_written_out_whole(trail: Settings, tmp_path: Path) -> None:
    file = tmp_path / "audit.csv"
    assert (
        call("audit", "export", "--to", file, "--workspace", trail.folder)
        .out.strip()
        .startswith("4 notes in")
    )
    lines = file.read_text().splitlines()
    assert lines[0].startswith("number,at,person,name,via,did")
    assert [line.split(",")[5] for line in lines[1:]] == ["audit.exported", *["x.changed"] * 3]
    assert call("audit", "export", "--workspace", trail.folder).out.count("\n") == 6


def test_n2_commands_that_change_or_show_are_noted(workspace: Settings) -> None:
    folder = ("--workspace", workspace.folder)
    assert call("key", "create", "--name", "Shop", *folder).code == 0
    assert call("key", "list", *folder).code == 0
    assert call("user", "niamh@example.com", *folder).code == 0
    assert call("user", "niamh@example.com", *folder).code == 1
    found = sql.read("SELECT did, about, via, details FROM audit_note ORDER BY id")
    assert [row[0] for row in found] == ["key.create", "person.made"]
    assert all(via.startswith("command by ") for _, _, via, _ in found)
    assert [row[3] for row in found] == ["{}", '{"role":"read_only"}']


def test_n2_of_each_command_it_is_decided_whether_it_is_noted() -> None:
    from holdfast.cli import noted
    from holdfast.cli.group import _found

    groups = (noted.CHANGING, {*noted.SHOWING, *noted.ALWAYS}, noted.ELSEWHERE, noted.NOT_NOTED)
    assert sorted(name for group in groups for name in group) == sorted(_found())
