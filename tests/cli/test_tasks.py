"""``holdfast tasks``: made, listed, worked off on the command line (M1)."""

from __future__ import annotations

from commands import call
from holdfast.settings import Settings
from holdfast.store.users import create_user


def test_m1_a_task_is_made_listed_and_finished(workspace: Settings) -> None:
    create_user(workspace, email="eve@shop.example", name="Eve", role="agent", password="kelp-holds-to-rock")
    here = ("--workspace", workspace.folder)
    made = call(
        "tasks", "make", "Call them", "--owner", "eve@shop.example", "--due", "2026-11-20", *here, "--json"
    )
    assert made.code == 0, made.err
    number = str(made.json["id"])
    assert (made.json["owner"], made.json["state"]) == ("Eve", "open")
    listed = call("tasks", *here)
    assert ("Call them" in listed.out, "2026-11-20" in listed.out) == (True, True)
    assert call("tasks", "list", "--owner", "nobody", *here, "--json").json["tasks"] == []
    assert call("tasks", "change", number, "--priority", "urgent", "--owner", "nobody", *here).code == 0
    assert call("tasks", "snooze", number, "week", *here).code == 0
    assert call("tasks", "comment", number, "not", "reached", *here).code == 0
    done = call("tasks", "finish", number, "--outcome", "helped", "--reason", "They stay.", *here)
    assert done.code == 0, done.err
    assert "done" in done.out
    shown = call("tasks", "show", number, *here, "--json").json
    assert [each["what"] for each in shown["history"]] == [
        "made",
        "assigned",
        "priority",
        "snoozed",
        "commented",
        "finished",
    ]


def test_what_is_not_there_is_said(workspace: Settings) -> None:
    here = ("--workspace", workspace.folder)
    assert call("tasks", "finish", "7", *here).code != 0
    assert call("tasks", "show", "7", *here).code == 2
    assert call("tasks", "make", *here).code == 2
    for words in (
        ("finish", "1", "2"),
        ("snooze", "1", "week", "2"),
        ("list", "1"),
        ("drop",),
        ("show", "x"),
        ("show", "9" * 19),
    ):
        assert call("tasks", *words, *here).code == 2, words
    assert "no such tasks" in call("tasks", *here).out
