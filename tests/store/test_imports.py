from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from brought import bring, everything, subject
from holdfast.domain.refusals import Refusal
from holdfast.settings import Settings
from holdfast.store import imports, readers, side_tables, sql


def test_an_import_is_visible_when_it_is_done_and_not_before(base: Settings) -> None:
    """A1: killing it at any moment leaves before or after."""
    running = bring(base, {"ann": {"email": "ann@x.org", "name": "Ann"}}, done=False)
    assert readers.not_done_imports(base) == {running}
    assert list(readers.unit_facts(base).unit_id) == []
    imports.finish(base, running, {"rows_read": 1}, 20)
    assert readers.not_done_imports(base) == frozenset()
    assert readers.unit_facts(base).name == ["Ann"]
    assert imports.get(base, running).report == {"rows_read": 1}


def test_states_and_order(base: Settings) -> None:
    first = bring(base, ["a"])
    second = imports.begin(base, "orders", "shop", ["o.csv", "p.csv"], 5)
    assert [found.id for found in imports.list_imports(base)] == [second, first]
    assert [found.id for found in imports.newest(base, most=1)] == [second]
    assert [found.id for found in imports.newest(base, most=9, before=second)] == [first]
    assert [found.id for found in imports.newest(base, most=9, without=["live", "orders"])] == [first]
    (unfinished,) = imports.unfinished(base)
    assert (unfinished.id, unfinished.state, unfinished.files) == (second, "staging", ("o.csv", "p.csv"))
    imports.commit(base, second, first_us=3, last_us=4)
    assert imports.get(base, second).state == "committing"
    imports.fail(base, second, {}, 6)
    assert imports.get(base, second).state == "failed"
    with pytest.raises(ValueError, match="neither staging nor committing"):
        imports.finish(base, second, {}, 7)


def test_undo_takes_everything_back_and_can_be_repeated(base: Settings) -> None:
    before = everything(base)
    undone = bring(
        base,
        {"ann": {"email": "ann@x.org", "phone": "+401", "name": "Ann", "account": "acme"}},
        traits=[("ann", "country", "RO", None)],
        texts=[(b"1" * 16, "ann", 5, "Hello")],
    )
    side_tables.load_table(base, undone, "series", [("rating", 3, 4.5)])
    imports.undo(base, undone, 99)
    imports.undo(base, undone, 100)
    assert imports.get(base, undone).state == "undone"
    after = everything(base)
    assert after.pop("subject") == [("account", "acme")]  # given without an import: stays
    before.pop("subject")
    assert after == before


def test_undo_refuses_what_is_not_there_or_not_done(base: Settings) -> None:
    with pytest.raises(Refusal) as refused:
        imports.undo(base, 77, 1)
    assert refused.value.code == "no_such_import"
    running = imports.begin(base, "orders", "shop", [], 1)
    with pytest.raises(Refusal) as refused:
        imports.undo(base, running, 1)
    assert refused.value.code == "import_not_done"


def test_what_two_imports_said_survives_the_undoing_of_either(base: Settings) -> None:
    person = {"ann": {"email": "ann@x.org", "phone": "+401", "name": "Ann", "account": "acme"}}
    told = dict(traits=[("ann", "country", "RO", None)], texts=[(b"1" * 16, "ann", 5, "Hello")])
    first = bring(base, person, **told)  # type: ignore[arg-type]
    alone = everything(base)
    second = bring(base, person, **told)  # type: ignore[arg-type]
    assert {name: rows for name, rows in everything(base).items() if name != "sighting"} == {
        name: rows for name, rows in alone.items() if name != "sighting"
    }, "the same file twice changes nothing"
    imports.undo(base, first, 50)
    assert everything(base) == alone
    imports.undo(base, second, 60)
    assert not any(rows for name, rows in everything(base).items() if name != "subject")


def test_a_failed_import_leaves_nothing(base: Settings) -> None:
    bring(base, {"ann": {"email": "a@x.org"}})
    before = everything(base)
    running = bring(base, {"ann": {"email": "a@x.org", "phone": "+402"}, "bob": {}}, done=False)
    imports.fail(base, running, {"error": "cut"}, 5)
    assert everything(base) == before


def test_subjects_that_others_are_working_with_are_not_forgotten(base: Settings) -> None:
    first = bring(base, ["ann"])
    ann = subject(base, "ann")
    other = imports.begin(base, "orders", "shop", [], 1)
    imports.undo(base, first, 2)
    assert sql.read("SELECT id FROM subject") == [(ann,)]
    imports.fail(base, other, {}, 3)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_undoing_in_any_order_leaves_what_the_rest_alone_would_have_made(
    workspace: Settings, data: st.DataObject
) -> None:
    """A1: replaying and undoing imports commute."""
    people = st.dictionaries(
        st.sampled_from(["a", "b", "c"]),
        st.fixed_dictionaries(
            {
                "email": st.sampled_from([None, "x@x.org", "y@x.org"]),
                "phone": st.sampled_from([None, "+401"]),
                "name": st.sampled_from([None, "Ann", "Bob"]),
            }
        ),
        min_size=1,
    )
    told = data.draw(st.lists(st.tuples(people, st.sampled_from(["RO", "BG"])), min_size=1, max_size=4))
    _empty(workspace)
    brought = [
        bring(workspace, who, traits=[(key, "country", country, 0) for key in who], now_us=10_000 + n)
        for n, (who, country) in enumerate(told)
    ]
    kept = data.draw(st.sets(st.sampled_from(range(len(told)))))
    for gone in data.draw(st.permutations([n for n in range(len(told)) if n not in kept])):
        imports.undo(workspace, brought[gone], 99_000)
    seen = _visible(workspace)
    _empty(workspace)
    for n in sorted(kept):
        who, country = told[n]
        bring(workspace, who, traits=[(key, "country", country, 0) for key in who], now_us=10_000 + n)
    assert seen == _visible(workspace)


def _visible(settings: Settings) -> object:
    names = dict(sql.read("SELECT id, key FROM subject"))
    groups: dict[int, set[str]] = {}
    for subject_id, unit in readers.resolved_units(settings).items():
        groups.setdefault(unit, set()).add(names[subject_id])
    facts = readers.unit_facts(settings)
    points = sql.read(
        "SELECT DISTINCT s.key, p.kind, p.value FROM contact_point p JOIN subject s ON s.id = p.subject_id"
    )
    together = sorted(sorted(group) for group in groups.values())
    return together, sorted(points), sorted(facts.country), len(facts.unit_id)


def _empty(settings: Settings) -> None:
    from holdfast import store

    store.connect(settings)
    for table in (
        "identity_link",
        "contact_point",
        "trait_row",
        "account_contact",
        "customer_text",
        "sighting",
        "subject",
        "import",
    ):
        sql.write(f"DELETE FROM {table}")
