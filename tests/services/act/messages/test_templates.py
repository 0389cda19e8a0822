"""Templates of messages: made, published whole only, written for customers in their language."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from holdfast.domain.blocks import Block, Content
from holdfast.domain.pictures import MOST_BYTES
from holdfast.domain.refusals import Refusal
from holdfast.domain.templates import Body
from holdfast.services.act.messages import images, values
from holdfast.services.act.messages import templates as acts
from holdfast.services.act.messages.writing import Writer
from holdfast.settings import Settings
from holdfast.store import message_images, message_settings, templates
from holdfast.store.templates import Template
from services.act.people import call, known, subject

BY: dict[str, Any] = {"by": "niamh@example.com", "now_us": 5}
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\x80\0\0\1\xe0" + b"x" * 50


def made(
    settings: Settings, title: str = "Come back", kind: str = "message", *blocks: Block, **more: Any
) -> Template:
    """A template with blocks, kept."""
    template = acts.make(settings, title, kind, "en", **BY)
    content = Content("Hello {{ name | friend }}" if kind == "message" else "", "", blocks)
    body = template.draft.with_content("en", content)
    return acts.keep(settings, template, replace(body, **more), **BY)


def hello() -> Block:
    return Block("text", words="Dear {{ name | friend }}")


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    with pytest.raises(Refusal) as found:
        yield found
    assert found.value.code == code


def test_only_what_was_published_is_sent(base: Settings) -> None:
    template = made(base, "Come back", "message", hello())
    assert template.key == "come_back"
    with refused("no_such_template"):
        Writer(base).write("come_back", "en", {})
    assert acts.publish(base, template, **BY) == 1
    again = templates.keyed(base, "come_back")
    assert again is not None
    changed = again.draft.with_content("en", Content("Other", "", (hello(),)))
    acts.keep(base, again, changed, **BY)
    written = Writer(base).write("come_back", "en", {"name": "Ana"}, 7)
    assert (written.message.subject, written.number, written.variant) == ("Hello Ana", 1, "a")
    assert written.message.text == "Dear Ana\n"
    with refused("moved_on"):
        acts.keep(base, again, changed, **BY)
    with refused("moved_on"):
        acts.publish(base, again, **BY)


def test_two_templates_of_one_name_have_two_keys(base: Settings) -> None:
    assert [acts.make(base, "Hi!", "message", "en", **BY).key for _ in range(3)] == ["hi", "hi_2", "hi_3"]
    with refused("key_taken"):
        acts.make(base, "Other", "message", "en", key="hi_2", **BY)
    with refused("bad_title"):
        acts.make(base, "  ", "message", "en", **BY)
    with refused("bad_kind"):
        acts.make(base, "Hi", "letter", "en", **BY)


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ((), "nothing in it"),
        ((Block("partial", key="foot"),), "shared part “foot”"),
        ((Block("image", image="none.png", alt="x"),), "picture “none.png”"),
    ],
)
def test_what_is_not_whole_is_not_published(base: Settings, blocks: tuple[Block, ...], words: str) -> None:
    with refused("not_whole") as found:
        acts.publish(base, made(base, "Come back", "message", *blocks), **BY)
    assert words in str(found.value.found)


def test_a_shared_part_stands_in_every_message_and_holds_no_other(base: Settings) -> None:
    foot = made(base, "Foot", "part", Block("footer", words="Kelp Ltd, Galway"))
    acts.publish(base, foot, **BY)
    acts.publish(base, made(base, "One", "message", hello(), Block("partial", key="foot")), **BY)
    assert "Kelp Ltd, Galway" in Writer(base).write("one", "en", {}).message.html
    with refused("not_whole"):
        acts.publish(base, made(base, "Other foot", "part", Block("partial", key="foot")), **BY)
    with refused("no_such_template"):
        Writer(base).write("foot", "en", {})


def test_languages_and_variants_are_added_as_copies(base: Settings) -> None:
    template = made(base, "Two", "message", hello())
    body = acts.add_variant(acts.add_language(template.draft, "fa", "en"))
    assert body.languages() == ("en", "fa")
    assert body.fallback == ("en", "fa")
    assert set(body.variants) == {"a", "b"}
    body = body.with_content("en", Content("B", "", (hello(),)), "b")
    acts.publish(base, acts.keep(base, template, body, **BY), **BY)
    writer = Writer(base)
    got = {writer.write("two", "en", {}, unit).message.subject for unit in range(40)}
    assert got == {"Hello friend", "B"}
    assert 'dir="rtl"' in writer.write("two", "fa", {}).message.html
    assert acts.remove_language(body, "fa").languages("b") == ("en",)
    with refused("last_language"):
        acts.remove_language(Body({"a": {"en": Content("x")}}), "en")


def test_a_missing_field_keeps_one_customer_back_and_no_other(base: Settings) -> None:
    acts.publish(base, made(base, "Plan", "message", Block("text", words="Your {{ plan }}")), **BY)
    writer = Writer(base)
    assert writer.missing("plan", "en", {"plan": ""}) == ("plan",)
    with refused("missing_field"):
        writer.write("plan", "en", {})
    assert writer.write("plan", "en", {"plan": "Gold"}).message.text == "Your Gold\n"


def test_links_say_from_which_campaign_and_variant_they_come(base: Settings) -> None:
    button = Block("button", words="Go", link="https://shop.example/")
    template = made(base, "Go", "message", button)
    acts.publish(base, acts.keep(base, template, acts.add_variant(template.draft), **BY), **BY)
    text = Writer(base).write("go", "en", {}, 1).message.text
    assert "https://shop.example/?utm_source=holdfast&utm_medium=email&utm_campaign=go&utm_content=" in text


def test_pictures_are_kept_once_and_fetched_from_our_address(base: Settings) -> None:
    image = images.add_image(base, "our kettle.png", io.BytesIO(PNG), **BY)
    again = images.add_image(base, "other.png", io.BytesIO(PNG), **BY)
    assert image.name == again.name
    assert (image.width, image.height) == (640, 480)
    assert [each.title for each in message_images.listed(base)] == ["our kettle.png"]
    assert message_images.content(base, image.name) == ("image/png", PNG)
    acts.publish(base, made(base, "Look", "message", Block("image", image=image.name, alt="A kettle")), **BY)
    assert "<img" not in Writer(base).write("look", "en", {}).message.html
    message_settings.set_public_url(base, "https://holdfast.shop.example/")
    html = Writer(base).write("look", "en", {}).message.html
    assert f'src="https://holdfast.shop.example/m/i/{image.name}" width="552"' in html


def test_g8_a_picture_of_5_mb_and_one_that_is_none_are_refused(base: Settings) -> None:
    with refused("image_too_large") as found:
        images.add_image(base, "large.png", io.BytesIO(PNG + b"x" * 5_000_000), **BY)
    assert "5.0 MB" in str(found.value.found)
    assert f"{MOST_BYTES // 1_000_000} MB" in str(found.value.expected)
    for content in (b"", b"<svg onload=alert(1)>", b"RIFF0000WEBPVP8 "):
        with refused("bad_image"):
            images.add_image(base, "picture.png", io.BytesIO(content), **BY)
    assert message_images.listed(base) == []


def test_the_values_of_a_customer_are_reached_by_their_names(base: Settings) -> None:
    known(base)
    call(
        base,
        {
            "type": "identify",
            "userId": "ann",
            "traits": {"firstName": "Ann", "plan": "gold", "lang": "fa-IR"},
        },
    )
    found = values.values_of(base, subject(base, "ann"))
    assert (found["name"], found["first_name"], found["plan"], found["email"]) == (
        "Ann",
        "Ann",
        "gold",
        "ann@example.org",
    )
    assert found["company_name"] == base.name
    assert values.language_from(found, "en") == "fa"
    assert values.language_from({}, "en") == "en"
    assert {"name", "first_name", "plan", "company_name"} <= set(values.known_fields(base))
    assert values.values_of(base, 10**9) == {"company_name": base.name}


def test_what_was_taken_away_can_be_brought_back_until_it_is_swept(base: Settings) -> None:
    template = made(base, "Come back", "message", hello())
    acts.publish(base, template, **BY)
    templates.delete(base, template.id, now_us=10)
    assert templates.listed(base) == []
    assert templates.published(base, ["come_back"]) == {}
    templates.restore(base, template.id)
    assert [each.number for each in templates.versions(base, template)] == [1]
    assert templates.body_of(base, template, 1) == template.draft
    templates.delete(base, template.id, now_us=10)
    assert templates.sweep(base, 11) == 1
    assert templates.one(base, template.id) is None
