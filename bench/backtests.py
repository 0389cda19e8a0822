"""Would we have known? The model on past dates of real shops, beside silence and a health score by hand.

Everything runs through the command line, as a user would. What is compared is the right order of
customers (AUC), the difference with its interval; the state of the drift alarm is told with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.importing import holdfast
from bench.measuring import Line
from bench.real_sets import find_data


@dataclass(frozen=True, slots=True)
class Shop:
    """A set of orders; ``lost`` and ``horizon_days`` where its history is too short for the defaults."""

    name: str
    file: str
    as_of: str
    lost: str = ""
    horizon_days: int = 90


SHOPS = (
    Shop("online grocer", "grocery_elog/grocery_elog.parquet", "2008-01-01"),
    Shop(
        "Online Retail II, first year, lost after 60 days",
        "online_retail_II/online_retail_2009_2010.parquet",
        "2010-12-10",
        'rule = "fixed"\nafter_days = 60',
        60,
    ),
)


def run(size: str, folder: Path) -> list[Line]:
    """The same shops at both sizes."""
    lines = []
    for number, shop in enumerate(SHOPS):
        lines += _lines(shop, _backtest(shop, folder / str(number)))
    return lines


def _backtest(shop: Shop, workspace: Path) -> dict[str, Any]:
    where = ("--workspace", str(workspace))
    holdfast("init", "--currency", "GBP", *where)
    settings = workspace / "holdfast.toml"
    written = settings.read_text(encoding="utf-8")
    if shop.lost:
        written = written.replace('rule = "mixed"', shop.lost)
    written = written.replace("horizon_days = 90", f"horizon_days = {shop.horizon_days}")
    settings.write_text(written, encoding="utf-8")
    holdfast("import", str(find_data() / shop.file), "--as", "orders", "--yes", *where)
    told = subprocess.run(
        [
            str(Path(sys.executable).with_name("holdfast")),
            "backtest",
            "--as-of",
            shop.as_of,
            "--json",
            *where,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer


def _lines(shop: Shop, told: dict[str, Any]) -> list[Line]:
    total = told["total"]
    alarm = "drift alarm on" if told["drift_alarm"] else "drift alarm silent"
    lines = [
        Line(f"backtest, {shop.name}: AUC", total["auc"], f"of {total['n']:,}"),
        Line("its calibration error", total["calibration_error"], alarm),
    ]
    for rival, found in told["differences"].items():
        interval = f"({found['low']:+.3f} to {found['high']:+.3f})"
        lines.append(
            Line(
                f"its AUC beside {rival} {told['rivals'][rival]['auc']:.3f}",
                found["estimate"],
                interval,
                goal="above 0 beyond chance",
                met=found["low"] > 0,
            )
        )
    return lines
