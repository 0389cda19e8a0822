"""The pages in a real Chromium: journeys, accessibility, widths, without a script, without an error."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from web.conftest import Address
from web.history import bring, unit_of
from web.pages.test_customer import IOANA
from web.pages.test_customers import stand
from web.quarantined import put_aside

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

WIDTHS = (320, 390, 768, 1440)
FORESEE = ("/foresee", "/foresee/backtest", "/foresee/model", "/foresee/criteria")
ARRIVING = ("/settings/keys", "/settings/events", "/settings/quarantine")
KEPT = ("/settings/erasures", "/settings/kept")
PATHS = ("/measure", "/customers", "/settings", *ARRIVING, *KEPT, *FORESEE)


@dataclass
class Reading:
    """A browser window: who reads, and every complaint that the browser made."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}", wait_until="load")

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture
def reading(chromium: Browser, address: Address) -> Iterator[Callable[..., Reading]]:
    """Opens a window, signed in; afterwards no window may have complained."""
    opened: list[Reading] = []

    def open_window(
        language: str = "en",
        *,
        width: int = 1440,
        dark: bool = False,
        script: bool = True,
        sign_in: bool = True,
    ) -> Reading:
        context = chromium.new_context(
            locale=language,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        window = Reading(context.new_page(), address.url)
        window.page.on("console", window.heard)
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        opened.append(window)
        if sign_in:
            window.open("/sign-in")
            window.page.fill("#email", address.email)
            window.page.fill("#password", address.password)
            window.page.click("main .button-main")
            window.page.wait_for_url("**/measure")
        return window

    yield open_window
    for window in opened:
        window.page.context.close()
    assert [complaint for window in opened for complaint in window.complaints] == []


@pytest.fixture
def full(served: Settings) -> int:
    """A base with some customers, one of them with a history; her unit."""
    bring(served, IOANA)
    put_aside(served)
    unit = unit_of("c-17")
    stand(unit, "Ioana Marin", state="lapsed", country="RO", orders=3, amount_minor=6900,
          first_day=19792, last_day=19801, last_key=19801, left_day=19900)  # fmt: skip
    for number in range(unit + 1, unit + 80):
        stand(number, f"Customer {number}", orders=number % 7, amount_minor=number * 100, country="IE")
    stand(999, "Alexandra-Ștefania Constantinescu-Dimitrescu și fiii", amount_minor=10**12)
    stand(998, "مریم رستمی", country="IR", amount_minor=123456)
    return unit


def no_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def violations(page: Page) -> list[str]:
    """What axe-core finds; its script comes with the test tool, past the page's own policy."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def keep_picture(page: Page, name: str) -> None:
    """A picture for whoever wants to look: ``HOLDFAST_SHOTS=folder pytest -m browser``."""
    if folder := os.environ.get("HOLDFAST_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.long), "fa"])
def test_n3_an_empty_workspace_and_the_sign_in_read_well(
    reading: Callable[..., Reading], language: str
) -> None:
    outside = reading(language, width=390, sign_in=False)
    outside.open("/sign-in")
    assert violations(outside.page) == []
    keep_picture(outside.page, f"sign-in-{language}-390")
    window = reading(language)
    for path in PATHS:
        window.open(path)
        for width in WIDTHS:
            window.page.set_viewport_size({"width": width, "height": 900})
            assert no_sideways(window.page), f"{path} at {width}"
        assert violations(window.page) == [], path
        keep_picture(window.page, f"empty-{path.strip('/')}-{language}")


def test_from_the_list_to_one_customer_and_out(reading: Callable[..., Reading], full: int) -> None:
    page = (window := reading()).page
    page.get_by_role("link", name="Customers").first.click()
    page.wait_for_url("**/customers")
    page.get_by_role("searchbox", name="Search customers").type("ioana")
    page.get_by_text("1 of 1 customer, by what they spent").wait_for()
    assert page.url.endswith("/customers?q=ioana")
    assert page.get_by_role("searchbox", name="Search customers").input_value() == "ioana"
    page.get_by_role("link", name="Ioana Marin").click()
    page.get_by_role("heading", name="Ioana Marin").wait_for()
    assert page.get_by_text("Ordered for €46").is_visible()
    page.go_back()
    page.get_by_text("1 of 1 customer, by what they spent").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.go_back()
    page.wait_for_load_state("networkidle")
    assert "Ioana" not in page.content()
    assert window.complaints == []


def test_filters_and_sorts_change_the_list_in_place(reading: Callable[..., Reading], full: int) -> None:
    window = reading()
    window.open("/customers")
    page = window.page
    page.get_by_text("Country", exact=True).click()
    page.get_by_role("link", name="Romania 1").click()
    page.get_by_text("1 of 1 customer").wait_for()
    assert page.url.endswith("/customers?country=RO")
    page.get_by_role("link", name="Show everyone").click()
    page.get_by_text("50 of 82 customers").wait_for()
    page.get_by_role("columnheader", name="Orders").get_by_role("link").click()
    page.locator('th[aria-sort="descending"]', has_text="Orders").wait_for()
    page.get_by_role("link", name="Next").click()
    page.get_by_text("32 of 82 customers").wait_for()


def test_the_palette_finds_by_keyboard(reading: Callable[..., Reading], full: int) -> None:
    page = reading().page
    page.keyboard.press("Control+k")
    page.keyboard.type("ioa")
    page.locator("#found").get_by_role("option", name="Ioana Marin").wait_for()
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/customers/{full}")


def test_the_formula_opens_and_closes(reading: Callable[..., Reading], full: int) -> None:
    window = reading()
    window.open("/customers")
    menu = window.page.locator("details.menu").first
    menu.locator("summary").click()
    assert menu.get_attribute("open") is not None
    window.page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None


def test_a_choice_of_theme_and_language_takes_effect_at_once(
    reading: Callable[..., Reading], full: int, address: Address
) -> None:
    window = reading()
    window.open("/settings/preferences")
    page = window.page
    page.get_by_role("button", name="Dark").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.get_by_label("Language").select_option("fa")
    page.locator('html[lang="fa"][dir="rtl"]').wait_for()
    page.get_by_role("link", name="مشتریان").first.click()
    page.get_by_role("heading", name="مشتریان", level=1).wait_for()
    assert "۵۰ از ۸۲" in page.locator("main").inner_text()
    first, last = page.locator("thead th").first.bounding_box(), page.locator("thead th").last.bounding_box()
    assert first is not None and last is not None and first["x"] > last["x"]  # read from the right
    page.get_by_role("button", name="خروج").click()
    page.wait_for_url("**/sign-in")
    page.fill("#email", address.email)
    page.fill("#password", address.password)
    page.click("main .button-main")
    page.locator('html[lang="fa"]').wait_for()  # whoever comes again reads as before
    assert page.get_by_role("link", name="مشتریان").first.is_visible()


def test_everything_reads_without_a_script(reading: Callable[..., Reading], full: int) -> None:
    window = reading(script=False, width=390)
    window.open("/customers")
    page = window.page
    page.get_by_role("searchbox", name="Search customers").fill("ioana")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("1 of 1 customer").wait_for()
    page.get_by_role("link", name="Ioana Marin").click()
    page.get_by_text("Ordered for €46").wait_for()
    window.open("/settings/preferences")
    page.get_by_label("Language").select_option("fa")
    page.get_by_role("button", name="Choose").click()
    page.locator('html[lang="fa"]').wait_for()


def test_d5_a_threshold_shows_what_it_means_while_it_is_typed(
    reading: Callable[..., Reading], full: int, foreseen: None
) -> None:
    window = reading()
    window.open("/foresee/criteria")
    page = window.page
    page.get_by_label("Act from a risk of").fill("30")
    page.get_by_text("This is only tried.").wait_for()
    assert "From a risk of 30% on" in page.locator("#said").inner_text()
    page.get_by_role("button", name="Decide so").click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_label("Act from a risk of").input_value() == "30"
    assert page.get_by_text("This is only tried.").count() == 0


def test_d4_going_back_to_a_version_asks_first(
    reading: Callable[..., Reading], full: int, foreseen: None
) -> None:
    window = reading(script=False)
    window.open("/foresee/model")
    page = window.page
    page.get_by_role("button", name="Use again").first.click()
    assert page.get_by_role("heading", name="Use Model 2 again?").is_visible()
    page.get_by_role("button", name="Leave as it is").first.click()
    assert not page.get_by_role("heading", name="Use Model 2 again?").is_visible()
