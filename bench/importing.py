"""Importing a CSV file end to end, against DuckDB only reading it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.measuring import Line, cpu_seconds
from holdfast.engines.embedded import EmbeddedEngine, literal

_ROWS = """
SELECT 'C' || (hash(i) % {customers}) AS customer, 'O' || (i // 4) AS order_id,
  strftime(TIMESTAMP '2023-01-01' + INTERVAL (hash(i // 4) % 63072000) SECOND, '%Y-%m-%d %H:%M:%S') AS "at",
  'SKU' || (hash(i * 7) % 3000) AS product, 1 + hash(i * 3) % 5 AS quantity,
  CAST((hash(i * 5) % 9900) / 100.0 + 1 AS DECIMAL(10,2)) AS unit_price, 'EUR' AS currency
FROM range({rows}) t(i)
"""
_READ = (
    'SELECT COUNT(*), MAX(customer), MAX(order_id), MAX("at"), MAX(product), MAX(quantity), MAX(unit_price), '
    "MAX(currency) FROM read_csv({file}, all_varchar = true, header = true, delim = ',', quote = '\"')"
)


def run(size: str, folder: Path) -> list[Line]:
    """Import order lines with 20 lines a customer into a new workspace, then the same file again."""
    rows = 20_000_000 if size == "large" else 5_000_000
    file, workspace = folder / "orders.csv", folder / "workspace"
    with EmbeddedEngine(temp=folder / "spill") as engine:
        made = _ROWS.format(rows=rows, customers=rows // 20)
        engine.run(f"COPY ({made}) TO {literal(str(file))} (HEADER)", {})
        floor = cpu_seconds(lambda: engine.rows(_READ.format(file=literal(str(file))), {}), repeats=3)
    holdfast("init", "--workspace", str(workspace))
    arguments = ("import", str(file), "--as", "orders", "--yes", "--workspace", str(workspace))
    cpu, memory = holdfast(*arguments)
    again, _ = holdfast(*arguments)
    speed = rows / cpu
    return [
        Line(
            f"import of {rows:,} CSV rows",
            speed,
            "rows / CPU s",
            f"DuckDB reading it ({floor:.1f} s)",
            cpu / floor,
            "at least 200,000 rows / CPU s",
            speed >= 200_000,
        ),
        Line("its largest memory", memory, "MB", goal="under 1,000 MB", met=memory < 1_000),
        Line(
            "the same file again (changes nothing)",
            rows / again,
            "rows / CPU s",
            f"DuckDB reading it ({floor:.1f} s)",
            again / floor,
        ),
    ]


def holdfast(*arguments: str) -> tuple[float, float]:
    """Processor seconds and largest memory (MB) of one command."""
    command = [str(Path(sys.executable).with_name("holdfast")), *arguments, "--json"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        said = process.stderr.read() if process.stderr else b""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"holdfast {arguments[0]} ended with {process.returncode}: {said.decode()[-500:]}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
