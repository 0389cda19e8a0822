"""What the tests need of the machine: shared data, a Chromium with fonts.

Each ``find_*`` answers with what it found or raises :class:`Missing` with the reason. Outside CI a
test that needs a missing thing is skipped with that reason; in CI (``CI=true``) it fails, since a
green run that quietly left out half of its tests proves nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
"""The root of this checkout."""

CHROMIUM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class Missing(Exception):  # noqa: N818  (an answer, not a defect)
    """The machine lacks something; the message says what and how to get it."""


def in_ci() -> bool:
    """Whether this is a CI run, where nothing may be skipped for want of a tool."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def unavailable(missing: Missing) -> NoReturn:
    """Skip the test with the reason; in CI fail it."""
    if in_ci():
        pytest.fail(f"in CI this may not be missing: {missing}", pytrace=False)
    pytest.skip(str(missing))


def folder_in_memory(size: int) -> Path | None:
    """A folder in memory with room for so many bytes, where programs may be run too; else ``None``.

    What is synced to a disk thousands of times only to be thrown away keeps the processor waiting.
    """
    memory = Path("/dev/shm")  # noqa: S108  (whoever uses it makes a folder in it that nobody can guess)
    if not os.access(memory, os.W_OK) or os.statvfs(memory).f_flag & os.ST_NOEXEC:
        return None
    return memory if min(shutil.disk_usage(memory).free, _free_memory()) >= size else None


def _free_memory() -> int:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:")), 0)


def find_data() -> Path:
    """The folder of shared data sets: ``$HOLDFAST_DATA``, else ``../shared/data`` beside the checkout."""
    named = os.environ.get("HOLDFAST_DATA")
    folder = Path(named) if named else CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        raise Missing(f"no shared data sets at {folder}: set HOLDFAST_DATA to the folder that holds them")
    return folder


def find_chromium() -> Path:
    """An executable Chromium: ``$HOLDFAST_CHROMIUM``, else the first of the usual names on the PATH."""
    named = os.environ.get("HOLDFAST_CHROMIUM")
    for name in (named,) if named else CHROMIUM_NAMES:
        if found := shutil.which(name):
            return Path(found)
    raise Missing("no Chromium: install chromium-headless-shell or chromium, or set HOLDFAST_CHROMIUM")


def missing_letters(languages: tuple[str, ...] = ("fa", "zh-cn")) -> tuple[str, ...]:
    """Those of ``languages`` for which fontconfig knows no font (all of them without fontconfig)."""
    if shutil.which("fc-list") is None:
        return languages
    return tuple(
        language
        for language in languages
        if not subprocess.run(
            ["fc-list", f":lang={language}", "family"], capture_output=True, text=True, check=True
        ).stdout.strip()
    )
