"""G1: ``holdfast play library`` and ``take``: ready plays on the command line."""

from __future__ import annotations

from commands import call
from holdfast.services.act.plays import library
from holdfast.settings import Settings


def test_g1_the_library_is_listed_and_a_play_taken(workspace: Settings) -> None:
    here = ("--workspace", workspace.folder)
    listed = call("play", "library", *here, "--json").json["plays"]
    assert [each["key"] for each in listed] == [each.key for each in library.every()]
    assert "تولد" in call("play", "library", *here, "--language", "fa").out
    taken = call("play", "take", "birthday", *here, "--language", "fa", "--json").json
    assert taken == {"key": "birthday", "title": library.one("birthday").title("fa"), "number": 1}
    assert call("play", "show", "birthday", *here, "--json").json["content"]["trigger"]["yearly"] is True


def test_what_is_not_in_the_library_is_refused(workspace: Settings) -> None:
    here = ("--workspace", workspace.folder)
    assert "no play nothing" in call("play", "take", "nothing", *here).err
    assert "KEY" in call("play", "take", *here).err
