"""What the README promises: on a fresh clone, one command builds a company and serves it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from machine import CHECKOUT

SMALL = ["CUSTOMERS=300", "DAYS=200"]

pytestmark = pytest.mark.long


def environment() -> dict[str, str]:
    """That of someone who has just opened a terminal."""
    gone = (
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "HOLDFAST_WORKSPACE",
        "DJANGO_SETTINGS_MODULE",
        "MAKEFLAGS",
        "MAKELEVEL",
    )
    return {name: value for name, value in os.environ.items() if name not in gone} | {"LANG": "C.UTF-8"}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (CHECKOUT / ".git").exists():
        pytest.skip("not a git checkout")
    folder = tmp_path_factory.mktemp("fresh") / "holdfast"
    subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(folder)], check=True)
    return folder


def make(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=clone, env=environment(), capture_output=True, text=True, check=True
    )


def page(address: str) -> str:
    """What is served there, once somebody listens: the address is told a moment before."""
    until = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
                return str(answer.read().decode())
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_n5_make_demo_once_builds_measures_and_ends(clone: Path) -> None:
    first = make(clone, "demo", "ONCE=1", *SMALL)
    assert "Making .venv" in first.stderr
    assert "Sign in as demo@holdfast.localhost" in first.stdout
    again = make(clone, "demo", "ONCE=1", *SMALL)
    assert "Making .venv" not in again.stderr
    assert "Living through the days" not in again.stderr


def test_n5_make_demo_serves_on_this_machine_until_it_is_stopped(clone: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        ["make", "demo", f"PORT={port}", *SMALL],
        cwd=clone,
        env=environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as served:
        try:
            assert served.stderr is not None
            told = next(line for line in served.stderr if f"http://127.0.0.1:{port}" in line)
            assert "serves" in told
            assert "Holdfast" in page(f"http://127.0.0.1:{port}/")
        finally:
            os.killpg(served.pid, signal.SIGINT)
            served.wait(timeout=30)
