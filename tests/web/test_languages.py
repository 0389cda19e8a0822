"""N3: every page in every language, and no word on it that no catalogue has seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.language import languages
from holdfast.language.pseudo import unmarked
from holdfast.settings import Settings
from web.history import bring, unit_of
from web.pages.test_customer import IOANA
from web.pages.test_customer_care import write_about
from web.pages.test_customers import stand
from web.quarantined import put_aside
from web.sources import connect

if TYPE_CHECKING:
    from django.test import Client

NAMES = ("Holdfast", "EUR", "UTC", "English", "holdfast.toml", "Esc", "Enter", "Ioana Marin", "Niamh Kelly",
         "niamh@example.com", "admin.xx@example.com", "https://shop.example")  # fmt: skip
DATES = re.compile(r"[–·:,\s\d]*((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*[–·:,\s\d]*)+")
"""What CLDR calls months is no message of ours."""


@pytest.fixture
def paths(served: Settings, foreseen: None) -> list[str]:
    """Every page, with a customer on it."""
    bring(served, IOANA)
    put_aside(served)
    connect(served)
    unit = unit_of("c-17")
    stand(unit, "Ioana Marin", state="dormant", country="RO", orders=3)
    stand(500, "Café Lumen", state="lapsed", kind="account", country="IE")
    stand(501, "مریم رستمی", state="won_back", country="IR", source="")
    write_about(served, unit)
    return [
        "/measure",
        "/customers",
        "/customers?state=lapsed&q=nobody",
        f"/customers/{unit}",
        f"/customers/{unit}?kind=ours",
        "/contact-points",
        "/needs",
        "/foresee",
        "/foresee/backtest",
        "/foresee/model",
        "/foresee/criteria",
        "/settings",
        "/settings/preferences",
        "/settings/company",
        "/views",
        "/settings/keys",
        "/settings/sources",
        "/settings/sources/add/stripe",
        "/settings/sources/of/stripe",
        "/settings/sources/pull",
        "/settings/sources/scores",
        "/settings/events",
        "/settings/events/map?name=Order+Completed",
        "/settings/quarantine",
        "/settings/quarantine/1",
        "/settings/erasures",
        "/settings/kept",
        f"/customers/{unit}/data",
        "/find?q=ioa",
        "/nowhere",
    ]


@pytest.mark.parametrize("code", languages())
def test_n3_every_page_renders_in_every_language(
    signed_in: Callable[..., Client], paths: list[str], code: str
) -> None:
    client = signed_in(language=code)
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 404), path
        text = answer.content.decode()
        assert "{n}" not in text
        if path != "/find?q=ioa":
            direction = "rtl" if code == "fa" else "ltr"
            assert f'lang="{"zh-Hans" if code == "zh" else code}" dir="{direction}"' in text


def test_n3_no_word_on_a_page_is_unmarked(signed_in: Callable[..., Client], paths: list[str]) -> None:
    client = signed_in(language="xx")
    for path in paths:
        found = unmarked(client.get(path).content.decode(), names=NAMES)
        assert [words for words in found if not DATES.fullmatch(words)] == [], path


def test_n3_persian_pages_have_persian_digits(signed_in: Callable[..., Client], paths: list[str]) -> None:
    text = signed_in(language="fa").get(paths[3]).content.decode()
    assert "۹۲\N{NO-BREAK SPACE}یورو" in text
    assert "۱۹ اسفند ۱۴۰۲" in text


def test_n3_the_sign_in_is_marked_too(visitor: Client) -> None:
    visitor.cookies["holdfast_language"] = "xx"
    names = (*NAMES, "Română", "فارسی", "Български", "Русский", "中文", "holdfast user")
    assert unmarked(visitor.get("/sign-in").content.decode(), names=names) == []
