"""Shopify's webhooks as its reference publishes them (shopify.dev/docs/api/webhooks), shortened."""

from __future__ import annotations

from typing import Any

from holdfast.connectors.webhooks import Example


def _topic(name: str) -> dict[str, str]:
    return {
        "x-shopify-topic": name,
        "x-shopify-shop-domain": "example.myshopify.com",
        "x-shopify-event-id": "98880550-7158-44d4-b7cd-2c97c8a091b5",
        "x-shopify-triggered-at": "2026-01-09T08:15:00.000000Z",
        "x-shopify-api-version": "2026-01",
    }


_CUSTOMER: dict[str, Any] = {
    "id": 115310627314723954,
    "email": "john@example.com",
    "created_at": None,
    "updated_at": None,
    "first_name": "John",
    "last_name": "Smith",
    "state": "disabled",
    "note": None,
    "phone": None,
    "tags": "",
    "currency": "USD",
    "default_address": {
        "id": 715243470612851245,
        "first_name": None,
        "phone": "123-123-1234",
        "city": "Ottawa",
        "country": "Canada",
        "country_code": "CA",
        "default": True,
    },
}
_ORDER: dict[str, Any] = {
    "id": 820982911946154508,
    "admin_graphql_api_id": "gid://shopify/Order/820982911946154508",
    "cancel_reason": None,
    "cancelled_at": None,
    "contact_email": "jon@example.com",
    "created_at": "2026-01-08T08:09:06-05:00",
    "currency": "USD",
    "customer": _CUSTOMER,
    "discount_codes": [{"code": "WELCOME10", "amount": "20.00", "type": "fixed_amount"}],
    "email": "jon@example.com",
    "financial_status": "paid",
    "fulfillments": [],
    "line_items": [
        {
            "id": 866550311766439020,
            "name": "IPod Nano - 8GB",
            "price": "199.00",
            "product_id": 632910392,
            "quantity": 2,
            "sku": "IPOD2008PINK",
            "title": "IPod Nano - 8GB",
        }
    ],
    "name": "#9999",
    "order_number": 1234,
    "phone": None,
    "processed_at": "2026-01-08T08:09:06-05:00",
    "refunds": [],
    "source_name": "web",
    "test": False,
    "total_price": "388.00",
    "updated_at": "2026-01-09T08:15:00-05:00",
}
_REFUND: dict[str, Any] = {
    "id": 890088186047892319,
    "order_id": 820982911946154508,
    "created_at": "2026-01-09T08:14:00-05:00",
    "note": "Things were damaged",
    "processed_at": "2026-01-09T08:14:00-05:00",
    "refund_line_items": [{"id": 487817672276298627, "line_item_id": 866550311766439020, "quantity": 1}],
    "transactions": [
        {
            "id": 245135271310201194,
            "amount": "199.00",
            "currency": "USD",
            "gateway": "bogus",
            "kind": "refund",
            "order_id": 820982911946154508,
            "status": "success",
        }
    ],
}
_PARCEL: dict[str, Any] = {
    "id": 123456,
    "order_id": 820982911946154508,
    "status": "success",
    "created_at": "2026-01-08T20:00:00-05:00",
    "updated_at": "2026-01-09T08:15:00-05:00",
    "estimated_delivery_at": "2026-01-09T23:59:59-05:00",
    "tracking_company": "UPS",
    "shipment_status": "delivered",
    "email": "jon@example.com",
}
_PRIVACY: dict[str, Any] = {
    "shop_id": 954889,
    "shop_domain": "example.myshopify.com",
    "customer": {"id": 191167, "email": "john@example.com", "phone": "555-625-1199"},
}

EXAMPLES = (
    Example(_ORDER, ("identify", "Order Completed"), _topic("orders/create")),
    Example(
        _ORDER | {"refunds": [_REFUND], "fulfillments": [_PARCEL]},
        ("identify", "Order Completed", "Order Refunded", "Order Delivered"),
        _topic("orders/updated"),
    ),
    Example(
        _ORDER
        | {
            "cancelled_at": "2026-01-09T08:15:00-05:00",
            "cancel_reason": "customer",
            "financial_status": "voided",
        },
        ("identify", "Order Completed", "Order Cancelled", "Order Refunded"),
        _topic("orders/cancelled"),
    ),
    Example(_REFUND, ("Order Refunded",), _topic("refunds/create")),
    Example(_PARCEL, ("Order Delivered",), _topic("fulfillments/update")),
    Example(
        {
            "id": 1234567,
            "fulfillment_id": 123456,
            "order_id": 820982911946154508,
            "status": "delivered",
            "happened_at": "2026-01-09T08:15:00-05:00",
        },
        ("Order Delivered",),
        _topic("fulfillment_events/create"),
    ),
    Example(
        _CUSTOMER | {"created_at": "2026-01-08T08:09:06-05:00", "updated_at": "2026-01-08T08:09:06-05:00"},
        ("identify",),
        _topic("customers/update"),
    ),
    Example({"id": 706405506930370084}, ("Account Deleted",), _topic("customers/delete")),
    Example(_PRIVACY | {"orders_to_redact": [299938]}, ("Erasure Requested",), _topic("customers/redact")),
    Example(
        _PRIVACY | {"orders_requested": [299938], "data_request": {"id": 9999}},
        ("Data Copy Requested",),
        _topic("customers/data_request"),
    ),
    Example(_ORDER | {"customer": None, "email": "", "contact_email": None}, (), _topic("orders/create")),
)
