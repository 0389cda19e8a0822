"""From an event to its customer's page, to the new risk and to a warning, while others arrive: all on this
machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.importing import holdfast
from bench.ingest import OURS, Company, _serving
from bench.measuring import Line, p95
from bench.pages import _CUSTOMERS
from holdfast.engines.embedded import EmbeddedEngine, literal
from holdfast.settings import Settings, read_settings

PASSWORD = "kelp holds to rock"  # noqa: S105  (of a workspace that is deleted afterwards)

# Orders of two years up to today. A third of the customers stop at some moment; else there is no risk.
_STOPS = (
    "hash(i * 17) % {customers} % 3 = 0 AND hash(i) % 100 > 20 + hash(hash(i * 17) % {customers} * 7) % 70"
)
_ORDERS = f"""
SELECT 'C' || (hash(i * 17) % {{customers}}) AS customer, 'O' || i AS order_id,
  strftime(TIMESTAMP '{{first}}' + INTERVAL 1 HOUR * CAST(hash(i) % 100 * 175 + hash(i * 3) % 175 AS INTEGER),
    '%Y-%m-%d %H:%M:%S') AS "at",
  1 + hash(i * 5) % 99 AS amount, 'EUR' AS currency
FROM range({{orders}}) t(i) WHERE NOT ({_STOPS})
"""


@dataclass(frozen=True)
class Size:
    """How large the company is, what arrives and for how long."""

    customers: int
    orders_each: int
    events_a_second: int
    seconds: int


SIZES = {"small": Size(20_000, 10, 50, 25), "large": Size(100_000, 20, 200, 120)}


def run(size: str, folder: Path) -> list[Line]:
    """Web, worker and sender at once; single events among the others are followed to where they show."""
    asked = SIZES[size]
    settings, email = _company(folder, asked)
    company = Company(settings.folder, _key(settings))
    with _serving(company, OURS, worker=True) as port:
        told = _send(port, company, email, asked)
    floor = p95(sorted(told["page_alone"]))
    words = f"{asked.customers:,} customers, {asked.events_a_second} events/s"
    beside = f"the page itself, nothing else going on ({floor / 1000:.2f} s)"
    lines = []
    for name, found, goal in (
        ("event -> customer page", told["page"], 2.0),
        ("event -> new risk", told["risk"], 3.0),
        ("event -> early warning on the page", told["signal"], 3.0),
    ):
        slow = p95(sorted(found)) / 1000
        lines.append(
            Line(
                f"{name}, {words}, p95",
                slow,
                "s",
                beside,
                slow * 1000 / floor,
                f"under {goal:.0f} s",
                slow < goal,
            )
        )
    return [
        *lines,
        Line("events acknowledged while it went on", told["events"] / told["seconds"], "events/s"),
        Line("customers that still waited at the end", float(told["waiting"]), "customers"),
        Line("largest memory of the worker", told["worker_mb"], "MB", goal="under 1,500 MB",
             met=told["worker_mb"] < 1_500),
    ]  # fmt: skip


def _send(port: int, company: Company, email: str, asked: Size) -> dict[str, Any]:
    command = [
        *(sys.executable, "-m", "bench.live_load", str(port), company.key, str(company.folder)),
        *(email, PASSWORD, str(asked.customers), str(asked.events_a_second), str(asked.seconds)),
    ]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    answer: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return answer


def _company(folder: Path, asked: Size) -> tuple[Settings, str]:
    from holdfast import store
    from holdfast.store.users import create_user

    workspace = folder / "workspace"
    first = datetime.fromtimestamp(datetime.now(UTC).timestamp() - 730 * 86_400, UTC).date()
    holdfast("init", "--workspace", str(workspace), "--currency", "EUR")
    with EmbeddedEngine(temp=folder / "spill") as engine:
        customers = _CUSTOMERS.format(customers=asked.customers)
        orders = _ORDERS.format(
            customers=asked.customers, orders=asked.customers * asked.orders_each, first=first.isoformat()
        )
        for kind, rows in (("customers", customers), ("orders", orders)):
            engine.run(f"COPY ({rows}) TO {literal(str(folder / kind))} (FORMAT csv, HEADER)", {})
    for kind in ("customers", "orders"):
        holdfast("import", str(folder / kind), "--as", kind, "--yes", "--workspace", str(workspace))
    holdfast("run", "--workspace", str(workspace))
    settings = read_settings(workspace)
    store.connect(settings)
    create_user(settings, email="bench@example.com", name="Bench", role="admin", password=PASSWORD)
    return settings, "bench@example.com"


def _key(settings: Settings) -> str:
    from holdfast.services.collect.keys import create_key

    _, key = create_key(settings, "Bench", now=datetime.now(UTC))
    return key
