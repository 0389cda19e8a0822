"""What the worker does for sources: it fetches what is due, and writes risks back after a run."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from holdfast.services.collect.sources.pulls import SqlPull, add_sql
from holdfast.services.foresee.write_back import add_target
from holdfast.services.pulse.jobs import jobs, run_due
from holdfast.services.pulse.run import run
from holdfast.settings import Settings
from holdfast.store import pulls, score_targets

NOW = datetime(2026, 5, 17, 9, 30, tzinfo=UTC)
MAP = '[columns]\ncustomer = "customer"\nat = "at"\namount = "amount"\n'


def test_the_worker_fetches_what_is_due_and_a_run_writes_risks_back(
    workspace: Settings, tmp_path: Path
) -> None:
    shop = tmp_path / "shop.db"
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("CREATE TABLE orders (customer TEXT, at TEXT, amount INTEGER)")
        connection.execute("INSERT INTO orders VALUES ('ann', '2026-05-01', 10), ('bob', '2026-05-02', 20)")
    url = f"sqlite:///{shop}"
    add_sql(workspace, "shop", SqlPull(url, "SELECT * FROM orders", "orders", MAP), every_minutes=60, now=NOW)
    add_target(workspace, "back", url=url, table="holdfast_scores", now=NOW)
    ours = [job for job in jobs() if job.name in ("pulls", "tidy sources")]
    assert [job.lane for job in ours] == ["fetch", "keep"]
    assert run_due(workspace, "fetch", NOW, ours) == 1
    assert run_due(workspace, "keep", NOW, ours) == 1
    found = pulls.by_name(workspace, "shop")
    assert found is not None
    assert (found.trouble, (found.result or {})["rows_taken"]) == (None, 2)
    run(workspace, now=NOW)
    (target,) = score_targets.listed(workspace)
    assert target.trouble is None
    assert target.rows == 0  # two customers are too few for a model: nobody is scored
