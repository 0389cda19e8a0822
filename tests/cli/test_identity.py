"""A1 on the command line: duplicates, merge, undo, links, separate."""

from __future__ import annotations

import pytest

from brought import bring, subject
from commands import call
from holdfast.settings import Settings


@pytest.fixture
def twice(workspace: Settings) -> tuple[Settings, int, int]:
    """Ana, once from the shop and once typed at the counter."""
    bring(workspace, {"a": {"name": "Ana Pop", "phone": "+40722123456"}})
    bring(workspace, {"b": {"name": "Pop Ana", "phone": "+4722123456"}}, namespace="counter")
    return workspace, subject(workspace, "a"), subject(workspace, "b", "counter")


def test_a1_from_the_list_to_a_merge_and_back(twice: tuple[Settings, int, int]) -> None:
    workspace, a, b = twice
    here = ("--workspace", workspace.folder)
    assert "No probable duplicates." in call("identity", "duplicates", *here).out
    found = call("identity", "duplicates", "--search", "--json", *here).json
    (pair,) = found["duplicates"]
    assert (found["total"], pair["score"], pair["reasons"]) == (1, 0.9, ["phone", "name_rare"])
    assert [each["unit_id"] for each in pair["customers"]] == [a, b]
    assert "Ana Pop" in call("identity", "duplicates", *here).out

    merged = call("identity", "merge", "customer:a", "counter:b", "--by", "jo@x.org", "--json", *here).json
    assert merged == {"merge_id": 1, "unit_id": a, "merged": [a, b]}
    links = call("identity", "links", "customer:a", "--json", *here).json
    assert [each["id"] for each in links["ids"]] == ["customer:a", "counter:b"]
    assert [(each["reason"], each["by"]) for each in links["links"]] == [("by_hand", "jo@x.org")]
    assert "counter:b" in call("identity", "links", f"#{b}", *here).out
    assert call("identity", "duplicates", "--json", *here).json["duplicates"] == []

    assert "The merge is undone." in call("identity", "undo", "1", *here).out
    listed = call("identity", "merges", "--json", *here).json["merges"]
    assert [(each["state"], each["made_by"], each["undone_by"]) for each in listed] == [
        ("undone", "jo@x.org", "command line")
    ]
    assert "Ana Pop" in call("identity", "merges", *here).out
    again = call("identity", "undo", "1", *here)
    assert (again.code, "undone already" in again.err) == (1, True)


def test_a1_ids_are_taken_out_and_said_to_be_different(twice: tuple[Settings, int, int]) -> None:
    workspace, a, b = twice
    here = ("--workspace", workspace.folder)
    call("identity", "merge", f"#{a}", f"#{b}", *here)
    assert call("identity", "separate", str(b), "--json", *here).json == {"customers": [a, b]}
    assert call("identity", "different", f"#{a}", f"#{b}", "--json", *here).json == {"different": [a, b]}
    assert call("identity", "separate", "Ana", *here).code == 2
    for wrong in (("undo",), ("undo", "x"), ("different", "a"), ("links",), ("parent",)):
        assert call("identity", *wrong, *here).code == 2, wrong
    assert call("identity", "merge", "a", "#999", *here).code == 1


def test_an_account_gets_an_account_above_it(workspace: Settings) -> None:
    bring(workspace, {"top": {"name": "Top"}, "sub": {"name": "Sub"}}, namespace="account")
    here = ("--workspace", workspace.folder)
    top, sub = subject(workspace, "top", "account"), subject(workspace, "sub", "account")
    assert call("identity", "parent", "account:sub", "account:top", "--json", *here).json == {
        "account": sub,
        "parent": top,
    }
    circle = call("identity", "parent", "account:top", "account:sub", *here)
    assert (circle.code, "Top → Sub → Top" in circle.err) == (1, True)
    assert call("identity", "parent", "account:sub", "--json", *here).json["parent"] is None
