"""What ``run``, ``at-risk`` and ``backtest`` answer where the data cannot support a risk (D1, D4)."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from commands import call
from holdfast.settings import Settings

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 1)


def orders(path: Path, customers: int, *, every: float, until: date = LAST, times: int = 1000) -> Path:
    """Customers who buy again and again until the end of the data, or some ``times``."""
    draw = random.Random(4)
    rows = []
    for number in range(customers):
        day, left = draw.uniform(0, 30), times
        while day < (until - FIRST).days and left:
            rows.append([f"c{number}", (FIRST + timedelta(days=day)).isoformat(), draw.randint(5, 90)])
            day, left = day + draw.uniform(0.5, 1.5) * every, left - 1
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["customer_id", "ordered_at", "amount"], *rows])
    return path


def run_on(workspace: Settings, file: Path, as_of: date = LAST) -> tuple[str, str]:
    """The reasons of ``at-risk`` and ``backtest`` after a run on the file."""
    folder = workspace.folder
    assert call("import", file, "--as", "orders", "--yes", "--workspace", folder).code == 0
    ran = call("run", "--as-of", as_of, "--json", "--workspace", folder)
    assert (ran.code, ran.json["foreseen"]["customers"]) == (0, 0)
    listed = call("at-risk", "--json", "--workspace", folder)
    assert (listed.code, listed.json["customers"], listed.json["model"]) == (0, [], None)
    assert listed.json["reason"] == ran.json["foreseen"]["reason"]
    played = call("backtest", "--as-of", as_of, "--json", "--workspace", folder)
    assert (played.code, played.json["total"], played.json["moments"]) == (0, None, [])
    assert "shorter horizon" in played.json["reason"]
    return listed.json["reason"], played.json["reason"]


def test_where_nobody_left_the_losses_are_counted_and_no_model_is_made(
    workspace: Settings, tmp_path: Path
) -> None:
    """One class only."""
    reason, _ = run_on(workspace, orders(tmp_path / "orders.csv", 40, every=10))
    assert "0 losses are known so far, a model needs 10" in reason


def test_a_short_history_is_said_with_what_to_do(workspace: Settings, tmp_path: Path) -> None:
    until = FIRST + timedelta(days=60)
    reason, _ = run_on(workspace, orders(tmp_path / "orders.csv", 40, every=10, until=until), until)
    assert "The data cover 60 days" in reason
    assert "Choose a shorter horizon" in reason


@pytest.mark.long
def test_where_nobody_bought_twice_the_rule_is_what_has_to_change(
    workspace: Settings, tmp_path: Path
) -> None:
    reason, _ = run_on(workspace, orders(tmp_path / "orders.csv", 200, every=10, times=1))
    assert "0 losses are known so far" in reason
    ran = call("run", "--as-of", LAST, "--json", "--workspace", workspace.folder)
    assert ran.json["recommended"]["rule"] == "fixed"


def test_where_no_silence_can_be_too_long_no_number_of_days_is_made_up(
    workspace: Settings, tmp_path: Path
) -> None:
    until = FIRST + timedelta(days=60)
    file = orders(tmp_path / "orders.csv", 40, every=10, until=until, times=1)
    reason, _ = run_on(workspace, file, until)
    assert reason.startswith("Too few purchases were repeated")
    assert 'rule = "fixed"' in reason


def test_a_horizon_longer_than_the_history_is_said(workspace: Settings, tmp_path: Path) -> None:
    toml = workspace.folder / "holdfast.toml"
    told = toml.read_text(encoding="utf-8")
    toml.write_text(told.replace("horizon_days = 90", "horizon_days = 5000"), encoding="utf-8")
    reason, _ = run_on(workspace, orders(tmp_path / "orders.csv", 40, every=10))
    assert "the outcome of a day shows after 5" in reason


@pytest.mark.parametrize("days", ["0", "-5", "1.5", "soon"])
def test_a_horizon_that_is_no_number_of_days_is_refused(workspace: Settings, days: str) -> None:
    toml = workspace.folder / "holdfast.toml"
    told = toml.read_text(encoding="utf-8")
    toml.write_text(told.replace("horizon_days = 90", f"horizon_days = {days}"), encoding="utf-8")
    for command in ("run", "at-risk", "backtest"):
        ended = call(command, "--json", "--workspace", workspace.folder)
        assert (ended.code, ended.json["error"]) == (1, "bad_setting")
        assert ended.json["remedy"]


def test_nothing_imported_and_no_workspace_have_an_answer(workspace: Settings, tmp_path: Path) -> None:
    listed = call("at-risk", "--json", "--workspace", workspace.folder)
    assert (listed.code, listed.json["customers"]) == (0, [])
    assert "holdfast run" in listed.json["reason"]
    for command in ("at-risk", "backtest"):
        nowhere = call(command, "--json", "--workspace", tmp_path / "none")
        assert (nowhere.code, nowhere.json["error"]) == (1, "no_workspace")
