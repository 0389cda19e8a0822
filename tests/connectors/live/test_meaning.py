"""What the providers' payloads mean, value by value."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from holdfast.connectors.published import hubspot, shopify, stripe, zendesk
from holdfast.connectors.webhooks import Source, options_of
from holdfast.registry import parts


def calls(name: str, payload: Any, headers: Any = None, **options: Any) -> list[dict[str, Any]]:
    source = parts("sources")[name].declared
    assert isinstance(source, Source)
    told = source.read(payload, headers or {}, options_of(source, options))
    return [call for each in told for call in each.calls]


def stripe_event(kind: str, number: int = 0, **changes: Any) -> Any:
    found = [each.payload for each in stripe.EXAMPLES if each.payload["type"] == kind][number]
    payload = copy.deepcopy(found)
    payload["data"]["object"].update(changes)
    return payload


def price(**changes: Any) -> dict[str, Any]:
    found = stripe_event("customer.subscription.created")["data"]["object"]["items"]
    found["data"][0]["price"].update(changes)
    return {"items": found}


# Stripe


def test_a_subscription_brings_its_seats_times_its_price_a_month() -> None:
    (call,) = calls("stripe", stripe_event("customer.subscription.created"))
    assert call["properties"] == {
        "object_kind": "subscription",
        "object_id": "sub_1MowQVLkdIwHu7ixeRlqHVzs",
        "code": "Team",
        "quantity": 3,
        "product_id": "prod_NZKdYqrwEYx6iK",
        "amount": "30.00",
        "currency": "USD",
        "promised_at": "2023-04-23T22:16:07+00:00",
    }
    assert call["timestamp"] == "2023-03-23T22:16:07+00:00"
    assert call["messageId"].startswith("evt_")


@pytest.mark.parametrize(
    ("changed", "amount"),
    [
        ({"unit_amount": 12000, "unit_amount_decimal": "12000", "recurring": {"interval": "year"}}, "30.00"),
        ({"recurring": {"interval": "month", "interval_count": 3}}, "10.00"),
        ({"recurring": {"interval": "week", "interval_count": 1}}, "130.00"),
        ({"unit_amount": None, "unit_amount_decimal": "0.5", "recurring": {"interval": "month"}}, "0.02"),
        ({"recurring": {"interval": "month", "usage_type": "metered"}}, "0.00"),
        ({"unit_amount": None, "unit_amount_decimal": None}, None),
    ],
)
def test_prices_of_any_interval_are_those_of_a_month(changed: dict[str, Any], amount: str | None) -> None:
    (call,) = calls("stripe", stripe_event("customer.subscription.created", **price(**changed)))
    assert call["properties"].get("amount") == amount


@pytest.mark.parametrize(
    ("currency", "minor", "amount"),
    [("usd", 1099, "10.99"), ("jpy", 2198, "2198"), ("kwd", 5120, "5.120"), ("isk", 50000, "500.00"),
     ("ugx", 50000, "500.00"), ("mga", 500, "500")],
)  # fmt: skip
def test_minor_units_are_those_of_stripe(currency: str, minor: int, amount: str) -> None:
    changed = {"currency": currency, "total": minor, "amount_paid": minor}
    paid = calls("stripe", stripe_event("invoice.paid", **changed))[-1]["properties"]
    assert (paid["amount"], paid["currency"]) == (amount, currency.upper())


def test_a_trial_brings_nothing_and_its_plan_says_so() -> None:
    (call,) = calls("stripe", stripe_event("customer.subscription.created", 1))
    assert call["properties"]["code"] == "trial:Team"
    assert call["properties"]["amount"] == "0.00"


def test_an_update_that_changes_no_terms_says_nothing() -> None:
    """At a renewal Stripe sends the items with their new period, at the same price."""
    payload = stripe_event("customer.subscription.updated")
    earlier = copy.deepcopy(payload["data"]["object"]["items"])
    earlier["data"][0]["current_period_end"] -= 30 * 86_400
    payload["data"]["previous_attributes"] = {"items": earlier, "latest_invoice": "in_0"}
    assert calls("stripe", payload) == []


def test_a_subscription_begins_when_its_first_invoice_is_paid() -> None:
    payload = stripe_event("customer.subscription.updated")
    payload["data"]["previous_attributes"] = {"status": "incomplete"}
    (call,) = calls("stripe", payload)
    assert (call["event"], call["timestamp"]) == ("Subscription Started", "2023-06-06T22:19:30+00:00")
    expired = stripe_event("customer.subscription.updated", status="incomplete_expired")
    assert calls("stripe", expired) == []


def test_an_end_and_a_wish_to_end_have_the_reason_that_was_given() -> None:
    (asked,) = calls("stripe", stripe_event("customer.subscription.updated", 1))
    assert asked["properties"]["code"] == "too_expensive"
    assert asked["properties"]["promised_at"] == "2023-04-23T22:16:07+00:00"
    (ended,) = calls("stripe", stripe_event("customer.subscription.deleted"))
    assert (ended["properties"]["code"], ended["timestamp"]) == ("too_expensive", "2023-04-23T22:16:07+00:00")
    withdrawn = stripe_event("customer.subscription.updated")
    withdrawn["data"]["previous_attributes"] = {"cancel_at_period_end": True}
    assert [call["event"] for call in calls("stripe", withdrawn)] == ["Cancellation Withdrawn"]


def test_a_bill_has_its_due_day_and_a_bill_of_nothing_is_none() -> None:
    issued = calls("stripe", stripe_event("invoice.finalized"))[-1]
    assert issued["properties"]["promised_at"] == "2023-05-04T21:41:07+00:00"
    assert issued["timestamp"] == "2023-04-04T21:41:07+00:00"
    assert calls("stripe", stripe_event("invoice.finalized", total=0)) == []


def test_a_refund_is_what_went_back_this_time() -> None:
    (call,) = calls("stripe", stripe_event("charge.refunded"))
    assert (call["properties"]["amount"], call["properties"]["object_id"]) == (
        "-3.00",
        "pi_3MmlLrLkdIwHu7ix0uke3Ezy",
    )


def test_a_guest_is_known_by_the_address() -> None:
    identify, paid = calls("stripe", stripe_event("checkout.session.completed", client_reference_id="4711"))
    assert identify["userId"] == paid["userId"] == "email:jenny@example.com"
    assert identify["context"]["externalIds"] == [{"type": "customer", "id": "4711"}]


# Shopify


def shopify_example(topic: str, number: int = 0) -> tuple[Any, Any]:
    found = [each for each in shopify.EXAMPLES if each.headers["x-shopify-topic"] == topic][number]
    return copy.deepcopy(found.payload), found.headers


def test_an_order_has_its_lines_its_total_and_who_bought() -> None:
    who, made = calls("shopify", *shopify_example("orders/create"))
    assert who["traits"] == {
        "email": "john@example.com",
        "name": "John Smith",
        "phone": "123-123-1234",
        "country": "CA",
        "city": "Ottawa",
    }
    assert made["properties"]["total"] == "388.00"
    assert made["properties"]["products"] == [
        {
            "product_id": "632910392",
            "sku": "IPOD2008PINK",
            "name": "IPod Nano - 8GB",
            "price": "199.00",
            "quantity": 2,
        }
    ]
    assert made["timestamp"] == "2026-01-08T08:09:06-05:00"


def test_the_same_thing_has_the_same_id_whichever_topic_tells_it() -> None:
    told = [
        call["messageId"]
        for topic in ("orders/updated", "refunds/create", "fulfillments/update", "fulfillment_events/create")
        for call in calls("shopify", *shopify_example(topic))
        if call["type"] == "track"
    ]
    assert sorted(set(told)) == ["order:820982911946154508", "parcel:123456", "refund:890088186047892319"]


def test_an_old_order_that_is_sent_again_tells_no_old_news() -> None:
    payload, headers = shopify_example("orders/updated")
    payload["updated_at"] = "2026-04-01T00:00:00Z"
    assert [call["type"] for call in calls("shopify", payload, headers)] == ["identify"]


def test_what_was_paid_and_cancelled_is_given_back_by_its_refund_alone() -> None:
    payload, headers = shopify_example("orders/cancelled")
    payload["financial_status"] = "paid"
    names = [call.get("event") for call in calls("shopify", payload, headers)]
    assert names == [None, "Order Completed", "Order Cancelled"]


def test_test_orders_are_left_out_unless_they_are_wanted() -> None:
    payload, headers = shopify_example("orders/create")
    payload["test"] = True
    assert calls("shopify", payload, headers) == []
    assert len(calls("shopify", payload, headers, take_test_orders=True)) == 2


def test_an_order_of_very_many_lines_still_fits() -> None:
    import json

    payload, headers = shopify_example("orders/create")
    payload["line_items"] = [dict(payload["line_items"][0], title="ب" * 200) for _ in range(2000)]
    made = calls("shopify", payload, headers)[1]
    assert len(json.dumps(made, ensure_ascii=False).encode()) < 32_768


# Zendesk and HubSpot


def test_a_ticket_has_its_words_and_belongs_to_who_asked() -> None:
    (call,) = calls("zendesk", zendesk.EXAMPLES[0].payload)
    assert call["userId"] == "8447388090495"
    assert call["properties"] == {
        "object_kind": "ticket",
        "object_id": "5158",
        "code": "problem",
        "priority": "high",
        "channel": "web",
        "subject": "Cannot login to mobile app",
        "text": "The app says that my password is wrong, and it is not.",
    }


@pytest.mark.parametrize(
    ("rating", "score"),
    [("Good", 5), ("Good, I'm satisfied", 5), ("Bad", 1), ("4", 4.0), ("", None), ("Offered", None)],
)
def test_a_rating_is_from_one_to_five(rating: str, score: float | None) -> None:
    payload = next(each.payload for each in zendesk.EXAMPLES if each.payload.get("holdfast")) | {
        "rating": rating
    }
    rated = [call["properties"]["score"] for call in calls("zendesk", payload) if call["type"] == "track"]
    assert rated == ([] if score is None else [score])


def test_the_external_id_is_ours_where_it_is_said_so() -> None:
    payload = next(
        each.payload for each in zendesk.EXAMPLES if each.payload.get("type", "").endswith("user.created")
    )
    assert "context" not in calls("zendesk", payload)[0]
    (call,) = calls("zendesk", payload, external_id_is_ours=True)
    assert call["context"]["externalIds"] == [{"type": "customer", "id": "4711"}]


def test_a_second_attempt_of_hubspot_is_the_same_event() -> None:
    (event,) = copy.deepcopy(hubspot.EXAMPLES[0].payload)
    again = event | {"attemptNumber": 3}
    assert calls("hubspot", [event]) == calls("hubspot", [again])
    other = event | {"subscriptionId": 26}
    assert calls("hubspot", [event])[0]["messageId"] != calls("hubspot", [other])[0]["messageId"]


def test_stages_of_an_own_pipeline_are_won_and_lost() -> None:
    (event,) = copy.deepcopy(hubspot.EXAMPLES[5].payload)
    stages = {"won_stages": "signed, paid", "lost_stages": "gone"}
    found = [
        calls("hubspot", [event | {"propertyValue": stage}], **stages)[0]["event"]
        for stage in ("signed", "paid", "gone", "closedwon")
    ]
    assert found == ["Deal Won", "Deal Won", "Deal Lost", "Deal Changed"]


def test_a_contact_property_is_a_trait_and_may_be_our_id() -> None:
    (event,) = copy.deepcopy(hubspot.EXAMPLES[1].payload[:1])
    named = event | {"propertyName": "customer_id", "propertyValue": "4711"}
    (call,) = calls("hubspot", [named], customer_id_in="customer_id")
    assert (call["traits"], call["context"]["externalIds"][0]["id"]) == ({}, "4711")


def test_a_name_is_shown_once_both_its_parts_are_told() -> None:
    (event,) = copy.deepcopy(hubspot.EXAMPLES[1].payload[:1])
    first = event | {"propertyName": "firstname", "propertyValue": "Ann"}
    last = event | {"propertyName": "lastname", "propertyValue": "Lee"}
    assert calls("hubspot", [first])[0]["traits"] == {"first_name": "Ann"}
    assert {call["traits"].get("name") for call in calls("hubspot", [first, last])} == {"Ann Lee"}
