"""``holdfast table`` from the outside: words for people, one object for programs, no workspace needed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from commands import call


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of 120 members of a gym."""
    draw, file = random.Random(5), tmp_path_factory.mktemp("gym") / "members.csv"
    lines = ["member_id,visits,plan,churn_reason,left"]
    for number in range(120):
        visits = draw.randint(0, 12)
        gone = draw.random() < (0.7 if visits < 4 else 0.15)
        reason = "moved" if gone else ""
        lines.append(f"M{number:03d},{visits},{draw.choice('AB')},{reason},{'yes' if gone else 'no'}")
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_a_person_reads_figures_leaks_and_where_the_files_are(members: Path, tmp_path: Path) -> None:
    ended = call("table", members, "--target", "left", "--folds", 3, "--repeats", 1, "--out", tmp_path)
    assert ended.code == 0, ended.err
    assert "120 rows with an outcome" in ended.out
    assert "Plain logistic regression" in ended.out
    assert "churn_reason: " in ended.out
    assert str(tmp_path / "report.html") in ended.out
    assert (tmp_path / "scores.csv").is_file()


def test_a_wrong_column_is_refused_in_one_object(members: Path) -> None:
    ended = call("table", members, "--target", "lefft", "--json")
    assert ended.code == 1
    assert (ended.json["error"], ended.json["remedy"]) == ("unknown_column", "Did you mean left?")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    ended = call("table", tmp_path / "none.csv", "--target", "left", "--json")
    assert (ended.code, ended.json["error"]) == (1, "no_file")
