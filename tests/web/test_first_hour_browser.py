"""The first hour by page alone, in a real Chromium: an empty folder, one command, and then only pages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from commands import start
from holdfast.simulate.files import simulate
from service import free_port
from web.test_browser import no_sideways, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

LONG_MS = 240_000
"""What a machine that is busy with other tests may take for a step of the worker."""


@dataclass
class Hour:
    """A browser in front of `holdfast serve`, and the link that it printed."""

    page: Page
    url: str
    link: str

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def sound(self) -> None:
        """The page reads well, wide and narrow."""
        for width in (390, 1440):
            self.page.set_viewport_size({"width": width, "height": 900})
            assert no_sideways(self.page), f"{self.page.url} at {width}"
        assert violations(self.page) == [], self.page.url


@contextmanager
def served(folder: Path, page: Page) -> Iterator[Hour]:
    port = free_port()
    process = start("serve", "--workspace", folder, "--port", str(port))
    try:
        assert process.stdout is not None and process.stderr is not None
        link = next(line for line in process.stdout if "/set-up/" in line).strip()
        next(line for line in process.stderr if str(port) in line)
        yield Hour(page, f"http://127.0.0.1:{port}", link)
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """Files of an invented company; a row of its orders has an amount in words."""
    folder = tmp_path / "files"
    simulate(folder, seed=3, customers=90, start=date(2025, 1, 1), days=300)
    orders = folder / "orders.csv"
    lines = orders.read_text(encoding="utf-8").splitlines(keepends=True)
    at = lines[0].rstrip("\n").split(",").index("amount")
    cells = lines[5].rstrip("\n").split(",")
    lines[5] = ",".join([*cells[:at], "free", *cells[at + 1 :]]) + "\n"
    orders.write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.mark.long
def test_first_hour_by_page_alone(page: Page, company: Path, tmp_path: Path) -> None:
    page.set_default_timeout(LONG_MS)
    with served(tmp_path / "new", page) as hour:
        first_admin(hour)
        decide(hour)
        bring(hour, company)
        mend_and_undo(hour, company)
        figures(hour)
    shutil.rmtree(tmp_path / "new")


def first_admin(hour: Hour) -> None:
    page = hour.page
    until_it_answers(hour)
    hour.sound()
    page.fill("#name", "Niamh Kelly")
    page.fill("#email", "niamh@example.com")
    page.fill("#password", "short")
    page.click("main .button-main")
    page.wait_for_selector("#password-error")
    page.fill("#password", "seven salty kelps hold")
    page.click("main .button-main")
    page.wait_for_url("**/start")


def until_it_answers(hour: Hour) -> None:
    for _ in range(200):
        try:
            hour.page.goto(hour.link)
            return
        except Exception:  # nobody listens yet
            hour.page.wait_for_timeout(100)
    raise AssertionError("nobody answers")


def decide(hour: Hour) -> None:
    page = hour.page
    page.click("main .button-main")
    page.wait_for_url("**/start/workspace")
    page.fill("#name", "Cornflower Coffee")
    page.fill("#timezone", "Europe/Dublin")
    page.click("main .button-main")
    page.wait_for_url("**/start/customer")
    page.check("input[name=pays][value=both]")
    page.click("main .button-main")
    page.wait_for_url("**/start/files")
    hour.open("/")  # left, and resumed where it was
    page.wait_for_url("**/start")
    assert "2 of 5" in page.inner_text("main")
    page.click("main .button-main")
    page.wait_for_url("**/start/files")


def bring(hour: Hour, company: Path) -> None:
    page = hour.page
    page.set_input_files("#files", [company / "orders.csv", company / "customers.csv"])
    page.click("main form .button-main")
    page.wait_for_selector("text=customers.csv")
    for name in ("customers.csv", "orders.csv"):
        hour.open("/start/files")
        page.click(f"text={name}")
        page.wait_for_selector("#check")
        hour.sound()
        if name == "orders.csv":
            assert "The amount is no number." in page.inner_text("#check")
            page.select_option("#map-amount", "")  # what is chosen is looked at in place
            page.locator("#check").filter(has_not_text="no number").wait_for()
            page.select_option("#map-amount", "amount")
            page.locator("#check").filter(has_text="no number").wait_for()
        page.click("#map .button-main")
        page.wait_for_url(re.compile(r"/import/\d+$"))
    assert "1 row was rejected" in page.inner_text("main")
    hour.sound()


def mend_and_undo(hour: Hour, company: Path) -> None:
    page = hour.page
    orders = page.url
    page.locator(".cells input[value=free]").fill("12.50")
    page.click("#rejected .button-main")
    page.wait_for_url(re.compile(r"/import/\d+$"))
    assert page.url != orders and "1 row was taken" in page.inner_text("main")
    page.goto(orders)
    assert "All of them were sent again." in page.inner_text("#rejected")
    hour.open("/import")
    page.set_input_files("#files", company / "costs.csv")
    page.click("main form .button-main")
    page.wait_for_selector("#check")
    page.click("#map .button-main")
    page.wait_for_url(re.compile(r"/import/\d+$"))
    page.click("text=Undo this import")
    page.click("#undo .button-ends")
    page.wait_for_selector("text=nothing of it counts")


def figures(hour: Hour) -> None:
    page = hour.page
    hour.open("/start/lost")
    page.click("text=Try each rule on my data")
    page.wait_for_selector("text=suits your data")
    hour.sound()
    page.check("input[name=rule][value=mixed]")
    page.click("text=Keep it and go on")
    page.wait_for_url("**/start/figures")
    page.click("main .button-main")
    page.wait_for_url(re.compile(r":\d+/measure$"))
    assert page.locator(".stat-value").count() > 2
    hour.open("/start")
    assert "All steps are done." in page.inner_text("main")
