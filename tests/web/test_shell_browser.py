"""Find, do, go and undo by keyboard alone, in a real browser (N3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from holdfast.store import segments
from holdfast.store.saved_views import views_for
from web.conftest import Address
from web.pages.test_customers import stand

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route


@pytest.fixture
def desk(chromium: Browser, served: Settings, address: Address) -> Iterator[Page]:
    """A window of somebody who is signed in, with a few customers."""
    from django.test import Client

    from holdfast.store.models import User

    for number, name in enumerate(("Ioana Marin", "Café Lumen", "مریم رستمی"), 1):
        stand(number, name, country="RO" if number == 1 else "IE", amount_minor=900 - number)
    segments.save(served, "gold", "Gold members", {"trait": "plan", "is": "gold"}, now_us=1)
    client = Client()
    client.force_login(User.objects.get())
    context = chromium.new_context(locale="en", viewport={"width": 1200, "height": 800})
    context.add_cookies(
        [{"name": name, "value": each.value, "url": address.url} for name, each in client.cookies.items()]
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(f"{address.url}/customers", wait_until="load")
    yield page
    context.close()
    assert errors == []


def chosen(page: Page) -> str:
    """What the palette would open now."""
    return page.locator('#found [aria-selected="true"]').inner_text()


def test_the_palette_is_worked_by_keys_alone(desk: Page) -> None:
    desk.keyboard.press("Control+k")
    desk.get_by_role("option", name="Make a segment").wait_for()
    field = desk.get_by_role("combobox", name="Find or do")
    desk.keyboard.type("gold")
    desk.get_by_role("option", name="Gold members").wait_for()
    assert "Gold members" in chosen(desk)
    assert field.get_attribute("aria-activedescendant") == desk.locator(
        '#found [aria-selected="true"]'
    ).get_attribute("id")
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("ArrowDown")
    assert "Gold members" in chosen(desk)
    assert field.evaluate("field => field === document.activeElement")
    desk.keyboard.press("Escape")
    assert not desk.locator("#palette").is_visible()
    desk.keyboard.press("Control+k")
    desk.keyboard.type("prefer")
    desk.get_by_role("option", name="Preferences").wait_for()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/settings/preferences")
    desk.keyboard.press("Control+k")
    desk.get_by_role("group", name="Recent").get_by_role("option", name="Customers").wait_for()
    assert "Ioana" not in desk.evaluate("JSON.stringify(localStorage)")


def test_single_letters_go_and_are_never_taken_from_who_types(desk: Page) -> None:
    desk.keyboard.press("j")
    assert desk.evaluate("document.activeElement.innerText") == "Ioana Marin"
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    assert desk.evaluate("document.activeElement.pathname") == "/customers/1"  # which Enter opens
    desk.keyboard.press("g")
    desk.keyboard.press("s")
    desk.wait_for_url("**/segments")
    desk.keyboard.press("g")
    desk.keyboard.press("c")
    desk.wait_for_url("**/customers")
    desk.keyboard.press("/")
    desk.keyboard.type("gm?jx")
    assert desk.get_by_role("searchbox", name="Search customers").input_value() == "gm?jx"
    assert not desk.locator("#keys").is_visible()
    desk.get_by_role("searchbox", name="Search customers").evaluate("field => field.blur()")
    desk.keyboard.press("?")
    assert desk.get_by_role("dialog", name="Keys").is_visible()
    desk.keyboard.press("Escape")
    desk.dispatch_event("body", "keydown", {"key": "ل", "code": "KeyG"})  # a Persian keyboard
    desk.dispatch_event("body", "keydown", {"key": "پ", "code": "KeyM"})
    desk.wait_for_url("**/measure")


def test_keys_that_are_off_do_nothing(desk: Page, address: Address) -> None:
    desk.goto(f"{address.url}/settings/preferences")
    desk.get_by_role("group", name="Keys of one letter").get_by_role("button", name="Off").click()
    desk.locator('html[data-keys="off"]').wait_for()
    desk.keyboard.press("?")
    assert not desk.locator("#keys").is_visible()
    desk.keyboard.press("Control+k")
    assert desk.locator("#palette").is_visible()


def test_a_view_is_saved_found_and_its_deletion_undone(
    desk: Page, served: Settings, address: Address
) -> None:
    desk.goto(f"{address.url}/customers?country=RO")
    desk.get_by_text("Save this view").click()
    desk.get_by_label("Name of the view").fill("Romania")
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.get_by_role("status").get_by_text("Saved as Romania.").wait_for()
    assert desk.get_by_role("link", name="Romania").get_attribute("aria-current") == "true"
    desk.get_by_role("link", name="Change views").click()
    desk.get_by_role("button", name="Delete Romania").click()
    desk.get_by_text("The view Romania is deleted.").wait_for()
    assert views_for(served, 1) == []
    desk.keyboard.press("x")
    desk.get_by_text("The view Romania is back.").wait_for()
    desk.keyboard.press("Control+k")
    desk.keyboard.type("roman")
    desk.get_by_role("option", name="Romania").first.wait_for()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/customers?country=RO")


def test_enter_opens_what_was_typed_however_late_it_is_found(desk: Page) -> None:
    """What was found for fewer letters is still listed then, and is not what was meant."""

    def late(route: Route) -> None:
        if "q=gold" in route.request.url:
            desk.wait_for_timeout(400)
        route.continue_()

    desk.route("**/find?**", late)
    desk.keyboard.press("Control+k")
    desk.get_by_role("option").first.wait_for()
    desk.keyboard.type("gold", delay=1)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/segments/of/gold")


def test_a_term_opens_beside_its_sign(desk: Page) -> None:
    sign = desk.get_by_role("button", name="What it means: New, active")
    sign.click()
    meaning = desk.locator("#term-states")
    assert meaning.is_visible()
    below, beside = meaning.bounding_box(), sign.bounding_box()
    assert below is not None
    assert beside is not None
    assert abs(below["x"] - beside["x"]) < 60
    assert 0 <= below["y"] - (beside["y"] + beside["height"]) < 40
    desk.keyboard.press("Escape")
    assert not meaning.is_visible()


def test_signing_out_forgets_where_one_was(desk: Page) -> None:
    assert "/customers" in desk.evaluate("localStorage.getItem('holdfast.recent')")
    desk.get_by_role("button", name="Sign out").click()
    desk.wait_for_url("**/sign-in")
    assert desk.evaluate("localStorage.getItem('holdfast.recent')") is None
