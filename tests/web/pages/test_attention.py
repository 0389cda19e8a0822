"""M3, M4 on the page: who was not contacted, and who gets contact against who brings money."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from holdfast.services.collect.care import owners
from holdfast.services.collect.care.who import who
from holdfast.settings import Settings
from holdfast.store import portfolio
from web import warned

if TYPE_CHECKING:
    from django.test import Client


def group(name: str, contacts: float, money: float) -> dict[str, Any]:
    return {
        "name": name,
        "customers": 10,
        "contacted": 3,
        "contacts": 7,
        "money_minor": 1_234_500,
        "share_of_contacts": contacts,
        "share_of_money": money,
    }


@pytest.fixture
def units(served: Settings) -> dict[str, int]:
    """What a nightly run counted."""
    found = warned.company(served)
    kept = {
        "day": 19_900,
        "tenure": [group("new", 0.9, 0.3), group("years", 0.1, 0.7)],
        "size": [group("largest", 0.2, 0.8), group("small", 0.8, 0.2)],
        "owners": [group("0", 0.5, 0.5), group("4711", 0.5, 0.5)],
        "waiting": [[found["tariq"], None, 250_000], [found["ioana"], 120, 90_000], [999_999, 3, 1]],
    }
    served.measured.mkdir(parents=True, exist_ok=True)
    (served.measured / "attention.json").write_text(json.dumps(kept), encoding="utf-8")
    return found


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.usefixtures("units")
def test_m4_contact_stands_against_money_and_neglect_is_named(signed_in: Callable[..., Client]) -> None:
    text = text_of(signed_in("analyst"), "/warn/attention")
    assert "Of <b>20 customers</b>, <b>6</b> had contact" in text
    years = text[text.index("with us for more than 3 years") :].split("</tr>")[0]
    assert "neglected" in years
    assert "70%" in years
    assert "neglected" not in text[text.index("with us for less than 3 months") :].split("</tr>")[0]
    assert "somebody who left" in text
    assert "nobody looks after them" in text


def test_m3_who_waits_stands_by_money_and_one_who_is_gone_is_left_out(
    signed_in: Callable[..., Client], units: dict[str, int]
) -> None:
    text = text_of(signed_in("agent"), "/warn/attention")
    assert text.index("طارق رستمی") < text.index("Ioana Marin")
    assert "never yet" in text
    assert "120 days ago" in text
    assert f"/tasks/new?customer={units['ioana']}" in text
    assert "999999" not in text


def test_m3_who_sees_only_their_own_sees_only_those(
    signed_in: Callable[..., Client], served: Settings, units: dict[str, int]
) -> None:
    from holdfast.store.models import User

    client = signed_in("agent")
    me = User.objects.get(email="agent.en@example.com").pk
    owners.set_owner(served, who(served, units["ioana"]), me, by="x@example.com", now_us=1)
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    text = text_of(client, "/warn/attention")
    assert "Ioana Marin" in text
    assert "طارق" not in text
    assert "Part of the money" not in text


def test_before_the_first_night_the_page_says_what_will_be_here(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    assert "Nothing was counted yet" in text_of(signed_in(), "/warn/attention")


@pytest.mark.usefixtures("units")
def test_a_list_that_there_is_not_is_refused(signed_in: Callable[..., Client]) -> None:
    assert signed_in().get("/warn/attention?whose=everyone").status_code == 400
