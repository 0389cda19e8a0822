"""A1: probable duplicates are found, kept up to date, and what a person decided is remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from brought import bring, subject
from holdfast.services.collect.identity import merging
from holdfast.services.collect.identity.comparing import probable
from holdfast.services.collect.identity.search import MOST_OF_ONE, search_duplicates
from holdfast.settings import Settings
from holdfast.store import imports, live_sources, sql

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BY = "jo@x.org"


def twice(base: Settings, *, first: str = "a", second: str = "b", phone: str = "+40722123456") -> list[int]:
    """Two entries that look like one: a name in two alphabets and numbers of one end, apart by spelling."""
    bring(base, {first: {"name": f"Пётр Иванов {phone[-2:]}", "phone": phone}})
    bring(base, {second: {"name": f"Petr Ivanov {phone[-2:]}", "phone": phone.replace("+40", "+4")}})
    return [subject(base, first), subject(base, second)]


def search(base: Settings, hours: int = 0) -> list[tuple[int, int]]:
    search_duplicates(base, NOW + timedelta(hours=hours))
    return [(each.pair.low_id, each.pair.high_id) for each in probable(base).pairs]


def test_a1_probable_duplicates_are_listed_with_score_and_reasons(base: Settings) -> None:
    a, b = twice(base)
    bring(base, {"c": {"name": "Ana Pop", "phone": "+40733123456"}})
    assert search(base) == [(a, b)]
    (listed,) = probable(base).pairs
    assert listed.pair.reasons == ("phone", "name_rare")
    assert listed.pair.score == 0.9
    assert listed.left.names == ("Пётр Иванов 56",)


def test_an_empty_base_has_none(base: Settings) -> None:
    assert search(base) == []
    assert probable(base).total == 0


def test_a_second_search_looks_at_what_changed_and_at_what_is_listed(base: Settings) -> None:
    first = twice(base)
    assert search(base) == [tuple(first)]
    sql.write("UPDATE duplicate_search SET last_point = last_point + 10000, last_trait = last_trait + 10000")
    assert search_duplicates(base, NOW + timedelta(hours=1)).compared == 1, "only the listed pair"
    second = twice(base, first="x", second="y", phone="+40733111222")
    sql.write("UPDATE import SET finished_us = %s WHERE id > 2", (2**60,))
    assert sorted(search(base, hours=2)) == [tuple(first), tuple(second)]


def test_rows_that_arrive_live_are_found_by_their_ids(base: Settings) -> None:
    a, _ = twice(base)
    search(base)
    arrives = live_sources.ensure(base, "site", "segment", now_us=1).import_id
    c = subject(base, "c")
    for trait, value in (("name", "Petr Ivanov 56"), ("birth_date", "1980-02-01")):
        sql.write(
            "INSERT INTO trait_row (subject_id, trait, value, valid_from_us, known_us, import_id, also) "
            "VALUES (%s, %s, %s, 5, 5, %s, '')",
            (c, trait, value, arrives),
        )
    sql.write(
        "INSERT INTO contact_point (subject_id, kind, value, import_id, also) "
        "VALUES (%s, 'phone', '+722123456', %s, '')",
        (c, arrives),
    )
    assert (a, c) in search(base, hours=1)


def test_what_no_longer_holds_goes_from_the_list(base: Settings) -> None:
    bring(base, {"a": {"name": "Petr Ivanov", "phone": "+40722123456"}})
    second = bring(base, {"b": {"name": "Petr Ivanov", "phone": "+4722123456"}})
    assert len(search(base)) == 1
    imports.undo(base, second, 9)
    assert search(base, hours=1) == []


def test_pairs_that_are_one_or_were_decided_are_not_listed_again(base: Settings) -> None:
    first = twice(base)
    second = twice(base, first="x", second="y", phone="+40733111222")
    assert len(search(base)) == 2
    merging.say_different(base, *first, by=BY, now=NOW)
    merging.merge(base, second, by=BY, now=NOW)
    assert probable(base).pairs == ()
    assert search(base, hours=1) == []
    sql.write("DELETE FROM duplicate_search")
    assert search(base, hours=2) == [], "nor by a search of everybody"


def test_a_pair_counts_by_the_customers_of_now(base: Settings) -> None:
    a, b = twice(base)
    bring(base, {"0": {"name": "Somebody Else"}})
    search(base)
    other = subject(base, "0")
    merging.merge(base, [b, other], by=BY, now=NOW)
    assert [(each.pair.low_id, each.pair.high_id) for each in probable(base).pairs] == [(a, b)]
    merging.merge(base, [a, b], by=BY, now=NOW)
    assert probable(base).pairs == ()


def test_who_looks_like_everybody_does_not_fill_the_list(base: Settings) -> None:
    keys = [str(n) for n in range(10, 10 + MOST_OF_ONE + 3)]
    bring(
        base,
        {key: {"name": "Petr Ivanov", "phone": f"+{key}722123456"} for key in keys},
        traits=[(key, "birth_date", "1980-02-01", None) for key in keys],
    )
    found = search(base)
    assert found
    ends = [end for pair in found for end in pair]
    assert max(ends.count(end) for end in ends) <= MOST_OF_ONE


def test_the_list_goes_on_where_a_page_ended(base: Settings) -> None:
    for n in range(3):
        twice(base, first=f"a{n}", second=f"b{n}", phone=f"+4072212345{n}")
    whole = search(base)
    assert len(whole) == 3
    first = probable(base, limit=2)
    rest = probable(base, after=first.after, limit=2)
    shown = [(each.pair.low_id, each.pair.high_id) for page in (first, rest) for each in page.pairs]
    assert sorted(shown) == sorted(whole)
    assert rest.after is None
