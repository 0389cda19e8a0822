"""Merging in a real Chromium: the journey, accessibility, widths, Persian, without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from brought import bring as tell
from brought import subject
from holdfast.services.collect.identity.search import search_duplicates
from holdfast.settings import Settings
from holdfast.store import identity_live
from web.history import Happened, Person, bring
from web.test_browser import Reading, keep_picture, no_sideways, reading, violations

__all__ = ["reading"]
WIDTHS = (320, 390, 1440)


@pytest.fixture
def twice(served: Settings) -> tuple[int, int, int]:
    """Ioana with a long name, twice, with orders; and the account of one of them under another."""
    orders = tuple(
        Happened(
            f"2026-0{month}-11T10:00:00", "Order Completed", 4_500 * month, more={"object_id": f"o{month}"}
        )
        for month in range(1, 6)
    )
    name = "Ioana Alexandra-Ștefania Constantinescu-Dimitrescu"
    traits = {"city": "Cluj-Napoca", "country": "RO", "birth_date": "1980-02-01", "gender": "female"}
    bring(served, Person("c-17", name, orders, "ioana.alexandra77@posta.example", "+40722123456", traits))
    bring(
        served,
        Person("g-99", "Constantinescu Ioana", orders[:1], None, "+4722123456", {"birth_date": "1980-02-01"}),
    )
    tell(
        served,
        {"top": {"name": "Holding Nord"}, "sub": {"name": "Café Lumen"}, "low": {"name": "Kiosk"}},
        namespace="account",
        traits=[("sub", "parent", "top", 1), ("low", "parent", "sub", 1)],
    )
    tell(served, {"c-17": {"account": "sub"}}, traits=[("c-17", "job_title", "Buyer", 1)])
    search_duplicates(served, datetime(2026, 6, 1, tzinfo=UTC))
    return subject(served, "c-17"), subject(served, "g-99"), subject(served, "sub", "account")


@pytest.mark.long
@pytest.mark.parametrize(("language", "dark"), [("en", False), ("fa", True)], ids=["en-light", "fa-dark"])
def test_n3_axe_finds_nothing_and_nothing_scrolls_sideways(
    reading: Callable[..., Reading], twice: tuple[int, int, int], language: str, dark: bool
) -> None:
    a, b, account = twice
    window = reading(language, dark=dark)
    paths = {
        "duplicates": "/customers/duplicates",
        "compare": f"/customers/{a}/and/{b}",
        "ids": f"/customers/{a}/ids?q=ioana",
        "merges": "/customers/merges",
        "accounts": f"/customers/{account}/accounts",
        "customer": f"/customers/{account}",
    }
    for name, path in paths.items():
        for width in WIDTHS:
            window.page.set_viewport_size({"width": width, "height": 900})
            window.open(path)
            assert no_sideways(window.page), (path, width)
            keep_picture(window.page, f"identity-{name}-{language}-{width}")
            if width != 320:
                assert violations(window.page) == [], (path, width)


@pytest.mark.parametrize("script", [True, False])
def test_a1_a_pair_is_merged_and_given_back(
    reading: Callable[..., Reading], served: Settings, twice: tuple[int, int, int], script: bool
) -> None:
    a, b, _ = twice
    window = reading(script=script)
    window.open("/customers/duplicates")
    window.page.click("a.row-link")
    window.page.click("text=Merge the two")
    window.page.wait_for_url("**/customers/duplicates?merged=*")
    assert identity_live.units_of(served, [a, b]) == {a: a, b: a}
    if script:
        keep_picture(window.page, "identity-merged")
    window.page.click(".toast button")
    window.page.wait_for_url("**/customers/merges?undone=*")
    assert identity_live.units_of(served, [a, b]) == {a: a, b: b}
    if script:
        keep_picture(window.page, "identity-undone")
