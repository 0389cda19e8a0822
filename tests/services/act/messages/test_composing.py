"""A message of blocks as HTML and as plain text: whole, safe, in every direction, with the values of one."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.connectors.mails.html import html_to_text
from holdfast.domain.blocks import Block, Content, parse_content
from holdfast.domain.refusals import Refusal
from holdfast.language.languages import language
from holdfast.services.act.messages.composing import Composed, compose, with_gaps
from holdfast.services.act.messages.look import Look

CAMPAIGN = {"utm_source": "holdfast", "utm_campaign": "spring sale"}


def composed(*blocks: dict[str, Any], code: str = "en", subject: str = "Hi", **look: Any) -> Composed:
    content = parse_content({"subject": subject, "preheader": "", "blocks": list(blocks)})
    return compose(content, Look(language(code), **look))


class Tags(HTMLParser):
    """Elements that are open, and every one that was opened."""

    EMPTY = frozenset({"meta", "br", "img", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_block_is_in_both_forms() -> None:
    message = composed(
        {"block": "heading", "words": "Stay"},
        {
            "block": "text",
            "words": "Dear **{{ first_name | friend }}**,\n\nsee [this](https://a.example/?b=1#c).",
        },
        {"block": "button", "words": "Renew", "link": "https://a.example/renew?utm_source=own"},
        {"block": "image", "image": "k.png", "alt": "A kettle", "link": "https://a.example/k"},
        {
            "block": "columns",
            "columns": [[{"block": "text", "words": "Left"}], [{"block": "text", "words": "Right"}]],
        },
        {"block": "quote", "words": "Very\nnice", "by": "Ann"},
        {"block": "divider"},
        {"block": "partial", "key": "foot"},
        campaign=CAMPAIGN,
        shared={"foot": (Block("footer", words="{{ city | Galway }}"), Block("partial", key="foot"))},
        image_url=lambda name: f"https://we.example/m/{name}",
        image_widths={"k.png": 320},
    ).for_customer({"first_name": "Ana"})
    Tags(message.html)
    for words in ("Stay", "Ana", "Renew", "A kettle", "Left", "Right", "Very", "Ann", "Galway"):
        assert words in message.text
        assert words in message.html
    assert "<strong>Ana</strong>" in message.html
    assert "https://a.example/?b=1&utm_source=holdfast&utm_campaign=spring%20sale#c" in message.text
    assert "https://a.example/renew?utm_source=own&utm_campaign=spring%20sale" in message.text
    assert 'src="https://we.example/m/k.png" width="320" alt="A kettle"' in message.html
    assert "> Very\n> nice\n> Ann" in message.text
    assert "\n\n\n" not in message.text
    assert 'width="600"' in message.html
    assert "prefers-color-scheme:dark" in message.html


@pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("fa", "rtl")])
def test_the_direction_is_that_of_the_language(code: str, direction: str) -> None:
    html = composed({"block": "text", "words": "x"}, code=code).for_customer({}).html
    assert f'<html lang="{code}" dir="{direction}">' in html
    assert not re.search(r"(margin|padding|border)-(left|right)|text-align:(left|right)", html)


def test_who_does_not_meet_a_condition_does_not_see_the_block() -> None:
    message = composed(
        {"block": "text", "words": "For gold", "when": "plan = gold"},
        {"block": "text", "words": "For others", "when": "not plan = gold"},
        {"block": "text", "words": "All"},
    )
    gold, other = message.for_customer({"plan": "Gold"}), message.for_customer({})
    for said in (gold.text, gold.html):
        assert "For gold" in said
        assert "For others" not in said
    assert other.text == "For others\n\nAll\n"


def test_a_missing_field_keeps_the_message_back_but_can_be_looked_at() -> None:
    message = composed({"block": "text", "words": "Dear {{ first_name }},"})
    assert message.missing({}) == ("first_name",)
    with pytest.raises(Refusal) as refused:
        message.for_customer({})
    assert refused.value.code == "missing_field"
    shown = Composed("en", message.subject, with_gaps(message.text), with_gaps(message.html)).for_customer({})
    assert "[first_name]" in shown.text
    assert "[first_name]" in shown.html


def test_a_missing_field_of_a_link_can_be_looked_at_too() -> None:
    message = composed(
        {"block": "button", "words": "Open", "link": "{{ your portal }}"},
        {"block": "text", "words": "[here](https://a.example/{{ code }}?b=c)"},
    )
    shown = Composed("en", message.subject, with_gaps(message.text), with_gaps(message.html)).for_customer({})
    for said in (shown.text, shown.html):
        assert "https://%5Byour%20portal%5D" in said
        assert "https://a.example/%5Bcode%5D?b=c" in said
    known = message.for_customer({"your portal": "https://b.example/", "code": "a b"})
    assert "https://b.example/" in known.text and "https://a.example/a%20b?b=c" in known.text


def test_a_picture_that_nobody_can_fetch_is_told_in_words() -> None:
    html = composed({"block": "image", "image": "k.png", "alt": "A <kettle>"}).for_customer({}).html
    assert "<img" not in html
    assert "A &lt;kettle&gt;" in html


def test_a_subject_is_one_line_whatever_the_value() -> None:
    message = composed({"block": "text", "words": "x"}, subject="Hi {{ name }}")
    assert (
        message.for_customer({"name": "Ana\r\nBcc: all@example.com"}).subject == "Hi Ana Bcc: all@example.com"
    )


NASTY = st.text(st.sampled_from("<>&\"'*[]()\\ \nab{{}}jx:/"), max_size=60)


@given(NASTY, NASTY)
def test_whatever_is_written_the_markup_is_whole_and_holds_no_script(words: str, value: str) -> None:
    clean = words.replace("{", "").replace("}", "").strip() or "x"
    try:
        message = composed(
            {"block": "text", "words": clean + " {{ v | <script>alert(1)</script> }} *{{#if v}}**a{{/if}}*"},
            {"block": "button", "words": clean, "link": "https://a.example/{{ v | x }}"},
        )
    except Refusal as refusal:
        assert refusal.code == "bad_message"  # a link in it that leads nowhere
        return
    html = message.for_customer({"v": value}).html
    for tag, attributes in Tags(html).seen:
        assert tag not in ("script", "iframe", "form", "object")
        assert not [name for name in attributes if name.startswith("on")]
        if "href" in attributes:
            assert (attributes["href"] or "").lower().startswith(("https://", "http://", "mailto:"))


def test_the_html_reads_as_a_mail_program_shows_it() -> None:
    message = composed({"block": "text", "words": "One & two\n\nthree"}).for_customer({})
    assert html_to_text(message.html).split("\n\n") == ["One & two", "three"]


def test_an_empty_message_is_still_a_page() -> None:
    Tags(compose(Content(""), Look(language("en"))).for_customer({}).html)
