"""From a provider's delivery to the timeline: believed, kept, harmless when repeated, in any order."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.live.signing import SECRET, delivery
from holdfast.connectors.webhooks import Delivery
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.sources import intake, setting_up
from holdfast.services.collect.sources.intake import Receipt
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import source_notes, sql

NOW = datetime(2026, 5, 17, 9, 30, tzinfo=UTC)


def us(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def connect(settings: Settings, kind: str, name: str = "", **options: str) -> str:
    source = setting_up.add(
        settings,
        kind,
        name=name,
        options=options,
        secrets={"signing_secret": SECRET},
        address="https://holdfast.example",
        now=NOW,
    )
    return source.name


def deliver(settings: Settings, kind: str, payload: Any, *, at: datetime = NOW, **more: Any) -> Receipt:
    return intake.receive(settings, kind, delivery(kind, payload, at, **more), now=at)


def take_in(settings: Settings, at: datetime = NOW + timedelta(seconds=1)) -> Any:
    return take_in_arrived(settings, now_us=us(at))


def events(settings: Settings) -> list[tuple[Any, ...]]:
    return sql.read(
        "SELECT s.namespace, s.key, l.name, l.at_us, l.amount_minor, l.currency, l.object_id, l.source "
        "FROM log_row l JOIN subject s ON s.id = l.subject_id ORDER BY l.at_us, l.seq"
    )


def stripe_example(kind: str, number: int = 0) -> Any:
    from holdfast.connectors.published.stripe import EXAMPLES

    return [each.payload for each in EXAMPLES if each.payload["type"] == kind][number]


def rows_of(table: str) -> int:
    row = sql.one(f"SELECT COUNT(*) FROM {table}")
    return int(row[0]) if row else 0


def test_an_invoice_comes_to_the_timeline_with_who_paid_it(base: Settings) -> None:
    connect(base, "stripe")
    assert deliver(base, "stripe", stripe_example("invoice.paid")) == Receipt(taken=2)
    take_in(base)
    paid = datetime(2023, 4, 5, 21, 41, 7, tzinfo=UTC)
    assert events(base) == [
        (
            "stripe",
            "cus_Na6dX7aXxi11N4",
            "Payment Completed",
            us(paid),
            3000,
            "USD",
            "in_1MtHbELkdIwHu7ixl4OzzPMv",
            "stripe",
        )
    ]
    assert sql.read("SELECT kind, value FROM contact_point") == [("email", "jennyrosen@example.com")]


def test_a_repeat_changes_nothing(base: Settings) -> None:
    connect(base, "stripe")
    for late in range(3):
        deliver(base, "stripe", stripe_example("invoice.paid"), at=NOW + timedelta(hours=late))
        take_in(base, NOW + timedelta(hours=late, seconds=1))
    assert len(events(base)) == 1


def test_the_order_of_deliveries_changes_nothing(base: Settings, workspace: Settings) -> None:
    connect(base, "stripe")
    kinds = (
        "customer.subscription.deleted",
        "customer.subscription.updated",
        "customer.subscription.created",
    )
    for kind in kinds:
        deliver(base, "stripe", stripe_example(kind))
    take_in(base)
    assert [row[2] for row in events(base)] == [
        "Subscription Started",
        "Subscription Ended",
        "Subscription Changed",
    ]  # by the moments of the examples, not by arrival


def test_our_own_id_in_the_metadata_joins_the_customer(base: Settings) -> None:
    connect(base, "stripe", customer_id_in="customer_id")
    deliver(base, "stripe", stripe_example("customer.created"))
    take_in(base)
    assert sorted(sql.read("SELECT namespace, key FROM subject")) == [
        ("customer", "4711"),
        ("stripe", "cus_NffrFeUfNV2Hib"),
    ]
    units = sql.read("SELECT COUNT(DISTINCT unit_id) FROM identity_link WHERE unlinked_us IS NULL")
    assert units == [(1,)]


def test_a_dispute_waits_until_somebody_is_known_to_have_paid(base: Settings) -> None:
    connect(base, "stripe")
    assert deliver(base, "stripe", stripe_example("charge.dispute.created")) == Receipt(waiting=1)
    take_in(base)
    assert events(base) == []
    assert deliver(base, "stripe", stripe_example("charge.succeeded")) == Receipt(taken=1)
    take_in(base)
    assert [row[1:3] for row in events(base)] == [("cus_Na6dX7aXxi11N4", "Dispute Opened")]
    assert rows_of("source_waiting") == 0
    assert deliver(base, "stripe", stripe_example("charge.dispute.closed")) == Receipt(taken=1)


def test_what_waits_too_long_is_put_aside_and_can_be_mended(base: Settings) -> None:
    connect(base, "stripe")
    deliver(base, "stripe", stripe_example("charge.dispute.created"))
    intake.tidy(base, NOW + timedelta(days=29))
    assert rows_of("source_waiting") == 1
    intake.tidy(base, NOW + timedelta(days=31))
    assert rows_of("source_waiting") == 0
    kept = sql.read("SELECT code, event FROM quarantined")
    assert [code for code, _ in kept] == ["no_owner"]
    assert json.loads(kept[0][1])["event"] == "Dispute Opened"


def test_whose_objects_are_is_forgotten_at_last(base: Settings) -> None:
    connect(base, "stripe")
    deliver(base, "stripe", stripe_example("charge.succeeded"))
    assert rows_of("source_owner") == 2
    intake.tidy(base, NOW + timedelta(days=900))
    assert rows_of("source_owner") == 0


def test_erasing_a_customer_forgets_what_is_theirs_here(base: Settings) -> None:
    name = connect(base, "stripe")
    deliver(base, "stripe", stripe_example("charge.succeeded"))
    source = setting_up.found(base, name)
    assert source_notes.forget_customer(base, source.id, ["cus_Na6dX7aXxi11N4"]) == 2
    assert rows_of("source_owner") == 0


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda sent: replace(sent, body=sent.body + b" "), "bad_signature"),
        (lambda sent: replace(sent, headers={}), "bad_signature"),
        (lambda _: delivery("stripe", {}, NOW, secret="guessed"), "bad_signature"),
        (
            lambda _: delivery("stripe", stripe_example("invoice.paid"), NOW - timedelta(minutes=6)),
            "stale_signature",
        ),
        (
            lambda _: delivery("stripe", stripe_example("invoice.paid"), NOW + timedelta(days=1)),
            "stale_signature",
        ),
    ],
)
def test_what_is_not_believed_leaves_nothing(
    workspace: Settings, spoil: Callable[[Delivery], Delivery], code: str
) -> None:
    connect(workspace, "stripe")
    sent = spoil(delivery("stripe", stripe_example("invoice.paid"), NOW))
    with pytest.raises(Refusal) as refused:
        intake.receive(workspace, "stripe", sent, now=NOW)
    assert refused.value.code == code
    for table in ("arrived", "quarantined", "source_owner", "source_waiting", "source_tally"):
        assert rows_of(table) == 0, table
    intake.count_refused(workspace, "stripe", refused.value, now=NOW)
    view = setting_up.view(workspace, "stripe")
    assert [(each.outcome, each.kind, each.count) for each in view.tallies] == [("refused", code, 1)]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"a":"\\ud800"}', b"[" * 5000, b"", b"NaN"])
def test_a_signed_body_that_is_no_json_is_kept(base: Settings, body: bytes) -> None:
    connect(base, "shopify")
    assert deliver(base, "shopify", body).aside == 1
    kept = sql.read("SELECT code, endpoint, state FROM quarantined")
    assert kept == [("not_json", "hook", "waiting")]


def test_nul_and_script_in_every_text_do_no_harm(base: Settings) -> None:
    connect(base, "zendesk")
    from holdfast.connectors.published.zendesk import EXAMPLES

    texts = ("a\x00b", "<script>alert(1)</script>", "x" * 100_000, "\u202e\ud83d\ude00")
    for number, nasty in enumerate(texts):
        payload = json.loads(json.dumps(EXAMPLES[0].payload))
        payload["id"] = f"id-{number}"
        payload["detail"] |= {"subject": nasty, "description": nasty, "type": nasty, "requester_id": "77"}
        deliver(base, "zendesk", payload)
    take_in(base)
    assert sql.read("SELECT reason FROM quarantined") == []
    assert len(events(base)) == 4
    assert sql.read("SELECT COUNT(*) FROM customer_text") == [(4,)]


def test_what_nobody_understands_is_counted_and_acknowledged(workspace: Settings) -> None:
    connect(workspace, "stripe")
    for _ in range(3):
        told = deliver(workspace, "stripe", {"id": "evt_1", "type": "radar.early_fraud_warning.created"})
        assert told == Receipt(ignored=1)
    deliver(workspace, "stripe", stripe_example("invoice.paid"))
    counted = {(each.outcome, each.kind): each.count for each in setting_up.view(workspace, "stripe").tallies}
    assert counted == {("ignored", "radar.early_fraud_warning.created"): 3, ("taken", "invoice.paid"): 1}


def test_a_defect_of_ours_costs_no_delivery(workspace: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.connectors.live import stripe

    def broken(event: object) -> Any:
        raise ZeroDivisionError("by zero")

    monkeypatch.setitem(stripe._KINDS, "invoice.paid", broken)
    connect(workspace, "stripe")
    assert deliver(workspace, "stripe", stripe_example("invoice.paid")).aside == 1
    assert sql.read("SELECT code FROM quarantined") == [("not_understood",)]


def test_a_disabled_source_and_an_unknown_one_take_nothing(workspace: Settings) -> None:
    connect(workspace, "stripe")
    setting_up.enable(workspace, "stripe", False)
    for name in ("stripe", "nobody"):
        sent = delivery("stripe", stripe_example("invoice.paid"), NOW)
        with pytest.raises(Refusal) as refused:
            intake.receive(workspace, name, sent, now=NOW)
        assert refused.value.code == "unknown_source"
    setting_up.enable(workspace, "stripe", True)
    assert deliver(workspace, "stripe", stripe_example("invoice.paid")).taken == 2


def test_after_a_renewal_the_old_secret_holds_for_a_day(workspace: Settings) -> None:
    connect(workspace, "stripe")
    setting_up.change(workspace, "stripe", options={}, secrets={"signing_secret": "whsec_new"}, now=NOW)
    invoice = stripe_example("invoice.paid")
    assert deliver(workspace, "stripe", invoice, secret="whsec_new").taken == 2
    assert deliver(workspace, "stripe", invoice, at=NOW + timedelta(hours=23)).taken == 2
    with pytest.raises(Refusal):
        deliver(workspace, "stripe", invoice, at=NOW + timedelta(hours=25))
    assert deliver(workspace, "stripe", invoice, secret="whsec_new", at=NOW + timedelta(hours=25)).taken == 2


def test_hubspot_signs_the_address_that_it_knows(workspace: Settings) -> None:
    """Between us and HubSpot stands a proxy: the address of the request is not the one that was signed."""
    connect(workspace, "hubspot")
    from holdfast.connectors.published.hubspot import EXAMPLES

    sent = delivery("hubspot", EXAMPLES[1].payload, NOW)
    behind_proxy = replace(sent, url="http://127.0.0.1:8000/hooks/hubspot")
    assert intake.receive(workspace, "hubspot", behind_proxy, now=NOW).taken == 2


def test_a_deal_finds_its_contact_in_any_order(base: Settings) -> None:
    from holdfast.connectors.published.hubspot import EXAMPLES

    connect(base, "hubspot")
    won, opened = EXAMPLES[5].payload, EXAMPLES[4].payload
    assert deliver(base, "hubspot", won) == Receipt(waiting=1)
    assert deliver(base, "hubspot", opened).taken == 2
    take_in(base)
    assert sorted(row[2] for row in events(base)) == ["Deal Opened", "Deal Won"]
    assert {row[1] for row in events(base)} == {"1246965"}


def test_a_parcel_and_a_refund_by_themselves_find_the_order(base: Settings) -> None:
    from holdfast.connectors.published.shopify import EXAMPLES

    connect(base, "shopify")
    named = {each.headers["x-shopify-topic"]: each for each in reversed(EXAMPLES)}
    for topic in ("refunds/create", "fulfillments/update", "fulfillment_events/create", "orders/updated"):
        example = named[topic]
        deliver(base, "shopify", example.payload, headers=example.headers)
    take_in(base)
    found = [(row[2], row[4]) for row in events(base)]
    assert sorted(found, key=str) == [
        ("Order Completed", 38800),
        ("Order Delivered", None),
        ("Order Refunded", -19900),
    ]


def test_two_sources_of_one_kind_keep_their_customers_apart(base: Settings) -> None:
    connect(base, "hubspot", "hubspot")
    connect(base, "hubspot", "hubspot-us")
    from holdfast.connectors.published.hubspot import EXAMPLES

    for name in ("hubspot", "hubspot-us"):
        url = f"https://holdfast.example/hooks/{name}"
        sent = delivery("hubspot", EXAMPLES[1].payload, NOW, url=url)
        intake.receive(base, name, sent, now=NOW)
    take_in(base)
    assert sorted(sql.read("SELECT namespace, key FROM subject")) == [
        ("hubspot", "1246965"),
        ("hubspot-us", "1246965"),
    ]


def test_companies_that_are_billed_are_accounts(base: Settings) -> None:
    connect(base, "stripe", customers_are="accounts")
    deliver(base, "stripe", stripe_example("customer.subscription.created"))
    take_in(base)
    assert sql.read("SELECT namespace FROM subject") == [("account:stripe",)]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": "paypal"}, "unknown_kind"),
        ({"name": "Über"}, "bad_name"),
        ({"name": "customer"}, "bad_name"),
        ({"name": "../etc"}, "bad_name"),
        ({"options": {"colour": "red"}}, "unknown_option"),
        ({"options": {"customers_are": "cats"}}, "bad_option"),
        ({"options": {"customer_id_in": "x\x00"}}, "bad_option"),
        ({"secrets": {}}, "no_secret"),
        ({"secrets": {"signing_secret": "a\nb"}}, "bad_secret"),
        ({"address": "javascript:alert(1)"}, "bad_address"),
        ({"address": "https://user:pass@example.com"}, "bad_address"),
    ],
)
def test_what_cannot_be_a_source_is_refused_and_nothing_is_kept(
    workspace: Settings, wrong: dict[str, Any], code: str
) -> None:
    given: dict[str, Any] = {
        "kind": "stripe",
        "name": "",
        "options": {},
        "secrets": {"signing_secret": SECRET},
        "address": "",
    } | wrong
    with pytest.raises(Refusal) as refused:
        setting_up.add(workspace, given.pop("kind"), now=NOW, **given)
    assert refused.value.code == code
    assert setting_up.listed(workspace) == []


def test_a_name_is_given_once(workspace: Settings) -> None:
    connect(workspace, "stripe")
    with pytest.raises(Refusal) as refused:
        connect(workspace, "shopify", "stripe")
    assert refused.value.code == "name_taken"


def test_trying_a_source_stores_nothing(workspace: Settings) -> None:
    connect(workspace, "stripe")
    tried = setting_up.try_out(workspace, "stripe")
    assert ("invoice.paid", ("identify", "Payment Completed")) in tried
    assert rows_of("arrived") == 0


def test_a_delivery_that_was_put_aside_is_mended_and_replayed(base: Settings) -> None:
    from holdfast.connectors.published.shopify import EXAMPLES
    from holdfast.services.collect import quarantine

    connect(base, "shopify")
    example = EXAMPLES[0]
    body = json.dumps(example.payload).encode()
    deliver(base, "shopify", body[:-1], headers=example.headers)
    ((event_id, kept),) = sql.read("SELECT id, event FROM quarantined")
    assert "hmac" not in kept.lower()
    assert quarantine.replay(base, event_id, kept) is not None
    assert quarantine.replay(base, event_id, "nonsense") is not None
    mended = json.loads(kept)
    mended["body"] += "}"
    assert quarantine.replay(base, event_id, json.dumps(mended)) is None
    take_in(base)
    assert [row[2] for row in events(base)] == ["Order Completed"]
    with pytest.raises(Refusal):
        quarantine.replay(base, event_id, json.dumps(mended))
