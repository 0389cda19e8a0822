"""The customer list: every way of finding and sorting gives the same people, a page at a time."""

from __future__ import annotations

from dataclasses import fields

import pytest

from holdfast.settings import Settings
from holdfast.store import customers as listing
from holdfast.store.customers import (
    SORT_KEYS,
    CustomerFilter,
    CustomerSort,
    ListedCustomer,
    count_by_state,
    every_customer,
    facet_counts,
    list_customers,
    one_listed,
)

NAMES = ("Ioana Marin", "مریم رستمی", "陈美玲", "Пётр Иванов", "Ștefan Popescu", "")


@pytest.fixture
def base(workspace: Settings) -> Settings:
    """Ninety customers in every state, with ties in whatever they are sorted by."""
    from django.db import transaction

    from holdfast.domain.search import search_text, sort_key
    from holdfast.store.models import Standing, StandingCount

    rows = []
    for unit in range(1, 91):
        name = NAMES[unit % len(NAMES)]
        rows.append(
            Standing(
                unit_id=unit,
                name=name,
                name_key=sort_key(name),
                state=("active", "lapsed", "new")[unit % 3],
                country=("IE", "RO")[unit % 2],
                source=("ads", "", "friend")[unit % 3],
                amount_minor=unit % 4 - 1,
                orders=unit % 5,
                last_day=unit % 7 or None,
                last_key=unit % 7 or -1_000_000,
                search=search_text([name, f"c{unit}@example.com"]),
            )
        )
    counts: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        where = (row.state, row.country, row.source, row.kind)
        counts[where] = counts.get(where, 0) + 1
    with transaction.atomic():
        Standing.objects.bulk_create(rows)
        StandingCount.objects.bulk_create(
            StandingCount(state=state, country=country, source=source, kind=kind, units=units)
            for (state, country, source, kind), units in counts.items()
        )
    return workspace


def all_pages(settings: Settings, wanted: CustomerFilter, sort: CustomerSort) -> list[ListedCustomer]:
    rows: list[ListedCustomer] = []
    while True:
        page = list_customers(settings, wanted, sort, limit=7)
        rows += page.rows
        if not page.more:
            return rows
        last = page.rows[-1]
        sort = CustomerSort(sort.column, sort.descending, (last.sort_value(sort.column), last.unit_id))


@pytest.mark.parametrize("column", SORT_KEYS)
@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("few", [0, 10_000], ids=["walked", "sorted"])
@pytest.mark.parametrize(
    "wanted", [CustomerFilter(), CustomerFilter(state="lapsed"), CustomerFilter(country="RO", source="")]
)
def test_a7_both_ways_give_everyone_once_and_in_order(
    base: Settings,
    monkeypatch: pytest.MonkeyPatch,
    column,
    descending: bool,
    few: int,
    wanted: CustomerFilter,
) -> None:
    monkeypatch.setattr(listing, "FEW", few)
    rows = all_pages(base, wanted, CustomerSort(column, descending))
    keys = [(row.sort_value(column), row.unit_id) for row in rows]
    assert keys == sorted(keys, reverse=descending)
    assert len(set(keys)) == len(keys) == list_customers(base, wanted, CustomerSort(column)).matching
    assert all(getattr(row, facet) == value for row in rows for facet, value in wanted.chosen().items())


@pytest.mark.parametrize(
    ("typed", "found"),
    [("ioana", 15), ("MARIN ioa", 15), ("stefan", 15), ("مريم", 15), ("美玲", 15), ("陈", 15), ("петр", 15),
     ("c7@example.com", 11), ("nobody", 0), ("ioana nobody", 0)],
)  # fmt: skip
def test_a7_search_finds_however_it_was_typed(base: Settings, typed: str, found: int) -> None:
    page = list_customers(base, CustomerFilter(typed), CustomerSort("name", False), limit=90)
    assert (len(page.rows), page.matching) == (found, found)


def test_a_search_that_finds_very_many_goes_by_id_and_still_finds_all(
    base: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "FEW", 5)
    wanted = CustomerFilter("example", state="active")
    page = list_customers(base, wanted, CustomerSort("amount"), limit=7)
    assert page.matching is None
    rows = all_pages(base, wanted, CustomerSort("amount"))
    assert [row.unit_id for row in rows] == [unit for unit in range(1, 91) if unit % 3 == 0]


@pytest.mark.parametrize("typed", ["i", "  ", "!!"])
def test_the_beginning_of_typing_is_not_a_search_yet(base: Settings, typed: str) -> None:
    assert list_customers(base, CustomerFilter(typed), CustomerSort()).matching == 90


@pytest.mark.parametrize("typed", ['" OR 1=1 --', "a* NEAR b", "(((", "' | '!", "%_"])
def test_n1_what_is_typed_never_becomes_a_query(base: Settings, typed: str) -> None:
    assert list_customers(base, CustomerFilter(typed), CustomerSort()).matching in (0, 90)


def test_counts_of_a_facet_follow_the_other_filters(base: Settings) -> None:
    counts = facet_counts(base, CustomerFilter(state="lapsed", country="RO"))
    assert counts["state"] == {"active": 15, "lapsed": 15, "new": 15}
    assert counts["country"] == {"IE": 15, "RO": 15}
    assert sum(count_by_state(base).values()) == 90


def test_n4_an_export_passes_everyone_once(base: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [row.unit_id for row in every_customer(base, CustomerFilter(), batch=13)]
    assert sorted(names) == list(range(1, 91))
    monkeypatch.setattr(listing, "FEW", 5)
    searched = [row.unit_id for row in every_customer(base, CustomerFilter("example"), batch=13)]
    assert sorted(searched) == list(range(1, 91))


def test_one_row_is_found_by_its_id(base: Settings) -> None:
    row = one_listed(base, 7)
    assert row is not None
    assert row.country == "RO"
    assert one_listed(base, 7000) is None


def test_the_row_carries_no_more_than_the_table_has() -> None:
    from holdfast.store.models import Standing

    assert {each.name for each in fields(ListedCustomer)} <= {
        each.name for each in Standing._meta.get_fields()
    }


def test_a7_a_segment_narrows_every_way_of_listing(base: Settings) -> None:
    from holdfast.store import segments

    made = segments.save(base, "some", "Some", {}, now_us=1)
    inside = {unit for unit in range(1, 91) if unit % 4 == 0}
    segments.apply(base, made, entered=sorted(inside), left=[], day=1, now_us=1, moved=False)
    for sort in (CustomerSort("amount"), CustomerSort("name", descending=False)):
        for few in (2_000, 3):  # sorted in memory, and walked along the index
            listing.FEW = few
            try:
                wanted = CustomerFilter(segment=made)
                assert {row.unit_id for row in all_pages(base, wanted, sort)} == inside
                lost = CustomerFilter(segment=made, state="lapsed")
                found = all_pages(base, lost, sort)
                assert {row.unit_id for row in found} == {unit for unit in inside if unit % 3 == 1}
                assert list_customers(base, lost, sort).matching == len(found)
                assert list_customers(base, wanted, sort).matching == len(inside)
            finally:
                listing.FEW = 2_000
    named = CustomerFilter("ioana", segment=made)
    assert {row.unit_id for row in every_customer(base, named)} == {u for u in inside if u % 6 == 0}
    assert list_customers(base, CustomerFilter(segment=0), CustomerSort()).rows == ()
