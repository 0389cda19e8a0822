from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from brought import bring, subject
from holdfast.settings import Settings
from holdfast.store import identity, identity_live, imports, live_sources, readers, sql
from holdfast.store.identity_live import Linked, LinkSaid
from holdfast.store.joining import MOST_TOGETHER
from holdfast.store.reasons import Reasons

NOW_US = 5_000_000


def said(
    left: int, right: int, *, browser: bool = False, at_us: int = 100, reason: str = "identify"
) -> LinkSaid:
    return LinkSaid(left, right, at_us, reason, None, browser)


def link(base: Settings, *pairs: LinkSaid) -> Linked:
    with sql.short_write():
        return identity_live.link_said(base, pairs, NOW_US)


def ids(base: Settings, keys: str, namespace: str = "customer") -> list[int]:
    return identity.assign_subjects(base, namespace, list(keys))


def live(base: Settings) -> int:
    return live_sources.ensure(base, "site", "segment", now_us=1).import_id


def point(base: Settings, import_id: int, who: int, value: str, kind: str = "email") -> Linked:
    """Write a contact point as it arrives, and match it."""
    with sql.short_write():
        sql.write(
            "INSERT INTO contact_point (subject_id, kind, value, import_id, also) "
            "VALUES (%s, %s, %s, %s, '')",
            (who, kind, value, import_id),
        )
        return identity_live.link_matches_live(base, [(who, kind, value)], import_id, NOW_US)


def units(base: Settings, *subjects: int) -> list[int]:
    found = identity_live.units_of(base, subjects)
    assert found == {each: readers.resolved_units(base).get(each, each) for each in subjects}
    return [found[each] for each in subjects]


def test_units_are_those_of_the_readers_whatever_is_asked(base: Settings) -> None:
    a, b, c, d = ids(base, "abcd")
    assert units(base, a, b) == [a, b]
    identity.merge(base, [c, d], by="jo@x.org", now_us=1)
    identity.merge(base, [b, d], by="jo@x.org", now_us=1)
    assert units(base, a, c) == [a, b]
    assert identity_live.units_of(base, []) == {}


def test_units_are_accounts_where_the_workspace_says_so(base: Settings) -> None:
    by_account = replace(base, unit="account")
    bring(base, {"jo": {"account": "acme", "email": "jo@x.org"}}, first_us=1)
    bring(base, {"jo-2": {"account": "best", "email": "jo@x.org"}, "al": {}}, first_us=2)
    best = subject(base, "best", "account")
    jo, jo_2, al, acme = (
        subject(base, "jo"),
        subject(base, "jo-2"),
        subject(base, "al"),
        subject(base, "acme", "account"),
    )
    assert units(by_account, jo, jo_2, al, acme) == [best, best, al, acme]
    identity.merge(base, [best, acme], by="jo@x.org", now_us=1)
    assert units(by_account, jo, acme) == [min(best, acme)] * 2


def test_an_anonymous_id_joins_the_first_known_person_and_no_second(base: Settings) -> None:
    ann, bob = ids(base, "ab")
    device, other = ids(base, "xy", "anonymous")
    assert link(base, said(device, ann)) == Linked(frozenset({device, ann}), 1, 0)
    assert link(base, said(device, ann), said(ann, device)) == Linked()
    assert link(base, said(device, bob)) == Linked(ignored=1), "a device that two people use"
    assert link(base, said(other, device)).made == 1, "one more device of the same person"
    assert link(base, said(other, bob)).ignored == 1
    assert units(base, device, other, ann, bob) == [ann, ann, ann, bob]
    assert sql.read("SELECT COUNT(*) FROM identity_link") == [(2,)]


def test_the_unit_keeps_the_oldest_id_when_history_came_first(base: Settings) -> None:
    (device,) = ids(base, "x", "anonymous")
    (ann,) = ids(base, "a")
    assert link(base, said(device, ann)).units == {device, ann}
    assert units(base, device, ann) == [device, device]


def test_a_browser_joins_no_two_known_people(base: Settings) -> None:
    ann, bob, crm = *ids(base, "ab"), *ids(base, "c", "crm")
    device, other = ids(base, "xy", "anonymous")
    assert link(base, said(ann, crm, browser=True)).ignored == 1
    assert link(base, said(device, ann, browser=True), said(other, bob, browser=True)).made == 2
    assert link(base, said(device, other, browser=True)).ignored == 1
    assert link(base, said(device, other)).ignored == 1, "nor does a server through devices"
    assert link(base, said(ann, crm)) == Linked(frozenset({ann, crm}), 1, 0), "a server names lasting ids"


def test_people_and_accounts_are_not_linked(base: Settings) -> None:
    (ann,), (acme, best) = ids(base, "a"), ids(base, "xy", "account")
    assert link(base, said(ann, acme), said(acme, best)) == Linked(frozenset({acme, best}), 1, 1)


def test_what_a_person_separated_no_call_joins_again_even_by_other_ids(base: Settings) -> None:
    ann, bob = ids(base, "ab")
    device, other = ids(base, "xy", "anonymous")
    link(base, said(ann, bob))
    identity.separate(base, [i for (i,) in sql.read("SELECT id FROM identity_link")], now_us=7)
    assert link(base, said(ann, bob)) == Linked(ignored=1)
    crm, shop = ids(base, "cs", "crm")
    link(base, said(ann, crm), said(bob, shop), said(ann, device), said(bob, other))
    assert link(base, said(crm, shop)) == Linked(ignored=1)
    identity.merge(base, [ann, bob], by="jo@x.org", now_us=9)
    assert units(base, device, other) == [ann, ann], "a person may change his mind"


def test_circles_of_sayings_are_harmless(base: Settings) -> None:
    a, b, c = ids(base, "abc")
    assert link(base, said(a, b), said(b, c), said(c, a), said(a, a)) == Linked(frozenset({a, b, c}), 2, 0)
    assert units(base, a, b, c) == [a, a, a]


def test_a_program_that_makes_up_an_id_for_each_call_does_not_grow_a_customer_without_end(
    base: Settings,
) -> None:
    (ann,) = ids(base, "a")
    devices = identity.assign_subjects(base, "anonymous", [str(n) for n in range(MOST_TOGETHER + 10)])
    found = link(base, *(said(device, ann) for device in devices))
    assert (found.made, found.ignored) == (MOST_TOGETHER - 1, 11)


def test_links_count_from_when_they_were_known_and_never_from_the_future(base: Settings) -> None:
    a, b, c = ids(base, "abc")
    link(base, said(a, b, at_us=1_000), said(b, c, at_us=NOW_US * 2))
    assert readers.resolved_units(base, as_of_us=999) == {}
    assert readers.resolved_units(base, as_of_us=1_000) == {a: a, b: a}
    assert sql.read("SELECT MAX(linked_us) FROM identity_link") == [(NOW_US,)]


def test_values_that_arrive_link_as_those_of_files_do(base: Settings) -> None:
    bring(base, {"a": {"email": "ann@x.org", "phone": "+401"}})
    arrives = live(base)
    ann = subject(base, "a")
    (crm,), (device,) = ids(base, "z", "crm"), ids(base, "x", "anonymous")
    assert point(base, arrives, crm, "ann@x.org") == Linked(frozenset({ann, crm}), 1, 0)
    again = identity_live.link_matches_live(base, [(crm, "email", "ann@x.org")], arrives, NOW_US)
    assert again == Linked()
    assert point(base, arrives, crm, "+401", "phone") == Linked(made=1), "a second reason, nobody moves"
    assert point(base, arrives, device, "ann@x.org").made == 1
    assert units(base, device, crm) == [ann, ann]


def test_role_addresses_and_widely_shared_values_prove_nothing_and_end_what_stood_on_them(
    base: Settings,
) -> None:
    arrives = live(base)
    a, b, c, d = ids(base, "abcd")
    for who in (a, b):
        assert point(base, arrives, who, "info@x.org") == Linked()
    for who in (a, b, c):
        point(base, arrives, who, "+401", "phone")
    assert units(base, a, b, c) == [a, a, a]
    assert point(base, arrives, d, "+401", "phone") == Linked(frozenset({a, b, c}))
    assert units(base, a, b, c, d) == [a, b, c, d]


def test_one_person_has_an_id_in_each_source_and_many_devices(base: Settings) -> None:
    """More ids than three share the address, and still it is one person's."""
    arrives = live(base)
    names = ("customer", "stripe", "shopify", "zendesk", "hubspot")
    people = [ids(base, "a", name)[0] for name in names]
    devices = ids(base, "vwxyz", "anonymous")
    for who in people + devices:
        point(base, arrives, who, "ann@x.org")
    assert set(units(base, *people, *devices)) == {people[0]}
    bring(base, {"q": {"email": "ann@x.org"}})
    assert set(units(base, *people, subject(base, "q"))) == {people[0]}, "a file counts as calls do"


def test_an_anonymous_id_with_an_address_joins_no_two_people(base: Settings) -> None:
    arrives = live(base)
    (device,) = ids(base, "x", "anonymous")
    ann, bob = ids(base, "ab")
    link(base, said(device, ann))
    point(base, arrives, bob, "bob@x.org")
    assert point(base, arrives, device, "bob@x.org") == Linked(ignored=1)
    assert units(base, device, ann, bob) == [device, device, bob]


def test_a_value_of_thousands_is_not_looked_at(base: Settings) -> None:
    arrives = live(base)
    crowd = identity.assign_subjects(base, "customer", [str(n) for n in range(300)])
    sql.write(
        "INSERT INTO contact_point (subject_id, kind, value, import_id, also) "
        "SELECT id, 'phone', '+400', %s, '' FROM subject",
        (arrives,),
    )
    assert identity_live.link_matches_live(base, [(crowd[0], "phone", "+400")], arrives, 1) == Linked()


def test_what_a_person_separated_no_value_joins_again(base: Settings) -> None:
    arrives = live(base)
    a, b = ids(base, "ab")
    point(base, arrives, a, "x@x.org")
    point(base, arrives, b, "x@x.org")
    identity.separate(base, [i for (i,) in sql.read("SELECT id FROM identity_link")], now_us=5)
    (crm,) = ids(base, "c", "crm")
    assert point(base, arrives, crm, "x@x.org").made == 1
    assert units(base, a, b, crm) == [a, b, a]
    point(base, arrives, b, "+401", "phone")
    assert point(base, arrives, a, "+401", "phone") == Linked(ignored=1)


def test_an_undone_import_takes_its_links_along(base: Settings) -> None:
    brought = bring(base, {"a": {"email": "x@x.org"}})
    arrives = live(base)
    b, c = ids(base, "bc", "crm")
    point(base, arrives, b, "x@x.org")
    point(base, arrives, c, "x@x.org")
    imports.undo(base, brought, 9)
    assert identity_live.units_of(base, [b, c]) == {b: b, c: b}, "they still share the address"


@tries(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.booleans()), max_size=12))
def test_whatever_is_said_no_device_and_no_browser_joins_two_known_people(
    workspace: Settings, sayings: list[tuple[int, int, bool]]
) -> None:
    for table in ("identity_link", "subject"):
        sql.write(f"DELETE FROM {table}")
    people, devices = ids(workspace, "abcd"), ids(workspace, "wxyz", "anonymous")
    everyone = people + devices
    for left, right, _ in sayings:
        first = identity_live.units_of(workspace, everyone)
        found = link(workspace, said(everyone[left], everyone[right], browser=True))
        now = identity_live.units_of(workspace, everyone)
        assert found.units == {
            u for who in everyone if first[who] != now[who] for u in (first[who], now[who])
        }
    known = identity_live.units_of(workspace, people)
    assert len(set(known.values())) == len(people)
    assert [known[each] for each in people] == [readers.resolved_units(workspace).get(p, p) for p in people]


def test_b1_a_closed_period_says_that_events_linked_ids(base: Settings) -> None:
    arrives = live(base)
    a, b = ids(base, "ab")
    before = Reasons().since(NOW_US - 1, date(2030, 1, 1))
    link(base, LinkSaid(a, b, NOW_US, "alias", arrives, False))
    after = Reasons().since(NOW_US - 1, date(2030, 1, 1))
    said = [str(each) for each in after if each not in before]
    assert said == ["Events that arrived showed that some ids are one customer."]
    assert Reasons().since(NOW_US, date(2030, 1, 1)) == before
