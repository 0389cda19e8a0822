from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from brought import bring, subject
from holdfast.settings import Settings
from holdfast.store import imports, sql
from holdfast.store.customers import CustomerFilter, CustomerSort, list_customers
from holdfast.store.standings import LONGEST_FACET, Standings, save_standings


def standings(settings: Settings, *told: tuple[str, str, int | None, int]) -> Standings:
    """(key, state, last day, orders)"""
    return Standings(
        unit_id=np.array([subject(settings, key) for key, *_ in told], dtype=np.int64),
        state=[state for _, state, _, _ in told],
        first_day=[0] * len(told),
        last_day=np.ma.masked_invalid([np.nan if last is None else last for _, _, last, _ in told]),
        left_day=[None] * len(told),
        orders=np.array([orders for *_, orders in told]),
        amount_minor=np.array([orders * 100 for *_, orders in told]),
        yearly_minor=[0] * len(told),
    )


def listed(settings: Settings, **wanted: Any) -> list[tuple[str, str, int | None, int]]:
    page = list_customers(settings, CustomerFilter(**wanted), CustomerSort("name", descending=False))
    return [(row.name, row.state, row.last_day, row.orders) for row in page.rows]


def test_only_what_changed_is_written(base: Settings) -> None:
    bring(base, {"a": {"name": "Ann"}, "b": {"name": "Bob"}}, traits=[("a", "country", "RO", 0)])
    told = standings(base, ("a", "active", 5, 2), ("b", "lapsed", 3, 1))
    assert save_standings(base, told) == 2
    assert save_standings(base, told) == 0
    assert save_standings(base, standings(base, ("a", "active", 6, 2), ("b", "lapsed", 3, 1))) == 1
    assert listed(base) == [("Ann", "active", 6, 2), ("Bob", "lapsed", 3, 1)]
    assert sorted(sql.read("SELECT state, country, units FROM standing_count")) == [
        ("active", "RO", 1),
        ("lapsed", "", 1),
    ]


def test_a10_prospects_and_customers_without_events_are_listed_too(base: Settings) -> None:
    bring(base, {"a": {"name": "Ann"}, "p": {"name": "Pia"}}, traits=[("p", "stage", "prospect", None)])
    save_standings(base, standings(base, ("a", "active", 5, 2)))
    assert listed(base) == [("Ann", "active", 5, 2), ("Pia", "", None, 0)]
    assert listed(base, kind="prospect") == [("Pia", "", None, 0)]


def test_who_is_gone_leaves_the_list_and_the_index(base: Settings) -> None:
    bring(base, {"a": {"name": "Ann"}})
    second = bring(base, {"b": {"name": "Bob", "email": "bob@x.org"}})
    told = standings(base, ("a", "active", 5, 2), ("b", "active", 5, 2))
    save_standings(base, told)
    assert listed(base, search="bob@x") == [("Bob", "active", 5, 2)]
    imports.undo(base, second, 9)
    assert save_standings(base, told) == 1
    assert listed(base, search="bob") == []
    assert [name for name, *_ in listed(base)] == ["Ann"]


def test_found_by_name_address_number_and_id_of_every_subject(base: Settings) -> None:
    bring(base, {"C-17": {"name": "Ștefan Ionescu", "email": "stef@x.org", "phone": "+40721123456"}})
    bring(base, {"shop:9": {"email": "stef@x.org"}}, namespace="shop")
    save_standings(base, standings(base, ("C-17", "active", 5, 2)))
    for asked in ("stefan", "ȘTEFAN ion", "stef@x.org", "0721 123 456", "C-17", "shop:9"):
        assert len(listed(base, search=asked)) == 1, asked
    for asked in ("ionel", "C-18", "stef@yy.org"):
        assert listed(base, search=asked) == [], asked


def test_a_new_name_is_found_and_the_old_one_is_not(base: Settings) -> None:
    bring(base, {"a": {"name": "Ann"}})
    told = standings(base, ("a", "active", 5, 2))
    save_standings(base, told)
    bring(base, {"a": {"name": "Zoe"}}, now_us=20_000)
    assert save_standings(base, told) == 1
    assert listed(base, search="ann") == []
    assert listed(base, search="zoe") == [("Zoe", "active", 5, 2)]


def test_units_that_were_merged_are_one_row(base: Settings) -> None:
    bring(base, {"a": {"email": "x@x.org", "name": "Ann"}, "b": {}})
    save_standings(base, standings(base, ("a", "active", 5, 2), ("b", "active", 5, 1)))
    bring(base, {"b": {"email": "x@x.org"}}, now_us=20_000)
    assert save_standings(base, standings(base, ("a", "active", 5, 3))) == 2
    assert listed(base) == [("Ann", "active", 5, 3)]


def test_nobody(base: Settings) -> None:
    nobody = standings(base)
    assert save_standings(base, nobody) == 0
    assert listed(base) == []
    assert replace(nobody, state=[]).state == []


def test_long_values_fit(base: Settings) -> None:
    long = "ș" * 3_000
    bring(
        base,
        {"a": {"name": long}},
        namespace="n" * 300,
        traits=[("a", "t" * 300, long, 0), ("a", "country", long, 0)],
    )
    assert save_standings(base, standings(base)) == 1
    (row,) = list_customers(base, CustomerFilter(), CustomerSort()).rows
    assert row.name == long
    assert row.country == long[:LONGEST_FACET]
