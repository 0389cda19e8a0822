from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.identity import is_account, is_role_address, people_sharing, proves_identity, units

pairs = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)))


@pytest.mark.parametrize(
    "address", ["info@x.ro", "INFO@x.ro", "sales+eu@x.org", "no-reply@x.org", "no.reply@x.org"]
)
def test_role_addresses(address: str) -> None:
    assert is_role_address(address)


@pytest.mark.parametrize("address", ["ioana@x.ro", "infodoru@x.ro", "salesh@x.org", "@x.org"])
def test_addresses_of_people(address: str) -> None:
    assert not is_role_address(address)


def test_a1_a_value_of_more_than_three_proves_nothing() -> None:
    assert [proves_identity("phone", "+40711", sharers) for sharers in range(1, 6)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert not proves_identity("email", "office@x.org", 2)
    assert proves_identity("phone", "office@x.org", 2)


def test_a_person_has_one_id_in_each_source_and_any_number_of_devices() -> None:
    assert people_sharing({"customer": 1, "stripe": 1, "shop": 1, "crm": 1, "anonymous": 9}) == 1
    assert people_sharing({"customer": 2, "stripe": 4}) == 4
    assert people_sharing({"anonymous": 9}) == 1


def test_accounts_have_namespaces_of_their_own() -> None:
    assert [is_account(name) for name in ("account", "account:crm", "accounting", "customer")] == [
        True,
        True,
        False,
        False,
    ]


@given(pairs, st.randoms())
def test_the_order_of_links_does_not_matter(links: list[tuple[int, int]], random: object) -> None:
    shuffled = [(b, a) for a, b in links]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert units(links) == units(shuffled)


@given(pairs)
def test_what_hangs_together_is_one_unit_named_by_its_oldest(links: list[tuple[int, int]]) -> None:
    unit_of = units(links)
    assert set(unit_of) == {each for pair in links for each in pair}
    assert all(unit_of[a] == unit_of[b] for a, b in links)
    for unit in set(unit_of.values()):
        members = {subject for subject, of in unit_of.items() if of == unit}
        assert unit == min(members)
        assert _reachable(min(members), links) == members


@given(pairs, pairs)
def test_an_unrelated_link_changes_nobody_else(
    links: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    far = [(a + 100, b + 100) for a, b in others]
    alone = units(links)
    assert {subject: unit for subject, unit in units(links + far).items() if subject < 100} == alone


def _reachable(start: int, links: list[tuple[int, int]]) -> set[int]:
    found, edge = {start}, {start}
    while edge:
        near = {b for a, b in links if a in edge} | {a for a, b in links if b in edge}
        edge = near - found
        found |= edge
    return found
