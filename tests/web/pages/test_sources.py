"""Sources on their pages: connect, look, renew, try, switch; pulls and places for scores."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connectors.live.signing import SECRET, delivery
from holdfast.services.collect.sources import intake, setting_up
from holdfast.settings import Settings
from holdfast.store import pulls, score_targets, sealed

if TYPE_CHECKING:
    from django.test import Client

NASTY = "<script>alert(1)</script>"
GIVEN = {"name": "stripe", "address": "https://holdfast.example", "signing_secret": SECRET}


@pytest.fixture
def admin(signed_in: Callable[..., Client]) -> Client:
    return signed_in("admin")


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def shop(tmp_path: Path) -> str:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE orders (customer TEXT, ordered_at TEXT, amount INTEGER)")
        connection.execute("INSERT INTO orders VALUES ('ann', '2026-05-01', 10)")
    return f"sqlite:///{path}"


def test_an_empty_page_says_what_can_be_connected(admin: Client) -> None:
    text = text_of(admin.get("/settings/sources"))
    for said in ("No source tells of events yet.", "Stripe", "Shopify", "Zendesk", "HubSpot", "SQL database"):
        assert said in text, said


def test_connecting_shows_the_address_and_what_to_do_there(admin: Client, served: Settings) -> None:
    form = text_of(admin.get("/settings/sources/add/stripe"))
    assert "http://testserver/hooks/stripe" in form
    assert "customer.subscription.updated" in form
    answer = admin.post("/settings/sources/add/stripe", GIVEN | {"customer_id_in": "customer_id"})
    assert (answer.status_code, answer["Location"]) == (302, "/settings/sources/of/stripe")
    text = text_of(admin.get("/settings/sources/of/stripe"))
    assert "https://holdfast.example/hooks/stripe" in text
    assert "Nothing has arrived yet." in text
    assert SECRET not in text
    assert 'value="customer_id"' in text
    source = setting_up.found(served, "stripe")
    assert sealed.unseal(served, source.id) == {"signing_secret": SECRET}
    assert "<bdi>stripe</bdi>" in text_of(admin.get("/settings/sources"))


@pytest.mark.parametrize("kind", ["stripe", "shopify", "zendesk", "hubspot"])
def test_every_kind_has_its_form_made_from_its_options(admin: Client, kind: str) -> None:
    from dataclasses import fields

    from holdfast.services.collect.sources.parts import known_part

    text = text_of(admin.get(f"/settings/sources/add/{kind}"))
    part = known_part(kind)
    for name in [each.name for each in (*fields(part.options), *part.secrets)]:
        assert f'name="{name}"' in text
    given = {**GIVEN, "name": kind}
    assert admin.post(f"/settings/sources/add/{kind}", given).status_code == 302
    assert admin.get(f"/settings/sources/of/{kind}").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": NASTY}, "name"),
        ({"address": "ftp://x"}, "address"),
        ({"signing_secret": " "}, "signing_secret"),
        ({"customers_are": "cats"}, "customers_are"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(
    admin: Client, served: Settings, wrong: dict[str, str], field: str
) -> None:
    answer = admin.post("/settings/sources/add/stripe", GIVEN | wrong)
    text = text_of(answer)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in text
    assert NASTY not in text
    assert SECRET not in text
    assert setting_up.listed(served) == []


def test_an_unknown_kind_source_or_act_is_not_found(admin: Client) -> None:
    admin.post("/settings/sources/add/stripe", GIVEN)
    for path in ("/settings/sources/add/paypal", "/settings/sources/of/nobody"):
        assert admin.get(path).status_code in (404, 400, 422)
    for path in (
        "/settings/sources/of/stripe/explode",
        "/settings/sources/pull/nobody/run",
        "/settings/sources/scores/nobody/off",
    ):
        assert admin.post(path).status_code == 404, path


def test_what_arrived_is_counted_on_the_page(admin: Client, served: Settings) -> None:
    from holdfast.connectors.published.stripe import EXAMPLES

    admin.post("/settings/sources/add/stripe", GIVEN)
    now = datetime.now(UTC)
    sent = delivery("stripe", {**EXAMPLES[0].payload, "type": NASTY}, now)
    intake.receive(served, "stripe", sent, now=now)
    intake.receive(served, "stripe", delivery("stripe", EXAMPLES[0].payload, now), now=now)
    text = text_of(admin.get("/settings/sources/of/stripe"))
    assert "customer.created" in text
    assert "nothing is made of it" in text
    assert "&lt;script&gt;alert(1)" in text
    assert "The last delivery arrived" in text


def test_a_wrong_secret_is_said_first(admin: Client, visitor: Client, served: Settings) -> None:
    from holdfast.connectors.published.stripe import EXAMPLES

    admin.post("/settings/sources/add/stripe", GIVEN)
    sent = delivery("stripe", EXAMPLES[0].payload, datetime.now(UTC), secret="another")
    visitor.post("/hooks/stripe", sent.body, content_type="application/json", headers=dict(sent.headers))
    text = text_of(admin.get("/settings/sources/of/stripe"))
    assert "its signature did not hold. Enter the secret again." in text


def test_renewing_switching_and_trying(admin: Client, served: Settings) -> None:
    admin.post("/settings/sources/add/stripe", GIVEN)
    source = setting_up.found(served, "stripe")
    given = {"signing_secret": "whsec_new", "address": "https://other.example", "customer_id_in": "ours"}
    assert admin.post("/settings/sources/of/stripe/change", given).status_code == 302
    kept = sealed.unseal(served, source.id)
    assert (kept["signing_secret"], kept["signing_secret.before"]) == ("whsec_new", SECRET)
    assert setting_up.found(served, "stripe").options["address"] == "https://other.example"
    admin.post("/settings/sources/of/stripe/change", {"signing_secret": "", "customer_id_in": "ours"})
    assert sealed.unseal(served, source.id)["signing_secret"] == "whsec_new"
    assert "examples that the provider publishes are understood" in text_of(
        admin.post("/settings/sources/of/stripe/try")
    )
    admin.post("/settings/sources/of/stripe/off")
    assert not setting_up.found(served, "stripe").enabled
    assert "It is switched off" in text_of(admin.get("/settings/sources/of/stripe"))
    admin.post("/settings/sources/of/stripe/on")
    assert setting_up.found(served, "stripe").enabled


def test_hubspot_can_be_asked_once_there_is_a_token(admin: Client, served: Settings) -> None:
    admin.post("/settings/sources/add/hubspot", GIVEN | {"name": "hubspot"})
    answer = admin.post("/settings/sources/of/hubspot/pull", {"every_minutes": "60"})
    assert answer.status_code == 422
    assert "has no access token" in text_of(answer)
    admin.post("/settings/sources/of/hubspot/change", {"access_token": "pat-1"})
    assert admin.post("/settings/sources/of/hubspot/pull", {"every_minutes": "60"}).status_code == 302
    assert [each.kind for each in pulls.listed(served)] == ["hubspot"]
    assert "Ask its API" not in text_of(admin.get("/settings/sources/of/hubspot"))


def test_a_pull_shows_the_guessed_columns_and_is_kept_then(
    admin: Client, served: Settings, shop: str
) -> None:
    given = {
        "name": "shop",
        "url": shop,
        "query": "SELECT * FROM orders",
        "kind": "orders",
        "every_minutes": "60",
        "cursor": "",
        "map": "",
    }
    text = text_of(admin.post("/settings/sources/pull", given))
    assert "These columns were guessed." in text
    assert "customer = &#34;customer&#34;" in text
    assert pulls.listed(served) == []
    columns = '[columns]\ncustomer = "customer"\nat = "ordered_at"\namount = "amount"\n'
    assert admin.post("/settings/sources/pull", given | {"map": columns}).status_code == 302
    text = text_of(admin.get("/settings/sources"))
    assert "every hour" in text
    assert shop not in text
    for do, enabled in (("off", False), ("on", True), ("run", True)):
        admin.post(f"/settings/sources/pull/shop/{do}")
        assert pulls.listed(served)[0].enabled is enabled
    admin.post("/settings/sources/pull/shop/remove")
    assert pulls.listed(served) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": NASTY}, "name"),
        ({"url": "mysql://x"}, "url"),
        ({"url": "sqlite:////nowhere.db"}, "url"),
        ({"query": "DELETE FROM orders"}, "query"),
        ({"map": "[columns"}, "map"),
        ({"cursor": "nothing"}, "query"),
        (
            {"every_minutes": "1", "map": '[columns]\ncustomer = "customer"\nat = "ordered_at"\n'},
            "every_minutes",
        ),
    ],
)
def test_a_pull_that_cannot_be_says_why(
    admin: Client, served: Settings, shop: str, wrong: dict[str, str], field: str
) -> None:
    given = {
        "name": "shop",
        "url": shop,
        "query": "SELECT * FROM orders",
        "kind": "orders",
        "every_minutes": "60",
    }
    answer = admin.post("/settings/sources/pull", given | wrong)
    assert answer.status_code == 422
    text = text_of(answer)
    assert f'name="{field}"' in text
    assert 'aria-invalid="true"' in text
    assert NASTY not in text
    assert pulls.listed(served) == []


def test_a_place_for_scores_is_made_and_switched(admin: Client, served: Settings, shop: str) -> None:
    given = {"name": "warehouse", "url": shop, "table": "holdfast_scores"}
    assert admin.post("/settings/sources/scores", given).status_code == 302
    text = text_of(admin.get("/settings/sources"))
    assert "holdfast_scores" in text
    assert shop not in text
    admin.post("/settings/sources/scores/warehouse/off")
    assert not score_targets.listed(served)[0].enabled
    admin.post("/settings/sources/scores/warehouse/remove")
    assert score_targets.listed(served) == []
    answer = admin.post("/settings/sources/scores", given | {"table": "orders"})
    assert (answer.status_code, 'id="table-error"' in text_of(answer)) == (422, True)


def test_managers_look_and_do_not_connect(signed_in: Callable[..., Client], admin: Client) -> None:
    admin.post("/settings/sources/add/stripe", GIVEN)
    manager = signed_in("manager")
    text = text_of(manager.get("/settings/sources"))
    assert "Administrators connect other systems." in text
    assert "/settings/sources/add/" not in text
    assert "/hooks/stripe" in text_of(manager.get("/settings/sources/of/stripe"))
    assert "signing_secret" not in text_of(manager.get("/settings/sources/of/stripe"))
    for path in ("add/stripe", "of/stripe/change", "pull", "scores"):
        assert manager.post(f"/settings/sources/{path}").status_code == 403, path
