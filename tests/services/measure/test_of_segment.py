"""The figures of a segment: those of its members alone, and of everybody the same as without it (N4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from holdfast.domain.figures import Figure
from holdfast.domain.period import Period
from holdfast.domain.texts import Text
from holdfast.services.measure.measure import measure
from holdfast.services.measure.of_segment import measure_segment
from holdfast.settings import Settings
from holdfast.store import segment_figures, segments, sql
from holdfast.store.figures import alike, key_of, note_run
from services.measure.companies import NOW, shop_rows, take_rows
from services.measure.test_measure import DAY

OF_THE_COMPANY = {
    "acquisition_cost",
    "value_to_cost",
    "paying_back_purchase",
    "winning_against_keeping",
    "series",
    "revenue",  # names what was sold to nobody
}
"""Metrics made of what belongs to no part of a company."""


def measured(settings: Settings, key: str, units: list[int]) -> list[Figure]:
    number = segments.save(settings, key, key, {"fact": "orders", "at_least": 1}, now_us=1)
    segments.apply(settings, number, units, [], day=1, now_us=1)
    assert measure_segment(settings, key, now=NOW) == len(units)
    return segment_figures.read(settings, number, "month")


def test_n4_of_everybody_it_is_the_whole_and_of_some_it_is_theirs(
    workspace: Settings, tmp_path: Path
) -> None:
    take_rows(workspace, "orders", shop_rows(), tmp_path)
    note_run(workspace, as_of=DAY, finished_us=1, report={})
    units = [int(unit) for (unit,) in sql.read("SELECT id FROM subject ORDER BY id")]
    whole = {
        key_of(figure): figure
        for figure in measure(workspace, period="month", now=NOW).figures
        if figure.metric not in OF_THE_COMPANY
    }
    of_all = {key_of(figure): figure for figure in measured(workspace, "all", units)}
    differing = [key for key, figure in whole.items() if key not in of_all or not alike(figure, of_all[key])]
    assert differing == []
    half = {key_of(figure): figure for figure in measured(workspace, "half", units[::2])}
    rest = {key_of(figure): figure for figure in measured(workspace, "rest", units[1::2])}
    numbers = [
        tuple(float(str(each.value)) for each in (half[key], rest[key], figure))
        for key, figure in whole.items()
        if key[1:4] == ("orders", "", "") and figure.value is not None and key in half and key in rest
    ]
    assert len(numbers) > 3
    assert [a + b for a, b, _ in numbers] == [whole_value for _, _, whole_value in numbers]


def test_n4_nobody_has_no_figures(workspace: Settings, tmp_path: Path) -> None:
    take_rows(workspace, "orders", shop_rows(), tmp_path)
    note_run(workspace, as_of=DAY, finished_us=1, report={})
    assert measured(workspace, "nobody", []) == []


def test_figures_that_cannot_be_kept_whole_leave_those_before(workspace: Settings) -> None:
    def figure(value: float) -> Figure:
        may = Period(date(2024, 5, 1), date(2024, 6, 1), "month")
        return Figure("revenue", "whole", may, value, "EUR", Text("sum"))

    made = segment_figures.Measured(7, 1, 1, 2, "")
    segment_figures.save(workspace, made, [figure(1.0)])
    sql.write("CREATE TRIGGER no BEFORE INSERT ON segment_measured BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        segment_figures.save(workspace, replace(made, made_us=2), [figure(3.0)])
    (kept,) = segment_figures.read(workspace, 7, "month")
    assert kept.value == 1.0
    assert segment_figures.measured(workspace, 7) == made
