"""Small companies in real workspaces: their files imported the way a person would."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from holdfast.domain.imports import ColumnMap, Guess
from holdfast.services.collect.import_file import ImportReport, import_file
from holdfast.services.progress import Silent
from holdfast.settings import Settings, write_settings

NOW = datetime(2024, 7, 15, 12, tzinfo=UTC)


def accept(guess: Guess) -> ColumnMap:
    return guess.map


def take(settings: Settings, path: Path, kind: str, map_path: Path | None = None) -> ImportReport:
    return import_file(settings, [path], kind, map_path=map_path, choose=accept, progress=Silent(), now=NOW)


def take_rows(settings: Settings, kind: str, rows: Sequence[Sequence[object]], folder: Path) -> ImportReport:
    """Import ``rows``, the first of them the header."""
    path = folder / f"{kind}.csv"
    write_csv(path, rows)
    return take(settings, path, kind)


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def with_rule(settings: Settings, **changes: object) -> Settings:
    """The workspace with another rule of who counts as lost."""
    changed = replace(settings, lost=replace(settings.lost, **changes))  # type: ignore[arg-type]
    write_settings(changed)
    return changed


def shop_rows(seed: int = 4, customers: int = 80) -> list[tuple[object, ...]]:
    """Orders of a shop over 18 months: weekly and monthly buyers, some of whom leave."""
    chance = Random(seed)
    rows: list[tuple[object, ...]] = [("order_id", "customer", "at", "amount", "currency")]
    for customer in range(customers):
        day = date(2023, 1, 1) + timedelta(days=chance.randrange(200))
        gap = chance.choice([10, 30, 60])
        last = date(2024, 7, 1) if chance.random() < 0.6 else day + timedelta(days=chance.randrange(300))
        while day < last:
            amount = f"{chance.randrange(500, 9000) / 100:.2f}"
            rows.append((f"o{len(rows)}", f"c{customer}", day.isoformat(), amount, "EUR"))
            day += timedelta(days=1 + int(chance.expovariate(1 / gap)))
    return rows
