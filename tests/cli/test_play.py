"""G1: ``holdfast play``: plays as files, launched and ended on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from commands import call
from holdfast.settings import Settings
from playing import a_play
from services.act.people import known

PLAY = a_play(goal={"event": "Order Completed", "days": 30})


def test_g1_a_play_comes_as_a_file_runs_and_goes_as_the_same_file(
    workspace: Settings, tmp_path: Path
) -> None:
    ann, here = known(workspace), ("--workspace", workspace.folder)
    file, out = tmp_path / "play.json", tmp_path / "out.json"
    file.write_text(json.dumps(PLAY), encoding="utf-8")
    assert "no plays" in call("play", "list", *here).out
    taken = call("play", "import", "--file", file, *here, "--json")
    assert taken.json["plays"] == [{"key": "hello", "new": True, "number": 1}]
    again = call("play", "import", "--file", file, *here)
    assert again.code == 0 and "version 2" in again.out
    assert call("play", "export", "hello", "--out", out, *here).code == 0
    assert json.loads(out.read_text()) | {"topic": "", "priority": 0} == (
        PLAY | {"topic": "", "priority": 0, "re_entry": {"never": True}, "hold_out": 0.0}
    )
    assert call("play", "enrol", "hello", "--customer", str(ann), *here).code == 1, "it does not run yet"
    assert call("play", "launch", "hello", *here, "--json").json["outcome"] == "running"
    entered = call("play", "enrol", "hello", "--customer", str(ann), *here, "--json").json
    assert entered == {"treated": 1, "held_out": 0}
    (listed,) = call("play", "list", *here, "--json").json["plays"]
    assert (listed["state"], listed["under_way"], listed["running"]) == ("running", 1, 2)
    dry = call("play", "dry-run", "hello", *here, "--json").json
    assert (dry["about"], dry["people"]) == (0, [])
    assert call("play", "rehearse", "hello", *here, "--json").json["entered"] == 0
    nobody = call("play", "withdraw", "hello", *here)
    assert nobody.code == 1 and "Nobody waits for a second person" in nobody.err
    for action, state in (("pause", "paused"), ("resume", "running"), ("end", "ended")):
        assert call("play", action, "hello", *here, "--json").json["state"] == state


def test_what_cannot_be_is_refused_and_said(workspace: Settings, tmp_path: Path) -> None:
    here = ("--workspace", workspace.folder)
    file = tmp_path / "play.json"
    file.write_text(json.dumps(PLAY | {"steps": []}), encoding="utf-8")
    refused = call("play", "import", "--file", file, *here, "--json")
    assert refused.code == 1 and "play.steps" in refused.out
    assert call("play", "show", "nothing", *here).code == 1
    assert call("play", "show", *here).code == 1
    endless = tmp_path / "endless.json"
    endless.write_text(json.dumps(a_play()), encoding="utf-8")
    assert call("play", "import", "--file", endless, *here).code == 0
    assert "no goal" in call("play", "launch", "hello", *here).err
    assert "! It has no goal" in call("play", "show", "hello", *here).out
    assert call("play", "delete", "hello", *here).code == 0


def test_of_several_files_none_is_taken_where_one_is_no_play(workspace: Settings, tmp_path: Path) -> None:
    here, good, bad = ("--workspace", workspace.folder), tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(PLAY), encoding="utf-8")
    zero = {"id": "w", "do": "wait", "days": 0}
    for written in (
        json.dumps(PLAY | {"key": "b", "steps": [zero]}).encode(),
        '{"key": "é"}'.encode("latin-1"),
        json.dumps(PLAY | {"key": "b", "title": "\ud83d"}).encode(),
        b"[" * 100_000,
        b"",
    ):
        bad.write_bytes(written)
        said = call("play", "import", "--file", good, "--file", bad, *here)
        assert said.code == 1 and "bad.json" in said.err and "nothing was changed" in said.err, said.err
    assert call("play", "list", *here, "--json").json["plays"] == []


def test_an_edit_by_two_people_at_once_is_not_lost_where_the_file_says_of_which_version_it_is(
    workspace: Settings, tmp_path: Path
) -> None:
    here, file = ("--workspace", workspace.folder), tmp_path / "play.json"
    file.write_text(json.dumps(PLAY), encoding="utf-8")
    call("play", "import", "--file", file, *here)
    file.write_text(json.dumps(PLAY | {"title": "Hers"}), encoding="utf-8")
    assert call("play", "import", "--file", file, "--number", "1", *here).code == 0
    file.write_text(json.dumps(PLAY | {"title": "His"}), encoding="utf-8")
    said = call("play", "import", "--file", file, "--number", "1", *here)
    assert said.code == 1 and "it is at version 2 now" in said.err
    assert call("play", "show", "hello", *here, "--json").json["title"] == "Hers"
