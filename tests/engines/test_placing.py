"""Placing: slots are the same in Python and SQL, a reach misses no repeat."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.events import EVENT_NAMES, LAKE_COLUMNS, LEVEL_0, EventFile, slot_of, slot_sql
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.placing import Reach, give_ids
from holdfast.engines.tables import Rows

SUBJECTS = st.integers(1, 2**62)


def test_a_slot_is_the_same_in_python_and_in_sql(tmp_path: Path) -> None:
    subjects = [*range(1, 2000), 2**31 - 1, 2**31, 2**31 + 1, 2**40 + 12345, 2**62]
    with EmbeddedEngine(temp=tmp_path) as engine:
        for buckets in (1, 8, 64, 1000):
            answer = engine.rows(
                f"SELECT s, {slot_sql('s', buckets)}, typeof({slot_sql('s', buckets)}) FROM t",
                {"t": Rows({"s": subjects})},
            )
            assert answer == [(s, slot_of(s, buckets), "INTEGER") for s in subjects]


def test_neighbouring_subjects_and_every_second_one_spread_evenly() -> None:
    for step in (1, 2, 3, 64):
        rows = Counter(slot_of(subject, 64) for subject in range(1, 64_000 * step, step))
        assert len(rows) == 64
        assert max(rows.values()) < 1.2 * 1000


@given(SUBJECTS, st.integers(1, 4096))
def test_a_slot_is_one_of_the_buckets(subject: int, buckets: int) -> None:
    assert 0 <= slot_of(subject, buckets) < buckets


def test_every_name_says_what_it_uses() -> None:
    for event in EVENT_NAMES.values():
        assert set(event.uses) <= set(LAKE_COLUMNS)
        assert str(event.meaning).endswith(".")


ROW = st.tuples(st.integers(1, 20), st.integers(0, 20))


@given(st.lists(ROW, min_size=1), st.lists(ROW, min_size=1), st.booleans(), st.booleans())
def test_a_reach_never_misses_a_file_that_holds_a_repeat(
    new: list[tuple[int, int]], old: list[tuple[int, int]], level_0: bool, own_ids: bool
) -> None:
    slots = frozenset(slot_of(subject, 4) for subject, _ in new)
    subjects, moments = [row[0] for row in new], [row[1] for row in new]
    part = Reach(len(new), slots, min(subjects), max(subjects), min(moments), max(moments), own_ids, ())
    for bucket in range(4):
        rows = [row for row in old if slot_of(row[0], 4) == bucket]
        if not rows:
            continue
        subjects, moments = [row[0] for row in rows], [row[1] for row in rows]
        file = EventFile(
            "x", LEVEL_0 if level_0 else bucket, 1, len(rows),
            min(subjects), max(subjects), min(moments), max(moments),
        )  # fmt: skip
        by_id = {subject for subject, _ in new} & {subject for subject, _ in rows}
        repeated = by_id if own_ids else set(new) & set(rows)
        assert part.touches(file) or not repeated


def test_ids_are_asked_for_once_each_and_accounts_as_well(tmp_path: Path) -> None:
    asked: list[tuple[str, str]] = []

    def assign(namespace: str, keys: object) -> list[int]:
        asked.extend((namespace, key) for key in keys)  # type: ignore[attr-defined]
        return [len(asked) - len(keys) + n for n in range(len(keys))]  # type: ignore[arg-type]

    with EmbeddedEngine(temp=tmp_path) as engine:
        staged = Rows(
            {
                "namespace": ["customer", "customer", "account", "email"],
                "subject_key": ["a", "b", "x", "a"],
                "account_key": ["x", "y", None, None],
            }
        )
        path = tmp_path / "subjects.parquet"
        engine.write("SELECT * FROM s", {"s": staged}, path)
        assert give_ids(engine, path, assign) == 4
        ids = engine.rows("SELECT namespace, subject_key, subject_id FROM ids", {})
    assert sorted(asked) == [
        ("account", "x"), ("account", "y"), ("customer", "a"), ("customer", "b"), ("email", "a"),
    ]  # fmt: skip
    assert sorted((namespace, key) for namespace, key, _ in ids) == sorted(asked)
    assert [asked[subject_id] for _, _, subject_id in ids] == [(namespace, key) for namespace, key, _ in ids]
