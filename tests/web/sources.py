"""A source, a pull and a table for risks, as their pages show them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from connectors.live.signing import SECRET, delivery
from holdfast.connectors.published.stripe import EXAMPLES
from holdfast.services.collect.sources import intake, setting_up
from holdfast.services.collect.sources.pulls import SqlPull, add_sql, run_due
from holdfast.services.foresee.write_back import add_target
from holdfast.settings import Settings

NOW = datetime(2026, 5, 17, 9, 30, tzinfo=UTC)
_MAP = '[columns]\ncustomer = "customer"\nat = "ordered_at"\n'


def connect(settings: Settings) -> None:
    """Stripe with a few deliveries, a pull that fails, and a table to write to."""
    setting_up.add(
        settings,
        "stripe",
        options={},
        secrets={"signing_secret": SECRET},
        address="https://h.example",
        now=NOW,
    )
    for example in (EXAMPLES[0].payload, {"type": "radar.warning"}):
        intake.receive(settings, "stripe", delivery("stripe", example, NOW), now=NOW)
    path = settings.folder / "till.db"
    with closing(sqlite3.connect(path)) as till, till:
        till.execute("CREATE TABLE sale (customer TEXT, ordered_at TEXT)")
        till.execute("INSERT INTO sale VALUES ('ann', '2026-05-01')")
    url = f"sqlite:///{path}"
    wanted = SqlPull(url, "SELECT * FROM sale", "orders", _MAP)
    add_sql(settings, "till", wanted, every_minutes=60, now=NOW)
    add_target(settings, "warehouse", url=url, table="holdfast_scores", now=NOW)
    with closing(sqlite3.connect(path)) as till, till:
        till.execute("DROP TABLE sale")
    run_due(settings, NOW)
