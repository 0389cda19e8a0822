"""Every page: axe-core finds nothing, nothing scrolls sideways, nothing moves while it loads, it is light,
and it reads without a script; in light and dark, English and Persian, wide and narrow (N3)."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from web.conftest import Address
from web.every_page import furnish, pages_without_arguments
from web.examples import example_overview
from web.matrix import expected
from web.people import prove
from web.things import LOOKED_AT_ELSEWHERE, NO_PAGES, one_of_each

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, BrowserContext, Page

WIDTHS = (320, 768)
"""Between the widths at which pages are looked at: only that nothing scrolls sideways."""
MOST_BYTES = 100_000
"""A page as it is first seen, compressed, with its style sheets and scripts and without its charts."""
LARGEST_SHIFT = 0.02
"""Of the window, over the loading of a page (web.dev calls 0.1 good)."""
READERS = [
    (language, theme, width)
    for language in ("en", "fa")
    for theme in ("light", "dark")
    for width in (390, 1440)
]
FURTHEST_APART = [("en", "light", 1440), ("fa", "dark", 390)]
"""Two readers who have nothing in common: each page is looked at as one of them in every run of the tests."""
AROUND = ("#nav", ".topbar", ".tabbar", "#palette", "#keys")
"""What stands around every page alike: half of what axe-core would have to look at."""
WATCH_SHIFTS = """
window.__shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
OUR_OWN_SCRIPT = re.compile(r"Blocked script execution in 'http://[^/]*/messages/templates/\d+/frame\?")
"""Frames of messages let no script run, not even the one above, which goes into every frame."""
CHART = re.compile(r'<figure class="chart.*?</figure>', re.S)
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Product:
    """A furnished workspace as it is served, its pages, and somebody who is signed in."""

    address: Address
    paths: list[str]
    client: Client
    person: int


@pytest.fixture
def product(served: Settings, foreseen: None, address: Address, monkeypatch: pytest.MonkeyPatch) -> Product:
    from django.test import Client

    from holdfast.store.models import User
    from holdfast.web.pages.overview import view as overview

    monkeypatch.setattr(overview, "overview", lambda *_, **__: example_overview())

    person = User.objects.get()
    client = Client()
    client.force_login(person)
    prove(client)
    with_arguments = furnish(served) + one_of_each(served, client)
    return Product(address, pages_without_arguments(client) + with_arguments, client, int(person.pk))


@pytest.fixture
def window(chromium: Browser, product: Product) -> Iterator[Callable[..., BrowserContext]]:
    """Opens windows of somebody who is signed in already."""
    opened: list[BrowserContext] = []

    def open_window(language: str, theme: str, width: int, *, script: bool = True) -> BrowserContext:
        from holdfast.store.models import User

        User.objects.filter(pk=product.person).update(language=language)
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=script,
        )
        cookies = product.client.cookies
        context.add_cookies(
            [
                {"name": name, "value": each.value, "url": product.address.url}
                for name, each in cookies.items()
            ]
        )
        opened.append(context)
        return context

    yield open_window
    for context in opened:
        context.close()


def found_by_axe(page: Page, *, around: bool = True) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    left_out = None if around else {"exclude": [[each] for each in AROUND]}
    found = Axe().run(page, context=left_out).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def keep_picture(page: Page, name: str) -> None:
    """A picture for whoever wants to look: ``HOLDFAST_SHOTS=folder pytest -k every_page``."""
    if folder := os.environ.get("HOLDFAST_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def look(
    page: Page, product: Product, path: str, seen: tuple[str, str, int], *, around: bool = True
) -> list[str]:
    """What is wrong with one page as one reader sees it, perhaps without what is around every page."""
    wrong = []
    page.goto(f"{product.address.url}{path}", wait_until="load")
    shift = float(page.evaluate("window.__shift"))
    if shift > LARGEST_SHIFT:
        wrong.append(f"{path} moved by {shift:.3f} while it loaded")
    keep_picture(page, "-".join([re.sub(r"\W+", "-", path).strip("-"), *map(str, seen)]))
    wrong += [f"{path} {each}" for each in found_by_axe(page, around=around)]
    for width in (*WIDTHS, seen[2]):
        page.set_viewport_size({"width": width, "height": 900})
        if is_too_wide(page):
            wrong.append(f"{path} scrolls sideways at {width}")
    return wrong


def faults(
    page: Page, product: Product, paths: list[str], seen: tuple[str, str, int], *, most_around: int = 1_000
) -> list[str]:
    """What is wrong with these pages as one reader sees them, and what they complain of in the console.

    What stands around every page is looked at with the first ``most_around`` of them.
    """
    page.add_init_script(WATCH_SHIFTS)
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    wrong = [
        each
        for number, path in enumerate(paths)
        for each in look(page, product, path, seen, around=number < most_around)
    ]
    said = [each for each in said if not OUR_OWN_SCRIPT.match(each)]
    return wrong + [each for each in said if "404" not in each]  # one of the pages is nowhere


def test_n3_each_page_is_for_one_of_two_readers(
    window: Callable[..., BrowserContext], product: Product
) -> None:
    for number, seen in enumerate(FURTHEST_APART):
        paths = product.paths[number::2]
        assert faults(window(*seen).new_page(), product, paths, seen, most_around=3) == []


@pytest.mark.long
@pytest.mark.parametrize("seen", READERS, ids=lambda seen: "-".join(map(str, seen)))
def test_n3_every_page_is_for_everybody(
    window: Callable[..., BrowserContext], product: Product, seen: tuple[str, str, int]
) -> None:
    assert faults(window(*seen).new_page(), product, product.paths, seen) == []


def test_no_route_that_is_a_page_is_left_out(product: Product) -> None:
    from django.urls import resolve

    there = [path for path in product.paths if path != "/nowhere"]
    answers = {path: product.client.get(path).status_code for path in there}
    assert set(answers.values()) == {200}, [path for path, status in answers.items() if status != 200]
    looked_at = {resolve(path.partition("?")[0]).url_name for path in there}
    pages = {name for name, (reads, _) in expected().items() if reads != "-"}
    assert pages - looked_at == {*LOOKED_AT_ELSEWHERE, *NO_PAGES}


@pytest.mark.long
def test_every_page_reads_without_a_script(window: Callable[..., BrowserContext], product: Product) -> None:
    page = window("fa", "light", 390, script=False).new_page()
    for path in product.paths:
        page.goto(f"{product.address.url}{path}", wait_until="commit")
        page.locator("h1").first.wait_for()
        assert page.locator("main").inner_text().strip(), path


def test_the_first_view_of_every_page_is_light(product: Product) -> None:
    weights = {}
    for path in product.paths:
        answer = product.client.get(path)
        html = answer.content.decode()
        assets = sum(_asset_bytes(product.client, address) for address in set(ASSET.findall(html)))
        weights[path] = len(gzip.compress(CHART.sub("", html).encode())) + assets
    assert max(weights.values()) < MOST_BYTES, sorted(weights.items(), key=lambda each: -each[1])[:5]
    # Together with their charts they stay below what a slow line brings in two seconds.
    assert max(weights.values()) > 20_000  # and the scripts were counted


def _asset_bytes(client: Client, address: str) -> int:
    return len(client.get(address, headers={"Accept-Encoding": "gzip"}).content)
