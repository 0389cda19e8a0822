"""What works on SQLite works on PostgreSQL, to the same answers: one company, both databases."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from holdfast import store
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.collect.look_up import customer
from holdfast.services.collect.undo_import import undo_import
from holdfast.services.foresee.reading import at_risk, customer_risk, model_cards
from holdfast.services.keep.compact import compact
from holdfast.services.keep.examine import examine
from holdfast.services.keep.export import export, kinds
from holdfast.services.pulse.run import run
from holdfast.services.visible import finished_events
from holdfast.settings import Settings, read_settings, write_settings
from holdfast.store import figures, imports
from postgresql_server import Server
from services.measure.companies import NOW, shop_rows, take_rows, with_rule

DAY = date(2024, 7, 1)
PEOPLE = 240
_numbers = count()


def people() -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [("customer", "name", "email", "phone", "country", "source")]
    rows += [
        (
            f"c{n}",
            f"Zoë Ní Bhriain {n}" if n % 4 else f"علی رضایی {n}",
            f"c{n}@example.org",
            f"+35386{n:07d}",
            "IE" if n % 3 else "RO",
            "ads" if n % 2 else "friends",
        )
        for n in range(PEOPLE)
    ]
    return [*rows, ("guest7", "", "c7@example.org", "", "", "")]


def tickets() -> list[tuple[object, ...]]:
    head = ("ticket_id", "customer", "opened_at", "closed_at", "subject", "text")
    rows = [
        (f"t{n}", f"c{n % PEOPLE}", f"2024-0{1 + n % 6}-11", "", "Late", f"Parcel {n} is late, again; 100% ☹")
        for n in range(90)
    ]
    return [head, *rows]


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """How well a model foresees is asked elsewhere."""
    from holdfast.learning.members import SplineLogit
    from holdfast.learning.risk import RiskClassifier

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("holdfast.services.foresee.training.REPLAYED", 1)
        patch.setattr(RiskClassifier, "_members", lambda _, categories: {"additive": SplineLogit(categories)})
        yield


def company(settings: Settings, folder: Path) -> Settings:
    """Imports of every sort, one of them undone, and a turn of the loop."""
    folder.mkdir(exist_ok=True)
    take_rows(settings, "customers", people(), folder)
    orders = shop_rows(customers=PEOPLE)
    wrong = take_rows(settings, "orders", [*orders[:40], ("x1", "c5", "2024-01-01", "999.00", "EUR")], folder)
    take_rows(settings, "orders", orders, folder)
    take_rows(settings, "tickets", tickets(), folder)
    take_rows(
        settings,
        "costs",
        [("date", "source", "amount", "currency"), ("2024-05-01", "ads", 900, "EUR")],
        folder,
    )
    undo_import(settings, wrong.import_id)
    ruled = with_rule(settings, rule="fixed", after_days=60)
    run(ruled, DAY, now=NOW)
    return ruled


@pytest.fixture(scope="module")
def built(
    postgresql: Server, _blank_workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """The company made once: its folder and the database to copy."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(_blank_workspace, folder / "workspace", ignore=shutil.ignore_patterns("holdfast.db*"))
    settings = replace(
        read_settings(folder / "workspace"), database_url=postgresql.create("company", template="blank")
    )
    write_settings(settings)
    company(settings, folder / "files")
    store.connect(read_settings(_blank_workspace))  # nobody may be connected to what is copied
    return settings.folder, "company"


@pytest.fixture
def shop(
    built: tuple[Path, str], postgresql: Server, _blank_workspace: Path, tmp_path: Path
) -> Iterator[Settings]:
    """The company on PostgreSQL, a copy for each test."""
    folder, database = built
    shutil.copytree(folder, tmp_path / "shop")
    url = postgresql.create(f"shop{next(_numbers)}", template=database)
    settings = replace(read_settings(tmp_path / "shop"), database_url=url)
    write_settings(settings)
    store.connect(settings)
    yield settings
    store.connect(read_settings(_blank_workspace))


def said(settings: Settings, folder: Path) -> dict[str, Any]:
    """Everything there is to say, without what differs from one run to the next."""
    found: dict[str, Any] = {}
    for kind in kinds():
        path = folder / f"{kind}.csv"
        export(settings, kind, path)
        with path.open(encoding="utf-8", newline="") as file:
            found[kind] = sorted(tuple(row) for row in csv.reader(file))
    found["figures"] = {
        grain: [kept.figure for kept in figures.read_figures(settings, grain)] for grain in ("month", "year")
    }
    risks = at_risk(settings, top=500)
    found["risks"] = [(each.unit_id, round(each.risk, 9), each.name) for each in risks.rows]
    found["one"] = customer(settings, "c7@example.org", now=NOW).as_json()
    found["imports"] = [
        (each.id, each.kind, each.state, dict(each.report)) for each in imports.list_imports(settings)
    ]
    return found


def test_the_same_files_give_the_same_answers_on_both_databases(
    shop: Settings, _blank_workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    there = said(shop, tmp_path / "out")
    shutil.copytree(_blank_workspace, tmp_path / "lite")
    lite = read_settings(tmp_path / "lite")
    store.connect(lite)
    here = said(company(lite, tmp_path / "files"), tmp_path / "out")
    assert there["risks"]
    for name, value in here.items():
        assert there[name] == value, name


def test_what_is_undone_and_compacted_is_gone(shop: Settings) -> None:
    def events() -> int:
        with EmbeddedEngine(temp=shop.folder / "spill") as engine:
            return int(engine.rows("SELECT COUNT(*) FROM events", {"events": finished_events(shop)})[0][0])

    before = events()
    orders = next(
        each for each in imports.list_imports(shop) if each.kind == "orders" and each.state == "done"
    )
    undo_import(shop, orders.id)
    after = events()
    assert after < before
    compact(shop)
    assert events() == after
    assert run(shop, DAY, now=NOW).differing >= 0


def test_the_examination_finds_nothing_wrong(shop: Settings) -> None:
    assert [check.name for check in examine(shop.folder) if not check.ok] in ([], ["disk"])


@pytest.fixture
def visit(shop: Settings) -> Callable[[str], tuple[int, str]]:
    from django.test import Client

    from holdfast.store.models import User
    from holdfast.web.workspace import serve_workspace

    serve_workspace(shop)
    client = Client()
    client.force_login(User.objects.create_user("a@example.com", None, name="Niamh", role="admin"))

    def visit(address: str) -> tuple[int, str]:
        answer = client.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        answer.close()
        return answer.status_code, content.decode()

    return visit


ABOUT_SOMETHING = {"act/changes/new", "cases/new"}
"""Pages whose address has to say about whom or what."""


def test_every_page_answers(visit: Callable[[str], tuple[int, str]], shop: Settings) -> None:
    from holdfast.web.urls import urlpatterns

    unit = at_risk(shop, top=1).rows[0].unit_id
    ways = [str(pattern.pattern) for pattern in urlpatterns]
    plain = [way for way in ways if "<" not in way and "sign" not in way and way not in ABOUT_SOMETHING]
    asked = [
        *(f"/{way}" for way in plain),
        f"/customers/{unit}",
        "/foresee/export/csv",
        "/customers?q=bhriain",
        "/customers?q=c7@example",
        "/customers?sort=last&state=lapsed",
        "/customers?sort=amount&country=RO",
        "/find?q=c12",
    ]
    for address in asked:
        status, content = visit(address)
        assert status in (200, 302, 405), (address, status, content[:300])


def test_a_customer_is_found_by_a_part_of_the_name(visit: Callable[[str], tuple[int, str]]) -> None:
    assert "Zoë Ní Bhriain 13" in visit("/customers?q=bhriain+13")[1]
    assert "علی رضایی 12" in visit("/customers?q=رضایی")[1]


def test_risk_is_told_with_its_reasons(shop: Settings) -> None:
    first = at_risk(shop, top=1).rows[0]
    found = customer_risk(shop, first.unit_id)
    assert found.latest is not None
    assert found.latest.drivers
    assert model_cards(shop)
