"""The palette: customers, segments, views, what can be done, pages and settings, for each role."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from holdfast.store import saved_views, segments
from web.pages.test_customers import stand

if TYPE_CHECKING:
    from django.test import Client

ENTRY = re.compile(r'<a href="([^"]*)" role="option".*?</svg><(?:bdi|span)>(.*?)</(?:bdi|span)>', re.S)


def found(client: Client, typed: str = "", recent: str = "") -> dict[str, list[tuple[str, str]]]:
    """Heading -> (address, words) of its entries."""
    text = unescape(client.get("/find", {"q": typed, "recent": recent}).content.decode())
    groups = re.findall(r'role="group" aria-label="(.*?)">(.*?)</div>', text, re.S)
    return {heading: ENTRY.findall(inside) for heading, inside in groups}


@pytest.fixture
def known(served: Settings) -> None:
    stand(7, "Ioana Marin", country="RO")
    stand(8, "مریم رستمی", country="IR")
    segments.save(served, "gold", "Gold members", {"trait": "plan", "is": "gold"}, now_us=1)


@pytest.mark.usefixtures("known")
def test_everything_is_found_by_the_beginning_of_its_words(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in()
    saved_views.add(served, 1, "customers", "Golden Romania", "?country=RO", now_us=1)
    assert found(client, "ioan")["Customers"] == [("/customers/7", "Ioana Marin")]
    assert found(client, "مريم")["Customers"] == [("/customers/8", "مریم رستمی")]  # Arabic yeh
    gold = found(client, "gold")
    assert gold["Segments"] == [("/segments/of/gold", "Gold members")]
    assert gold["Saved views"] == [("/customers?country=RO", "Golden Romania")]
    assert ("/segments/new", "Make a segment") in found(client, "make seg")["Do"]
    assert ("/contact-points", "Contact points") in found(client, "contact")["Go to"]
    assert ("/settings/quarantine", "Quarantine") in found(client, "quar")["Settings"]
    assert ("/settings/kept", "Kept for how long") in found(client, "events go")["Settings"]  # by what it is
    assert found(client, "zzzz") == {}


@pytest.mark.usefixtures("known")
def test_pages_are_found_in_the_readers_language_and_in_english(signed_in: Callable[..., Client]) -> None:
    client = signed_in(language="fa")
    for typed in ("مشتريان", "custom"):  # the first with an Arabic yeh
        assert "/customers" in [url for entries in found(client, typed).values() for url, _ in entries]


@pytest.mark.usefixtures("known")
def test_before_anything_is_typed_what_was_open_last_stands_first(
    signed_in: Callable[..., Client],
) -> None:
    client = signed_in()
    recent = "/customers/7 /settings/keys /customers/99999 https://evil.example //evil /no /segments/of/gold"
    assert found(client, recent=recent)["Recent"] == [
        ("/customers/7", "Ioana Marin"),
        ("/settings/keys", "Make a write key"),
        ("/segments/of/gold", "Gold members"),
    ]
    groups = found(client)
    assert "Recent" not in groups
    assert {"Do", "Go to"} <= groups.keys()


@pytest.mark.usefixtures("known")
def test_n2_nobody_is_offered_what_their_role_may_not_open(signed_in: Callable[..., Client]) -> None:
    client = signed_in("read_only")
    urls = [url for entries in found(client, "", "/settings/keys").values() for url, _ in entries]
    for typed in ("quar", "write", "export", "make", "sou"):
        urls += [url for entries in found(client, typed).values() for url, _ in entries]
    assert urls
    for url in urls:
        assert client.get(url).status_code == 200, url


def test_what_is_typed_stays_text_and_is_cut(signed_in: Callable[..., Client]) -> None:
    text = signed_in().get("/find", {"q": "<b>" + "x" * 5000 + "\0"}).content.decode()
    assert "<b>x" not in text
    assert "Nothing is called so" in text
