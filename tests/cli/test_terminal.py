"""A person at a real terminal: guessed columns are shown and asked for, and bars show the way (A1)."""

from __future__ import annotations

import os
import pty
import re
import sys
from pathlib import Path

import pytest

from commands import call
from machine import CHECKOUT

ORDERS = CHECKOUT / "examples" / "corner-shop" / "orders.csv"


def at_a_terminal(arguments: list[str], says: str, to: str) -> tuple[int, str]:
    """Run the command on a terminal of its own, typing ``says`` when it asks ``to``; code and screen."""
    pid, screen = pty.fork()
    if pid == 0:
        os.environ |= {"TERM": "xterm", "LANG": "C.UTF-8", "COLUMNS": "100"}
        program = "from holdfast.cli import main; main()"
        os.execv(sys.executable, [sys.executable, "-c", program, *arguments])
    seen, said = "", False
    while True:
        try:
            seen += os.read(screen, 4096).decode(errors="replace")
        except OSError:  # the terminal is gone with the process
            break
        if to in seen and not said:
            os.write(screen, f"{says}\n".encode())
            said = True
    os.close(screen)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    assert call("init", "--workspace", tmp_path / "shop", "--currency", "EUR").code == 0
    return tmp_path / "shop"


# Forking is safe here: the child becomes another program at once.
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize(("says", "taken"), [("y", 2111), ("n", 0)])
def test_a_person_is_asked_once_and_the_answer_is_kept(says: str, taken: int, shop: Path) -> None:
    arguments = ["import", str(ORDERS), "--as", "orders", "--workspace", str(shop)]
    code, screen = at_a_terminal(arguments, says, "Take them?")
    assert "Customer No" in screen
    assert screen.count("Take them?") == 1
    if taken:
        assert code == 0
        assert "2111/2111" in screen
    else:
        assert code == 1
        assert 'customer = "Customer No"' in screen
    done = [
        each
        for each in call("imports", "--workspace", shop, "--json").json["imports"]
        if each["state"] == "done"
    ]
    assert sum(each["rows_taken"] for each in done) == taken
