"""F6: a wish is written down by hand, tied to customers and their money, promised for a day, answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from holdfast.store import cases, portfolio, sql
from holdfast.store.cases import Wanted
from holdfast.store.portfolio import Decided
from holdfast.web.workspace import present
from web import warned

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def units(served: Settings) -> dict[str, int]:
    """Three customers on the list, with what each brings in a year."""
    found = warned.company(served)
    for name, minor in (("ioana", 90_000), ("tariq", 250_000), ("maria", 10_000)):
        sql.write("UPDATE standing SET yearly_minor = %s WHERE unit_id = %s", (minor, found[name]))
    return found


def wish(client: Client, served: Settings, customer: int, title: str, **given: str) -> int:
    """A wish that one of us writes down on the page of a customer; its number."""
    sent = {"customer": str(customer), "title": title, "kind": "wish", **given}
    assert client.post("/cases/make", sent).status_code == 302
    return max(each.id for each in cases.listed(served, Wanted(kind="wish"), 99))


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


def test_f6_wishes_are_written_down_counted_with_their_money_and_answered(
    units: dict[str, int], served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("agent")
    day = (present(served).astimezone(served.zone) + timedelta(days=1)).date().isoformat()
    first = wish(client, served, units["ioana"], "Pause for a month", due=day)
    wish(client, served, units["tariq"], "pause  for a Month")
    wish(client, served, units["maria"], "Tea")
    page = text_of(client, "/cases?kind=wish")
    assert "Wishes by the money behind them" in page
    assert "2 customers, who bring €3,400 a year" in page
    assert "1 customer, who brings €100 a year" in page
    assert page.index("€3,400") < page.index("€100 a year")
    assert "tomorrow" in page
    done = {"outcome": "way_round", "reason": "skip a parcel in the app"}
    assert client.post(f"/cases/{first}/do/solve", done).status_code == 302
    assert "a way round was found: skip a parcel in the app" in text_of(client, "/cases?kind=wish")
    assert client.post(f"/cases/{first}/do/reopen").status_code == 302
    assert client.post(f"/cases/{first}/do/solve", {"outcome": "built"}).status_code == 302
    assert "built as wished" in text_of(client, "/cases?kind=wish")
    assert "Wishes by the money" not in text_of(client, "/cases")


def test_f6_who_sees_only_their_own_customers_counts_no_others(
    units: dict[str, int], served: Settings, signed_in: Callable[..., Client]
) -> None:
    wish(signed_in(), served, units["ioana"], "Pause")
    portfolio.decide(served, Decided(own_only=frozenset({"agent"})))
    assert "who brings" not in text_of(signed_in("agent"), "/cases?kind=wish")
