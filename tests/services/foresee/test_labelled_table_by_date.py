"""A labelled table whose rows have a day: earlier rows teach, later ones test (D1, D4)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from holdfast.domain.refusals import Refusal
from holdfast.language import Reader
from holdfast.learning.risk import RiskClassifier
from holdfast.services.foresee.labelled_table import Asked, TableAnswer, score_table
from holdfast.services.foresee.table_prepare import prepare

ROWS, KNOWN = 600, 580


def rows_of_a_year(*, turned: bool = False) -> list[list[object]]:
    """Rows of one day after another; where ``turned``, what spoke for leaving speaks for staying later."""
    draw = np.random.default_rng(3)
    rows: list[list[object]] = []
    for number in range(ROWS):
        day = np.datetime64("2024-01-01") + number // 2
        visits = int(draw.integers(0, 12))
        rare = visits < 5 if not turned or number < ROWS // 3 else visits > 6
        gone = draw.random() < (0.7 if rare else 0.15)
        said = "" if number >= KNOWN else "yes" if gone else "no"
        rows.append([f"c{number}", day, day - draw.integers(1, 300), visits, said])
    return rows


def write(path: Path, rows: list[list[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["customer_id", "asked_on", "joined", "visits", "left"], *rows])
    return path


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> TableAnswer:
    folder = tmp_path_factory.mktemp("dated")
    file = write(folder / "table.csv", rows_of_a_year(turned=True))
    return score_table(Asked(file, "left", out=folder, by_date="asked_on", folds=4), Reader("en"))


def test_figures_are_of_later_rows_and_say_what_a_division_at_random_would_hide(answer: TableAnswer) -> None:
    told = answer.as_json()
    assert (told["by_date"], told["rows"], told["repeats"]) == ("asked_on", KNOWN, 1)
    assert answer.tested == pytest.approx(KNOWN * 4 / 5, abs=3)
    assert "asked_on" not in {name for name, _, _ in answer.drivers}
    assert "asked_on → joined" in {each.name for each in answer.prepared.learned}
    assert "dates" not in {note.code for note in answer.notes}
    assert "earlier ones only, by asked_on" in answer.report.read_text(encoding="utf-8")


def test_rows_that_only_taught_have_no_risk_of_their_own(answer: TableAnswer) -> None:
    with answer.scores_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = [row["foreseen"] for row in rows]
    taught = KNOWN - answer.tested
    assert kinds == ["learned_from"] * taught + ["out_of_fold"] * answer.tested + ["new"] * (ROWS - KNOWN)
    assert all((row["probability"] == "") == (row["foreseen"] == "learned_from") for row in rows)


@pytest.mark.long
def test_the_risk_of_a_rival_that_is_better_stands_beside_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that is made to say the opposite of what it learnt is beaten, and the file shows by whom."""
    fit = RiskClassifier.fit
    monkeypatch.setattr(RiskClassifier, "fit", lambda self, x, y, c=None: fit(self, x, ~y, c))
    file = write(tmp_path / "table.csv", rows_of_a_year())
    found = score_table(Asked(file, "left", out=tmp_path, folds=3, repeats=1), Reader("en"))
    assert "worse_than_rival" in {note.code for note in found.notes}
    with found.scores_file.open(encoding="utf-8", newline="") as scores:
        rows = list(csv.DictReader(scores))
    plain = np.array([float(row["rival_probability"]) for row in rows[:KNOWN]])
    left = np.array([row["left"] == "1" for row in rows[:KNOWN]])
    assert plain[left].mean() > plain[~left].mean()
    assert all(0 < float(row["rival_probability"]) < 1 for row in rows[KNOWN:])


def refusal(tmp_path: Path, rows: list[list[object]], by_date: str) -> str:
    with pytest.raises(Refusal) as caught:
        prepare(Asked(write(tmp_path / "table.csv", rows), "left", by_date=by_date))
    return caught.value.code


def test_what_is_no_date_or_lacks_some_is_refused(tmp_path: Path) -> None:
    rows = rows_of_a_year()
    assert refusal(tmp_path, rows, "visits") == "no_dates"
    assert refusal(tmp_path, rows, "nothing") == "unknown_column"
    rows[7][1] = ""
    assert refusal(tmp_path, rows, "asked_on") == "dates_missing"


def test_a_single_day_cannot_be_divided(tmp_path: Path) -> None:
    rows = rows_of_a_year()
    for number, row in enumerate(rows):
        row[1] = "2024-01-01" if number < ROWS - 5 else "2024-01-02"
    file = write(tmp_path / "table.csv", rows)
    with pytest.raises(Refusal) as caught:
        score_table(Asked(file, "left", out=tmp_path, by_date="asked_on"), Reader("en"))
    assert caught.value.code == "not_enough_data"


def test_dates_to_come_are_said_and_are_no_outcome(tmp_path: Path) -> None:
    rows = rows_of_a_year()
    for row in rows:
        row[2] = "2999-01-01" if row[3] == 4 else row[2]
    prepared = prepare(Asked(write(tmp_path / "table.csv", rows), "left"))
    assert "future_dates" in {note.code for note in prepared.notes}
    for number, row in enumerate(rows):
        row[4] = f"2999-05-{1 + number % 28:02}" if row[4] == "yes" else ""
    with pytest.raises(Refusal) as caught:
        prepare(Asked(write(tmp_path / "table.csv", rows), "left"))
    assert caught.value.code == "dated_outcome"
