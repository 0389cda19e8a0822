"""Messages as blocks: read and written back alike, and refused with the place of what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.domain import blocks as b
from holdfast.domain.marks import links_in
from holdfast.domain.merge_fields import compiled
from holdfast.domain.refusals import Refusal

WHOLE: dict[str, Any] = {
    "subject": "Your plan, {{ first_name | friend }}",
    "preheader": "It ends on {{ plan_end | Friday }}",
    "blocks": [
        {"block": "heading", "words": "Stay", "level": 2},
        {"block": "text", "words": "Dear **{{ first_name | friend }}**", "when": "not plan = gold"},
        {"block": "button", "words": "Renew", "link": "https://shop.example/{{ code }}"},
        {"block": "image", "image": "abc.png", "alt": "The kettle", "link": ""},
        {"block": "columns", "columns": [[{"block": "divider"}], [{"block": "text", "words": "Right"}]]},
        {"block": "quote", "words": "Nice", "by": ""},
        {"block": "footer", "words": "We, [here](mailto:us@shop.example)"},
        {"block": "partial", "key": "our_footer"},
    ],
}


def test_what_is_read_is_written_back_alike() -> None:
    content = b.parse_content(WHOLE)
    assert b.content_as_json(content) == WHOLE
    assert [each.kind for each in b.every(content.blocks)].count("divider") == 1
    assert b.fields_of(content) == ("first_name", "plan_end", "code", "plan")
    assert b.condition_of(content.blocks[1]) == (False, "plan", "gold")
    assert b.condition_of(content.blocks[0]) is None


@pytest.mark.parametrize(
    ("block", "place", "words"),
    [
        ("x", "blocks[0]", "object"),
        ({"block": "script"}, "blocks[0]", "script is no block"),
        ({"block": "text", "words": ""}, "blocks[0].words", "empty"),
        ({"block": "text", "words": 3}, "blocks[0].words", "words"),
        ({"block": "text", "words": "{{ a"}, "blocks[0].words", "stands alone"),
        ({"block": "text", "words": "a\x07"}, "blocks[0].words", "control"),
        ({"block": "text", "words": "x" * 20_001}, "blocks[0].words", "20,000"),
        ({"block": "text", "words": "a", "style": "x"}, "blocks[0]", "style"),
        ({"block": "text", "words": "[a](javascript:alert)"}, "blocks[0].words", "javascript"),
        ({"block": "text", "words": "{{#if a}}**[a](ftp://x)**{{/if}}"}, "blocks[0].words", "ftp"),
        ({"block": "text", "words": "a", "when": "= gold"}, "blocks[0].when", "condition"),
        ({"block": "button", "words": "a", "link": "www.shop.example"}, "blocks[0].link", "begin with"),
        (
            {"block": "button", "words": "a", "link": "{{ to | shop.example }}"},
            "blocks[0].link",
            "begin with",
        ),
        ({"block": "button", "words": "a", "link": "{{ to }} b"}, "blocks[0].link", "blank"),
        ({"block": "button", "words": "a", "link": "https://a.example/ b"}, "blocks[0].link", "blank"),
        ({"block": "button", "words": "a", "link": 'https://a.example/"x'}, "blocks[0].link", "quotation"),
        (
            {"block": "button", "words": "a", "link": "https://a.example/{{#if a}}b{{/if}}"},
            "blocks[0].link",
            "condition",
        ),
        ({"block": "image", "image": "a.png", "alt": ""}, "blocks[0].alt", "do not see"),
        ({"block": "heading", "words": "a", "level": 3}, "blocks[0].level", "level"),
        ({"block": "columns", "columns": [[]]}, "blocks[0].columns", "2 or 3"),
        (
            {"block": "columns", "columns": [[], [{"block": "columns", "columns": [[], []]}]]},
            "blocks[0].columns[1][0].columns",
            "do not stand",
        ),
        ({"block": "columns", "columns": [[], ["x"]]}, "blocks[0].columns[1][0]", "object"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(block: object, place: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        b.parse_content({"subject": "a", "blocks": [block]})
    assert refused.value.code == "bad_message"
    assert f"at {place}:" in str(refused.value.found)
    assert words in str(refused.value.found)


@pytest.mark.parametrize(
    "written", [[], {"blocks": {}}, {"body": ""}, {"subject": "x" * 201}, {"subject": "}}"}]
)
def test_what_is_no_message_is_refused(written: object) -> None:
    with pytest.raises(Refusal):
        b.parse_content(written, "en")


def test_more_blocks_than_anybody_reads_are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        b.parse_blocks([{"block": "divider"}] * 101)
    assert "100" in str(refused.value.found)


def test_links_are_found_within_marks_and_conditions() -> None:
    parts = compiled(
        "**[a](https://a.example)** {{#if x}}*[b](mailto:b@b.example)*{{/if}} [c](https://c/{{ d }})"
    )
    assert [link[0] for link in links_in(parts)] == ["https://a.example", "https://c/", "mailto:b@b.example"]
