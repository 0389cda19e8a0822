"""The language of phrases: what each sign means, and what is refused."""

from __future__ import annotations

import re

import pytest

from holdfast.text.patterns import PhraseError, expression, literal_sets, parse

GROUPS = {"staff": "agent* | clerk", "bad": "rude|cold"}


def found(phrase: str, text: str, *, spaced: bool = True) -> bool:
    row = parse(phrase, GROUPS, str.lower)
    return re.search(expression(row, spaced=spaced), text) is not None


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("late", " it was late ", True),
        ("late", " it was later ", False),
        ("late*", " it was later ", True),
        ("*late", " translate ", True),
        ("pay_pal", " pay pal ", True),
        ("pay_pal", " paypal ", True),
        ("{staff} ..2 {bad}", " the agents were so rude ", True),
        ("{staff} ..1 {bad}", " the agents were so rude ", False),
        ("{staff} ..3 {bad}", " the agent . rude ", False),
        ("{staff} ..3 {bad}", " the agent , rude ", False),
        ("{staff} ,,3 {bad}", " the agent , rude ", True),
        ("{staff} ,,3 {bad}", " the agent . rude ", False),
        ("not ?(so|very) good", " not good ", True),
        ("not ?(so|very) good", " not very good ", True),
        ("(take (me|us) off|remove me) ..2 list", " take us off your list ", True),
        ("# days", " 12 days ", True),
        ("# days", " some days ", False),
    ],
)
def test_a_phrase_means_what_the_table_says(phrase: str, text: str, matches: bool) -> None:
    assert found(phrase, text) is matches


def test_without_blanks_a_gap_counts_characters() -> None:
    assert found("客服 ..2 差", ".客服真的差.", spaced=False)
    assert not found("客服 ..1 差", ".客服真的差.", spaced=False)
    assert found("# 天", ".等了十二天.", spaced=False)


@pytest.mark.parametrize(
    ("phrase", "says"),
    [
        ("{staf} rude", "names the group 'staf'"),
        ("(rude|cold", "does not close it"),
        ("rude)", "never opened"),
        ("(rude|) staff", "empty alternative"),
        ("rude ..3", "ends with a gap"),
        ("?(very) rude", "begins with a gap or with something that may be missing"),
        ("rude ..2 ,,3 staff", "two gaps"),
        ("#", "no word that must be there"),
        ("", "no words"),
    ],
)
def test_a_phrase_that_cannot_be_meant_is_refused_with_what_to_do(phrase: str, says: str) -> None:
    with pytest.raises(PhraseError, match=re.escape(says)):
        parse(phrase, GROUPS, str.lower)


def test_what_a_phrase_cannot_do_without_is_found_where_it_matches() -> None:
    row = parse("({staff}|pay_pal desk) ..3 (rude|cold*) # times", GROUPS, str.lower)
    sets = literal_sets(row, spaced=True)
    assert len(sets) == 3
    text = " the paypal desk was coldly rude 3 times "
    assert all(any(literal in text for literal in one) for one in sets[:1])
    assert {" pay pal desk ", " paypal desk ", " agent", " clerk "} in sets
