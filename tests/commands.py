"""Runs the command line as a person or a program would, in this process or in one of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from holdfast.cli.outcome import answer


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on standard output; fails if there is anything else."""
        return json.loads(self.out)


def call(*arguments: str | Path) -> Ended:
    """Run ``holdfast ARGUMENTS`` in this process, without a terminal."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = answer([str(argument) for argument in arguments])
    return Ended(code, out.getvalue(), err.getvalue())


def start(
    *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.Popen[str]:
    """Start ``holdfast ARGUMENTS`` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from holdfast.cli import main; main()", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=None if env is None else dict(env),
    )
