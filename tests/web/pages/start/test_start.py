"""The guided start: each step decides, can be left, resumed and decided again; only deciders decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.services.keep import begin
from holdfast.settings import Settings, read_settings, write_settings
from holdfast.store import asked, start
from web.pages.imports.test_bringing import take, work_off

if TYPE_CHECKING:
    from django.test import Client

COMPANY = {"name": "Cornflower", "currency": "ron", "timezone": "Europe/Bucharest",
           "calendar": "gregorian", "country": "ro", "language": "ro"}  # fmt: skip


def shop(days: int = 400) -> str:
    """Orders of forty people, a third of whom fell silent."""
    from datetime import date, timedelta

    lines = ["customer,at,amount"]
    for person in range(40):
        last = days if person % 3 else days // 2
        for day in range(person % 20, last, 20 + person % 5):
            on = date(2025, 1, 1) + timedelta(days=day)
            lines.append(f"c-{person},{on.isoformat()},{10 + person}.50")
    return "\n".join(lines) + "\n"


def test_a_new_workspace_opens_with_the_guided_start(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("admin")
    assert client.get("/")["Location"] == "/start"
    page = client.get("/start").content.decode()
    assert "0 of 5 steps are done." in page and 'href="/start/workspace"' in page
    assert "Begin the guided start" in client.get("/measure").content.decode()


def test_steps_are_decided_left_and_decided_again(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("admin")
    assert client.post("/start/workspace/decide", COMPANY)["Location"] == "/start/customer"
    kept = read_settings(served.folder)
    assert (kept.name, kept.currency, kept.timezone, kept.country) == (
        "Cornflower", "RON", "Europe/Bucharest", "RO")  # fmt: skip
    assert 'lang="ro"' in client.get("/start").content.decode()  # the reader's own language went with it
    client.post("/settings/reader", {"language": "en"})
    assert (
        client.post("/start/customer/decide", {"unit": "account", "pays": "contract"})["Location"]
        == "/start/files"
    )
    kept = read_settings(served.folder)
    assert (kept.unit, kept.lost.rule) == ("account", "contract")
    page = client.get("/start").content.decode()
    assert "2 of 5 steps are done." in page and "Under a contract" in page
    assert 'href="/start/files"' in page  # resumed where it was left
    client.post("/start/workspace/decide", COMPANY | {"name": "Kelp"})
    assert read_settings(served.folder).name == "Kelp"
    assert client.post("/start/lost/decide", {"later": "1"})["Location"] == "/start/figures"
    assert "lost" in start.steps_taken(served)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "A name is needed"),
        ("currency", "EURO", "ISO 4217"),
        ("timezone", "../etc/passwd", "Europe/Dublin"),
        ("calendar", "mayan", "Choose one of the calendars"),
        ("country", "Ireland", "Two letters"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(
    signed_in: Callable[..., Client], served: Settings, field: str, value: str, said: str
) -> None:
    answer = signed_in("manager").post("/start/workspace/decide", COMPANY | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and f'id="{field}-error"' in page
    assert read_settings(served.folder) == served


def test_rules_are_shown_with_what_they_would_mean(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("manager")
    assert "Try each rule on my data" not in client.get("/start/lost").content.decode()
    take(client, served, shop())
    assert "Try each rule on my data" in client.get("/start/lost").content.decode()
    led = client.post("/start/lost/decide", {"weigh": "1"})["Location"]
    assert "Trying each rule" in client.get(led).content.decode()
    work_off(served)
    assert client.get(led)["Location"] == "/start/lost"
    page = client.get("/start/lost").content.decode()
    assert "of 40 customers count as lost" in page and "suits your data" in page
    assert "Of 40 customers a year earlier" in page
    wrong = client.post("/start/lost/decide", {"rule": "fixed", "after_days": "0"})
    assert wrong.status_code == 422
    assert 'value="fixed" checked' in wrong.content.decode()  # what was chosen beside it stays
    assert client.post("/start/lost/decide", {"rule": "moon"}).status_code == 422
    assert client.post("/start/lost/decide", {"rule": "fixed", "after_days": "۶۰"}).status_code == 302
    lost = read_settings(served.folder).lost
    assert (lost.rule, lost.after_days) == ("fixed", 60)
    take(client, served, shop(300))
    assert "Try each rule on my data" in client.get("/start/lost").content.decode()  # other data since


def test_first_figures_are_computed_and_lead_to_the_overview(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("admin")
    assert "There is no data yet" in client.get("/start/figures").content.decode()
    assert client.post("/start/figures/decide")["Location"] == "/start/figures"
    assert asked.latest(served, "run") is None
    take(client, served, shop())
    led = client.post("/start/figures/decide")["Location"]
    assert client.post("/start/figures/decide")["Location"] == led  # asked once, however often
    assert "Computing the first figures" in client.get(led).content.decode()
    work_off(served)
    assert client.get(led)["Location"] == "/measure"
    assert client.get("/")["Location"] == "/measure"
    assert begin.begun(served).next is None


def test_an_invented_company_can_be_tried(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("manager")
    led = client.post("/import/invent", {"after": "/start/files"})["Location"]
    work_off(served)
    assert client.get(led)["Location"] == "/start/files"
    page = client.get("/start/files").content.decode()
    assert "orders.csv" in page and "customers.csv" in page


@pytest.mark.parametrize("role", ["agent", "analyst", "read_only"])
def test_n2_others_see_the_start_and_decide_nothing(
    signed_in: Callable[..., Client], served: Settings, role: str
) -> None:
    client = signed_in(role)
    for step in ("", "/workspace", "/customer", "/files", "/lost", "/figures"):
        page = client.get(f"/start{step}")
        assert page.status_code == 200
        assert "go on</button>" not in page.content.decode().lower()
    for step in ("workspace", "customer", "files", "lost", "figures"):
        assert client.post(f"/start/{step}/decide", COMPANY).status_code == 403
    assert read_settings(served.folder) == served


def test_what_an_import_gave_meanwhile_is_not_lost(served: Settings) -> None:
    from dataclasses import replace

    write_settings(replace(served, currency="GBP"))  # an import did so since the page was made
    begin.decide_customer(served, "person", "both", by_id=None, now_us=1)
    assert read_settings(served.folder).currency == "GBP"
    with pytest.raises(begin.NotSo):
        begin.decide_customer(served, "robot", "both", by_id=None, now_us=1)
