"""A signal of an outside package, announced by an entry point, warns like our own (the page says so)."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from machine import CHECKOUT

PAGE = (CHECKOUT / "docs" / "how-to" / "add-a-signal.md").read_text(encoding="utf-8")
ASK = """
from pathlib import Path
from holdfast.analytics.signal import Tuned
from holdfast.analytics.signalling import said
from holdfast.domain.period import day_number
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.registry import parts
from analytics.snapshots_told import Told

part = parts("signals")["misses_appointments"]
assert part.module == "our_holdfast.misses_appointments", part.module
signal = part.declared
example = signal.examples[0]
told = Told([example])
with EmbeddedEngine(temp=Path("temp").absolute()) as engine:
    found = told.at(engine, signal.numbers, day_number(example.at))
heard = said(Tuned(signal), found.columns)
print({who: bool(heard.holds[told.row(found, example, who)]) for who in example.answers})
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The page's package as an installer leaves it: the module, and what it announces beside it."""
    code = re.search(r"```\{code-block\} python\n:caption: \S+\n\n(.*?)^```", PAGE, re.M | re.S)
    project = re.search(r"^```toml\n(.*?)^```", PAGE, re.M | re.S)
    assert code is not None
    assert project is not None
    (tmp_path / "our_holdfast").mkdir()
    (tmp_path / "our_holdfast" / "__init__.py").write_text("")
    (tmp_path / "our_holdfast" / "misses_appointments.py").write_text(code[1])
    told = tomllib.loads(project[1])["project"]
    announced = tmp_path / f"our_holdfast-{told['version']}.dist-info"
    announced.mkdir()
    (announced / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {told['name']}\nVersion: 1.0\n")
    groups = told["entry-points"].items()
    lines = [f"[{group}]\n" + "".join(f"{n} = {m}\n" for n, m in each.items()) for group, each in groups]
    (announced / "entry_points.txt").write_text("".join(lines))
    return tmp_path


def test_a_signal_of_another_package_is_found_and_warns(installed: Path) -> None:
    path = f"{installed}:{CHECKOUT / 'src'}:{CHECKOUT / 'tests'}"
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env={"PYTHONPATH": path, "PATH": "", "HOME": str(installed)},
        cwd=installed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "{'ann': True, 'bob': False, 'cid': False}"
