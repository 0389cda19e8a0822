"""G3: the suppression list and the Stop from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import call
from holdfast.settings import Settings
from holdfast.store import message_settings, suppression


def test_g3_an_address_goes_onto_the_list_and_off_it(workspace: Settings) -> None:
    at = ("--workspace", workspace.folder)
    assert "on the list" in call("suppression", "add", "Ann@Example.org", "--note", "by phone", *at).out
    assert call("suppression", "add", "ann@example.org", *at, "--json").json == {"added": 0}
    (listed,) = call("suppression", "list", *at, "--json").json["addresses"]
    assert (listed["shown"], listed["reason"], listed["note"]) == ("a•••n@example.org", "by_hand", "by phone")
    ended = call("suppression", "remove", "ann@example.org", *at)
    assert (ended.code != 0, "No reason was given." in ended.err) == (True, True)
    assert call("suppression", "remove", str(listed["id"]), "--note", "asked for it", *at).code == 0
    assert suppression.is_suppressed(workspace, "email", "ann@example.org") == ""
    (listed,) = call("suppression", "list", "ann@example.org", *at, "--json").json["addresses"]
    assert listed["removed_because"] == "asked for it"
    assert call("suppression", "remove", "ann@example.org", "--note", "x", *at).code != 0


@pytest.mark.parametrize(
    "wrong", [("add",), ("add", "a@b@c"), ("import", "nowhere.csv"), ("remove", "x", "y")]
)
def test_what_cannot_be_is_refused(workspace: Settings, wrong: tuple[str, ...]) -> None:
    assert call("suppression", *wrong, "--workspace", workspace.folder).code != 0


def test_a_file_of_addresses_is_imported(workspace: Settings, tmp_path: Path) -> None:
    file = tmp_path / "left.csv"
    file.write_text("ann@example.org\nno address\n")
    ended = call("suppression", "import", file, "--workspace", workspace.folder, "--json")
    assert ended.json == {"added": 1, "already": 0, "wrong": 1, "lines": [2]}


def test_everything_is_stopped_and_goes_on(workspace: Settings) -> None:
    at = ("--workspace", workspace.folder)
    assert "Safe mode" in call("sending", "status", *at).out
    told = call("sending", "stop", "--note", "wrong price", *at, "--json").json
    assert (told["stopped"], told["why"]) == (True, "wrong price")
    assert message_settings.stopped(workspace) is not None
    assert call("sending", "start", *at, "--json").json["stopped"] is False
    assert call("sending", "check", *at).code != 0
