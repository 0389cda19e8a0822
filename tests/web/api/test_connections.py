"""Sources through the API (N2): connected, changed, tried, fetched on a schedule; no secret is answered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest

import imap_server
from connectors.live.signing import SECRET
from holdfast.connectors.mails import imap
from holdfast.domain.in_app import proof_of
from holdfast.services.collect.inbox import setting_up
from holdfast.services.collect.property_map import MAPPED
from holdfast.settings import Settings
from holdfast.store import live_sources, pulls, sealed, sql
from imap_server import ImapServer
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_rights import person

Make = Callable[..., Program]
STRIPE = {
    "kind": "stripe",
    "name": "stripe-eu",
    "options": {"customer_id_in": "customer_id"},
    "secrets": {"signing_secret": SECRET},
}


@pytest.fixture
def shop(tmp_path: Path) -> str:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE orders (customer TEXT, ordered_at TEXT, amount INTEGER)")
        connection.execute("INSERT INTO orders VALUES ('ann', '2026-05-01', 10)")
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImapServer]:
    with imap_server.serving(tmp_path_factory.mktemp("imap")) as running:
        yield running


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def test_a_provider_is_connected_tried_changed_and_switched_off(program: Make, served: Settings) -> None:
    call = program("admin")
    kinds = {each["kind"]: each for each in said(call("GET", "/source-kinds"))["items"]}
    assert {"stripe", "shopify", "zendesk", "hubspot", "telegram"} <= kinds.keys()
    assert [each["name"] for each in kinds["stripe"]["secrets"]] == ["signing_secret"]
    made = call("POST", "/sources", STRIPE)
    assert said(made, 201)["hook"] == "http://testserver/hooks/stripe-eu"
    assert said(made, 201)["secrets"] == {"signing_secret": True}
    problem(call("POST", "/sources", STRIPE), 409, "name_taken")
    problem(call("POST", "/sources", STRIPE | {"name": "b", "secrets": {}}), 422, "no_secret")
    problem(call("POST", "/sources", STRIPE | {"name": "b", "options": {"x": ""}}), 422, "unknown_option")
    problem(call("POST", "/sources", STRIPE | {"kind": "cake"}), 422, "unknown_kind")
    changed = {"options": {"customer_id_in": ""}, "address": "https://h.example"}
    after = call("PUT", "/sources/stripe-eu/settings", changed | {"secrets": {"signing_secret": "whsec_2"}})
    assert said(after)["hook"] == "https://h.example/hooks/stripe-eu"
    assert said(call("POST", "/sources/stripe-eu/try"))["items"][0]["becomes"]
    kept = live_sources.by_name(served, "stripe-eu")
    assert kept is not None and sealed.unseal(served, kept.id)["signing_secret"] == "whsec_2"
    assert said(call("PATCH", "/sources/stripe-eu", {"enabled": False}))["enabled"] is False
    problem(call("PUT", "/sources/nobody/settings", {}), 404, "unknown_source")
    everything = [call("GET", path).content.decode() for path in ("/sources", "/sources/stripe-eu")]
    written = str(sql.read("SELECT body, digest FROM api_answer")) + str(sql.read("SELECT * FROM audit_note"))
    for text in (made.content.decode(), after.content.decode(), written, *everything):
        assert SECRET not in text and "whsec_2" not in text


def test_a_repeat_connects_once_and_keeps_no_secret(program: Make, served: Settings) -> None:
    import hashlib

    call = program("admin")
    first, again = (call("POST", "/sources", STRIPE, **{"Idempotency-Key": "s"}) for _ in range(2))
    assert (first.status_code, first.content, again["Idempotent-Replayed"]) == (201, again.content, "true")
    kept = str(sql.read("SELECT body, digest FROM api_answer"))
    assert SECRET not in kept
    plain = hashlib.sha256(("POST /api/v1/sources\n" + json.dumps(STRIPE)).encode()).hexdigest()
    assert plain not in kept


def test_a_mailbox_is_opened_kept_and_changed_without_telling_its_password(
    program: Make, served: Settings, mailbox: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setting_up, "Mailbox", lambda place, **_: imap.Mailbox(place, trust=mailbox.trust))
    call = program("admin")
    wanted = {
        "name": "help",
        "host": "localhost",
        "user": imap_server.USER,
        "password": imap_server.PASSWORD,
        "port": mailbox.tls_port,
        "ours": ["shop.example"],
    }
    for wrong, error in (({"port": 1}, "mailbox_unreachable"), ({"password": "x"}, "mailbox_refused")):
        answer = call("POST", "/mailboxes", wanted | wrong)
        problem(answer, 422, error)
        assert imap_server.PASSWORD not in answer.content.decode()
    assert live_sources.by_name(served, "help") is None
    made = call("POST", "/mailboxes", wanted)
    assert (said(made, 201)["kind"], said(made, 201)["options"]["folders"]) == ("mail", ["INBOX"])
    without = {name: value for name, value in wanted.items() if name not in ("name", "password")}
    after = call("PUT", "/mailboxes/help", without | {"days": 7})
    assert said(after)["options"]["days"] == 7
    kept = live_sources.by_name(served, "help")
    assert kept is not None and sealed.unseal(served, kept.id) == {"password": imap_server.PASSWORD}
    for text in (made, after, call("GET", "/sources/help")):
        assert imap_server.PASSWORD not in json.loads(text.content).__repr__()
    problem(call("POST", "/mailboxes", wanted | {"host": "a b"}), 422, "bad_host")
    problem(call("POST", "/mailboxes", wanted | {"port": 70_000}), 422, "does_not_fit")
    problem(call("PUT", "/mailboxes/nobody", {"host": "a", "user": "b"}), 404, "unknown_source")


def test_a_chat_is_put_on_a_website_and_changed(program: Make, served: Settings) -> None:
    call = program("admin")
    made = said(call("POST", "/chats", {"title": "Shop", "sites": ["https://shop.example"]}), 201)
    assert (made["name"], made["kind"], made["hook"]) == ("website", "chat", None)
    assert made["options"]["origins"] == ["https://shop.example"]
    problem(call("POST", "/chats", {"name": "b", "sites": ["shop"]}), 422, "bad_origin")
    problem(call("PUT", "/mailboxes/website", {"host": "a", "user": "b"}), 404, "not_found")
    assert said(call("PUT", "/chats/website", {"greeting": "Hello"}))["options"]["greeting"] == "Hello"


def test_g2_an_app_is_connected_changed_and_given_a_new_secret(program: Make, served: Settings) -> None:
    call = program("admin")
    made = said(call("POST", "/apps", {"title": "Shop", "sites": ["https://app.example"]}), 201)
    assert (made["app"]["name"], made["app"]["kind"]) == ("app", "in_app")
    asked = json.dumps({"customer": "c1", "proof": proof_of(made["secret"], "c1")})
    shown = partial(call.client.post, "/in-app/app/list", asked, content_type="text/plain")
    assert shown(headers={"origin": "https://app.example"}).json() == {"messages": []}
    assert said(call("PUT", "/apps/app", {"title": "Till"}))["options"] == {"title": "Till", "origins": []}
    assert made["secret"] not in call("GET", "/sources/app").content.decode()
    renewed = said(call("POST", "/apps/app/secret"))["secret"]
    assert renewed != made["secret"] and shown().status_code == 401
    problem(call("POST", "/apps", {"name": "app"}), 409, "name_taken")
    problem(call("POST", "/apps", {"name": "b", "sites": ["shop"]}), 422, "bad_origin")
    problem(call("PUT", "/apps/nobody", {}), 404, "unknown_source")
    said(call("POST", "/chats", {}), 201)
    problem(call("POST", "/apps/website/secret"), 404, "not_found")


def test_rows_are_fetched_on_a_schedule_and_scores_written(
    program: Make, served: Settings, shop: str
) -> None:
    call = program("admin")
    rows = {"url": shop, "query": "SELECT * FROM orders", "rows_are": "orders"}
    guess = said(call("POST", "/pulls/guess", rows))["map"]
    assert "ordered_at" in guess and pulls.listed(served) == []
    made = said(call("POST", "/pulls", rows | {"name": "till", "map": guess, "every_minutes": 15}), 201)
    assert (made["rows_are"], made["every_minutes"], made["enabled"]) == ("orders", 15, True)
    problem(call("POST", "/pulls", rows | {"name": "till", "map": guess}), 409, "name_taken")
    problem(call("POST", "/pulls", rows | {"name": "b", "map": guess, "every_minutes": 1}), 422,
            "does_not_fit")  # fmt: skip
    problem(call("POST", "/pulls", rows | {"name": "b", "map": "x ="}), 422, "bad_map")
    assert said(call("PATCH", "/pulls/till", {"enabled": False}))["enabled"] is False
    before = said(call("GET", "/pulls/till"))["due_at"]
    assert said(call("POST", "/pulls/till/run"), 202)["due_at"] >= before
    target = said(call("POST", "/score-targets", {"url": shop, "table": "scores"}), 201)
    assert (target["name"], target["table"]) == ("warehouse", "scores")
    assert said(call("PATCH", "/score-targets/warehouse", {"enabled": False}))["enabled"] is False
    listed = [call("GET", path).content.decode() for path in ("/pulls", "/pulls/till", "/score-targets")]
    assert not any(shop in text for text in listed)
    for path in ("/pulls/till", "/score-targets/warehouse"):
        assert call("DELETE", path).status_code == 204
        problem(call("DELETE", path), 404, "not_found")


def test_the_api_of_a_source_is_asked_on_a_schedule(program: Make, served: Settings) -> None:
    call = program("admin")
    secrets = {"client_secret": "hidden-1", "access_token": "hidden-2"}
    kind = next(each for each in said(call("GET", "/source-kinds"))["items"] if each["kind"] == "hubspot")
    given = {each["name"]: secrets.get(each["name"], "hidden-3") for each in kind["secrets"]}
    said(call("POST", "/sources", {"kind": "hubspot", "secrets": given}), 201)
    assert said(call("POST", "/sources/hubspot/pull", {"every_minutes": 60}), 201)["kind"] == "hubspot"
    said(call("POST", "/sources", STRIPE), 201)
    problem(call("POST", "/sources/stripe-eu/pull", {}), 422, "no_pull")


def test_a_property_fills_a_column(program: Make, served: Settings, full: int) -> None:
    from holdfast.web.api.operations.event_names import Column

    assert get_args(Column) == MAPPED
    call = program("write")
    names = [each["name"] for each in said(call("GET", "/event-names"))["items"]]
    assert "Order Completed" in names
    first = said(call("GET", "/event-names?limit=1"))
    rest = said(call("GET", f"/event-names?after={first['next']}"))
    assert [each["name"] for each in first["items"] + rest["items"]] == names
    body = {"name": "Order Completed", "column": "score", "property": "rating"}
    assert said(call("POST", "/event-names/map", body))["map"] == {"score": "rating"}
    assert said(call("GET", "/event-names/map?name=Order%20Completed"))["map"] == {"score": "rating"}
    assert said(call("POST", "/event-names/map", body | {"property": ""}))["map"] == {}
    problem(call("POST", "/event-names/map", body | {"column": "cake"}), 422, "does_not_fit")
    problem(call("POST", "/event-names/map", body | {"property": "a\nb"}), 422, "bad_name")


def test_who_decides_looks_and_only_administrators_connect(program: Make, served: Settings) -> None:
    manager = program("admin", acts_for=person(served, "manager"))
    assert manager("GET", "/pulls").status_code == manager("GET", "/source-kinds").status_code == 200
    for path, body in (
        ("/sources", STRIPE),
        ("/chats", {}),
        ("/apps", {}),
        ("/mailboxes", {"host": "a", "user": "b"}),
        ("/pulls/guess", {"url": "x", "query": "x", "rows_are": "orders"}),
        ("/score-targets", {"url": "x"}),
    ):
        problem(manager("POST", path, body), 403, "not_allowed")
        problem(program("write")("POST", path, body), 403, "wrong_scope")
    analyst = program("read", acts_for=person(served, "analyst"))
    problem(analyst("GET", "/pulls"), 403, "not_allowed")
    assert live_sources.listed(served) == []
