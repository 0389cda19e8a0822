"""F7 in a real Chromium: the pages of changes of ours can be read by everybody, in any width."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from holdfast.domain.moments import microseconds
from holdfast.services.act.changes import entering, playing
from holdfast.settings import Settings
from holdfast.store import changes
from holdfast.store.changes import Said
from web.history import Happened, Person, bring, unit_of
from web.pages.test_customers import stand
from web.test_browser import WIDTHS, Reading, keep_picture, no_sideways, reading, violations

__all__ = ["reading"]

ANA = Person("c-1", "Ana Popescu", (Happened("2024-03-11T08:00", "Signed Up"),), email="ana@example.org")


@pytest.fixture
def prepared(served: Settings) -> str:
    """A new price that comes late, with its words and its play; its key."""
    now = datetime.now(UTC)
    bring(served, ANA)
    stand(unit_of("c-1"), "Ana Popescu", yearly_minor=12_000)
    words = {"en": {"next_price": "12 euro a month"}, "fa": {"next_price": "ماهی ۱۲ یورو"}}
    effect = now.date() + timedelta(days=20)
    rule = {"fact": "state", "is": "active"}
    said = Said("price", "The price of the plan for small offices rises", "", effect, None, rule, "", words)
    kept = entering.enter(served, said, by="niamh@example.com", now=now)
    changes.list_anew(served, kept, {unit_of("c-1"): 12_000}, now_us=microseconds(now))
    playing.make_play(served, kept, "en", str, by="niamh@example.com", now=now)
    return kept.key


@pytest.mark.long
@pytest.mark.parametrize(("language", "dark"), [("en", False), ("fa", True)], ids=["en-light", "fa-dark"])
def test_n3_axe_finds_nothing_and_nothing_scrolls_sideways(
    reading: Callable[..., Reading], prepared: str, language: str, dark: bool
) -> None:
    window = reading(language, dark=dark)
    there = f"/act/changes/of/{prepared}"
    for name, path in (("list", "/act/changes"), ("one", there), ("edit", f"{there}/edit")):
        for width in WIDTHS:
            window.page.set_viewport_size({"width": width, "height": 900})
            window.open(path)
            assert no_sideways(window.page), f"{path} at {width}"
            if width in (390, 1440):
                assert violations(window.page) == [], f"{path} at {width}"
                keep_picture(window.page, f"changes-{name}-{language}-{width}")
