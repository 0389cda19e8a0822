"""The command line answers at once: nothing heavy is imported before a command needs it."""

import subprocess
import sys

import pytest

HEAVY = (
    "duckdb",
    "deltalake",
    "numpy",
    "django",
    "altair",
    "vl_convert",
    "python_calamine",
    "pyspark",
    "pyarrow",
)
HEAVY += (
    "babel",
    "rich",
    "sqlglot",
    "holdfast.store",
    "holdfast.services",
    "holdfast.web",
    "holdfast.simulate",
)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["import", "--help"], ["measure", "--help"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = f"""
import sys
from holdfast.cli import main
try:
    main({arguments!r})
except SystemExit as end:
    print(end.code, *(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"LANG": "C.UTF-8"}
    )
    assert done.stdout
    assert done.stderr.split() == ["0"]
