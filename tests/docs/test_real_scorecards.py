"""What docs/explanation/real-data.md says early warnings are worth is what a replay of the sets finds (C)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfast.analytics.scorecards import Scorecard
from holdfast.services.collect.import_file import import_file
from holdfast.services.progress import Silent
from holdfast.services.pulse.run import run
from holdfast.services.warn import records
from holdfast.settings import Settings, write_settings
from machine import CHECKOUT

PAGE = (CHECKOUT / "docs" / "explanation" / "real-data.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| (?P<set>[^|]+) \| `(?P<signal>\w+)` \| (?P<warnings>[\d,]+) \| (?P<left>[^|]+) "
    r"\| (?P<others>[^|]+) \| (?P<lift>[^|]+) \| (?P<verdict>[^|]+) \|$",
    re.MULTILINE,
)
VERDICTS = {
    "earns its place": "earns_its_place",
    "no better": "no_better",
    "always": "always",
    "hardly anybody left": "few_left",
    "too little to say": "too_little",
}

RETAIL = (("orders", "online_retail_II/online_retail_2009_2010.parquet"),)
GROCER = (("orders", "grocery_elog/grocery_elog.parquet"),)
RAVEN = (
    ("accounts", "ravenstack_saas/accounts.csv.gz"),
    ("subscriptions", "ravenstack_saas/subscriptions.csv.gz"),
    ("tickets", "ravenstack_saas/support_tickets.csv.gz"),
)
SETS = {
    "Online Retail II": (RETAIL, {"currency": "GBP", "timezone": "Europe/London"}),
    "Online grocer": (GROCER, {"currency": "EUR", "timezone": "Europe/Vienna"}),
    "RavenStack": (RAVEN, {"currency": "USD", "unit": "account"}),
}


@pytest.mark.long
@pytest.mark.parametrize("name", SETS)
def test_scorecards_of_a_real_set_are_what_the_page_says(
    name: str, workspace: Settings, holdfast_data: Path
) -> None:
    files, told = SETS[name]
    settings = replace(workspace, **told)  # type: ignore[arg-type]
    write_settings(settings)
    for kind, file in files:
        report = import_file(
            settings,
            [holdfast_data / file],
            kind,
            choose=lambda guess: guess.map,
            progress=Silent(),
            now=datetime.now(UTC),
        )
        assert report.state == "done"
    run(settings)
    cards = {card.signal: card for card in records.make(settings)}
    written = {row["signal"]: row for row in ROW.finditer(PAGE) if row["set"] == name}
    silent = {signal: card for signal, card in cards.items() if not card.episodes}
    assert written.keys() == cards.keys() - silent.keys(), "the page tells of those that warned"
    assert {card.verdict for card in silent.values()} <= {"never"}
    for signal, row in written.items():
        agree(cards[signal], row)


def agree(card: Scorecard, row: re.Match[str]) -> None:
    """The row of the page says what the record does; shares to a percent, the lift to a tenth."""
    assert VERDICTS[row["verdict"].strip("* ")] == card.verdict, card
    assert row["warnings"] == f"{card.episodes:,}", card
    assert row["left"] == percent(card.left_with), card
    assert row["others"] == percent(card.left_without), card
    assert row["lift"] == lift(card), card


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def lift(card: Scorecard) -> str:
    """The quotient with its interval."""
    if card.lift is None or card.lift_low is None or card.lift_high is None:
        return "–"
    return f"{card.lift:.1f} ({card.lift_low:.1f} to {card.lift_high:.1f})"
