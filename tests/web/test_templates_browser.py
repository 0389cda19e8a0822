"""Templates in a real Chromium (G2): written with the keyboard and without a script, seen while typing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.domain.blocks import Content, parse_blocks
from holdfast.domain.templates import Body
from holdfast.services.act.messages import templates as acts
from holdfast.settings import Settings
from holdfast.store import templates
from holdfast.store.templates import Template
from web.pages.test_templates import BY
from web.test_browser import WIDTHS, Reading, keep_picture, no_sideways, reading, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["reading"]

BLOCKS = [
    {"block": "heading", "words": "Stay a little longer"},
    {"block": "text", "words": "Dear **{{ name | friend }}**,\n\nyour plan ends soon. We would miss you."},
    {"block": "button", "words": "Renew now", "link": "https://shop.example/renew"},
    {
        "block": "columns",
        "columns": [[{"block": "text", "words": "One"}], [{"block": "text", "words": "Two"}]],
    },
    {"block": "quote", "words": "The best kettle I ever had.", "by": "Ann"},
    {"block": "divider"},
    {"block": "footer", "words": "Kelp Ltd, Galway"},
]


def written(settings: Settings, *, blocks: bool = True) -> Template:
    made = acts.make(settings, "Come back", "message", "en", **BY)
    content = made.draft.content("en")
    assert content is not None
    body: Body = made.draft
    if blocks:
        body = body.with_content("en", Content("Hello {{ name | friend }}", "", parse_blocks(BLOCKS)))
    return acts.keep(settings, made, acts.add_language(body, "fa", "en"), **BY)


def said(settings: Settings, template: Template) -> list[str]:
    found = templates.one(settings, template.id)
    assert found is not None
    content = found.draft.content("en")
    assert content is not None
    return [each.words for each in content.blocks]


def add_text(page: Page, words: str) -> None:
    page.click("summary:has-text('Add a block')")
    page.click(".menu-list a:text-is('Text')")
    page.fill("#field-words", words)


def test_g2_a_block_is_seen_while_it_is_typed(served: Settings, reading: Callable[..., Reading]) -> None:
    template = written(served, blocks=False)
    window = reading()
    page = window.page
    window.open(f"/messages/templates/{template.id}/edit")
    add_text(page, "Dear *all* of you")
    page.frame_locator("iframe[name=preview]").locator("em:text-is('all')").wait_for()
    assert said(served, template) == []
    page.click("text=Put it in")
    assert said(served, template) == ["Dear *all* of you"]
    add_text(page, "Second")
    page.click("text=Put it in")
    page.focus("#block-1 button[aria-label^=Move]")
    page.keyboard.press("Enter")
    page.wait_for_url("**block=0**")
    assert said(served, template) == ["Second", "Dear *all* of you"]


def test_it_is_written_without_a_script(served: Settings, reading: Callable[..., Reading]) -> None:
    template = written(served, blocks=False)
    window = reading(script=False)
    page = window.page
    window.open(f"/messages/templates/{template.id}/edit")
    add_text(page, "Dear all")
    page.click("text=Show it in the preview")
    page.frame_locator("iframe[name=preview]").locator("p:text-is('Dear all')").wait_for()
    page.click("text=Put it in")
    assert said(served, template) == ["Dear all"]


@pytest.mark.long
@pytest.mark.parametrize(("language", "dark"), [("en", False), ("fa", True)], ids=["en-light", "fa-dark"])
def test_the_pages_of_templates_are_open_to_everybody_at_every_width(
    served: Settings, reading: Callable[..., Reading], language: str, dark: bool
) -> None:
    template = written(served)
    acts.publish(served, template, **BY)
    window = reading(language, dark=dark)
    page = window.page
    for name, path in (
        ("list", ""),
        ("one", f"/{template.id}"),
        ("narrow", f"/{template.id}?width=narrow&language=fa"),
        ("edit", f"/{template.id}/edit"),
        ("block", f"/{template.id}/edit?block=1"),
        ("column", f"/{template.id}/edit?block=3.0.1&add=image"),
    ):
        window.open(f"/messages/templates{path}")
        assert violations(page) == [], name
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert no_sideways(page), (name, width)
            if width in (390, 1440):
                keep_picture(page, f"templates-{name}-{language}-{width}")
