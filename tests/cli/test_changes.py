"""F7, F8: ``holdfast changes``: changes of ours on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from brought import bring, subject
from commands import call
from holdfast.settings import Settings


def test_f8_a_mistake_is_entered_from_a_file_and_forgotten(workspace: Settings, tmp_path: Path) -> None:
    here = ("--workspace", workspace.folder)
    file = tmp_path / "change.json"
    told = {"kind": "mistake", "title": "Billed twice", "words": {"en": {"what_happened": "A fault."}}}
    file.write_text(json.dumps(told), encoding="utf-8")
    made = call("changes", "enter", "--file", file, *here, "--json").json
    assert (made["key"], made["stage"], made["concerned"]) == ("billed-twice", "entered", 0)
    file.write_text(json.dumps(told | {"title": "Billed twice in May"}), encoding="utf-8")
    changed = call("changes", "correct", "billed-twice", "--file", file, *here, "--json").json
    assert (changed["title"], changed["words"]) == ("Billed twice in May", told["words"])
    assert call("changes", "find", "billed-twice", *here, "--json").json["told"] == 0
    assert "The list of customers is empty" in call("changes", "play", "billed-twice", *here).err
    assert "Nobody came to the list" in call("changes", "tell-later", "billed-twice", *here).err
    listed = call("changes", "list", *here, "--json").json["changes"]
    assert [each["key"] for each in listed] == ["billed-twice"]
    assert "Billed twice in May" in call("changes", "list", *here).out
    assert call("changes", "remove", "billed-twice", *here, "--json").json["deleted"] is True
    assert "no change billed-twice" in call("changes", "show", "billed-twice", *here).err


def test_g9_the_play_of_a_worry_is_made(workspace: Settings, tmp_path: Path) -> None:
    from holdfast.store import changes

    bring(workspace, ["ann"])
    here = ("--workspace", workspace.folder)
    file = tmp_path / "change.json"
    file.write_text(json.dumps({"kind": "trust", "title": "After the update"}), encoding="utf-8")
    call("changes", "enter", "--file", file, *here)
    kept = changes.by_key(workspace, "after-the-update")
    assert kept is not None
    changes.list_anew(workspace, kept, {subject(workspace, "ann"): 0}, now_us=1)
    made = call("changes", "play", "after-the-update", *here, "--json").json
    assert made == {"key": "after-the-update", "play": "change_after-the-update", "number": 1}


def test_what_is_no_change_is_refused(workspace: Settings, tmp_path: Path) -> None:
    here = ("--workspace", workspace.folder)
    file = tmp_path / "change.json"
    for written in ("{", "[]", '{"kind": "x"}', '{"kind": "fix", "no": 1}', '{"kind": "fix", "rule": 1}',
                    '{"kind": "fix", "title": 1}', '{"kind": "fix", "effect_on": "soon"}',
                    '{"kind": "fix", "words": {"en": 1}}'):  # fmt: skip
        file.write_text(written, encoding="utf-8")
        assert "nothing was changed" in call("changes", "enter", "--file", file, *here).err
    assert "--file" in call("changes", "enter", *here).err
