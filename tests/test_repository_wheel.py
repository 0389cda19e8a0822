"""What users install: the wheel holds everything the pages need, and runs in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from machine import CHECKOUT

PACKAGE = CHECKOUT / "src" / "holdfast"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from what is in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"holdfast/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sorted(wanted - inside) == []
    for kind in (".html", ".css", ".po", ".toml", ".py"):
        assert any(name.endswith(kind) for name in inside), f"no {kind} in the wheel"


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    outside = [name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith("holdfast")]
    assert outside == []


@pytest.mark.long
def test_the_wheel_installs_into_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    """N5: pip, the wheel, and a command that answers; nothing of the checkout is in reach."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    constraints = ["--constraint", str(CHECKOUT / "constraints.txt")]
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", *constraints, str(wheel)], check=True, cwd=tmp_path
    )
    holdfast = tmp_path / "venv" / "bin" / "holdfast"
    for arguments in (
        ["--help"],
        ["init", "--workspace", "shop"],
        ["doctor", "--workspace", "shop", "--json"],
    ):
        subprocess.run([holdfast, *arguments], check=True, cwd=tmp_path, capture_output=True)
