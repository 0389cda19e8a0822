"""What the worker writes of a few customers, and who they are, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from brought import bring, subject
from holdfast.settings import Settings
from holdfast.store import basis, due, due_work, identity, imports, readers, rescored, risk, sql
from holdfast.store.members import members, spoken_of
from holdfast.store.risk import Score, Scoring
from holdfast.store.standings import Standings, looked_at, save_standings, written_live

DAY = 19_900


def standings(orders: Mapping[int, int], state: str = "active") -> Standings:
    units, many = list(orders), len(orders)
    return Standings(
        np.array(units, np.int64), [state] * many, [DAY] * many, [DAY] * many, [None] * many,
        list(orders.values()), [100 * each for each in orders.values()], [0] * many,
    )  # fmt: skip


def looked(settings: Settings, orders: Mapping[int, int], *, read_us: int, **other: Any) -> rescored.Rescored:
    whose = members(settings, list(orders))
    scores = [Score(unit, 0.5, 10, 5, None, None, "[]", "use", DAY + 1) for unit in whose.units.tolist()]
    found = rescored.Rescored(
        whose.unit_of, whose.gone, standings(orders), scores, DAY, 1, read_us, basis.version(settings)
    )
    return replace(found, **other)


def listed(settings: Settings) -> list[tuple[Any, ...]]:
    return sql.read("SELECT name, state, orders FROM standing ORDER BY name")


def counted(settings: Settings) -> list[tuple[Any, ...]]:
    return sql.read("SELECT state, country, units FROM standing_count ORDER BY 1, 2")


@pytest.fixture
def three(base: Settings) -> tuple[Settings, list[int]]:
    """Ann, Bob and Cid, as a run has listed and scored them."""
    bring(
        base,
        {"a": {"name": "Ann"}, "b": {"name": "Bob"}, "c": {"name": "Cid"}},
        traits=[("a", "country", "RO", 0)],
    )
    units = [subject(base, key) for key in "abc"]
    save_standings(base, standings(dict.fromkeys(units, 1)), read_us=1_000)
    scores = [Score(unit, 0.1, 10, 1, None, None, "[]", "") for unit in units]
    risk.save_scores(base, scores, Scoring(DAY, 90, 1, 0.1, None, 1), read_us=1_000)
    basis.announce(base, {"made": "here"}, read_us=1_000, now_us=1_000)
    return base, units


def test_rows_counts_and_risks_move_together(three: tuple[Settings, list[int]]) -> None:
    settings, (ann, bob, cid) = three
    bring(settings, {"b": {}, "d": {"name": "Dan"}}, traits=[("b", "country", "DE", 0)])
    dan = subject(settings, "d")
    assert rescored.save(settings, looked(settings, {bob: 2, dan: 1}, read_us=2_000))
    assert listed(settings) == [
        ("Ann", "active", 1), ("Bob", "active", 2), ("Cid", "active", 1), ("Dan", "active", 1)
    ]  # fmt: skip
    assert counted(settings) == [("active", "", 2), ("active", "DE", 1), ("active", "RO", 1)]
    assert sql.read("SELECT unit_id, risk, as_of_day FROM risk_score ORDER BY unit_id") == [
        (ann, 0.1, DAY), (bob, 0.5, DAY + 1), (cid, 0.1, DAY), (dan, 0.5, DAY + 1)
    ]  # fmt: skip
    assert (looked_at(settings, bob), looked_at(settings, ann), looked_at(settings, 999)) == (2_000, 0, 0)
    assert written_live(settings) == [bob, dan]
    assert risk.asked_later(settings, DAY) == [bob, dan]


def test_who_left_or_vanished_has_no_row(three: tuple[Settings, list[int]]) -> None:
    settings, (_, bob, cid) = three
    second = bring(settings, {"d": {"name": "Dan"}})
    dan = subject(settings, "d")
    assert rescored.save(settings, looked(settings, {dan: 1}, read_us=2_000))
    imports.undo(settings, second, 9)
    assert rescored.save(settings, looked(settings, {bob: 1, dan: 1}, read_us=3_000, scores=[]))
    assert [name for name, *_ in listed(settings)] == ["Ann", "Bob", "Cid"]
    assert sum(units for *_, units in counted(settings)) == 3
    assert {unit for (unit,) in sql.read("SELECT unit_id FROM risk_score")} == {bob - 1, cid}


def test_where_nobody_can_be_foreseen_risks_stay_as_they_are(three: tuple[Settings, list[int]]) -> None:
    settings, (ann, *_) = three
    assert rescored.save(settings, looked(settings, {ann: 5}, read_us=2_000, scores=None))
    assert listed(settings)[0] == ("Ann", "active", 5)
    assert sql.read("SELECT COUNT(*) FROM risk_score") == [(3,)]


def test_only_the_basis_that_holds_may_write(three: tuple[Settings, list[int]]) -> None:
    settings, (ann, bob, _) = three
    found = looked(settings, {ann: 5}, read_us=2_000)
    assert rescored.save(settings, looked(settings, {bob: 5}, read_us=2_000))
    assert basis.announce(settings, {"made": "anew"}, read_us=3_000, now_us=3_000) == 1
    assert not rescored.save(settings, found)
    assert listed(settings)[0] == ("Ann", "active", 1)
    assert due_work.due(settings, 3_000) == [(bob, 1)]
    kept = basis.current(settings)
    assert kept is not None
    assert (kept.version, kept.read_us, kept.content) == (2, 3_000, {"made": "anew"})


def test_a_run_leaves_what_was_read_after_it_began(three: tuple[Settings, list[int]]) -> None:
    settings, (ann, bob, cid) = three
    assert rescored.save(settings, looked(settings, {ann: 7}, read_us=5_000))
    assert rescored.save(settings, looked(settings, {bob: 7}, read_us=3_000))
    save_standings(settings, standings({ann: 1, bob: 1, cid: 1}), read_us=4_000)
    assert [orders for *_, orders in listed(settings)] == [7, 1, 1]
    assert written_live(settings) == [ann]
    scores = [Score(unit, 0.2, 10, 2, None, None, "[]", "") for unit in (bob, cid)]
    risk.save_scores(settings, scores, Scoring(DAY, 90, 2, 0.1, None, 1), read_us=4_000)
    assert sql.read("SELECT unit_id, risk FROM risk_score ORDER BY unit_id") == [
        (ann, 0.5), (bob, 0.2), (cid, 0.2)
    ]  # fmt: skip
    save_standings(settings, standings({ann: 2, bob: 2, cid: 2}), read_us=6_000)
    assert [orders for *_, orders in listed(settings)] == [2, 2, 2]
    assert written_live(settings) == []


def test_an_older_look_does_not_win(three: tuple[Settings, list[int]]) -> None:
    settings, (ann, *_) = three
    older = looked(settings, {ann: 2}, read_us=2_000)
    assert rescored.save(settings, looked(settings, {ann: 3}, read_us=3_000))
    assert rescored.save(settings, older)
    assert listed(settings)[0] == ("Ann", "active", 3)


def test_members_are_those_of_the_whole_base(base: Settings) -> None:
    same = "same@x.org"
    bring(base, {"a": {"email": same}, "b": {"email": same}, "c": {}, "d": {}})
    a, b, c, d = (subject(base, key) for key in "abcd")
    identity.merge(base, [b, c], by="eve@x.org", now_us=20_000)
    whole = readers.resolved_units(base)
    found = members(base, [c, d])
    assert found.unit_of == {a: a, b: a, c: a, d: d}
    assert {subject: whole.get(subject, subject) for subject in found.unit_of} == found.unit_of
    assert found.gone == (c,)
    assert found.units.tolist() == [a, d]
    assert found.links.subject_id.tolist() == [b, c]
    assert spoken_of(base, [a, b, c, d], 20_000) == {b, c}


def test_members_of_accounts_are_their_contacts(base: Settings) -> None:
    by_account = replace(base, unit="account")
    bring(
        by_account,
        {"p": {"account": "X"}, "q": {"account": "X"}, "r": {"account": "Y"}, "s": {}},
    )
    p, q, r, s = (subject(by_account, key) for key in "pqrs")
    x, y = subject(by_account, "X", "account"), subject(by_account, "Y", "account")
    assert members(by_account, [x]).unit_of == {x: x, p: x, q: x}
    found = members(by_account, [r, s])
    assert found.unit_of == {y: y, r: y, s: s}
    assert found.gone == (r,)
    whole = readers.resolved_units(by_account)
    everyone = members(by_account, [p, q, r, s, x, y]).unit_of
    assert everyone == {each: whole.get(each, each) for each in (p, q, r, s, x, y)}


def test_due_rows_are_settled_only_when_nothing_happened_since(base: Settings) -> None:
    due.touch(base, [1, 2, 3, 4], 10)
    due.touch(base, [2], 20)
    assert due_work.due(base, 10) == [(1, 1), (2, 2), (3, 1), (4, 1)]
    assert due_work.due(base, 10, 2) == [(1, 1), (2, 2)]
    due_work.settle(base, [(1, 1, None), (2, 1, None), (3, 1, 500), (4, 7, 500)])
    assert due_work.due(base, 100) == [(2, 2), (4, 1)]
    assert due_work.waiting(base, 100) == (2, 10)
    assert due_work.waiting(base, 500) == (3, 10)
    assert due_work.waiting(base, 5) == (0, None)


def test_only_planned_looks_are_planned_anew(base: Settings) -> None:
    minute = 60_000_000
    due.touch(base, [1], 10)
    due.touch(base, [2], 10 + minute)
    due_work.plan_checks(base, [(3, 5 * minute), (1, 5 * minute)], now_us=10)
    due_work.plan_checks(base, [(4, 9 * minute)], now_us=10)
    assert sql.read("SELECT unit_id, due_us FROM due_unit ORDER BY unit_id") == [
        (1, 10), (2, 10 + minute), (4, 9 * minute)
    ]  # fmt: skip


def test_an_import_touches_its_customers_once_there_is_a_basis(base: Settings) -> None:
    first = bring(base, ["a", "b"])
    named = due_work.named_by(base, first)
    assert due_work.touch_many(base, named, 10) == 0
    basis.announce(base, {}, read_us=1, now_us=1)
    assert due_work.touch_many(base, named, 10) == 2
    assert due_work.touch_many(base, named[:1], 20) == 1
    assert due_work.due(base, 10) == [(named[0], 2), (named[1], 1)]
