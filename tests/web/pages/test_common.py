"""E3 on the page, in the API and on the command line: what the lost have in common, and who is behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from holdfast.domain.texts import Text
from holdfast.learning.subgroups import Compared
from holdfast.services.understand import common
from holdfast.services.understand.common import TOO_FEW, Behind, Common, Group
from holdfast.settings import Settings
from holdfast.store import portfolio
from web import warned

if TYPE_CHECKING:
    from django.test import Client

GROUP = Group(
    key="a1b2c3",
    who=Text("{what}: {value}", what=Text("Source"), value="deal_site"),
    state="confirmed",
    earlier=Compared(1_000, 300, 9_000, 900, 3.0, 2.7, 3.4),
    later=Compared(500, 150, 4_500, 450, 3.0, 2.5, 3.6),
    chance=0.005,
    later_chance=0.001,
    lost=450,
    part_of_lost=0.25,
    lost_money_minor=9_000_000,
    now=700,
    now_money_minor=1_200_000,
    gone=(),
    there=(),
)
FOUND = Common(
    day=date(2026, 11, 1),
    horizon_days=90,
    stretches=(date(2025, 8, 9), date(2025, 11, 7), date(2026, 2, 5)),
    later_from=date(2026, 2, 5),
    rows=15_000,
    left=1_800,
    tried=6_120,
    groups=(GROUP, replace(GROUP, key="d4e5f6", who=Text("Country"), state="open", later_chance=None)),
    reason=None,
)


@pytest.fixture
def units(served: Settings) -> dict[str, int]:
    """What a nightly run found: two customers behind the first group, and one who is gone for good."""
    found = warned.company(served)
    gone = (Behind(found["tariq"], date(2026, 2, 20), 250_000), Behind(999_999, date(2026, 2, 21), 1))
    first = replace(GROUP, gone=gone, there=(Behind(found["ioana"], None, 90_000),))
    common.keep(served, replace(FOUND, groups=(first, *FOUND.groups[1:])))
    return found


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.usefixtures("units")
def test_e3_the_page_says_what_was_found_how_sure_and_of_how_many(signed_in: Callable[..., Client]) -> None:
    text = text_of(signed_in("analyst"), "/understand/common")
    for said in (
        "1,800 customers left, over 3 stretches of 90 days each.",
        "1 group stands out, confirmed on later data.",
        "Source: deal_site",
        "30% of them left within 90 days, 10% of the others: 3 times as often, likely 2.5 to 3.6.",
        "too few later losses to confirm it",
        "700 of them are there now, bringing €12,000 a year.",
        "6,120 groups were tried.",
    ):
        assert said in text, said


def test_e3_the_customers_behind_a_group_are_listed_and_the_erased_are_not(
    signed_in: Callable[..., Client], units: dict[str, int]
) -> None:
    text = text_of(signed_in("manager"), "/understand/common?group=a1b2c3")
    assert f"/customers/{units['tariq']}" in text
    assert f"/customers/{units['ioana']}" in text
    assert "999999" not in text


def test_e3_who_sees_only_their_own_customers_sees_no_others(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    text = text_of(signed_in("agent"), "/understand/common?group=a1b2c3")
    assert f"/customers/{units['tariq']}" not in text
    assert "Nobody whom you may see." in text
    assert "90,000" not in text


@pytest.mark.usefixtures("units")
def test_e3_a_group_that_is_not_there_is_refused(signed_in: Callable[..., Client]) -> None:
    assert signed_in("analyst").get("/understand/common?group=nothing").status_code == 404


def test_e3_without_enough_losses_the_page_says_so(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("analyst")
    assert "has not looked yet" in text_of(client, "/understand/common")
    common.keep(served, replace(FOUND, groups=(), reason=TOO_FEW))
    assert "at least 40 losses" in text_of(client, "/understand/common")
