"""Accounts that belong to accounts: from files and from our people, added up, never in a circle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from brought import bring, subject
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.identity.hierarchy import DEEPEST, Hierarchy, hierarchy, set_parent
from holdfast.settings import Settings
from holdfast.store import account_tree, identity, readers, sql

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BY = "jo@x.org"


def accounts(base: Settings, parents: dict[str, str], namespace: str = "account") -> dict[str, int]:
    """Accounts by key, each with what its row says about the account above."""
    bring(
        base,
        {key: {"name": key.title()} for key in parents},
        namespace=namespace,
        traits=[(key, "parent", value, 1_000) for key, value in parents.items() if value],
    )
    return {key: subject(base, key, namespace) for key in parents}


def tree(base: Settings, account: int) -> Hierarchy:
    found = hierarchy(base, account)
    assert found is not None
    return found


def names(some: tuple[object, ...]) -> list[str]:
    return [each.name for each in some]  # type: ignore[attr-defined]


def test_accounts_stand_under_the_ones_that_their_rows_name(base: Settings) -> None:
    ids = accounts(
        base, {"group": "", "north": "group", "south": "group", "oslo": "north", "lost": "nowhere"}
    )
    found = tree(base, ids["north"])
    assert (names(found.above), names(found.below), found.accounts) == (["Group"], ["Oslo"], 2)
    top = tree(base, ids["group"])
    assert [(each.name, each.below) for each in top.below] == [("North", 1), ("South", 0)]
    assert (top.accounts, top.circle, top.more) == (4, (), False)
    assert tree(base, ids["lost"]).above == ()


def test_a_person_has_no_hierarchy(base: Settings) -> None:
    bring(base, {"jo": {}})
    assert hierarchy(base, subject(base, "jo")) is None
    assert hierarchy(base, 999) is None


def test_ids_of_another_source_are_named_with_their_namespace(base: Settings) -> None:
    own = accounts(base, {"7": ""}, "account")
    crm = accounts(base, {"8": "9", "9": "7", "10": "account:crm:8"}, "account:crm")
    assert names(tree(base, crm["8"]).above) == ["7", "9"]
    assert names(tree(base, crm["10"]).above) == ["7", "9", "8"]
    set_parent(base, own["7"], None, by=BY, now=NOW)
    other = accounts(base, {"x": "account:crm:9"})
    assert names(tree(base, other["x"]).above) == ["7", "9"]


def test_our_people_say_it_too_and_take_it_back(base: Settings) -> None:
    ids = accounts(base, {"a": "", "b": "", "c": "b"})
    set_parent(base, ids["c"], ids["a"], by=BY, now=NOW)
    assert names(tree(base, ids["c"]).above) == ["A"]
    assert sql.read("SELECT made_by FROM trait_edit") == [(BY,)]
    assert sql.read("SELECT unit_id FROM due_unit") == [(ids["c"],)]
    set_parent(base, ids["c"], None, by=BY, now=NOW)
    assert tree(base, ids["c"]).above == ()
    assert account_tree.children_of(base, [ids["a"], ids["b"]]) == {}


def test_merged_accounts_are_one_in_the_tree(base: Settings) -> None:
    ids = accounts(base, {"a": "", "a2": "top", "top": "", "b": "a2"})
    identity.merge(base, [ids["a"], ids["a2"]], by=BY, now_us=1)
    assert names(tree(base, ids["b"]).above) == ["Top", "A"]
    assert names(tree(base, ids["a2"]).below) == ["B"]


def test_a_circle_is_refused_and_named(base: Settings) -> None:
    ids = accounts(base, {"a": "", "b": "a", "c": "b"})
    with pytest.raises(Refusal) as refused:
        set_parent(base, ids["a"], ids["c"], by=BY, now=NOW)
    assert refused.value.code == "circle"
    assert "A → C → B → A" in str(refused.value)
    with pytest.raises(Refusal) as refused:
        set_parent(base, ids["a"], ids["a"], by=BY, now=NOW)
    assert "A → A" in str(refused.value)
    assert tree(base, ids["a"]).above == ()


def test_a_circle_that_came_in_is_named_and_nothing_is_added_up(base: Settings) -> None:
    ids = accounts(base, {"a": "b", "b": "c", "c": "b", "d": ""})
    found = tree(base, ids["a"])
    assert names(found.circle) == ["B", "C", "B"]
    assert (found.above, found.below, found.accounts) == ((), (), 1)
    assert names(tree(base, ids["b"]).circle) == ["B", "C", "B"]
    with pytest.raises(Refusal) as refused:
        set_parent(base, ids["b"], ids["c"], by=BY, now=NOW)
    assert refused.value.code == "circle"
    set_parent(base, ids["b"], ids["d"], by=BY, now=NOW)
    assert names(tree(base, ids["a"]).above) == ["D", "B"], "saying it right ends the circle"


def test_more_than_ten_above_one_another_are_refused(base: Settings) -> None:
    line = {f"l{n:02d}": f"l{n - 1:02d}" if n else "" for n in range(DEEPEST - 1)}
    ids = accounts(base, line | {"x": "", "y": "x"})
    with pytest.raises(Refusal) as refused:
        set_parent(base, ids["x"], ids["l08"], by=BY, now=NOW)
    assert refused.value.code == "too_deep"
    set_parent(base, ids["x"], ids["l07"], by=BY, now=NOW)
    assert len(tree(base, ids["y"]).above) == DEEPEST - 1


def test_only_accounts_stand_above_accounts(base: Settings) -> None:
    ids = accounts(base, {"a": ""})
    bring(base, {"jo": {}})
    for pair in ((ids["a"], subject(base, "jo")), (subject(base, "jo"), ids["a"]), (ids["a"], 999)):
        with pytest.raises(Refusal) as refused:
            set_parent(base, *pair, by=BY, now=NOW)
        assert refused.value.code == "no_such_account"


def test_contacts_are_listed_with_their_role(base: Settings) -> None:
    bring(
        base,
        {"jo": {"account": "acme", "name": "Jo Kelly", "email": "jo@acme.org"}, "al": {"account": "acme"}},
        traits=[("jo", "job_title", "Buyer", 1_000)],
        first_us=5,
    )
    acme = subject(base, "acme", "account")
    found = tree(base, acme).contacts
    assert [(each.name, each.role, each.email, each.since_us) for each in found] == [
        ("al", "", "", 5),
        ("Jo Kelly", "Buyer", "jo@acme.org", 5),
    ]


@pytest.mark.parametrize("unit", ["person", "account"])
def test_what_an_account_and_those_below_add_up_to(base: Settings, unit: str) -> None:
    settings = replace(base, unit=unit)
    ids = accounts(base, {"top": "", "sub": "top"})
    bring(base, {"jo": {"account": "top"}, "al": {"account": "sub"}, "bo": {"account": "sub"}})
    units = readers.unit_links(settings)
    assert len(units.unit_id) == (3 if unit == "account" else 0)
    whose = ids if unit == "account" else {key: subject(base, key) for key in ("jo", "al", "bo")}
    for number, who in enumerate(whose.values(), 1):
        sql.write(
            "INSERT INTO standing (unit_id, name, kind, country, source, state, orders, amount_minor, "
            "yearly_minor, name_key, last_key, search, fingerprint) "
            "VALUES (%s, '', 'person', '', '', 'active', 1, %s, 0, '', 0, '', 0)",
            (who, number * 100),
        )
        sql.write(
            "INSERT INTO risk_score (unit_id, risk, value_minor, value_at_risk_minor, drivers, cause, "
            "state, country, as_of_day, model_version) VALUES (%s, %s, %s, %s, '[]', '', '', '', 1, 1)",
            (who, number / 10, number * 1000, number * 100),
        )
    found = tree(settings, ids["top"])
    assert (found.own.customers, found.own.amount_minor, found.own.value_minor) == (1, 100, 1000)
    if unit == "account":
        assert (found.whole.customers, found.whole.amount_minor) == (2, 300)
        assert found.whole.weighed_risk == pytest.approx((0.1 * 1000 + 0.2 * 2000) / 3000)
    else:
        assert (found.whole.customers, found.whole.value_at_risk_minor) == (3, 600)
        assert found.whole.weighed_risk == pytest.approx((100 + 400 + 900) / 6000)
    assert tree(settings, ids["sub"]).accounts == 1


def test_where_nobody_is_valued_there_is_no_risk(base: Settings) -> None:
    ids = accounts(base, {"a": ""})
    assert tree(base, ids["a"]).whole.weighed_risk is None
