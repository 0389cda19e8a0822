"""Scheduled pulls: what is new comes once, on both databases; what goes wrong is seen and tried again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.live.hubspot_server import TOKEN, HubSpotServer
from holdfast.connectors import hubspot_api
from holdfast.connectors.outward import Door
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.sources import pulls, setting_up
from holdfast.services.collect.sources.pulls import SqlPull
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import pulls as kept
from holdfast.store import sql
from https_server import serving

NOW = datetime(2026, 5, 17, 9, 30, tzinfo=UTC)
QUERY = "SELECT customer, id AS order_id, bought_at, amount, changed FROM orders"
MAP = """\
[columns]
customer = "customer"
order_id = "order_id"
at = "bought_at"
amount = "amount"

[options]
source = "shop"
currency = "EUR"
"""


class Shop:
    """Somebody else's database of orders."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.run(
            "CREATE TABLE orders "
            "(id INTEGER, customer TEXT, bought_at TEXT, amount INTEGER, changed TIMESTAMP)"
        )

    def run(self, statement: str) -> None:
        if self.url.startswith("sqlite"):
            with sqlite3.connect(self.url.removeprefix("sqlite:///")) as shop:
                shop.execute(statement)
            shop.close()
            return
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as control:
            control.execute(statement.encode())

    def sell(self, id_: int, customer: str, changed: str, amount: int = 10) -> None:
        day = changed[:10]
        self.run(f"INSERT INTO orders VALUES ({id_}, '{customer}', '{day}', {amount}, '{changed}')")


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    if request.param == "sqlite":
        yield Shop(f"sqlite:///{tmp_path / 'shop.db'}")
        return
    server = request.getfixturevalue("postgresql")
    yield Shop(server.create(f"shop{abs(hash(str(tmp_path)))}"))


def _add(settings: Settings, shop: Shop, *, cursor: str = "changed", **more: Any) -> kept.Pull:
    wanted = SqlPull(
        shop.url, more.pop("query", QUERY), more.pop("kind", "orders"), more.pop("map_toml", MAP), cursor
    )
    return pulls.add_sql(settings, "shop", wanted, every_minutes=more.pop("every_minutes", 60), now=NOW)


def _now(settings: Settings) -> kept.Pull:
    found = kept.by_name(settings, "shop")
    assert found is not None
    return found


def _orders(settings: Settings) -> list[Any]:
    from workspace_state import state_of

    return sorted(row[1] for row in state_of(settings)["events"])


@pytest.mark.parametrize("cursor", ["changed", "order_id", ""])
def test_what_is_new_comes_once(workspace: Settings, shop: Shop, cursor: str) -> None:
    shop.sell(1, "ann", "2026-05-16 08:00:00")
    shop.sell(2, "bob", "2026-05-16 09:00:00")
    _add(workspace, shop, cursor=cursor)
    assert pulls.run_due(workspace, NOW) == 1
    assert _now(workspace).result is not None
    assert (_now(workspace).result or {})["rows_taken"] == 2
    assert _orders(workspace) == ["ann", "bob"]

    assert pulls.run_due(workspace, NOW + timedelta(minutes=59)) == 0
    assert pulls.run_due(workspace, NOW + timedelta(minutes=60)) == 1
    assert _orders(workspace) == ["ann", "bob"]
    assert (_now(workspace).result or {}).get("rows_taken", 0) == 0

    shop.sell(3, "cid", "2026-05-17 09:00:00")
    assert pulls.run_due(workspace, NOW + timedelta(hours=3)) == 1
    assert _orders(workspace) == ["ann", "bob", "cid"]
    assert (_now(workspace).result or {})["rows_taken"] == 1


def test_rows_that_were_written_late_are_read_with_the_next(workspace: Settings, shop: Shop) -> None:
    """A transaction that ends late has an earlier moment than what was read before it ended."""
    shop.sell(2, "bob", "2026-05-16 09:00:00")
    _add(workspace, shop)
    pulls.run_due(workspace, NOW)
    shop.sell(1, "late", "2026-05-16 08:55:00")
    shop.sell(3, "cid", "2026-05-16 10:00:00")
    pulls.run_due(workspace, NOW + timedelta(hours=1))
    assert _orders(workspace) == ["bob", "cid", "late"]


def test_nothing_there_yet_is_no_trouble(workspace: Settings, shop: Shop) -> None:
    shop.sell(1, "ann", "2026-05-16 08:00:00")
    _add(workspace, shop)
    shop.run("DELETE FROM orders")
    pulls.run_due(workspace, NOW)
    assert (_now(workspace).trouble, _now(workspace).result) == (None, {"rows_read": 0})


def test_what_goes_wrong_is_kept_and_tried_again(workspace: Settings, shop: Shop) -> None:
    shop.sell(1, "ann", "2026-05-16 08:00:00")
    _add(workspace, shop)
    shop.run("ALTER TABLE orders RENAME TO gone")
    pulls.run_due(workspace, NOW)
    broken = _now(workspace)
    assert "The query cannot be answered" in str(broken.trouble)
    assert broken.cursor is None
    shop.run("ALTER TABLE gone RENAME TO orders")
    pulls.run_due(workspace, NOW + timedelta(hours=1))
    assert _now(workspace).trouble is None
    assert _orders(workspace) == ["ann"]


def test_two_workers_run_a_pull_once(workspace: Settings, shop: Shop) -> None:
    shop.sell(1, "ann", "2026-05-16 08:00:00")
    pull = _add(workspace, shop)
    assert kept.claim(workspace, pull, next_us=pull.due_us + 1)
    assert not kept.claim(workspace, pull, next_us=pull.due_us + 1)


def test_another_import_goes_first_and_the_pull_comes_again_soon(
    workspace: Settings, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.domain.texts import Text
    from holdfast.services.collect import import_file

    def busy(*_: Any, **__: Any) -> None:
        raise Refusal("busy", found=Text("Busy."), expected=Text("Quiet."), remedy=Text("Wait."))

    shop.sell(1, "ann", "2026-05-16 08:00:00")
    _add(workspace, shop)
    with monkeypatch.context() as patched:
        patched.setattr(import_file, "take_in", busy)
        pulls.run_due(workspace, NOW)
    assert _now(workspace).due_us == int((NOW + timedelta(minutes=1)).timestamp() * 1_000_000)
    pulls.run_due(workspace, NOW + timedelta(minutes=1))
    assert _orders(workspace) == ["ann"]


def test_the_address_with_its_password_is_sealed(workspace: Settings, shop: Shop) -> None:
    shop.sell(1, "ann", "2026-05-16 08:00:00")
    pull = _add(workspace, shop)
    assert shop.url not in str(sql.read("SELECT * FROM pull"))
    assert kept.secrets_of(workspace, pull.id) == {"url": shop.url}


def test_a_query_cannot_write(workspace: Settings, shop: Shop) -> None:
    shop.sell(1, "ann", "2026-05-16 08:00:00")
    for query in ("DELETE FROM orders RETURNING *", "SELECT 1); DELETE FROM orders; --"):
        with pytest.raises(Refusal) as refused:
            _add(workspace, shop, query=query)
        assert refused.value.code == "bad_query"
    _add(workspace, shop)
    pulls.run_due(workspace, NOW)
    assert _orders(workspace) == ["ann"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"every_minutes": 1}, "bad_schedule"),
        ({"every_minutes": 20_000}, "bad_schedule"),
        ({"kind": "cats"}, "unknown_kind"),
        ({"map_toml": " "}, "columns_not_agreed"),
        ({"map_toml": "[columns"}, "bad_map"),
        ({"cursor": "nothing"}, "bad_query"),
    ],
)
def test_what_cannot_be_a_pull_is_refused_at_once(
    workspace: Settings, shop: Shop, wrong: dict[str, Any], code: str
) -> None:
    shop.sell(1, "ann", "2026-05-16 08:00:00")
    with pytest.raises(Refusal) as refused:
        _add(workspace, shop, **wrong)
    assert refused.value.code == code
    assert kept.listed(workspace) == []


def test_columns_are_guessed_to_be_looked_at(workspace: Settings, shop: Shop) -> None:
    shop.sell(1, "ann", "2026-05-16 08:00:00")
    toml = pulls.guessed(
        workspace, SqlPull(shop.url, QUERY.replace("bought_at", "bought_at AS ordered_at"), "orders")
    )
    assert 'customer = "customer"' in toml
    assert 'order_id = "order_id"' in toml


# HubSpot's API


@pytest.fixture
def hubspot(tmp_path: Path) -> Iterator[tuple[HubSpotServer, str, Door]]:
    server = HubSpotServer()
    with serving(server, tmp_path) as running:
        yield server, running.address, Door(frozenset({"localhost"}), running.trust)


def _connect(settings: Settings, address: str, token: str = TOKEN) -> kept.Pull:
    setting_up.add(
        settings,
        "hubspot",
        options={"customer_id_in": "customer_id"},
        secrets={"signing_secret": "s", "access_token": token},
        now=NOW,
    )
    pull = pulls.add_api(settings, "hubspot", every_minutes=15, now=NOW)
    sql.write("UPDATE pull SET options = %s", (f'{{"api": "{address}"}}',))
    return pull


def test_contacts_and_deals_come_by_the_api(
    base: Settings, hubspot: tuple[HubSpotServer, str, Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubspot_api, "PAGE", 10)
    server, address, door = hubspot
    begun = datetime(2026, 5, 1, 12, tzinfo=UTC)
    for number in range(25):
        server.put(
            "contacts",
            str(1000 + number),
            begun + timedelta(minutes=number // 2),
            email=f"c{number}@example.com",
            firstname="Ann",
            lastname=f"Number {number}",
        )
    server.objects["contacts"]["1003"]["createdate"] = "2026-04-01T00:00:00Z"
    server.put("deals", "7", begun, dealstage="closedwon", amount="1200.5", deal_currency_code="EUR",
               closedate="2026-05-01T10:00:00Z", createdate="2026-04-20T00:00:00Z")  # fmt: skip
    server.put("deals", "8", begun, dealstage="qualified", createdate="2026-04-21T00:00:00Z")
    server.associated["7"] = ["1003"]
    _connect(base, address)
    assert pulls.run_due(base, NOW, door=door) == 1
    pull = kept.listed(base)[0]
    assert (pull.trouble, pull.result) == (None, {"contacts": 25, "deals": 2})
    assert server.searches >= 4
    take_in_arrived(base, now_us=int(NOW.timestamp() * 1_000_000))
    events = sql.read(
        "SELECT s.key, l.name, l.amount_minor, l.currency, l.object_id FROM log_row l "
        "JOIN subject s ON s.id = l.subject_id ORDER BY l.at_us"
    )
    assert events == [("1003", "Deal Opened", 120050, "EUR", "7"), ("1003", "Deal Won", 120050, "EUR", "7")]
    mails = sql.read("SELECT COUNT(DISTINCT value) FROM contact_point WHERE kind = 'email'")
    assert mails == [(25,)]

    before = server.searches
    pulls.run_due(base, NOW + timedelta(minutes=15), door=door)
    take_in_arrived(base, now_us=int((NOW + timedelta(minutes=16)).timestamp() * 1_000_000))
    assert server.searches - before <= 3
    assert sql.read("SELECT COUNT(*) FROM log_row") == [(2,)]


def test_a_wrong_token_is_said_so(workspace: Settings, hubspot: tuple[HubSpotServer, str, Door]) -> None:
    _, address, door = hubspot
    _connect(workspace, address, token="pat-wrong")
    pulls.run_due(workspace, NOW, door=door)
    assert "does not let this token in" in str(kept.listed(workspace)[0].trouble)


def test_an_api_inside_the_house_is_not_asked(
    workspace: Settings, hubspot: tuple[HubSpotServer, str, Door]
) -> None:
    server, address, _ = hubspot
    _connect(workspace, address)
    pulls.run_due(workspace, NOW)
    assert "inside this house" in str(kept.listed(workspace)[0].trouble)
    assert server.searches == 0


def test_a_source_without_a_token_or_without_an_api_is_refused(workspace: Settings) -> None:
    setting_up.add(workspace, "hubspot", options={}, secrets={"signing_secret": "s"}, now=NOW)
    setting_up.add(workspace, "stripe", options={}, secrets={"signing_secret": "s"}, now=NOW)
    for name, code in (("hubspot", "no_secret"), ("stripe", "no_pull"), ("nobody", "unknown_source")):
        with pytest.raises(Refusal) as refused:
            pulls.add_api(workspace, name, every_minutes=15, now=NOW)
        assert refused.value.code == code
