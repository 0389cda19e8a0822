"""``holdfast team`` and how a call ends on the command line (M1, M2)."""

from __future__ import annotations

from commands import call
from holdfast.settings import Settings
from holdfast.store.users import create_user


def test_m1_calls_are_ended_and_work_is_handed_over_on_the_command_line(workspace: Settings) -> None:
    for name in ("eve", "ben"):
        create_user(workspace, email=f"{name}@shop.example", role="agent", password="kelp-holds-to-rock")
    here = ("--workspace", workspace.folder)
    made = call("tasks", "make", "Call", "--kind", "call", "--owner", "eve@shop.example", *here, "--json")
    number = str(made.json["id"])
    over = call("tasks", "hand-over", number, "--owner", "ben@shop.example", "--reason", "Mornings", *here)
    assert over.code == 0, over.err
    handed = call("team", "hand-over", "ben@shop.example", "eve@shop.example", *here, "--json")
    assert handed.json == {"tasks": 1, "cases": 0}
    loads = call("team", *here, "--json").json["workload"]
    assert {each["name"]: each["open"] for each in loads} == {
        "eve@shop.example": 1,
        "ben@shop.example": 0,
        None: 0,
    }
    assert call("tasks", "list", "--by-value", *here, "--json").json["tasks"][0]["title"] == "Call"
    ended = call("tasks", "came", number, "reached", "--minutes", "4", *here, "--json")
    assert (ended.json["outcome"], ended.json["minutes"]) == ("reached", 4)
    assert call("tasks", "came", number, "reached", *here).code == 1
    assert call("tasks", "hand-over", number, *here).code == 2
    assert call("team", "hand-over", "eve@shop.example", *here).code == 2
    (week,) = call("team", "report", *here, "--json").json["weeks"]
    assert (week["calls_and_visits"], week["outcomes"]) == (1, {"reached": 1})
    scripts = call("team", "scripts", *here, "--json").json["scripts"]
    assert scripts[0]["words"]["fa"]["title"] == "عذرخواهی"
