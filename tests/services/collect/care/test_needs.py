"""A8: what a customer needs is known or becomes a question."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.care import needs, refresh, watch
from holdfast.services.collect.care.traits import edit_trait
from holdfast.services.collect.care.who import who
from holdfast.settings import Settings
from holdfast.store import needs as gaps
from holdfast.store import told
from web.history import Happened, Person, bring, unit_of
from web.pages.test_customers import stand

pytestmark = pytest.mark.parametrize("base", ["sqlite", "postgresql"], indirect=True)

NOW = int(datetime(2024, 7, 1, tzinfo=UTC).timestamp() * 1_000_000)
BY = "niamh@example.com"


@pytest.fixture
def people(base: Settings) -> Settings:
    joined = (Happened("2024-06-01", "Signed Up"),)
    told_of = {"need.bought_for": "Breakfast", "need.values_most": "Taste"}
    bring(base, Person("a", "A", joined, traits=told_of), Person("b", "B", joined), Person("c", "C", joined))
    for at, (key, state) in enumerate((("a", "active"), ("b", "dormant"), ("c", "lapsed"))):
        stand(unit_of(key), key.upper(), state=state, amount_minor=100 * at)
    refresh.refresh(base, now_us=NOW)
    return base


def test_a8_imported_answers_count_and_gaps_are_ranked(people: Settings) -> None:
    rows, more = gaps.gaps(people, 5)
    assert [(row.name, row.known) for row in rows] == [("B", 0), ("A", 2)]
    assert not more
    first, more = gaps.gaps(people, 5, limit=1)
    assert more
    then, _ = gaps.gaps(people, 5, after=(first[0].amount_minor, first[0].unit_id))
    assert [row.name for row in then] == ["A"]


def test_a8_an_answer_closes_its_gap_at_once(people: Settings) -> None:
    about = who(people, unit_of("a"))
    for field in needs.DEFAULT_FIELDS:
        edit_trait(people, about, field.trait, "known", by=BY, now_us=NOW)
    assert [row.name for row in gaps.gaps(people, 5)[0]] == ["B"]
    assert gaps.count_known(people, 5) == (2, 1)
    edit_trait(people, about, "need.constraints", "", by=BY, now_us=NOW + 1)
    assert [(row.name, row.known) for row in gaps.gaps(people, 5)[0]] == [("B", 0), ("A", 4)]


def test_a8_the_profile_says_who_said_what_and_what_to_ask(people: Settings) -> None:
    about = who(people, unit_of("a"))
    edit_trait(people, about, "need.values_most", "Price", by=BY, now_us=NOW)
    profile = needs.needs_of(needs.need_fields(people), told.said_of(people, about.subjects))
    said = {need.field.key: need.said for need in profile}
    assert said["values_most"] is not None
    assert (said["values_most"].value, said["values_most"].made_by) == ("Price", BY)
    assert [row.value for row in profile[1].earlier] == ["Taste"]
    assert said["bought_for"] is not None
    assert said["bought_for"].source == "shop"
    assert said["constraints"] is None


def test_a8_a_company_asks_its_own_questions(people: Settings) -> None:
    needs.save_fields(
        people, [("bought_for", "", ""), ("", "Roast", "Light or dark?"), ("", "برشته", "روشن یا تیره؟")]
    )
    ours, own, persian = needs.need_fields(people)
    assert ours == needs.DEFAULT_FIELDS[0]
    assert (own.trait, own.name, own.question) == ("need.roast", "Roast", "Light or dark?")
    assert persian.key.startswith("field_")
    watch.watch(people, now_us=NOW)
    assert [(row.name, row.known) for row in gaps.gaps(people, 3)[0]] == [("B", 0), ("A", 1)]


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("", "A", "?"), ("", "a", "?")],
        [("", "A", "")],
        [("", "", "?")],
        [("", f"Field {n}", "?") for n in range(13)],
    ],
)
def test_a8_a_profile_that_makes_no_sense_is_refused(
    people: Settings, fields: list[tuple[str, str, str]]
) -> None:
    with pytest.raises(Refusal) as refused:
        needs.save_fields(people, fields)
    assert refused.value.code == "bad_fields"


def test_a8_ones_own_customers_alone(people: Settings) -> None:
    from holdfast.services.collect.care.owners import set_owner
    from holdfast.store.models import User

    me = int(User.objects.create_user(BY, None, role="agent").pk)
    set_owner(people, who(people, unit_of("a")), me, by=BY, now_us=NOW)
    assert [row.name for row in gaps.gaps(people, 5, owner_id=me)[0]] == ["A"]
