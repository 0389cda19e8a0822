"""The demo company: built, imported and measured by one command, against simulating it alone."""

from __future__ import annotations

import time
from pathlib import Path

from bench.importing import holdfast
from bench.measuring import Line


def run(size: str, folder: Path) -> list[Line]:
    """20,000 customers (large: 100,000) over two years."""
    customers = 100_000 if size == "large" else 20_000
    asked = ("--customers", str(customers))
    began = time.monotonic()
    holdfast("simulate", "--to", str(folder / "files"), *asked)
    simulated = time.monotonic() - began
    began = time.monotonic()
    cpu, memory = holdfast("demo", "--once", "--workspace", str(folder / "demo"), *asked)
    whole = time.monotonic() - began
    met = None if size == "large" else whole <= 180
    return [
        Line(
            f"demo of {customers:,} customers, two years",
            whole,
            "s",
            f"writing its files ({simulated:.0f} s)",
            whole / simulated,
            "at most 180 s",
            met,
        ),
        Line("its processor time", cpu, "CPU s"),
        Line("its largest memory", memory, "MB"),
    ]
