"""Sources, pulls and written scores on the command line."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from commands import call
from holdfast.settings import Settings
from holdfast.store import sealed
from holdfast.store.live_sources import by_name


@pytest.fixture
def shop(tmp_path: Path) -> str:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE orders (customer TEXT, ordered_at TEXT, amount INTEGER)")
        connection.execute("INSERT INTO orders VALUES ('ann', '2026-05-01', 10)")
    return f"sqlite:///{path}"


def test_a_source_is_connected_changed_tried_and_switched(workspace: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("whsec_1\n")
    here = ("--workspace", workspace.folder)
    given = ("--secret", f"signing_secret=@{secret}", "--option", "customer_id_in=customer_id")
    made = call("source", "add", "stripe", *given, "--address", "https://holdfast.example", *here, "--json")
    assert made.code == 0, made.err
    assert made.json["address"] == "https://holdfast.example/hooks/stripe"
    assert "whsec_1" not in made.out
    source = by_name(workspace, "stripe")
    assert source is not None
    assert sealed.unseal(workspace, source.id) == {"signing_secret": "whsec_1"}
    assert call("source", "change", "stripe", "--secret", "signing_secret=whsec_2", *here).code == 0
    assert sealed.unseal(workspace, source.id)["signing_secret"] == "whsec_2"
    tried = call("source", "test", "stripe", *here, "--json").json
    assert {"kind": "invoice.paid", "becomes": ["identify", "Payment Completed"]} in tried["examples"]
    assert call("source", "off", "stripe", *here).code == 0
    listed = call("source", "list", *here, "--json").json["sources"]
    assert [(each["name"], each["kind"], each["enabled"]) for each in listed] == [("stripe", "stripe", False)]


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (("source", "add", "paypal"), 1, "unknown_kind"),
        (("source", "add", "stripe"), 1, "no_secret"),
        (("source", "add", "stripe", "--secret", "signing_secret=@/nowhere"), 1, "no_file"),
        (("source", "off", "nobody"), 1, "unknown_source"),
        (("source", "add"), 2, "usage"),
        (("source", "add", "stripe", "--option", "nonsense"), 2, "usage"),
        (("pull", "run", "nobody"), 1, "unknown_pull"),
        (("pull", "add"), 2, "usage"),
        (("pull", "add", "x", "--from", "mysql://x", "--query", "SELECT 1"), 1, "unknown_database"),
        (("write-back", "off", "nobody"), 1, "unknown_target"),
        (("write-back", "run", "nobody"), 1, "unknown_target"),
        (("write-back", "add", "x", "--to", "mysql://x"), 1, "unknown_database"),
    ],
)
def test_what_cannot_be_is_refused(
    workspace: Settings, arguments: tuple[str, ...], code: int, error: str
) -> None:
    ended = call(*arguments, "--workspace", workspace.folder, "--json")
    assert (ended.code, ended.json["error"]) == (code, error)


def test_a_database_is_pulled(workspace: Settings, shop: str) -> None:
    here = ("--workspace", workspace.folder)
    given = ("--from", shop, "--query", "SELECT * FROM orders", "--every", "15")
    unseen = call("pull", "add", "shop", *given, *here, "--json")
    assert (unseen.code, unseen.json["error"]) == (1, "columns_not_confirmed")
    assert call("pull", "add", "shop", *given, "--yes", *here).code == 0
    ran = call("pull", "run", "shop", *here, "--json")
    assert ran.json["result"]["rows_taken"] == 1, ran.err
    listed = call("pull", "list", *here, "--json").json["pulls"]
    assert [(each["name"], each["every_minutes"], each["trouble"]) for each in listed] == [("shop", 15, None)]
    Path(shop.removeprefix("sqlite:///")).unlink()
    assert call("pull", "run", "shop", *here, "--json").json["error"] == "pull_failed"
    for action in ("off", "on", "remove"):
        assert call("pull", action, "shop", *here).code == 0
    assert call("pull", "list", *here, "--json").json == {"pulls": []}


def test_scores_are_written_back(workspace: Settings, shop: str) -> None:
    here = ("--workspace", workspace.folder)
    assert call("write-back", "add", "warehouse", "--to", shop, *here).code == 0
    assert call("write-back", "run", *here, "--json").json["written"] == [
        {"name": "warehouse", "table": "holdfast_scores", "rows": 0, "trouble": None}
    ]
    assert call("write-back", "off", "warehouse", *here).code == 0
    assert call("write-back", "run", *here, "--json").json == {"written": []}
    assert call("write-back", "list", *here, "--json").json["targets"][0]["enabled"] is False
    assert call("write-back", "remove", "warehouse", *here).code == 0
