"""The commands on the pages of tutorial and how-to do what the pages say.

A ``console`` block is run line by line in a folder that holds the example files; the lines below a
command have to stand in what it prints, in that order (``...`` stands for anything). A code block
with a caption is written to the file of that name first; where that is a file of the package, the
commands run on a copy of the package that has it. A comment before a block changes that:
``% not run: REASON``, or ``% refused`` where the command is to end with 1.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from machine import CHECKOUT

DOCS = CHECKOUT / "docs"
PAGES = sorted(
    path for kind in ("tutorial", "how-to") for path in (DOCS / kind).glob("*.md") if path.stem != "index"
)
FENCE = re.compile(
    r"^(?:% (?P<comment>[^\n]+)\n)?```(?P<kind>\S+)(?: (?P<language>\S+))?\n(?P<body>.*?)^```", re.M | re.S
)


@dataclass
class Command:
    """One line after a ``$`` and the lines that it is said to print."""

    words: str
    ends_with: int
    prints: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class File:
    """A file that the page tells the reader to write."""

    name: str
    text: str


def steps(page: str) -> list[Command | File]:
    """What a reader of the page does, in order."""
    found: list[Command | File] = []
    for block in FENCE.finditer(page):
        comment, body = block["comment"] or "", block["body"]
        if comment.startswith("not run"):
            continue
        if block["kind"] == "console":
            found += _commands(body, ends_with=1 if comment == "refused" else 0)
        elif block["kind"] == "{code-block}" and (caption := re.match(r":caption: (\S+)\n\n?", body)):
            found.append(File(caption[1], body[caption.end() :]))
    return found


def _commands(body: str, ends_with: int) -> list[Command]:
    commands: list[Command] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            commands.append(Command(line[2:], ends_with))
        elif line.strip():
            commands[-1].prints.append(line)
    return commands


def missing(expected: list[str], printed: str) -> str | None:
    """The first of the ``expected`` lines that does not follow in what was printed, ``None`` if all do."""
    lines = iter([" ".join(line.split()) for line in printed.splitlines()])
    for wanted in expected:
        pattern = ".*".join(re.escape(part) for part in " ".join(wanted.split()).split("..."))
        if not any(re.fullmatch(pattern, line) for line in lines):
            return wanted
    return None


def shell(words: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    own_package = {"PYTHONPATH": str(folder / "src")} if (folder / "src").exists() else {}
    environment = {
        **own_package,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        **more,
    }
    return subprocess.run(
        ["bash", "-c", words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def copy_package(folder: Path) -> None:
    """Package and tests, for a page that adds a file to them."""
    for part in ("src", "tests"):
        shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", folder)


SLOW = {
    "add-a-feature",
    "add-a-kind-of-file",
    "add-a-metric",
    "add-a-signal",
    "back-up-and-restore",
    "choose-who-counts-as-lost",
    "erase-a-person",
    "keep-contact-points-fresh",
    "keep-only-what-you-need",
    "make-a-segment",
    "measure-on-spark",
    "merge-customers",
    "run-a-play",
    "run-every-night",
    "score-a-table",
    "see-who-leaves-next",
    "take-a-ready-play",
    "work-through-tasks",
    "work-with-the-demo",
}
"""Pages that build a whole company, start Spark or take many commands: they go with the long tests."""


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=pytest.mark.long if page.stem in SLOW else ()) for page in PAGES],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_the_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(CHECKOUT / "examples" / "corner-shop", folder)
    for step in steps(page.read_text(encoding="utf-8")):
        if isinstance(step, File):
            if step.name.startswith("src/") and not (folder / "src").exists():
                copy_package(folder)
            (folder / step.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / step.name).write_text(step.text, encoding="utf-8")
            continue
        done = shell(step.words, folder)
        printed = done.stdout + done.stderr
        assert done.returncode == step.ends_with, f"$ {step.words}\n{printed}"
        lacking = missing(step.prints, done.stdout + "\n" + done.stderr)
        assert lacking is None, f"$ {step.words}\nprinted\n{printed}\nwithout\n{lacking}"


def test_a_page_that_promises_too_much_is_caught() -> None:
    (file, command) = steps(
        "```{code-block} toml\n:caption: a.toml\n\nx = 1\n```\n\n```console\n$ echo one\none\ntwo\n```\n"
    )
    assert file == File("a.toml", "x = 1\n")
    assert isinstance(command, Command)
    assert missing(command.prints, "one\n") == "two"
    assert missing(["o...e", "two"], "one\nand\ntwo") is None
    assert missing(["two", "one"], "one\ntwo") == "one"
