"""The demo company is built once, lives on by its own clock, and keeps its truth to itself."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.services.collect import demo
from holdfast.services.collect.demo import advance_demo, build_demo, has_demo
from holdfast.services.progress import Silent
from holdfast.settings import Settings, read_settings


def build(workspace: Settings, days: int = 45) -> demo.Demo:
    return build_demo(workspace, customers=80, days=days, seed=3, progress=Silent())


def test_a_demo_company_is_built_and_lives_on(workspace: Settings) -> None:
    built = build(workspace)
    assert all(report.state == "done" and not report.rows_rejected for report in built.imports)
    assert {report.kind for report in built.imports} >= {"customers", "orders", "subscriptions", "events"}
    company = read_settings(workspace.folder)
    assert (company.name, company.currency, company.lost.rule) == ("Cornflower Coffee", "EUR", "mixed")
    assert company.clock == date(2024, 12, 16) == date.fromordinal(built.last_day.toordinal() + 1)
    assert has_demo(company)

    advanced = advance_demo(company, 15, Silent())
    assert advanced.days == 60
    assert advanced.last_day == date(2024, 12, 30)
    assert read_settings(workspace.folder).clock == date(2024, 12, 31)
    assert not (workspace.folder / "demo" / "files").exists()
    truth = json.loads((workspace.folder / "demo" / "truth.json").read_text(encoding="utf-8"))
    assert truth["last_day"] == "2024-12-30"
    texts = rows(workspace.folder / "demo" / "truth-texts.csv")
    assert len({(text["kind"], text["id"]) for text in texts}) == len(texts)

    with pytest.raises(Refusal) as again:
        build(company)
    assert again.value.code == "demo_exists"


def test_an_interrupted_call_can_be_repeated(workspace: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    real = demo.import_file

    def die_at_the_orders(settings: Settings, paths: object, kind: str, **named: object) -> object:
        if kind == "orders":
            raise KeyboardInterrupt
        return real(settings, paths, kind, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(demo, "import_file", die_at_the_orders)
        with pytest.raises(KeyboardInterrupt):
            build(workspace, days=20)
    assert not has_demo(workspace)
    interrupted = read_settings(workspace.folder)

    with pytest.raises(Refusal) as other:
        build_demo(interrupted, customers=81, days=20, seed=3, progress=Silent())
    assert other.value.code == "workspace_in_use"

    repeated = {report.kind: report for report in build(interrupted, days=20).imports}
    assert repeated["subscriptions"].duplicates == repeated["subscriptions"].rows_read
    assert repeated["orders"].duplicates == 0


def test_only_a_demo_company_can_be_advanced(workspace: Settings) -> None:
    with pytest.raises(Refusal) as refused:
        advance_demo(workspace, 30, Silent())
    assert refused.value.code == "no_demo"


def test_a_demo_may_end_on_any_day(workspace: Settings) -> None:
    built = build_demo(workspace, customers=20, days=5, seed=3, progress=Silent(), as_of=date(2026, 3, 1))
    assert built.last_day == date(2026, 2, 28)
    assert built.settings.clock == date(2026, 3, 1)
    with pytest.raises(Refusal) as refused:
        advance_demo(built.settings, 0, Silent())
    assert refused.value.code == "no_days"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
