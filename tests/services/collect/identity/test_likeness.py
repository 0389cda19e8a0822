"""A1: what speaks for two entries being one customer, in the six languages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.likeness import Facts
from holdfast.services.collect.identity.blocks import filed, keys_of
from holdfast.services.collect.identity.likeness import (
    LISTED_FROM,
    POINTS,
    Likeness,
    Prepared,
    likeness,
    local_part,
    phone_tail,
)
from holdfast.services.collect.identity.spelling import company_words, latin, skeleton, words


def facts(unit: int = 1, kind: str = "person", **said: Any) -> Facts:
    return Facts(
        unit, kind, **{name: (value,) if isinstance(value, str) else value for name, value in said.items()}
    )


def compare(a: dict[str, Any], b: dict[str, Any], *, kind: str = "person", sharers: int = 2) -> Likeness:
    return likeness(
        Prepared(facts(1, kind, **a)), Prepared(facts(2, kind, **b)), lambda _kind, _value: sharers
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ştefan POPESCU", "Popescu Stefan"),
        ("Пётр Иванов", "Petr Ivanov"),
        ("Юлия Щерева", "Yuliya Shtereva"),
        ("علي رضایی", "علی رضايی"),
        ("陈晓燕", "陈晓燕"),
    ],
)
def test_one_name_however_it_is_written(one: str, other: str) -> None:
    assert compare({"names": one}, {"names": other}).reasons == ("name_rare",)


def test_what_is_not_spelled_in_latin_letters_is_compared_as_it_is() -> None:
    assert latin("Щъркел") == "shtarkel"
    assert words("مهدی‌زاده") == ["مهدی", "زاده"]
    assert skeleton("陈") == "陈"


@pytest.mark.parametrize(
    ("one", "other"),
    [("popescu", "popesku"), ("yordanova", "iordanova"), ("schmidt", "shmit"), ("filip", "philipp")],
)
def test_words_that_sound_alike_share_a_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_a_company_is_its_name_without_the_legal_form() -> None:
    assert company_words("Acme S.R.L.") == company_words("ACME") == ["acme"]
    assert company_words("Холдинг ЕООД") == ["holding", "eood"], "where nothing else is left"


@pytest.mark.parametrize(
    ("a", "b", "reasons"),
    [
        (
            {"names": "Ana Pop", "phones": "+40722123456"},
            {"names": "Ana Pop", "phones": "0722123456"},
            ("phone", "name_rare"),
        ),
        (
            {"names": "Ana Pop", "emails": "ana.pop77@x.org"},
            {"names": "Ana Pop", "emails": "anapop77+shop@gmail.com"},
            ("name_rare", "local_part"),
        ),
        (
            {"names": "Ana Pop", "birth_dates": "1980-02-01"},
            {"names": "Ana Popp", "birth_dates": "1980-02-01"},
            ("birth_date", "name_near"),
        ),
        (
            {"names": "Ana Pop", "postcodes": "030 167"},
            {"names": "Pop Ana", "postcodes": "030167"},
            ("name_rare", "postcode"),
        ),
        (
            {"names": "A. Popescu", "phones": "+40722123456"},
            {"names": "Ana Popescu", "phones": "+40722123456"},
            ("phone", "name_short"),
        ),
        (
            {"names": "Ana Pop", "addresses": "str. Lungă 7"},
            {"names": "Ana Pop", "addresses": "Lunga 7, Str."},
            ("name_rare", "address"),
        ),
    ],
)
def test_pairs_that_are_listed(a: dict[str, Any], b: dict[str, Any], reasons: tuple[str, ...]) -> None:
    found = compare(a, b)
    assert found.reasons == reasons
    assert found.score >= LISTED_FROM


@pytest.mark.parametrize(
    ("a", "b", "against"),
    [
        (
            {"names": "Ana Pop", "phones": "+40722123456"},
            {"names": "Ion Pop", "phones": "+40722123456"},
            "name_family",
        ),
        (
            {"names": "Ana Pop", "birth_dates": "1980-02-01"},
            {"names": "Ana Pop", "birth_dates": "1955-02-01"},
            "birth_date_other",
        ),
        (
            {"names": "Ana Pop", "phones": "+40722123456"},
            {"names": "Igor Petrov", "phones": "+40722123456"},
            "name_other",
        ),
        ({"names": "Ana Pop", "countries": "RO"}, {"names": "Ana Pop", "countries": "BG"}, "country_other"),
        (
            {"names": "Gabi Pop", "cities": "Iași", "genders": "female"},
            {"names": "Gabi Pop", "cities": "Cluj", "genders": "m"},
            "gender_other",
        ),
    ],
)
def test_pairs_that_are_not(a: dict[str, Any], b: dict[str, Any], against: str) -> None:
    found = compare(a, b)
    assert against in found.reasons
    assert found.score < LISTED_FROM


def test_a_common_name_and_a_number_of_many_say_less() -> None:
    a, b = {"names": "Ana Pop", "phones": "+40722123456"}, {"names": "Ana Pop", "phones": "+40722123456"}
    assert compare(a, b, sharers=9).reasons == ("name", "phone_shared")
    assert compare(a, b, sharers=9).score < compare(a, b, sharers=2).score


def test_people_and_accounts_are_never_one() -> None:
    same = {"names": "Acme", "phones": "+40722123456"}
    assert (
        likeness(Prepared(facts(1, **same)), Prepared(facts(2, "account", **same)), lambda *_: 2).score == 0
    )


def test_a_company_is_known_by_its_domain_too() -> None:
    a = {"names": "Acme SRL", "emails": "office@acme.ro", "countries": "RO"}
    b = {"names": "ACME", "emails": "jo@acme.ro", "countries": "ro"}
    assert compare(a, b, kind="account").reasons == ("name_rare", "domain", "country")
    free = {"names": "Acme", "emails": "acme1@gmail.com"}
    assert "domain" not in compare(free, {"emails": "acme2@gmail.com"}, kind="account").reasons


@pytest.mark.parametrize(
    ("email", "name"), [("info@x.org", ""), ("ann@x.org", ""), ("Ann.Lee+a@x.org", "annlee")]
)
def test_what_stands_before_the_at(email: str, name: str) -> None:
    assert local_part(email) == name


def test_a_number_is_filed_by_its_end() -> None:
    assert phone_tail("+40 722 123 456") == phone_tail("0722123456") == "22123456"
    assert phone_tail("12345") == ""


_said = st.fixed_dictionaries(
    {},
    optional={
        "names": st.lists(
            st.sampled_from(["Ana Pop", "Ion Pop", "A. Pop", "Пётр", "陈晓燕", ""]), max_size=2
        ).map(tuple),
        "phones": st.lists(st.sampled_from(["+40722123456", "722123456", "1"]), max_size=2).map(tuple),
        "emails": st.lists(st.sampled_from(["anapop@x.org", "anapop@y.org", "info@x.org"]), max_size=2).map(
            tuple
        ),
        "birth_dates": st.lists(st.sampled_from(["1980-02-01", "1981-02-01"]), max_size=1).map(tuple),
        "cities": st.lists(st.sampled_from(["Iași", "Cluj"]), max_size=1).map(tuple),
        "countries": st.lists(st.sampled_from(["RO", "BG"]), max_size=1).map(tuple),
        "genders": st.lists(st.sampled_from(["f", "male"]), max_size=1).map(tuple),
    },
)


@given(_said, _said)
def test_neither_side_is_the_first_and_the_score_is_the_sum_of_its_reasons(
    a: dict[str, Any], b: dict[str, Any]
) -> None:
    found = compare(a, b)
    assert compare(b, a).score == found.score
    assert sorted(compare(b, a).reasons) == sorted(found.reasons)
    assert found.score == min(max(sum(POINTS[reason] for reason in found.reasons), 0), 99) / 100


def test_only_those_who_share_a_key_are_compared_and_crowds_are_not() -> None:
    crowd = [facts(n, names="Ana Pop", cities="Iași", phones="+40722000000") for n in range(100, 200)]
    two = [facts(n, names="Ana Pop", phones="+40722123456") for n in (1, 2)]
    alone = [facts(3, names="Ion Rus", phones="+40733123456")]
    keys = filed([*crowd, *two, *alone], lambda subject: subject)
    assert keys.pairs().tolist() == [[1, 2]]
    assert keys.sharers("phone 22000000") == 100
    assert keys.sharers("phone 99999999") == 0


def test_ids_of_one_customer_are_no_pair_and_only_what_changed_is_compared() -> None:
    import numpy as np

    entries = [facts(n, phones="+40722123456") for n in (1, 2, 3, 4)]
    keys = filed(entries, lambda subject: 1 if subject == 2 else subject)
    assert keys.pairs().tolist() == [[1, 3], [1, 4], [3, 4]]
    assert keys.pairs(np.array([3])).tolist() == [[1, 3], [3, 4]]
    assert keys.pairs(np.array([], np.int64)).tolist() == []


def test_a_name_alone_makes_nobody_the_same_and_its_sound_does_in_one_street_or_with_one_birthday() -> None:
    said = {"names": "Ana Popescu", "cities": "Iași", "postcodes": "7001", "birth_dates": "1980-02-01"}
    assert set(keys_of(facts(**said))) == {
        "name ana popescu",
        "there an 7001",
        "there psk 7001",
        "born 1980-02-01 an",
        "born 1980-02-01 psk",
    }
    same = [facts(n, names="Ana Popescu") for n in (1, 2)]
    keys = filed(same, lambda subject: subject)
    assert (keys.pairs().tolist(), keys.sharers("name ana popescu")) == ([], 2)
    one_word = {"names": "Ana Pop", "postcodes": "7001"}, {"names": "Ana Rus", "postcodes": "7001"}
    assert filed([facts(1, **one_word[0]), facts(2, **one_word[1])], lambda each: each).pairs().tolist() == []
    for more in ({"names": "Ana Rus", "birth_dates": "1980"}, {"names": "Pop Ana"}):
        two = [facts(n, **one_word[0], **each) for n, each in ((1, {"birth_dates": "1980"}), (2, {}))]
        two[1] = facts(2, **{"postcodes": "7001", **more})
        assert filed(two, lambda each: each).pairs().tolist() == [[1, 2]], more
    chinese = [facts(n, names="陈晓燕", postcodes="7001") for n in (1, 2)]
    assert filed(chinese, lambda each: each).pairs().tolist() == [[1, 2]]
    companies = [facts(n, "account", names=name) for n, name in ((1, "Acme"), (2, "ACME Ltd"))]
    assert filed(companies, lambda subject: subject).pairs().tolist() == [[1, 2]]
