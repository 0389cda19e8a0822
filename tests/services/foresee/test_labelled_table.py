"""A labelled table: honest figures beside rivals, leaks found, every row with risk and drivers (D1, D2)."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from holdfast.cli.answers import as_json
from holdfast.domain.refusals import Refusal
from holdfast.language import Reader
from holdfast.services.foresee.labelled_table import Asked, TableAnswer, score_table
from holdfast.services.foresee.table_prepare import prepare

ROWS = 500


def company(rows: int = ROWS, seed: int = 7) -> dict[str, list[Any]]:
    """Customers whose leaving follows from plan and silence, with what real tables bring along."""
    draw = np.random.default_rng(seed)
    plan = draw.choice(["basic", "plus", "pro"], rows, p=[0.5, 0.3, 0.2])
    quiet = draw.exponential(20, rows).round(1)
    odds = -2.2 + 1.3 * (plan == "basic") + 0.05 * quiet
    left = draw.random(rows) < 1 / (1 + np.exp(-odds))
    joined = np.datetime64("2023-01-01") + draw.integers(0, 600, rows)
    return {
        "customer_id": [f"K-{number:05d}" for number in range(rows)],
        "plan": plan.tolist(),
        "quiet_days": quiet.tolist(),
        "noise": draw.normal(size=rows).round(3).tolist(),
        "joined": [str(day) for day in joined],
        "left": ["yes" if each else "no" for each in left],
    }


def write(path: Path, columns: dict[str, list[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def is_left(columns: dict[str, list[Any]]) -> np.ndarray:
    return np.array([each == "yes" for each in columns["left"]])


def untidy() -> dict[str, list[Any]]:
    """The company with leaks, ids, a constant, infinities, a new category and outcomes not known yet."""
    columns, draw = company(), np.random.default_rng(1)
    left = is_left(columns)
    columns["cancelled_on"] = [f"2024-0{1 + i % 9}-11" if gone else "" for i, gone in enumerate(left)]
    columns["churn_score"] = draw.normal(size=ROWS).round(3).tolist()
    columns["final_bill"] = (left + draw.normal(0, 0.02, ROWS)).round(3).tolist()
    columns["country"] = ["IE"] * ROWS
    columns["balance"] = ["inf" if i % 50 == 0 else str(i % 37) for i in range(ROWS)]
    columns["plan"][-1] = "brand new"
    columns["left"][-40:] = [""] * 40
    return columns


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> TableAnswer:
    folder = tmp_path_factory.mktemp("table")
    file = write(folder / "company.csv", untidy())
    return score_table(
        Asked(file, "left", id_column="customer_id", out=folder / "out", repeats=1), Reader("fa")
    )


def test_the_figures_are_honest_and_stand_beside_plain_rivals(answer: TableAnswer) -> None:
    told = json.loads(as_json(answer.as_json()))
    assert (told["rows"], told["left"]) == (460, int(is_left(untidy())[:460].sum()))
    assert 0.65 < told["auc"] < 0.9
    assert told["intervals"]["auc"]["low"] < told["auc"] < told["intervals"]["auc"]["high"]
    assert set(told["rivals"]) == {"prevalence", "one_column", "logistic", "boosted_trees"}
    assert told["rivals"]["prevalence"]["auc"] == 0.5
    assert told["rivals"]["prevalence"]["log_loss"] > told["log_loss"]
    assert told["rivals"]["prevalence"]["difference"]["log_loss"]["low"] > 0
    assert (told["seed"], told["folds"], told["repeats"]) == (0, 5, 1)


def test_columns_that_leak_are_left_out_with_the_reason(answer: TableAnswer) -> None:
    leaks = {each["column"]: str(each["why"]) for each in answer.as_json()["leaks"]}  # type: ignore[attr-defined]
    assert set(leaks) == {"cancelled_on", "churn_score", "final_bill"}
    assert "filled only" in leaks["cancelled_on"] or "almost without" in leaks["cancelled_on"]
    assert "name" in leaks["churn_score"]
    assert "almost without a mistake" in leaks["final_bill"]


def test_what_says_nothing_is_left_out_and_what_is_odd_is_said(answer: TableAnswer) -> None:
    assert {remark.column: remark.code for remark in answer.prepared.dropped} == {"country": "constant"}
    codes = {note.code for note in answer.notes}
    assert {"unknown_outcome", "infinite", "dates", "unseen_category", "few_leavers"} <= codes


def test_every_row_has_a_risk_that_its_drivers_add_up_to(answer: TableAnswer) -> None:
    with answer.scores_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == ROWS
    assert rows[0]["customer_id"] == "K-00000"
    assert {row["foreseen"] for row in rows[:460]} == {"out_of_fold"}
    assert {(row["foreseen"], row["left"]) for row in rows[460:]} == {("new", "")}
    assert all(0 < float(row["probability"]) < 1 for row in rows)
    assert all(row["driver_1"] in row["words_1"] for row in rows if "→" not in row["driver_1"])
    strongest = answer.drivers[0][0]
    assert strongest in ("plan", "quiet_days")


def test_the_report_needs_nothing_else_and_reads_from_right_to_left(answer: TableAnswer) -> None:
    page = answer.report.read_text(encoding="utf-8")
    assert '<html lang="fa" dir="rtl">' in page
    assert page.count("<svg") == 3
    assert page.count("<details>") == 3
    assert "light-dark(" in page
    assert not re.search(r"<script|https?://|url\(|\son\w+=|style=", page)


@pytest.mark.long
def test_the_same_seed_gives_the_same_figures(tmp_path: Path) -> None:
    columns = {name: cells[:160] for name, cells in company().items()}
    file = write(tmp_path / "small.csv", columns)
    asked = Asked(file, "left", out=tmp_path / "out", folds=3, repeats=1, seed=3)
    first = score_table(asked, Reader("en"))
    scores = first.scores_file.read_bytes()
    again = score_table(asked, Reader("en"))
    assert again.as_json() == first.as_json()
    assert again.scores_file.read_bytes() == scores


def refused(tmp_path: Path, columns: dict[str, list[Any]], **asked: Any) -> Refusal:
    file = write(tmp_path / "table.csv", columns)
    with pytest.raises(Refusal) as caught:
        prepare(Asked(file, **({"target": "left"} | asked)))
    return caught.value


def test_an_outcome_that_cannot_be_learned_is_refused(tmp_path: Path) -> None:
    columns = company()
    assert refused(tmp_path, {**columns, "left": ["no"] * ROWS}).code == "one_outcome"
    assert refused(tmp_path, {**columns, "left": ["yes"] * 3 + ["no"] * (ROWS - 3)}).code == "not_enough_data"
    assert refused(tmp_path, {**columns, "left": [""] * ROWS}).code == "no_outcome"
    assert refused(tmp_path, {**columns, "left": ["a", "b"] * (ROWS // 2)}).code == "positive_needed"


def test_wrong_names_are_refused_with_the_nearest(tmp_path: Path) -> None:
    missed = refused(tmp_path, company(), target="lefft")
    assert (missed.code, str(missed.remedy)) == ("unknown_column", "Did you mean left?")
    assert refused(tmp_path, company(), id_column="kunde").code == "unknown_column"
    assert refused(tmp_path, company(), keep=("nix",)).code == "unknown_column"
    missed = refused(tmp_path, company(), positive="yess")
    assert (missed.code, str(missed.remedy)) == ("unknown_positive", "Did you mean yes?")
    assert refused(tmp_path, company(), positive=">3").code == "unknown_positive"


def test_a_table_of_nothing_but_ids_and_constants_is_refused(tmp_path: Path) -> None:
    columns = {name: cells for name, cells in company().items() if name in ("customer_id", "left")}
    assert refused(tmp_path, {**columns, "same": [1] * ROWS}).code == "nothing_to_learn"


def test_a_leak_is_kept_when_asked_and_that_is_said(tmp_path: Path) -> None:
    file = write(tmp_path / "table.csv", untidy())
    prepared = prepare(Asked(file, "left", keep=("final_bill",)))
    assert "final_bill" not in {remark.column for remark in prepared.leaks}
    assert "final_bill" in {each.name for each in prepared.learned}
    assert "leak_kept" in {note.code for note in prepared.notes}


def test_two_dates_that_give_the_outcome_away_together_leak(tmp_path: Path) -> None:
    columns = company()
    left, draw = is_left(columns), np.random.default_rng(2)
    due = np.datetime64("2024-01-01") + draw.integers(0, 300, ROWS)
    paid = due + np.where(left, draw.integers(1, 40, ROWS), -draw.integers(0, 20, ROWS))
    columns |= {"due": [str(day) for day in due], "paid": [str(day) for day in paid]}
    prepared = prepare(Asked(write(tmp_path / "table.csv", columns), "left"))
    assert {remark.column: remark.code for remark in prepared.leaks} == {"paid": "dates"}
    assert "joined → due" in {each.name for each in prepared.learned}


def test_rows_of_one_customer_are_tested_together(tmp_path: Path) -> None:
    columns = company()
    columns["customer_id"] = [f"K-{number // 4:05d}" for number in range(ROWS)]
    prepared = prepare(Asked(write(tmp_path / "table.csv", columns), "left"))
    assert prepared.id_name == "customer_id"
    assert prepared.groups is not None
    assert prepared.groups.max() == ROWS // 4 - 1
    assert "repeated_ids" in {note.code for note in prepared.notes}


@pytest.mark.parametrize(
    ("values", "positive", "meant"),
    [
        (("Yes", "No"), None, "Yes"),
        (("Churned", "Stayed"), None, "Churned"),
        (("1", "0"), None, "1"),
        (("بله", "خیر"), None, "بله"),
        (("gone", "here"), "gone", "gone"),
        (("1.0", "0.0"), "1", "1.0"),
        (("12", "0"), ">0", ">0"),
    ],
)
def test_what_means_left_is_found_or_said(
    tmp_path: Path, values: tuple[str, str], positive: str | None, meant: str
) -> None:
    columns = company()
    columns["left"] = [values[0] if each else values[1] for each in is_left(columns)]
    prepared = prepare(Asked(write(tmp_path / "table.csv", columns), "left", positive))
    assert prepared.outcome.positive == meant
    assert (prepared.outcome.left == is_left(company())).all()


def test_names_like_credit_score_do_not_leak(tmp_path: Path) -> None:
    columns = company()
    draw = np.random.default_rng(4)
    columns["CreditScore"] = draw.integers(300, 850, ROWS).tolist()
    columns["reason_for_joining"] = draw.choice(["price", "friend"], ROWS).tolist()
    assert prepare(Asked(write(tmp_path / "table.csv", columns), "left")).leaks == ()


@pytest.mark.parametrize("ending", ["xlsx", "jsonl", "parquet", "csv.gz"])
def test_every_format_is_read_alike(tmp_path: Path, ending: str) -> None:
    import pandas as pd

    columns = company(120)
    frame, file = pd.DataFrame(columns), tmp_path / f"table.{ending}"
    match ending:
        case "xlsx":
            frame.to_excel(file, index=False)
        case "jsonl":
            frame.to_json(file, orient="records", lines=True, force_ascii=False)
        case "parquet":
            frame.to_parquet(file)
        case _:
            frame.to_csv(file, index=False)
    plain = prepare(Asked(write(tmp_path / "plain.csv", columns), "left"))
    read = prepare(Asked(file, "left"))
    assert [each.name for each in read.learned] == [each.name for each in plain.learned]
    for mine, theirs in zip(read.learned, plain.learned, strict=True):
        assert mine.values.tolist() == theirs.values.tolist()
