"""Imports are whole, repeatable and can be undone (A1)."""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from holdfast.domain.events import LAKE_COLUMNS, LEVEL_0, slot_of
from holdfast.domain.refusals import Refusal
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.lake.log import EventLog
from holdfast.services.collect import take_in as taking
from holdfast.services.collect.undo_import import undo_import
from holdfast.services.visible import finished_events
from holdfast.settings import Settings, read_settings, write_settings
from staged_lines import Line, import_lines, keys_of, visible_keys


def rows_add_up(report) -> bool:
    return report.rows_read == report.rows_taken + report.rows_rejected + report.duplicates


def test_an_import_tells_what_became_of_its_rows(workspace: Settings) -> None:
    lines = [Line("a", 0), Line("a", 1), Line("b", 2)]
    report = import_lines(workspace, lines, rejected=2)
    assert (report.rows_read, report.rows_taken, report.rows_rejected, report.duplicates) == (5, 3, 2, 0)
    assert report.customers == 2
    assert report.first_at is not None and report.last_at is not None
    assert (report.last_at - report.first_at).days == 2
    assert report.state == "done"
    assert visible_keys(workspace) == sorted(keys_of(lines))


def test_a1_the_same_file_twice_changes_nothing(workspace: Settings) -> None:
    lines = [Line("a", 0), Line("a", 1), Line("b", 2)]
    import_lines(workspace, lines)
    before = visible_keys(workspace)
    again = import_lines(workspace, lines)
    assert (again.rows_taken, again.duplicates) == (0, 3)
    assert [each.code for each in again.suspicious] == ["overlapping_exports"]
    assert visible_keys(workspace) == before


def test_a1_honest_identical_lines_survive(workspace: Settings) -> None:
    twice = [Line("a", 0), Line("a", 0)]
    assert import_lines(workspace, twice).rows_taken == 2
    assert len(visible_keys(workspace)) == 2
    assert import_lines(workspace, [*twice, Line("a", 0)]).rows_taken == 1, "a third of them is new"


def test_a1_overlapping_exports_change_nothing(workspace: Settings) -> None:
    january, february = [Line("a", day) for day in range(31)], [Line("a", day) for day in range(20, 50)]
    import_lines(workspace, january)
    second = import_lines(workspace, february)
    assert (second.rows_taken, second.duplicates) == (19, 11)
    assert len(visible_keys(workspace)) == 50


def test_an_event_with_an_id_of_its_own_is_recognised_by_it_at_another_moment(workspace: Settings) -> None:
    import_lines(workspace, [Line("a", 0, own_id="x1")])
    moved = import_lines(workspace, [Line("a", 30, own_id="x1"), Line("a", 31, own_id="x2")])
    assert (moved.rows_taken, moved.duplicates) == (1, 1)


def test_an_own_id_twice_in_one_file_counts_once(workspace: Settings) -> None:
    lines = [Line("a", 0, own_id="x1"), Line("a", 3, own_id="x1"), Line("b", 3, own_id="x2")]
    report = import_lines(workspace, lines)
    assert (report.rows_taken, report.duplicates) == (2, 1)
    assert len(visible_keys(workspace)) == 2
    assert import_lines(workspace, lines).duplicates == 3
    undo_import(workspace, report.import_id)
    assert len(visible_keys(workspace)) == 2


def test_an_import_without_events_is_done_too(workspace: Settings) -> None:
    report = import_lines(workspace, [])
    assert (report.rows_read, report.customers, report.first_at) == (0, 0, None)


def test_rows_lie_sorted_in_the_bucket_of_their_subject(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "DIRECT_FROM", 100)
    import_lines(workspace, [Line(f"c{n % 37}", n * 7 % 50, amount=n) for n in range(500)])
    files = EventLog(workspace.lake, workspace.buckets).files()
    assert {file.bucket for file in files.files} <= set(range(workspace.buckets))
    assert sum(file.rows for file in files.files) == 500
    with EmbeddedEngine(temp=workspace.folder / "spill") as engine:
        for file in files.files:
            rows = engine.rows(f"SELECT subject_id, at_us, slot FROM '{files.base / file.path}'", {})
            assert rows == sorted(rows, key=lambda row: row[:2])
            assert {slot_of(row[0], workspace.buckets) for row in rows} == {file.bucket}
            assert {row[2] for row in rows} == {file.bucket}
            subjects, moments = [row[0] for row in rows], [row[1] for row in rows]
            assert (file.first_subject, file.last_subject) == (min(subjects), max(subjects))
            assert (file.first_at_us, file.last_at_us) == (min(moments), max(moments))


def test_everything_is_on_the_disk_before_it_counts(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut right after the import was reported must not lose it."""
    from holdfast.store import imports

    order: list[str] = []
    really_sync, really_finish = os.fsync, imports.finish

    def note_sync(descriptor: int) -> None:
        order.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        really_sync(descriptor)

    def note_finish(*args: object) -> None:
        order.append("visible")
        really_finish(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(imports, "finish", note_finish)
    monkeypatch.setattr(taking, "DIRECT_FROM", 2)
    report = import_lines(workspace, [Line(f"c{n}") for n in range(20)])
    files = EventLog(workspace.lake, workspace.buckets).files()
    entry = str(workspace.lake / "_delta_log" / f"{files.version:020}.json")
    kept = str(workspace.imports / str(report.import_id) / "report.json")
    folders = {str(Path(path).parent) for path in files.paths}
    for path in {*files.paths, *folders, kept}:
        assert order.index(path) < order.index(entry)
    assert order.index(entry) < order.index(str(workspace.lake / "_delta_log"), order.index(entry))
    assert order[-1] == "visible"


def test_a_small_import_waits_in_level_0(workspace: Settings) -> None:
    import_lines(workspace, [Line("a"), Line("b")])
    assert [file.bucket for file in EventLog(workspace.lake, workspace.buckets).files().files] == [LEVEL_0]


def test_events_have_the_columns_of_the_log(workspace: Settings) -> None:
    import_lines(workspace, [Line("a")])
    with EmbeddedEngine(temp=workspace.folder / "spill") as engine:
        told = engine.rows("DESCRIBE events", {"events": finished_events(workspace)})
    assert {name: kind for name, kind, *_ in told} == LAKE_COLUMNS


def test_the_first_amounts_give_the_workspace_its_currency(workspace: Settings) -> None:
    bare = dataclasses.replace(workspace, currency="")
    write_settings(bare)
    import_lines(bare, [Line("a")])
    assert read_settings(bare.folder).currency == "EUR"


def test_what_the_database_could_not_be_told_is_told_by_the_next_start(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.services.collect.recover import recover
    from holdfast.store import imports

    bare = dataclasses.replace(workspace, currency="")
    write_settings(bare)

    def refuse(*_: object) -> None:
        raise OSError("the database is on strike")

    with monkeypatch.context() as broken, pytest.raises(Refusal, match="on strike") as caught:
        broken.setattr(imports, "finish", refuse)
        import_lines(bare, [Line("a")])
    assert caught.value.code == "not_finished"
    assert visible_keys(bare) == [], "in the log, but not yet visible"
    assert recover(bare)
    assert visible_keys(bare) == keys_of([Line("a")])
    assert read_settings(bare.folder).currency == "EUR"


def test_a_refused_stage_leaves_nothing(workspace: Settings) -> None:
    from holdfast.domain.texts import Text
    from holdfast.services.progress import Silent

    refusal = Refusal("empty_file", found=Text("a"), expected=Text("b"), remedy=Text("c"))

    def stage(_: Settings, folder: Path):
        (folder / "half").write_text("x")
        raise refusal

    with pytest.raises(Refusal) as caught:
        taking.take_in(workspace, taking.Intake("orders", "shop", (), stage), now_us=1, progress=Silent())
    assert caught.value is refusal
    assert not list(workspace.imports.glob("*/stage"))
    assert import_lines(workspace, [Line("a")]).rows_taken == 1


def test_undoing_twice_and_undoing_what_is_not_there(workspace: Settings) -> None:
    report = import_lines(workspace, [Line("a")])
    undo_import(workspace, report.import_id)
    undo_import(workspace, report.import_id)
    assert visible_keys(workspace) == []
    with pytest.raises(Refusal) as caught:
        undo_import(workspace, 999)
    assert caught.value.code == "no_such_import"


def test_undoing_the_first_of_two_overlapping_imports_leaves_exactly_the_second(workspace: Settings) -> None:
    first, second = [Line("a", day) for day in range(10)], [Line("a", day) for day in range(5, 15)]
    one = import_lines(workspace, first)
    two = import_lines(workspace, second)
    undo_import(workspace, one.import_id)
    assert visible_keys(workspace) == sorted(keys_of(second))
    undo_import(workspace, two.import_id)
    assert visible_keys(workspace) == []


@pytest.mark.parametrize("times", [3, 4])
def test_what_several_said_again_has_one_heir(workspace: Settings, times: int) -> None:
    first, *others = [import_lines(workspace, [Line("a")]).import_id for _ in range(times)]
    undo_import(workspace, first)
    assert len(visible_keys(workspace)) == 1
    for each in others:
        undo_import(workspace, each)
    assert visible_keys(workspace) == []


def test_what_was_handed_on_cannot_be_undone_by_itself(workspace: Settings) -> None:
    one = import_lines(workspace, [Line("a")])
    import_lines(workspace, [Line("a")])
    undo_import(workspace, one.import_id)
    from holdfast.store import imports

    carrier = next(each for each in imports.list_imports(workspace) if each.kind == "handed on")
    with pytest.raises(Refusal) as caught:
        undo_import(workspace, carrier.id)
    assert caught.value.code == "handed_on"


LINES = st.lists(
    st.builds(Line, customer=st.sampled_from("abc"), day=st.integers(0, 3), amount=st.just(5)), max_size=8
)
STEPS = st.lists(st.one_of(LINES, st.integers(0, 5)), min_size=1, max_size=7)


@pytest.fixture
def fresh_workspaces(workspace: Settings, tmp_path: Path) -> Iterator[object]:
    """A new empty workspace on each call, for the examples of one property."""
    import shutil

    from holdfast import store

    count = iter(range(10_000))

    def fresh() -> Settings:
        folder = tmp_path / f"w{next(count)}"
        shutil.copytree(workspace.folder, folder)
        settings = read_settings(folder)
        store.connect(settings)
        return settings

    yield fresh


@tries(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a1_what_counts_is_the_union_of_the_imports_that_are_done(fresh_workspaces, steps) -> None:
    """Whatever is imported and undone in whatever order, and though files overlap."""
    settings = fresh_workspaces()
    done: dict[int, list[Line]] = {}
    undone: list[int] = []
    for step in steps:
        if isinstance(step, list):
            report = import_lines(settings, step)
            known = {key for lines in done.values() for key in keys_of(lines)}
            assert report.duplicates == sum(key in known for key in keys_of(step))
            assert rows_add_up(report)
            done[report.import_id] = step
        elif done:
            chosen = sorted(done)[step % len(done)]
            undo_import(settings, chosen)
            undone.append(chosen)
            del done[chosen]
        expected = Counter(key for lines in done.values() for key in set(keys_of(lines)))
        assert visible_keys(settings) == sorted(expected)
