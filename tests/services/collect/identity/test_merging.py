"""A1: customers are merged by a person and taken apart again; nothing is rewritten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from brought import bring, everything, subject
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.identity import merging
from holdfast.services.collect.identity.comparing import compare
from holdfast.settings import Settings
from holdfast.store import identity, identity_live, imports, readers, sql
from holdfast.store import merging as kept

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)
BY = "jo@x.org"


def people(base: Settings, keys: str = "abcd") -> list[int]:
    """Customers of these keys who share nothing."""
    bring(base, {key: {"name": f"Name {key}"} for key in keys})
    return [subject(base, key) for key in keys]


def units(base: Settings, subjects: Sequence[int]) -> list[int]:
    found = identity_live.units_of(base, subjects)
    return [found[each] for each in subjects]


def due(base: Settings) -> set[int]:
    return {unit for (unit,) in sql.read("SELECT unit_id FROM due_unit")}


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as found:
        act()
    return found.value.code


def test_a1_a_merge_shows_its_reasons_and_is_undone_any_time(base: Settings) -> None:
    bring(
        base,
        {"a": {"name": "Ana Pop", "phone": "+40722123456"}, "b": {"name": "Ana Pop", "phone": "+722123456"}},
    )
    a, b = subject(base, "a"), subject(base, "b")
    number = merging.merge(base, [b, a], by=BY, now=NOW)
    (made,) = merging.merges(base)
    assert (made.id, made.kind, made.units, made.made_by, made.undone_us) == (
        number,
        "merge",
        (a, b),
        BY,
        None,
    )
    assert made.reasons == ("phone", "name_rare")
    assert made.score == 0.9
    assert units(base, [a, b]) == [a, a]
    assert due(base) == {a, b}, "the vanished one too: its rows go"
    sql.write("DELETE FROM due_unit")
    assert merging.undo(base, number, by="al@x.org", now=NOW + timedelta(days=9)) is False
    assert units(base, [a, b]) == [a, b]
    assert due(base) == {a, b}
    (undone,) = merging.merges(base)
    assert (undone.undone_by, undone.undone_us) == ("al@x.org", NOW_US + 9 * 86_400_000_000)
    assert refused(lambda: merging.undo(base, number, by=BY, now=NOW)) == "not_to_undo"


def test_a1_merging_and_undoing_rewrites_nothing(base: Settings) -> None:
    a, b, *_ = people(base)
    before = everything(base)
    merging.undo(base, merging.merge(base, [a, b], by=BY, now=NOW), by=BY, now=NOW)
    after = everything(base)
    assert after.pop("identity_link") == [(b, a, NOW_US, "by_hand", "1", False)]
    before.pop("identity_link")
    assert after == before


@pytest.mark.parametrize(
    ("keys", "code"),
    [("a", "one_customer"), ("aa", "one_customer"), ("abcdef", "too_many_at_once")],
)
def test_a1_how_many_are_merged_at_once(base: Settings, keys: str, code: str) -> None:
    ids = dict(zip("abcdef", people(base, "abcdef"), strict=True))
    assert refused(lambda: merging.merge(base, [ids[key] for key in keys], by=BY, now=NOW)) == code
    assert merging.merges(base) == []


def test_a1_a_hundred_at_once_are_refused(base: Settings) -> None:
    ids = identity.assign_subjects(base, "customer", [str(n) for n in range(100)])
    assert refused(lambda: merging.merge(base, ids, by=BY, now=NOW)) == "too_many_at_once"


def test_a1_what_is_no_customer_and_what_is_no_person_is_not_merged(base: Settings) -> None:
    (ann,) = people(base, "a")
    acme = subject(base, "acme", "account")
    assert refused(lambda: merging.merge(base, [ann, 999], by=BY, now=NOW)) == "no_such_customer"
    assert refused(lambda: merging.merge(base, [ann, acme], by=BY, now=NOW)) == "people_and_accounts"
    assert refused(lambda: merging.undo(base, 7, by=BY, now=NOW)) == "no_such_merge"


def test_a1_a_circle_of_merges_is_refused_as_one_already_and_harms_nothing(base: Settings) -> None:
    a, b, c, _ = people(base)
    merging.merge(base, [a, b], by=BY, now=NOW)
    merging.merge(base, [b, c], by=BY, now=NOW)
    assert refused(lambda: merging.merge(base, [c, a], by=BY, now=NOW)) == "already_one"
    assert units(base, [a, b, c]) == [a, a, a]
    identity.merge(base, [c, a], by=BY, now_us=NOW_US)
    assert units(base, [a, b, c]) == [a, a, a], "a link that closes a circle says nothing new"


def test_a1_undoing_says_when_other_links_hold_them_together(base: Settings) -> None:
    a, b, *_ = people(base)
    number = merging.merge(base, [a, b], by=BY, now=NOW)
    bring(base, {"a": {"email": "same@x.org"}, "b": {"email": "same@x.org"}})
    assert merging.undo(base, number, by=BY, now=NOW) is True
    assert units(base, [a, b]) == [a, a]


def test_a1_an_id_is_taken_out_and_the_rest_stays_one(base: Settings) -> None:
    """The oldest id is the hub of the links: the others are still one without it."""
    bring(base, {key: {"email": "same@x.org"} for key in "abc"})
    a, b, c = (subject(base, key) for key in "abc")
    assert units(base, [a, b, c]) == [a, a, a]
    assert merging.take_out(base, [a], by=BY, now=NOW) == (a, b)
    assert units(base, [a, b, c]) == [a, b, b]
    assert due(base) == {a, b}
    assert [(each.kind, each.units) for each in merging.merges(base)] == [("separate", (a, b))]
    bring(base, {"a": {"phone": "+401"}, "b": {"phone": "+401"}, "c": {"phone": "+401"}})
    assert units(base, [a, b, c]) == [a, b, b], "no value joins them again"
    bring(base, {"d": {"email": "same@x.org"}, "e": {"phone": "+402"}, "a": {"phone": "+402"}})
    assert len(set(units(base, [a, b]))) == 2


def test_a1_an_import_that_would_join_what_was_separated_does_not(base: Settings) -> None:
    """A third entry has the address of the one and the number of the other."""
    bring(base, {"a": {"email": "ann@x.org"}, "b": {"phone": "+401"}})
    a, b = subject(base, "a"), subject(base, "b")
    merging.say_different(base, a, b, by=BY, now=NOW)
    third = bring(base, {"c": {"email": "ann@x.org", "phone": "+401"}, "d": {}, "e": {}})
    assert units(base, [a, b]) == [a, b]
    imports.undo(base, third, 9)
    assert units(base, [a, b]) == [a, b]
    merging.merge(base, [a, b], by=BY, now=NOW)
    bring(base, {"c": {"email": "ann@x.org", "phone": "+401"}})
    assert units(base, [a, b, subject(base, "c")]) == [a, a, a], "who changed his mind"


def test_a1_parts_are_taken_out_of_one_customer(base: Settings) -> None:
    a, b, c, d = people(base)
    merging.merge(base, [a, b, c], by=BY, now=NOW)
    for chosen in ([], [a, b, c], [a, d], [999]):
        assert refused(lambda chosen=chosen: merging.take_out(base, chosen, by=BY, now=NOW)) == "not_a_part"  # type: ignore[misc]
    assert merging.take_out(base, [b, c], by=BY, now=NOW) == (a, b)
    assert units(base, [a, b, c]) == [a, b, b], "what goes together stays together"


def test_a1_said_to_be_different_no_call_links_them(base: Settings) -> None:
    a, b, *_ = people(base)
    merging.say_different(base, b, a, by=BY, now=NOW)
    said = identity_live.LinkSaid(a, b, 5, "alias", None, False)
    assert identity_live.link_said(base, [said], NOW_US).ignored == 1
    merging.merge(base, [a, b], by=BY, now=NOW)
    assert refused(lambda: merging.say_different(base, a, b, by=BY, now=NOW)) == "already_one"
    assert sql.read("SELECT COUNT(*) FROM not_the_same") == [(0,)]


def test_b1_panels_see_a_merge_from_its_day_on_and_figures_at_once(base: Settings) -> None:
    """DATA.md: panels and backtests use the links made until then, metrics those of now."""
    a, b, *_ = people(base)
    number = merging.merge(base, [a, b], by=BY, now=NOW)
    assert readers.unit_links(base, as_of_us=NOW_US - 1).subject_id.tolist() == []
    assert readers.unit_links(base, as_of_us=NOW_US).subject_id.tolist() == [b]
    assert readers.unit_links(base).subject_id.tolist() == [b]
    later = NOW + timedelta(days=30)
    merging.undo(base, number, by=BY, now=later)
    assert readers.unit_links(base).subject_id.tolist() == []
    assert readers.unit_links(base, as_of_us=NOW_US + 1).subject_id.tolist() == [b], "it was known so then"


def test_a1_merging_contacts_brings_both_to_the_account_joined_last(base: Settings) -> None:
    by_account = replace(base, unit="account")
    bring(by_account, {"a": {"account": "acme"}}, first_us=1)
    bring(by_account, {"b": {"account": "best"}}, first_us=2)
    a, b = subject(base, "a"), subject(base, "b")
    acme, best = subject(base, "acme", "account"), subject(base, "best", "account")
    number = merging.merge(by_account, [a, b], by=BY, now=NOW)
    assert units(by_account, [a, b]) == [best, best]
    assert {acme, best} <= due(base)
    merging.undo(by_account, number, by=BY, now=NOW)
    assert units(by_account, [a, b]) == [acme, best]


def test_a1_two_customers_side_by_side_before_they_are_merged(base: Settings) -> None:
    a, b, *_ = people(base)
    found = compare(base, a, b, now=NOW)
    assert (found.left.unit_id, found.right.unit_id) == (a, b)
    assert (found.together.events, found.together.orders, found.together.revenue) == (0, 0, {})
    assert (found.one, found.decided) == (False, False)
    merging.say_different(base, a, b, by=BY, now=NOW)
    assert compare(base, a, b, now=NOW).decided
    merging.merge(base, [a, b], by=BY, now=NOW)
    assert compare(base, a, b, now=NOW).one
    assert refused(lambda: compare(base, a, 999, now=NOW)) == "no_such_customer"


def test_links_are_listed_with_who_said_so(base: Settings) -> None:
    bring(base, {"a": {"email": "x@x.org"}, "b": {"email": "x@x.org"}, "c": {}})
    a, b, c = (subject(base, key) for key in "abc")
    merging.merge(base, [a, c], by=BY, now=NOW)
    links = kept.links_of(base, [a, b, c])
    assert [(each.subject_id, each.other_id, each.reason, each.evidence) for each in links] == [
        (b, a, "email", "x@x.org"),
        (c, a, "by_hand", "1"),
    ]
    assert (links[0].source, links[1].made_by) == ("test", BY)
    assert kept.names_of(base, [a, 999]) == {a: "a"}


@tries(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.integers(0, 5), min_size=2, max_size=3, unique=True), min_size=1, max_size=4),
    st.data(),
)
def test_the_order_of_merges_does_not_matter_and_undoing_gives_what_was_before(
    workspace: Settings, groups: list[list[int]], data: st.DataObject
) -> None:
    for table in ("identity_link", "identity_merge", "not_the_same", "subject"):
        sql.write(f"DELETE FROM {table}")
    everyone = identity.assign_subjects(workspace, "customer", list("abcdefg"))
    orders = list(permutations(groups))
    results = []
    for order in (orders[0], data.draw(st.sampled_from(orders))):
        history = [units(workspace, everyone)]
        made = []
        for group in order:
            chosen = sorted({history[-1][each] for each in group})
            if len(chosen) > 1:
                made.append(merging.merge(workspace, chosen, by=BY, now=NOW))
                history.append(units(workspace, everyone))
        results.append(history[-1])
        assert history[-1][6] == everyone[6], "whom no merge concerns keeps his name"
        assert all(unit <= each for unit, each in zip(history[-1], everyone, strict=True))
        while made:
            merging.undo(workspace, made.pop(), by=BY, now=NOW)
            history.pop()
            assert units(workspace, everyone) == history[-1]
    assert results[0] == results[1]
