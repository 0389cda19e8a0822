"""Run the benchmarks: ``python -m bench [NAME ...] [--size small|large] [--json FILE]``.

Each file of this folder that defines ``run`` is one benchmark. It runs in a process of its own, so
that memory is its own, and prints ratios against a named floor or rival measured in the same run.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import bench
from bench.measuring import Line


def main() -> int:
    """Run what is asked for, print a table, and end with 1 if any benchmark failed."""
    asked = _arguments()
    if asked.inside:
        return _run_inside(asked.names[0], asked.size)
    names = asked.names or sorted(
        m.name for m in pkgutil.iter_modules(bench.__path__) if _is_benchmark(m.name)
    )
    started = datetime.now(UTC)
    print(
        f"{started:%Y-%m-%d} · {platform.machine()}, Python {platform.python_version()}, size {asked.size}\n"
    )
    failed, lines = [], []
    for name in names:
        began = time.monotonic()
        answer = _run_outside(name, asked.size)
        took = time.monotonic() - began
        if answer is None:
            failed.append(name)
            continue
        lines += answer
        for line in answer:
            print(line.words())
        print(f"({name}: {took:.0f} s)\n", flush=True)
    if asked.json:
        Path(asked.json).write_text(json.dumps([asdict(line) for line in lines], indent=1), encoding="utf-8")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="benchmarks to run (default: all)")
    parser.add_argument("--size", choices=("small", "large"), default="small")
    parser.add_argument("--json", help="also write the lines to this file")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _is_benchmark(name: str) -> bool:
    return not name.startswith("_") and hasattr(importlib.import_module(f"bench.{name}"), "run")


def _run_outside(name: str, size: str) -> list[Line] | None:
    command = [sys.executable, "-m", "bench", name, "--size", size, "--inside"]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if told.returncode != 0:
        return None
    return [Line(**row) for row in json.loads(told.stdout.splitlines()[-1])]


def _run_inside(name: str, size: str) -> int:
    folder = Path(tempfile.mkdtemp(prefix=f"holdfast-bench-{name}-"))
    try:
        lines = importlib.import_module(f"bench.{name}").run(size, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps([asdict(line) for line in lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
