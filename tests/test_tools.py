"""The scripts behind make: which Python, which installer, and what happens without a Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from machine import CHECKOUT


def script(folder: Path, name: str, body: str) -> None:
    """A program called ``name`` on the PATH that is ``folder``."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def run(tool: str, *arguments: str, path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(CHECKOUT / "tools" / tool), *arguments],
        cwd=CHECKOUT,
        env={"PATH": str(path), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_python_is_passed_over(tmp_path: Path) -> None:
    script(tmp_path, "python3", "exit 1")
    script(tmp_path, "python3.11", f'exec {sys.executable} "$@"')
    assert run("python.sh", path=tmp_path).stdout.strip() == str(tmp_path / "python3.11")


def test_without_a_python_nothing_is_named(tmp_path: Path) -> None:
    assert run("python.sh", path=tmp_path).stdout == ""


def test_uv_installs_where_it_is(tmp_path: Path) -> None:
    script(tmp_path, "uv", 'echo "uv $*"')
    done = run("install.sh", "PYTHON", "-e", ".", path=tmp_path)
    assert done.stdout.split() == [
        "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        "PYTHON",
        "--constraint",
        "constraints.txt",
        "-e",
        ".",
    ]


def test_pip_installs_elsewhere_and_is_renewed_when_it_is_too_old(tmp_path: Path) -> None:
    script(tmp_path, "python", '[ "$1" = -c ] && exit 0; echo "pip $*"')
    assert (
        "--upgrade pip>=25.1" in run("install.sh", str(tmp_path / "python"), "-e", ".", path=tmp_path).stdout
    )
    script(tmp_path, "python", '[ "$1" = -c ] && exit 1; echo "pip $*"')
    done = run("install.sh", str(tmp_path / "python"), "-e", ".", path=tmp_path)
    assert "--upgrade" not in done.stdout
    assert "--constraint constraints.txt -e ." in done.stdout


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_without_a_chromium_the_reason_is_said_and_in_ci_it_is_a_failure(
    ci: str, code: int, tmp_path: Path
) -> None:
    done = run("chromium.sh", path=tmp_path, CI=ci)
    assert done.returncode == code
    assert "no Chromium" in done.stderr


def test_a_chromium_with_fonts_is_enough(tmp_path: Path) -> None:
    script(tmp_path, "chromium", "exit 0")
    script(tmp_path, "fc-list", "echo Noto")
    done = run("chromium.sh", path=tmp_path, CI="true")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_chromium_without_letters_for_persian_and_chinese_is_not(tmp_path: Path) -> None:
    script(tmp_path, "chromium", "exit 0")
    script(tmp_path, "fc-list", ":")
    assert run("chromium.sh", path=tmp_path, CI="true").returncode == 1


def test_a_chromium_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    script(tmp_path, "chromium", "exit 0")
    script(tmp_path, "fc-list", "echo Noto")
    assert run("chromium.sh", path=tmp_path, CI="true", HOLDFAST_CHROMIUM="/nowhere/chrome").returncode == 1


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_without_a_postgresql_the_reason_is_said_and_in_ci_it_is_a_failure(
    ci: str, code: int, tmp_path: Path
) -> None:
    done = run("postgresql.sh", path=tmp_path, CI=ci, HOLDFAST_POSTGRESQL=str(tmp_path / "none"))
    assert done.returncode == code
    assert "no PostgreSQL" in done.stderr


def test_a_postgresql_that_is_there_is_enough(tmp_path: Path) -> None:
    (tmp_path / "15").mkdir()
    script(tmp_path / "15" / "bin", "initdb", "exit 0")
    script(tmp_path / "15" / "bin", "postgres", "exit 0")
    done = run("postgresql.sh", path=tmp_path / "empty", CI="true", HOLDFAST_POSTGRESQL=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")


def test_every_script_can_be_run() -> None:
    for path in [*(CHECKOUT / "tools").glob("*.sh"), CHECKOUT / ".ci" / "run"]:
        assert os.access(path, os.X_OK), path
        subprocess.run(["bash", "-n", str(path)], check=True)
