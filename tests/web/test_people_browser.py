"""N2: people come in, in a real Chromium: asked in, with a second factor, on pages that read well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from holdfast.domain import totp
from holdfast.services.people.acting import COMMAND_LINE
from holdfast.services.people.invite import invite
from holdfast.settings import Settings
from holdfast.store import people, providers, second_factor
from web.conftest import Address
from web.people import code
from web.test_browser import Reading, keep_picture, no_sideways, reading, violations

__all__ = ["reading"]


def test_n2_asked_in_with_a_second_factor_and_in_again(
    reading: Callable[..., Reading], served: Settings
) -> None:
    admin = reading()
    admin.open("/settings/people")
    admin.page.fill("#email", "ada@example.com")
    admin.page.select_option("#role", "analyst")
    admin.page.click("main .button-main")
    link = admin.page.inner_text("#invited pre")

    ada = reading(sign_in=False)
    ada.page.goto(link)
    ada.page.fill("#name", "Ada Byron")
    ada.page.fill("#password", "four words of my own")
    ada.page.check("[data-shows]")
    assert ada.page.get_attribute("#password", "type") == "text"
    ada.page.click("main .button-main")
    ada.page.wait_for_selector(".nav-foot")
    ada.open("/settings/me")
    ada.page.click("#factor .button-main")
    who = people.wanted(served, "ada@example.com").id
    secret = second_factor.begin(served, who, now_us=1)
    assert ada.page.locator(".qr-frame svg").bounding_box() is not None
    ada.page.fill("#code", code(secret))
    ada.page.click("main .button-main")
    assert len(ada.page.inner_text("#codes").split()) == 10
    ada.page.click("main .button-main")
    ada.page.click(".nav-foot form button")
    ada.page.wait_for_url("**/sign-in")

    ada.page.fill("#email", "ada@example.com")
    ada.page.fill("#password", "four words of my own")
    ada.page.click("main .button-main")
    ada.page.wait_for_url("**/sign-in/code")
    ada.page.fill("#code", code(secret, later=1))
    ada.page.click("main .button-main")
    ada.page.wait_for_url("**/measure")
    admin.open("/settings/people")
    assert "Ada Byron" in admin.page.inner_text("main table")


@pytest.mark.long
@pytest.mark.parametrize(("language", "dark"), [("en", False), ("fa", True)], ids=["en-light", "fa-dark"])
def test_n3_axe_finds_nothing_and_nothing_scrolls_sideways(
    reading: Callable[..., Reading], served: Settings, address: Address, language: str, dark: bool
) -> None:
    providers.keep(
        served, "work", label="Kelp & Söhne Konzern-Anmeldung", issuer="https://sign-in.kelp-and-sons.example.com",
        client_id="x", secret="y", domains=["kelp-and-sons.example.com", "example.com"], default_role="agent",
        makes_people=True, own_second_factor=False, now_us=1,
    )  # fmt: skip
    asked = invite(
        served, "alexandru.constantin.graniceru@a-very-long-company-name.example.com", "read_only",
        by=COMMAND_LINE, address=address.url, now=datetime.now(UTC),
    )  # fmt: skip
    window, outside = reading(language, dark=dark), reading(language, dark=dark, sign_in=False)
    admin = people.wanted(served, address.email).id
    _look(
        window,
        language,
        "/settings/me",
        "/settings/me/second-factor",
        "/settings/people",
        f"/settings/people/{admin}",
        "/settings/sign-in",
        "/settings/providers",
        "/settings/providers/of/work",
        "/confirm",
    )
    _look(
        outside,
        language,
        "/sign-in",
        "/sign-in/forgotten",
        asked.link.removeprefix(address.url),
    )
    secret = second_factor.begin(served, admin, now_us=10**15)
    assert second_factor.confirm(served, admin, totp.code_of(secret, totp.step_at(10**15)), now_us=10**15)
    outside.open("/sign-in")
    outside.page.fill("#email", address.email)
    outside.page.fill("#password", address.password)
    outside.page.click("main .button-main")
    outside.page.wait_for_url("**/sign-in/code")
    _look(outside, language, "/sign-in/code")


def _look(window: Reading, language: str, *paths: str) -> None:
    """Each path, narrow and wide: nothing sideways, nothing that axe-core finds."""
    for path in paths:
        name = path.strip("/").replace("/", "-")[:30]
        for width in (390, 1440):
            window.page.set_viewport_size({"width": width, "height": 900})
            window.open(path)
            assert no_sideways(window.page), f"{path} at {width}"
            keep_picture(window.page, f"people-{name}-{language}-{width}")
        assert violations(window.page) == [], path
