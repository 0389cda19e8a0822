"""Every page can be gone to; what may not be opened is not shown; terms say what the glossary says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from holdfast.web.glossary import TERMS
from machine import CHECKOUT

if TYPE_CHECKING:
    from django.test import Client

    from holdfast.web.place import Place

GLOSSARY = CHECKOUT / "docs" / "reference" / "glossary.md"
TEMPLATES = CHECKOUT / "src" / "holdfast" / "web"


def every() -> list[Place]:
    from holdfast.web import places, places_within

    grouped = [place for group in places.SETTINGS for place in group.places]
    return [*places.PLACES, *places.LOOP, *places_within.FURTHER, *grouped, *places.DO, places.SETTINGS_PLACE]


def test_keys_after_g_are_told_apart(served: Settings) -> None:
    from holdfast.web import places, places_within

    with_keys = (*places.PLACES, *places.LOOP, *places_within.FURTHER, places.SETTINGS_PLACE)
    keys = [place.key for place in with_keys if place.key]
    assert len(keys) == len(set(keys))
    assert all(len(key) == 1 and key.isascii() and key.islower() for key in keys)


def test_every_icon_of_a_place_is_drawn(served: Settings) -> None:
    drawn = set(re.findall(r'symbol id="i-([a-z-]+)"', (TEMPLATES / "parts/icons.html").read_text()))
    assert {place.icon for place in every()} <= drawn


@pytest.mark.parametrize("role", ["admin", "manager", "agent", "analyst", "read_only"])
def test_n2_the_frame_offers_only_what_opens(signed_in: Callable[..., Client], role: str) -> None:
    client = signed_in(role)
    text = client.get("/settings").content.decode()
    links = set(re.findall(r'<a [^>]*href="(/[^"#?]*)"', text))
    assert {"/customers", "/measure", "/foresee", "/settings/preferences"} <= links
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


def test_where_one_is_is_marked_once(signed_in: Callable[..., Client]) -> None:
    client = signed_in()
    for path in ("/customers", "/measure", "/foresee", "/inbox", "/segments", "/settings"):
        nav = client.get(path).content.decode().split('id="nav"')[1].split("</nav>")[0]
        (here,) = re.findall(r'<a class="place" href="([^"]*)" aria-current="page"', nav)
        assert path.startswith(here)


def test_the_pages_say_what_the_glossary_says() -> None:
    written = re.sub(r"[*`]", "", GLOSSARY.read_text())
    defined = {
        " ".join(term.split()): " ".join(meaning.split())
        for term, meaning in re.findall(r"^(\S[^\n]*)\n: (.*?)(?=\n\n|\Z)", written, re.S | re.M)
    }
    for term in TERMS.values():
        assert defined[term.words.msgid] == term.meaning.msgid, term.words.msgid


def test_every_term_is_there_and_asked_for() -> None:
    asked = {
        key
        for file in Path(TEMPLATES).rglob("*.html")
        for key in re.findall(r'help\("([a-z_]+)"\)|: "([a-z_]+)"(?=.*get\(column, ""\))', file.read_text())
    }
    assert {help_ or head for help_, head in asked} == TERMS.keys()


def test_a_term_is_explained_on_the_spot(signed_in: Callable[..., Client], served: Settings) -> None:
    text = signed_in(language="fa").get("/segments").content.decode()
    assert 'popovertarget="term-segment"' in text
    assert 'id="term-segment" popover' in text
