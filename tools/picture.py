"""Takes the pictures of the documentation: pages of the demo company, in a real browser.

make demo ONCE=1
.venv/bin/python tools/picture.py demo docs/images/overview.png
.venv/bin/python tools/picture.py demo docs/images/at-risk.png /foresee
.venv/bin/python tools/picture.py first-hour docs/images
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from playwright.sync_api import sync_playwright

from commands import start
from holdfast.cli.commands.demo import SIGN_IN
from machine import CHROMIUM_FLAGS, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Page

PORT = 8137
URL = f"http://127.0.0.1:{PORT}"
WIDTH, HEIGHT = 1440, 900
NARROW = 1080
"""The pictures of the tutorial: a page beside text is not looked at in its full width."""

SHOP = Path(__file__).resolve().parent.parent / "examples" / "corner-shop"
PATIENCE_MS = 300_000


def take(workspace: Path, picture: Path, path: str = "/") -> None:
    """Serve ``workspace``, sign in, and write what a person sees first at ``path`` to ``picture``."""
    with served(workspace, WIDTH) as (page, _):
        page.fill("input[type=email]", str(SIGN_IN.email))
        page.fill("input[type=password]", str(SIGN_IN.password))
        page.keyboard.press("Enter")
        page.wait_for_selector("h1")
        if path != "/":
            page.goto(f"{URL}{path}")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=picture)


def first_hour(folder: Path) -> None:
    """Walk the tutorial with the files of the corner shop, and take a picture at each step of it."""

    def picture(name: str, height: int = HEIGHT) -> None:
        page.set_viewport_size({"width": NARROW, "height": height})
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"first-hour-{name}.png")

    with TemporaryDirectory() as made, served(Path(made) / "shop", NARROW) as (page, link):
        page.goto(link)
        page.fill("#name", "Niamh Kelly")
        page.fill("#email", "niamh@example.com")
        picture("set-up", 620)
        page.fill("#password", "seven salty kelps hold")
        page.click("main .button-main")
        page.wait_for_url("**/start")
        picture("start", 760)
        page.click("main .button-main")
        page.fill("#name", "The Corner Shop")
        page.fill("#currency", "EUR")
        page.fill("#timezone", "Europe/Dublin")
        page.fill("#country", "IE")
        page.click("main .button-main")
        page.check("input[name=pays][value=purchases]")
        picture("customer", 820)
        page.click("main .button-main")
        page.wait_for_url("**/start/files")
        page.set_input_files("#files", SHOP / "orders.csv")
        page.click("main form .button-main")
        page.wait_for_selector("#check")
        picture("columns", 1100)
        page.click("#map .button-main")
        page.wait_for_selector("#rejected")
        page.fill("[name=cell-302-1]", "30/09/2025 09:00")
        page.locator("#rejected").scroll_into_view_if_needed()
        picture("rejected", 1100)
        page.click("#rejected .button-main")
        page.wait_for_selector("text=1 row was taken")
        page.goto(f"{URL}/start/lost")
        page.click("text=Try each rule on my data")
        page.wait_for_selector("text=suits your data")
        picture("lost", 980)
        page.click("text=Keep it and go on")
        page.wait_for_url("**/start/figures")
        page.click("main .button-main")
        page.wait_for_url(f"{URL}/measure")
        picture("figures")


@contextmanager
def served(workspace: Path, width: int) -> Iterator[tuple[Page, str]]:
    """A browser before the served workspace, and the set-up link where it was printed."""
    new = not (workspace / "holdfast.toml").exists()
    process = start("serve", "--workspace", workspace, "--port", str(PORT))
    try:
        assert process.stdout is not None and process.stderr is not None
        link = next((line.strip() for line in process.stdout if "/set-up/" in line), "") if new else ""
        next(line for line in process.stderr if str(PORT) in line)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(CHROMIUM_FLAGS))
            page = browser.new_page(viewport={"width": width, "height": HEIGHT}, locale="en-GB")
            page.set_default_timeout(PATIENCE_MS)
            for _ in range(200):  # the address is told a moment before somebody listens
                try:
                    page.goto(f"{URL}/")
                    break
                except Exception:
                    page.wait_for_timeout(100)
            yield page, link
            browser.close()
    finally:
        process.terminate()
        process.communicate(timeout=30)


if __name__ == "__main__":
    if sys.argv[1] == "first-hour":
        first_hour(Path(sys.argv[2]))
    else:
        take(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
