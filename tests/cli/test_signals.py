"""``holdfast signals``: listed, set and asked of the past on the command line (C)."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import call
from holdfast.settings import Settings
from services.warn.companies import arrive, day, happened
from services.warn.test_live import run_at_night


@pytest.fixture
def shop(workspace: Settings) -> Settings:
    arrive(
        workspace,
        [happened("ann", "Order Completed", day(-9, 9), of="o1", total="9", currency="EUR")],
        day(-8),
    )
    run_at_night(workspace, day(0, 3))
    arrive(workspace, [happened("ann", "Payment Failed", day(0, 9), of="i1")], day(0, 9))
    run_at_night(workspace, day(1, 3))
    return workspace


def test_warnings_are_listed_with_their_evidence(shop: Settings) -> None:
    here = ("--workspace", shop.folder)
    found = call("signals", "episodes", *here, "--json").json
    (episode,) = [each for each in found["episodes"] if each["signal"] == "payment_failed"]
    assert (episode["began"], episode["first_look"]) == ("2024-07-01", False)
    assert episode["evidence"] == ["Bills declined and not paid since: 1"]
    shown = call("signals", "episodes", "payment_failed", *here)
    assert "Bills declined and not paid since: 1" in shown.out
    listed = call("signals", "list", *here, "--json").json["signals"]
    assert {each["signal"]: each["open"] for each in listed}["payment_failed"] == 1


def test_a_signal_is_set_and_refuses_what_means_nothing(shop: Settings) -> None:
    here = ("--workspace", shop.folder)
    done = call("signals", "set", "payment_failed", "--value", "declined=2", "--off", *here, "--json")
    assert (done.json["on"], done.json["values"]["declined"]) == (False, 2)
    again = call("signals", "set", "payment_failed", "--on", *here, "--json").json
    assert (again["on"], again["values"]["declined"]) == (True, 2)
    for words, code in (
        (("set", "payment_failed", "--value", "declined=900"), "bad_signal_setting"),
        (("set", "payment_failed", "--value", "declined=nan"), "bad_signal_setting"),
        (("set", "payment_failed", "--value", "declined"), "bad_signal_setting"),
        (("set", "payment_failed", "--value", "colour=2"), "bad_signal_setting"),
        (("set", "no_such"), "no_such_signal"),
        (("episodes", "no_such"), "no_such_signal"),
        (("replay",), "missing_argument"),
    ):
        refused = call("signals", *words, *here, "--json")
        assert refused.code != 0
        assert refused.json["error"] == code, words


def test_a_replay_says_what_it_found(shop: Settings, tmp_path: Path) -> None:
    here = ("--workspace", shop.folder)
    assert "No signal was replayed yet" in call("signals", "scorecard", *here).out
    said = call("signals", "replay", "payment_failed", *here)
    assert said.code == 0, said.err
    assert "payment_failed" in said.out
    empty = tmp_path / "empty"
    assert call("init", "--workspace", empty).code == 0
    assert call("signals", "replay", "overdue", "--workspace", empty, "--json").json["error"] == "no_run_yet"
