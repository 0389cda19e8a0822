"""What docs/explanation/real-data.md says about the shared data sets is what they give (A1, B1)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.test_pages import Command, missing, shell, steps
from machine import CHECKOUT

PAGE = (CHECKOUT / "docs" / "explanation" / "real-data.md").read_text(encoding="utf-8")
SECTIONS = {section.partition(":")[0]: section for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]}


@pytest.mark.long
@pytest.mark.parametrize("name", SECTIONS)
def test_a_real_data_set_gives_what_the_page_says(name: str, holdfast_data: Path, tmp_path: Path) -> None:
    for step in steps(SECTIONS[name]):
        assert isinstance(step, Command)
        done = shell(step.words, tmp_path, HOLDFAST_DATA=str(holdfast_data))
        assert done.returncode == 0, f"$ {step.words}\n{done.stderr}"
        lacking = missing(step.prints, done.stdout)
        assert lacking is None, f"$ {step.words}\nprinted\n{done.stdout}\nwithout\n{lacking}"
