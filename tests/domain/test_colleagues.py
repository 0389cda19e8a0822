"""N2: nobody gives what is above them; names are what they seem; an address has one @."""

from __future__ import annotations

import pytest

from holdfast.domain.colleagues import GIVES, clean_address, clean_name, may_give
from holdfast.domain.refusals import Refusal


def test_n2_nobody_gives_a_role_above_their_own() -> None:
    for giver in GIVES:
        assert may_give("admin", giver)
        assert may_give(giver, giver)
        assert may_give(giver, "admin") == (giver == "admin")
        for role in GIVES[giver]:
            assert set(GIVES[role]) <= set(GIVES[giver])
    assert not may_give("agent", "analyst")
    assert not may_give("analyst", "agent")
    assert not may_give("nobody", "read_only")


@pytest.mark.parametrize(
    "sign", "\u202e\u202d\u2066\u2069\u200f\u200e\u061c\ufeff\u00ad\u0007\n\r\t\u2028\ue000"
)
def test_n2_a_name_with_signs_that_nobody_sees_is_refused(sign: str) -> None:
    with pytest.raises(Refusal) as refused:
        clean_name(f"Niamh {sign}Kelly")
    assert refused.value.code == "bad_name"
    assert f"U+{ord(sign):04X}" in str(refused.value)


@pytest.mark.parametrize(
    "name", ["علی\u200cرضا", "陈美玲", "Ștefan Țepeș", "O'Neill-Ó Súilleabháin", "Ёлкин", ""]
)
def test_n2_names_of_every_language_are_kept(name: str) -> None:
    assert clean_name(f"  {name}  ") == name


def test_n2_a_name_is_kept_in_one_spelling_and_not_too_long() -> None:
    assert clean_name("Niamh   Ke\u0301lly") == "Niamh K\u00e9lly"
    with pytest.raises(Refusal, match="201 characters"):
        clean_name("n" * 201)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "niamh",
        "niamh@example",
        "a@b@example.com",
        '"a@b"@example.com',
        "niamh@example.com@evil.example",
        "niamh @example.com",
        "niamh@exam ple.com",
        "niamh@example.com\r\nBcc: all@example.com",
        "@example.com",
        "niamh@example.com,evil@example.com",
        "<niamh@example.com>",
        "niamh\u202e@example.com",
        "a\0@example.com",
        f"{'n' * 65}@example.com",
        f"n@{'e' * 250}.com",
    ],
)
def test_n2_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refusal) as refused:
        clean_address(address)
    assert refused.value.code == "bad_email"
    assert str(refused.value).isprintable()


def test_n2_an_address_is_kept_in_small_letters() -> None:
    assert clean_address(" Niamh.Kelly+shop@Example.COM ") == "niamh.kelly+shop@example.com"
