"""M3, M4: contact is set against value, and adds up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.analytics.attention import by_owner, by_size, by_tenure, longest_waiting

ROWS = st.lists(
    st.tuples(st.integers(0, 3_000), st.integers(0, 20), st.integers(-500, 10_000)), min_size=1, max_size=60
)


@given(ROWS)
def test_m4_every_customer_is_in_one_group_and_shares_add_up(rows: list[tuple[int, int, int]]) -> None:
    known, contacts, money = (np.array(column, np.float64) for column in zip(*rows, strict=True))
    for groups in (by_tenure(known, contacts, money), by_size(contacts, money)):
        assert sum(each.customers for each in groups) == len(rows)
        assert sum(each.contacts for each in groups) == contacts.sum()
        assert sum(each.money_minor for each in groups) == np.maximum(money, 0).sum()
        for shares in ([each.share_of_contacts for each in groups], [each.share_of_money for each in groups]):
            told = [share for share in shares if share is not None]
            assert not told or sum(told) == pytest.approx(1.0)


def test_m4_loyal_customers_who_pay_and_hear_nothing_are_neglected() -> None:
    known = np.array([10.0, 20.0, 2_000.0, 2_000.0])
    contacts = np.array([5.0, 4.0, 1.0, 0.0])
    money = np.array([100.0, 100.0, 5_000.0, 4_800.0])
    groups = {each.name: each for each in by_tenure(known, contacts, money)}
    assert groups["years"].neglected
    assert not groups["new"].neglected
    assert (groups["years"].share_of_contacts, groups["years"].share_of_money) == (
        pytest.approx(0.1),
        pytest.approx(0.98),
    )
    assert groups["half"].customers == 0
    assert not groups["half"].neglected


def test_m4_nothing_is_said_of_shares_where_there_is_nothing_to_share() -> None:
    none = by_size(np.zeros(2), np.zeros(2))
    assert [each.share_of_contacts for each in none] == [None] * 4
    assert [each.customers for each in none] == [0, 0, 0, 2]
    assert not any(each.neglected for each in none)


def test_m4_the_largest_tenth_are_those_who_bring_most() -> None:
    groups = {each.name: each for each in by_size(np.ones(20), np.arange(20.0))}
    assert (groups["largest"].customers, groups["largest"].money_minor) == (2, 19 + 18)
    assert (groups["large"].customers, groups["small"].customers, groups["none"].customers) == (8, 9, 1)


def test_m3_who_waits_longest_are_those_without_contact_by_their_money() -> None:
    rows = longest_waiting(np.array([1.0, 0.0, np.nan, 0.0]), np.array([9.0, 3.0, 7.0, 5.0]), 2)
    assert rows.tolist() == [2, 3]


def test_m3_owners_are_told_apart_and_nobody_is_one_of_them() -> None:
    groups = by_owner([7, 0, 7], np.array([1.0, 0.0, 0.0]), np.array([1.0, 2.0, 3.0]))
    assert [(each.name, each.customers, each.contacted) for each in groups] == [("0", 1, 0), ("7", 2, 1)]
