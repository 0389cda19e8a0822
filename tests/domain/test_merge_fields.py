"""Fields in messages: fallbacks, conditions, what is refused, and that nothing of a value becomes markup."""

from __future__ import annotations

import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain import merge_fields as mf
from holdfast.domain.refusals import Refusal

KNOWN = {"first_name": "Ana", "plan": "Gold", "empty": "  ", "link": "https://we.example/x?a=1&b=2"}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("Dear {{ first_name }},", "Dear Ana,"),
        ("Dear {{first_name|there}},", "Dear Ana,"),
        ("Dear {{ nick name | there }},", "Dear there,"),
        ("Dear {{ empty | friend of ours }},", "Dear friend of ours,"),
        ("{{#if plan}}Plan {{ plan }}.{{/if}}", "Plan Gold."),
        ("{{#if nothing}}x{{else}}y{{/if}}", "y"),
        ("{{#if empty}}x{{else}}y{{/if}}", "y"),
        ("{{#if plan = gold}}shine{{/if}}", "shine"),
        ('{{#if plan = "silver"}}shine{{else}}no{{/if}}', "no"),
        ("{{#unless plan}}x{{else}}y{{/unless}}", "y"),
        ("{{#unless nothing}}x{{/unless}}", "x"),
        ("{{#if plan}}a{{#if first_name}}b{{else}}c{{/if}}d{{/if}}", "abd"),
        ("{{#if nothing}}{{ nothing }}{{/if}}fine", "fine"),
        ("خانم {{ نام | دوست }}", "خانم دوست"),
        ("no fields { at } all", "no fields { at } all"),
    ],
)
def test_a_template_says_what_is_known(template: str, expected: str) -> None:
    assert mf.render(template, KNOWN) == expected


@pytest.mark.parametrize(
    "template", ["Dear {{ nick }},", "Dear {{ empty }},", "{{#if plan}}{{ nick }}{{/if}}"]
)
def test_a_missing_field_is_a_refusal_and_never_an_empty_greeting(template: str) -> None:
    with pytest.raises(Refusal) as refused:
        mf.render(template, KNOWN)
    assert refused.value.code == "missing_field"
    assert mf.missing(mf.compiled(template), KNOWN)


@pytest.mark.parametrize(
    ("template", "code", "line"),
    [
        ("a\n{{ first_name", "half_a_field", 2),
        ("first }} name", "half_a_field", 1),
        ("{{#if plan}}x", "not_closed", 1),
        ("\n\n{{/if}}", "nothing_open", 3),
        ("{{#if plan}}x{{/unless}}", "nothing_open", 1),
        ("{{#if plan}}{{else}}{{else}}{{/if}}", "second_else", 1),
        ("{{ first_name | }}", "empty_fallback", 1),
        ("{{#if plan = }}x{{/if}}", "empty_value", 1),
        ("{{ }}", "bad_name", 1),
        ("{{ a(b) }}", "bad_name", 1),
        ("{{#each orders}}x{{/each}}", "bad_name", 1),
        ("{{#if a}}" * 9 + "{{/if}}" * 9, "too_deep", 1),
        ("x\n{{ wrong }}", "unknown_field", 2),
        ("x" * 100_001, "too_long", 1),
    ],
)
def test_what_is_wrong_is_said_with_its_line(template: str, code: str, line: int) -> None:
    (problem,) = mf.problems(template, ["first_name", "plan", "a"])
    assert (problem.code, problem.line) == (code, line)
    if code != "unknown_field":
        with pytest.raises(Refusal) as refused:
            mf.compiled(template)
        assert refused.value.code == "bad_template"


def test_fields_are_told_in_order_and_which_are_needed() -> None:
    template = "{{ b }}{{ a | x }}{{#if c}}{{ c }}{{ d }}{{else}}{{ c }}{{/if}}{{ b }}"
    assert mf.fields_in(template) == ("b", "a", "c", "d")
    assert mf.needed_by(template) == ("b", "d", "c")


def test_a_link_takes_values_as_parts_or_one_that_may_lead_somewhere() -> None:
    inside = mf.as_link(mf.compiled("https://we.example/?n={{ first_name }}&x={{ q | a b }}"), html=True)
    assert mf.written(inside, {"first_name": "A&B ü"}) == "https://we.example/?n=A%26B%20%C3%BC&amp;x=a%20b"
    whole = mf.as_link(mf.compiled("{{ link }}"), html=True)
    assert mf.written(whole, KNOWN) == "https://we.example/x?a=1&amp;b=2"
    assert mf.written(mf.as_link(mf.compiled("{{ link }}"), html=False), KNOWN) == KNOWN["link"]
    with pytest.raises(Refusal) as refused:
        mf.written(whole, {"link": "javascript:alert(1)"})
    assert refused.value.code == "bad_link"


@given(st.text(), st.text())
def test_html_reads_as_the_plain_words_do(words: str, value: str) -> None:
    template = words.replace("{", "(").replace("}", ")") + "{{ name | <b>you</b> }}"
    html = mf.render_html(template, {"name": value})
    assert unescape(html) == mf.render(template, {"name": value})
    assert not {"<", ">", '"', "'"} & set(html)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(lambda each: each.strip()))
def test_values_are_data_and_never_read_as_templates(value: str) -> None:
    assert mf.render("{{ name }}", {"name": value}) == value.strip()
    assert mf.render("{{ name }}", {"name": "{{ other }}"}) == "{{ other }}"


def test_a_hundred_thousand_are_rendered_in_seconds() -> None:
    template = (
        "Dear {{ first_name | there }}, {{#if plan = gold}}thank you{{else}}come back{{/if}}, {{ plan }}."
    )
    began = time.process_time()
    for _ in range(20_000):
        mf.render(template, KNOWN)
    assert time.process_time() - began < 2, "20,000 take a twentieth of a second"
