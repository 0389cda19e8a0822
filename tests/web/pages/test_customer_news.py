"""A customer's page follows what happens while it is open."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from holdfast.services.collect.arrive import accept_calls
from holdfast.services.pulse.tick import Beat
from holdfast.settings import Settings
from holdfast.store import live_sources
from holdfast.store.standings import looked_at
from web.conftest import Address
from web.history import bring, unit_of
from web.pages.test_customer import IOANA

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser


def order(settings: Settings, number: int, key: str = "c-17") -> None:
    """An order of now, through all that the worker does with it."""
    now = datetime.now(UTC)
    now_us = int(now.timestamp() * 1_000_000)
    source = live_sources.ensure(settings, "shop", "segment", now_us=now_us)
    call = {
        "type": "track", "event": "Order Completed", "userId": key, "messageId": f"m{number}",
        "timestamp": now.isoformat(),
        "properties": {"order_id": f"live-{number}", "total": 12 + number, "currency": "EUR"},
    }  # fmt: skip
    accept_calls(settings, source, [call], received_us=now_us)
    beat = Beat()
    try:
        beat.tick(settings, now)
    finally:
        beat.close()


@pytest.fixture
def ioana(served: Settings) -> int:
    bring(served, IOANA)
    order(served, 0)
    return unit_of("c-17")


def test_only_what_changed_is_sent(signed_in: Callable[..., Client], served: Settings, ioana: int) -> None:
    client = signed_in()
    asked = f"/customers/{ioana}/news?since={looked_at(served, ioana)}"
    assert asked in client.get(f"/customers/{ioana}").content.decode()
    assert (client.get(asked).status_code, client.get(asked).content) == (204, b"")
    order(served, 1)
    told = client.get(asked).content.decode()
    assert f"since={looked_at(served, ioana)}" in told
    assert '<div id="now" hx-swap-oob="true">' in told
    assert f'hx-get="/customers/{ioana}"' in told
    assert client.get("/customers/999/news").status_code == 404


def test_who_reads_further_back_keeps_their_place(
    signed_in: Callable[..., Client], served: Settings, ioana: int
) -> None:
    client, here = signed_in(), f"http://testserver/customers/{ioana}"
    for current, older, followed in (
        (here, "", f"/customers/{ioana}"),
        (f"{here}?kind=orders", "", f"/customers/{ioana}?kind=orders"),
        (f"{here}?before=5-ab", "", ""),
        (here, "&older=1", ""),
        (f"{here}?kind=nonsense", "", ""),
    ):
        headers = {"HX-Request": "true", "HX-Current-URL": current}
        told = client.get(f"/customers/{ioana}/news?since=1{older}", headers=headers).content.decode()
        asked = f'<div hx-get="{followed}" hx-trigger="load" hx-target="#happened"'
        assert (asked in told) if followed else ('hx-trigger="load"' not in told), current


def test_an_open_page_shows_an_order_within_moments(
    chromium: Browser, address: Address, served: Settings, ioana: int
) -> None:
    context = chromium.new_context(locale="en", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{address.url}/sign-in")
    page.fill("#email", address.email)
    page.fill("#password", address.password)
    page.click("main .button-main")
    page.wait_for_url("**/measure")
    page.goto(f"{address.url}/customers/{ioana}")
    assert page.get_by_text("Ordered for €77").count() == 0
    began = time.monotonic()
    order(served, 65)
    page.get_by_text("Ordered for €77").wait_for(timeout=15_000)
    assert page.locator("#now").count() == page.locator("#happened").count() == 1
    assert time.monotonic() - began < 15
    context.close()
