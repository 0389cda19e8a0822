"""Takes the pictures of the documentation: pages of the demo company, in a real browser.

make demo ONCE=1
.venv/bin/python tools/picture.py demo docs/images/overview.png
.venv/bin/python tools/picture.py demo docs/images/at-risk.png /foresee
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from playwright.sync_api import sync_playwright

from commands import start
from holdfast.cli.commands.demo import SIGN_IN
from machine import CHROMIUM_FLAGS, find_chromium

PORT = 8137
WIDTH, HEIGHT = 1440, 900


def take(workspace: Path, picture: Path, path: str = "/") -> None:
    """Serve ``workspace``, sign in, and write what a person sees first at ``path`` to ``picture``."""
    served = start("serve", "--workspace", workspace, "--port", str(PORT))
    try:
        assert served.stderr is not None
        next(line for line in served.stderr if str(PORT) in line)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(CHROMIUM_FLAGS))
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB")
            for _ in range(50):  # the address is told a moment before somebody listens
                try:
                    page.goto(f"http://127.0.0.1:{PORT}/")
                    break
                except Exception:
                    page.wait_for_timeout(100)
            page.fill("input[type=email]", str(SIGN_IN.email))
            page.fill("input[type=password]", str(SIGN_IN.password))
            page.keyboard.press("Enter")
            page.wait_for_selector("h1")
            if path != "/":
                page.goto(f"http://127.0.0.1:{PORT}{path}")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=picture)
            browser.close()
    finally:
        served.terminate()
        served.communicate(timeout=30)


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
