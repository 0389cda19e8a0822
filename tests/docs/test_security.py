"""docs/explanation/security.md: what it names exists, and no requirement of its chapters is left out."""

from __future__ import annotations

import re

import pytest

from machine import CHECKOUT

PAGE = CHECKOUT / "docs" / "explanation" / "security.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")

ASKED = {
    "V2": "2.1.1-12 2.2.1-3 2.3.1-3 2.4.1-5 2.5.1-7 2.6.1-3 2.7.1-6 2.8.1-7 2.9.1-3 2.10.1-4",
    "V3": "3.1.1-1 3.2.1-4 3.3.1-4 3.4.1-5 3.5.1-3 3.7.1-1",
    "V4": "4.1.1-3 4.1.5-5 4.2.1-2 4.3.1-3",
    "V5": "5.1.1-5 5.2.1-8 5.3.1-10 5.4.1-3 5.5.1-4",
    "V12": "12.1.1-3 12.2.1-1 12.3.1-6 12.4.1-2 12.5.1-2 12.6.1-1",
    "V13": "13.1.1-1 13.1.3-5 13.2.1-3 13.2.5-6 13.3.1-2 13.4.1-2",
}
"""The requirements of level 2 in ASVS 4.0.3 (what it deleted itself is left out)."""


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def requirements(chapter: str) -> list[str]:
    found = []
    for stretch in ASKED[chapter].split():
        first, last = stretch.split("-")
        head, number = first.rsplit(".", 1)
        found += [f"{head}.{each}" for each in range(int(number), int(last) + 1)]
    return found


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(text())
    assert len(named) > 80
    for file, name in sorted(set(named)):
        path = CHECKOUT / file
        assert path.is_file(), file
        assert re.search(rf"^def {name}\(", path.read_text(encoding="utf-8"), re.M), f"{file}::{name}"


@pytest.mark.parametrize("chapter", sorted(ASKED))
def test_no_requirement_is_left_out_and_each_is_answered(chapter: str) -> None:
    section = re.split(rf"^## {chapter} ", text(), flags=re.M)[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if re.match(r"\| \d", line)]
    assert [row[0].split()[0] for row in rows] == requirements(chapter)
    for _, holds, proof in rows:
        assert holds.strip() in ("yes", "partly", "no", "n/a")
        assert len(proof.strip()) > 3


def test_every_other_chapter_has_its_line() -> None:
    section = text().split("## The other chapters")[1].split("\n## ")[0]
    assert re.findall(r"^\| (V\d+) ", section, re.M) == ["V1", "V6", "V7", "V8", "V9", "V10", "V11", "V14"]
