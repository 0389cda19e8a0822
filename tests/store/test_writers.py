from __future__ import annotations

from dataclasses import replace

import numpy as np

from brought import bring, everything, subject
from holdfast.settings import Settings
from holdfast.store import imports, readers, sql, writers

History = list[tuple[str, int, int | None]]


def history(settings: Settings, key: str, trait: str) -> History:
    return [
        (value, start, end)
        for value, start, end in sql.read(
            "SELECT value, valid_from_us, valid_to_us FROM trait_history "
            "WHERE subject_id = %s AND trait = %s ORDER BY valid_from_us, id",
            (subject(settings, key), trait),
        )
    ]


def test_a_trait_counts_from_the_day_it_was_first_seen(base: Settings) -> None:
    bring(base, ["ann"], traits=[("ann", "plan", "gold", None)], now_us=700)
    assert history(base, "ann", "plan") == [("gold", 700, None)]


def test_an_immutable_trait_was_always_so(base: Settings) -> None:
    bring(base, ["ann"], traits=[("ann", "born", "1980", None)], immutable=True, now_us=700)
    assert history(base, "ann", "born") == [("1980", writers.ALWAYS_US, None)]


def test_a_changed_value_closes_the_old_row(base: Settings) -> None:
    bring(base, ["ann"], traits=[("ann", "plan", "gold", None)], now_us=700)
    second = bring(base, ["ann"], traits=[("ann", "plan", "blue", None)], now_us=900)
    assert history(base, "ann", "plan") == [("gold", 700, 900), ("blue", 900, None)]
    imports.undo(base, second, 950)
    assert history(base, "ann", "plan") == [("gold", 700, None)]


def test_the_same_customers_twice_change_nothing(base: Settings) -> None:
    people = {"ann": {"email": "ann@x.org", "phone": "+401", "name": "Ann"}, "bob": {"name": "Bob"}}
    traits = [("ann", "plan", "gold", None), ("bob", "plan", "blue", 5)]
    bring(base, people, traits=traits, now_us=700)
    before = everything(base)
    bring(base, people, traits=traits, now_us=900)
    after = everything(base)
    assert before.pop("sighting") != after.pop("sighting")
    assert before == after


def test_traits_that_arrive_late_take_their_place_in_history(base: Settings) -> None:
    bring(base, ["ann"], traits=[("ann", "plan", "gold", 500)])
    bring(base, ["ann"], traits=[("ann", "plan", "blue", 100), ("ann", "plan", "gold", 600)])
    assert history(base, "ann", "plan") == [("blue", 100, 500), ("gold", 500, None)]


def test_what_an_unfinished_import_says_is_not_seen(base: Settings) -> None:
    bring(base, ["ann"], traits=[("ann", "plan", "gold", None)], now_us=700)
    bring(base, ["ann"], traits=[("ann", "plan", "blue", None)], now_us=900, done=False)
    assert history(base, "ann", "plan") == [("gold", 700, None)]


def test_everything_may_be_written_again_after_a_restart(base: Settings) -> None:
    running = imports.begin(base, "customers", "", [], 1)
    ann, acme = subject(base, "ann"), subject(base, "acme", "account")
    imports.commit(base, running, first_us=1, last_us=2)
    for _ in range(2):
        writers.load_subjects(base, running, [(ann, 5, "a@x.org", "+401", "Ann", acme, 3)], known_us=9)
        writers.load_traits(base, running, [(ann, "plan", "gold", None, 9, False)])
        writers.load_texts(base, running, [(b"k" * 16, ann, 5, "note", "Hello")])
        once = everything(base)
    assert {name: len(rows) for name, rows in once.items() if rows} == {
        "subject": 2,
        "sighting": 1,
        "trait_row": 2,
        "contact_point": 2,
        "account_contact": 1,
        "customer_text": 1,
    }


def test_facts_of_a_unit_are_those_said_last_by_any_of_its_ids(base: Settings) -> None:
    bring(
        base,
        {"a": {"email": "x@x.org", "name": "Ann"}},
        traits=[("a", "country", "RO", 5), ("a", "source", "ads", 5)],
        now_us=5,
    )
    bring(
        base,
        {"b": {"email": "x@x.org", "name": "Ann Pop"}, "c": {}},
        traits=[("b", "country", "BG", 9)],
        now_us=9,
    )
    bring(base, ["p"], traits=[("p", "stage", "Prospect", None)])
    facts = readers.unit_facts(base)
    assert facts.unit_id.dtype == np.int64
    shown = dict(
        zip(
            facts.unit_id.tolist(),
            zip(facts.name, facts.kind, facts.country, facts.source, strict=True),
            strict=True,
        )
    )
    assert shown == {
        subject(base, "a"): ("Ann Pop", "person", "BG", "ads"),
        subject(base, "c"): ("", "person", "", ""),
        subject(base, "p"): ("", "prospect", "", ""),
    }, "A10: prospects stand beside customers"


def test_texts_are_kept_once_by_their_event(base: Settings) -> None:
    bring(base, ["ann"], texts=[(b"1" * 16, "ann", 5, "Hello"), (b"2" * 16, "ann", 6, "")])
    bring(base, ["ann"], texts=[(b"1" * 16, "ann", 5, "Hello")])
    assert sql.read("SELECT text FROM customer_text ORDER BY at_us") == [("Hello",), ("",)]


def test_a_leaking_trait_is_not_seen_in_the_past(base: Settings) -> None:
    """DATA.md: a trait without history counts from the day it was first seen, and only from then."""
    bring(base, ["ann", "bob"], traits=[("ann", "cancelled_reason", "price", None)], first_us=0, now_us=900)
    bring(base, ["bob"], traits=[("bob", "cancelled_reason", "late", 100)], now_us=950)
    bring(base, ["ann"], traits=[("ann", "birth_year", "1980", None)], immutable=True, now_us=900)
    ann, bob = subject(base, "ann"), subject(base, "bob")
    assert readers.traits_as_of(base, "cancelled_reason", as_of_us=500) == {}
    assert readers.traits_as_of(base, "cancelled_reason", as_of_us=901) == {ann: "price"}
    assert readers.traits_as_of(base, "cancelled_reason", as_of_us=950) == {ann: "price", bob: "late"}
    assert readers.traits_as_of(base, "birth_year", as_of_us=500) == {ann: "1980"}


def test_an_account_is_not_called_after_its_contact(base: Settings) -> None:
    by_account = replace(base, unit="account")
    bring(base, {"acme": {"name": "Acme Ltd"}}, namespace="account")
    bring(base, {"jo": {"name": "Jo", "account": "acme"}}, traits=[("jo", "country", "RO", 0)], now_us=99_000)
    facts = readers.unit_facts(by_account)
    assert (facts.name, facts.kind, facts.country) == (["Acme Ltd"], ["account"], [""])
