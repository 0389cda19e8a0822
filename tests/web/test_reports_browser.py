"""Tasks and dashboards in a real Chromium: a dashboard is built, tasks are worked off, a page is printed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from brought import subject
from holdfast.services.act import cases, tasks
from holdfast.settings import Settings
from holdfast.store.cases import NewCase
from holdfast.store.tasks import NewTask
from holdfast.web.workspace import present
from web import reports
from web.conftest import Address
from web.test_browser import Reading, keep_picture, no_sideways, reading, violations

__all__ = ["reading"]

PAGES = (
    "/tasks",
    "/tasks/1",
    "/tasks/new",
    "/cases",
    "/cases/1",
    "/dashboards/1",
    "/dashboards/1/edit",
    "/exports",
    "/settings/mails",
)


@pytest.fixture
def busy(served: Settings, address: Address) -> None:
    """Figures, a segment, and work of every state for Niamh."""
    from holdfast.store.models import User

    reports.save(served)
    reports.segment(served, "regulars", reports.people(served, "Ann", "مریم رستمی"))
    me, now = User.objects.get(email=address.email).pk, present(served)
    due = int(now.timestamp() * 1e6)
    late = NewTask(
        "Sună-i pe cei de la cafenea", "call", owner_id=me, due_us=due - 9 * 86_400_000_000, priority=0
    )
    tasks.make(served, late, by="eve@example.com", now=now)
    tasks.make(
        served, NewTask("به مشتری زنگ بزن", owner_id=me, due_us=due + 1), by="eve@example.com", now=now
    )
    tasks.make(served, NewTask("Third", owner_id=me), by="eve@example.com", now=now)
    case = cases.open_case(served, NewCase(subject(served, "r0"), "Broken parcel"), by="x", now=now)
    cases.comment(served, case, "Asked the carrier.", by="x", now=now)


@pytest.mark.long
@pytest.mark.usefixtures("busy", "foreseen")
@pytest.mark.parametrize(
    ("language", "dark", "width"), [("en", False, 1440), ("fa", True, 390)], ids=["en-light", "fa-dark"]
)
def test_n3_axe_finds_nothing_and_nothing_scrolls_sideways(
    reading: Callable[..., Reading], language: str, dark: bool, width: int
) -> None:
    window = reading(language, dark=dark, width=width)
    window.open("/dashboards")
    window.page.fill("#title", "Luni")
    window.page.click("#make .button-main")
    for path in PAGES:
        window.open(path)
        keep_picture(window.page, f"reports{path.replace('/', '-')}-{language}-{width}")
        assert violations(window.page) == [], path
        assert no_sideways(window.page), path


@pytest.mark.usefixtures("busy", "foreseen")
def test_n4_a_dashboard_is_built_looked_at_and_printed(reading: Callable[..., Reading]) -> None:
    window = reading("en")
    page = window.page
    window.open("/dashboards")
    page.fill("#title", "Monday review")
    page.check("[name=shared]")
    page.click("#make .button-main")
    page.wait_for_url("**/edit")
    page.click("text=A figure by country or source")
    page.select_option("#figure-groups", "churn_rate:lost_of_start")
    page.select_option("#group", "country")
    page.click("#add details[open] .button:not(summary)")
    page.wait_for_selector("text=The tile is on the dashboard.")
    page.click(".tile-line:last-child button[formaction$='/up']")
    page.wait_for_selector("text=The tile is moved.")
    page.click("text=Look at it")
    page.wait_for_selector(".tiles")
    assert page.locator(".tile").count() == 6
    assert page.locator(".tile h2").nth(4).inner_text() == "Churn rate, by country"
    assert "Ireland" in page.locator(".tile").nth(4).inner_text()
    page.emulate_media(media="print")
    assert not page.locator(".nav").is_visible()
    assert not page.locator(".tools").is_visible()
    head = page.locator(".print-head")
    assert head.is_visible()
    assert "Monday review, October 2026" in head.inner_text()
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.usefixtures("busy", "foreseen")
def test_m1_tasks_are_worked_off_with_the_keyboard(reading: Callable[..., Reading]) -> None:
    window = reading("en")
    page = window.page
    window.open("/tasks")
    page.keyboard.press("j")
    page.keyboard.press("v")
    page.keyboard.press("j")
    page.keyboard.press("v")
    assert page.locator(".work-row input:checked").count() == 2
    page.click(".work-many [value=finish]")
    page.wait_for_selector("text=2 tasks are changed.")
    assert page.locator(".work-row").count() == 1
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/3")
    page.click("text=Finish")
    page.select_option("#outcome", "helped")
    page.click("text=It is done")
    page.wait_for_selector("text=The task is done.")
    page.keyboard.press("x")
    page.wait_for_selector("text=opened it again")
