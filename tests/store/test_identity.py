from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from brought import bring, subject
from holdfast.settings import Settings
from holdfast.store import identity, imports, readers, sql

DAY_US = 86_400_000_000


def together(settings: Settings, *, as_of_us: int | None = None) -> list[list[str]]:
    """The keys that are one customer, for customers of several."""
    names = dict(sql.read("SELECT id, key FROM subject"))
    groups: dict[int, list[str]] = {}
    for each, unit in readers.resolved_units(settings, as_of_us=as_of_us).items():
        groups.setdefault(unit, []).append(names[each])
    return sorted(sorted(group) for group in groups.values() if len(group) > 1)


def test_ids_are_given_once_in_the_order_asked(base: Settings) -> None:
    first = identity.assign_subjects(base, "customer", ["b", "a", "b", "ș", ""])
    assert first[0] == first[2]
    assert len(set(first)) == 4
    assert identity.assign_subjects(base, "customer", ["", "ș", "a", "new"])[:3] == [
        first[4],
        first[3],
        first[1],
    ]
    assert not set(identity.assign_subjects(base, "crm", ["a", "b"])) & set(first), "sources share no ids"
    assert identity.assign_subjects(base, "customer", []) == []


def test_an_id_is_never_given_again(base: Settings) -> None:
    import_id = bring(base, ["ann"])
    ann = subject(base, "ann")
    imports.undo(base, import_id, 5)
    assert sql.read("SELECT COUNT(*) FROM subject") == [(0,)]
    assert subject(base, "ann") > ann


def test_a1_the_same_person_by_email_or_phone(base: Settings) -> None:
    bring(
        base,
        {"1": {"email": "ann@x.org"}, "2": {"phone": "+40711"}, "9": {"email": "zoe@x.org"}},
        namespace="shop",
    )
    bring(
        base, {"a": {"email": "ann@x.org", "phone": "+40711"}, "b": {"email": "bob@x.org"}}, namespace="crm"
    )
    assert together(base) == [["1", "2", "a"]], "a is 1 by address and 2 by number"
    links = readers.unit_links(base)
    assert links.subject_id.tolist() == sorted(links.subject_id.tolist())
    assert set(links.unit_id.tolist()) == {subject(base, "1", "shop")}, "the oldest gives the name"


def test_a1_role_addresses_and_widely_shared_values_prove_nothing(base: Settings) -> None:
    bring(base, {key: {"email": "info@x.org", "phone": "+4000"} for key in "abcd"})
    assert together(base) == []
    bring(base, {key: {"phone": "+4001"} for key in "efg"})
    assert together(base) == [["e", "f", "g"]]


def test_a_value_that_turns_out_to_be_shared_widely_ends_its_links_and_undoing_brings_them_back(
    base: Settings,
) -> None:
    bring(base, {"a": {"phone": "+401"}, "b": {"phone": "+401"}})
    fourth = bring(base, {"c": {"phone": "+401"}, "d": {"phone": "+401"}}, done=False)
    assert together(base) == [["a", "b"]], "an import that is not done ends nothing"
    imports.finish(base, fourth, {}, 9)
    assert together(base) == []
    imports.undo(base, fourth, 10)
    assert together(base) == [["a", "b"]]


def test_links_of_an_import_are_visible_when_it_is_done_and_gone_when_it_is_undone(base: Settings) -> None:
    bring(base, {"a": {"email": "x@x.org"}})
    second = bring(base, {"b": {"email": "x@x.org"}}, done=False)
    assert together(base) == []
    imports.finish(base, second, {}, 9)
    assert together(base) == [["a", "b"]]
    imports.undo(base, second, 10)
    assert together(base) == []


def test_undoing_the_middle_of_a_chain_keeps_what_the_others_prove(base: Settings) -> None:
    first = bring(base, {"a": {"email": "x@x.org"}})
    bring(base, {"b": {"email": "x@x.org"}})
    bring(base, {"c": {"email": "x@x.org"}})
    assert together(base) == [["a", "b", "c"]]
    imports.undo(base, first, 9)
    assert together(base) == [["b", "c"]], "they still share the address"


def test_people_and_accounts_are_not_mixed(base: Settings) -> None:
    bring(base, {"acme": {"email": "jo@acme.org"}, "acme ltd": {"email": "jo@acme.org"}}, namespace="account")
    bring(base, {"jo": {"email": "jo@acme.org"}})
    assert together(base) == [["acme", "acme ltd"]]


def test_b1_links_date_from_the_first_event_of_their_import(base: Settings) -> None:
    """DATA.md: panels use the links of then, metrics those of now."""
    bring(base, {"a": {"email": "x@x.org"}}, first_us=10 * DAY_US)
    bring(base, {"b": {"email": "x@x.org"}}, first_us=20 * DAY_US)
    bring(base, {"c": {"email": "x@x.org"}}, first_us=None, now_us=30 * DAY_US)
    assert together(base, as_of_us=20 * DAY_US - 1) == []
    assert together(base, as_of_us=20 * DAY_US) == [["a", "b"]]
    assert together(base, as_of_us=30 * DAY_US) == together(base) == [["a", "b", "c"]]


def test_a1_merge_by_hand_and_undo_it(base: Settings) -> None:
    bring(base, ["a", "b", "c"])
    ids = [subject(base, key) for key in "abc"]
    made = identity.merge(base, ids, by="jo@x.org", now_us=5)
    assert together(base) == [["a", "b", "c"]]
    assert identity.separate(base, made[:1], now_us=7) == 1
    assert together(base) == [["a", "c"]]
    assert together(base, as_of_us=6) == [["a", "b", "c"]]
    assert identity.separate(base, made[:1], now_us=8) == 0


def test_what_a_person_separated_no_import_joins_again(base: Settings) -> None:
    first = bring(base, {"a": {"email": "x@x.org"}, "b": {"email": "x@x.org"}})
    identity.separate(base, [i for (i,) in sql.read("SELECT id FROM identity_link")], now_us=5)
    assert together(base) == []
    again = bring(
        base, {"a": {"email": "x@x.org", "phone": "+401"}, "b": {"email": "x@x.org", "phone": "+401"}}
    )
    assert together(base) == []
    imports.undo(base, first, 9)
    assert together(base) == []
    imports.undo(base, again, 10)


def test_the_unit_is_the_account_where_the_workspace_says_so(base: Settings) -> None:
    bring(base, {"jo": {"account": "acme"}, "al": {"account": "acme"}, "zed": {}})
    by_account = replace(base, unit="account")
    assert together(by_account) == [["acme", "al", "jo"]]
    assert together(base) == []
    acme = subject(base, "acme", "account")
    links = readers.unit_links(by_account)
    assert links.unit_id.tolist() == [acme, acme]
    assert sorted(readers.unit_facts(by_account).kind) == ["account", "person"]


def test_a_contact_belongs_to_the_account_joined_last_and_brings_other_ids_along(base: Settings) -> None:
    by_account = replace(base, unit="account")
    bring(base, {"jo": {"account": "acme", "email": "jo@x.org"}}, first_us=1)
    second = bring(base, {"jo-2": {"account": "best", "email": "jo@x.org"}}, first_us=2)
    assert together(by_account) == [["best", "jo", "jo-2"]]
    assert together(by_account, as_of_us=1) == [["acme", "jo"]]
    imports.undo(base, second, 9)
    assert together(by_account) == [["acme", "jo"]]


def test_matching_may_be_repeated(base: Settings) -> None:
    bring(base, {"a": {"email": "x@x.org"}})
    second = bring(base, {"b": {"email": "x@x.org"}})
    before = sql.read("SELECT id FROM identity_link")
    assert identity.link_matches(base, second, 99) == 0
    assert sql.read("SELECT id FROM identity_link") == before


@tries(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from("abcdefg"),
        st.tuples(st.sampled_from(["", "1", "2", "3"]), st.sampled_from(["", "+4", "+5"])),
        min_size=1,
    )
)
def test_matching_is_what_the_rule_says_whatever_the_values(
    workspace: Settings, people: dict[str, tuple[str, str]]
) -> None:
    for table in ("identity_link", "contact_point", "trait_row", "sighting", "subject", "import"):
        sql.write(f"DELETE FROM {table}")
    bring(
        workspace,
        {
            key: {"email": name and f"{name}@x.org", "phone": phone or None}
            for key, (name, phone) in people.items()
        },
    )
    pairs = []
    for place in (0, 1):
        holders: dict[str, list[str]] = {}
        for key, values in people.items():
            if values[place]:
                holders.setdefault(values[place], []).append(key)
        pairs += [
            (group[0], each) for group in holders.values() if 2 <= len(group) <= 3 for each in group[1:]
        ]
    groups: list[set[str]] = []
    for pair in pairs:
        touched = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in touched] + [set(pair).union(*touched)]
    assert together(workspace) == sorted(sorted(group) for group in groups)


def test_undoing_the_first_of_two_that_said_the_same_keeps_the_link(base: Settings) -> None:
    both = {"a": {"email": "x@x.org"}, "b": {"email": "x@x.org"}}
    first, second = bring(base, both), bring(base, both)
    imports.undo(base, first, 9)
    assert together(base) == [["a", "b"]]
    assert sql.read("SELECT import_id FROM identity_link") == [(second,)]
    imports.undo(base, second, 10)
    assert together(base) == []
