"""Shopify: orders with what became of them, and customers.

What happened to an order is read from the order itself wherever it is sent (its refunds and parcels stand
in it), so that a webhook that was lost is made up for by the next one. A call's id is that of the order,
refund or parcel: whichever topic brings it first, it counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from holdfast.connectors import webhooks as hooks
from holdfast.connectors.published.shopify import EXAMPLES
from holdfast.connectors.webhooks import Call, Delivery, Secret, Source, Told, option, words
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

HEADER = "X-Shopify-Hmac-Sha256"
TOPIC = "x-shopify-topic"

_LATELY = timedelta(days=20)
"""An old order that is sent again tells no old news: repeats are known for 30 days, not for ever."""


@dataclass(frozen=True, slots=True)
class ShopifyOptions:
    """What a company does with Shopify."""

    take_test_orders: bool = option(
        Text("Take test orders"), Text("Orders made with Shopify's test payments; otherwise left out."), False
    )


def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> Refusal | None:
    """HMAC-SHA256 of the body, in base64. Shopify signs no moment; a repeat changes nothing."""
    if hooks.is_signed([delivery.header(HEADER)], secrets, delivery.body):
        return None
    return hooks.forged(HEADER)


def read(payload: Any, headers: Mapping[str, str], options: ShopifyOptions) -> Iterable[Told]:
    """What a webhook of the topic in the headers means."""
    topic = headers.get(TOPIC, "")
    make = _TOPICS.get(topic)
    if make is None or not isinstance(payload, Mapping):
        return [Told(topic, ignored=True)]
    if payload.get("test") is True and not options.take_test_orders:
        return [Told(f"{topic} (test)", ignored=True)]
    if topic.startswith("orders/") and not _customer_of(payload):
        return [Told(f"{topic} (nobody named)", ignored=True)]
    owners = {_order(payload): _customer_of(payload)} if topic.startswith("orders/") else {}
    return [Told(topic, tuple(make(payload)), owners)]


def _order(payload: Mapping[str, Any], path: str = "id") -> str:
    return f"order:{words(payload, path)}"


def _customer_of(order: Mapping[str, Any]) -> str:
    """The customer's id; of a guest, who has none, the address."""
    mail = words(order, "email", "contact_email", "customer.email")
    return words(order, "customer.id") or (f"email:{mail.lower()}" if mail else "")


# Orders


def _orders(order: Mapping[str, Any]) -> Iterator[Call]:
    """Everything that an order says: who, that it was made, given back, called off, delivered."""
    changed = hooks.written(order, "updated_at", "created_at")
    if changed is None:
        return
    yield _who(order, changed)
    for call, moment in (*_made(order), *_given_back(order), *_called_off(order), *_arrived(order)):
        if changed - moment <= _LATELY:
            yield call


def _who(order: Mapping[str, Any], moment: datetime) -> Call:
    traits = _traits(hooks.at(order, "customer") or {})
    traits["email"] = traits["email"] or words(order, "email", "contact_email")
    traits["phone"] = traits["phone"] or words(order, "phone")
    for name, field in (("country", "country_code"), ("city", "city")):
        places = (f"billing_address.{field}", f"shipping_address.{field}")
        traits[name] = traits[name] or words(order, *places)
    return hooks.identify(
        _customer_of(order), moment, f"{_order(order)}:identify:{moment.isoformat()}", traits
    )


def _made(order: Mapping[str, Any]) -> Iterator[tuple[Call, datetime]]:
    made = hooks.written(order, "processed_at", "created_at")
    total = hooks.decimal(order, "total_price")
    if made is None or total is None:
        return
    properties = {
        "order_id": words(order, "id"),
        "total": total,
        "currency": words(order, "currency"),
        "coupon": words(order, "discount_codes.0.code"),
        "products": [_line(each) for each in hooks.parts_of(order, "line_items")][: hooks.MOST_LINES],
        "number": words(order, "name", "order_number"),
        "channel": words(order, "source_name"),
    }
    yield hooks.track(_customer_of(order), "Order Completed", made, _order(order), properties), made


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    return hooks.filled(
        {
            "product_id": words(line, "product_id", "sku"),
            "sku": words(line, "sku"),
            "name": words(line, "title", "name")[:60],
            "price": hooks.decimal(line, "price"),
            "quantity": hooks.whole(line, "quantity"),
        }
    )


def _given_back(order: Mapping[str, Any]) -> Iterator[tuple[Call, datetime]]:
    for refund in hooks.parts_of(order, "refunds"):
        if (found := _refund(refund, _customer_of(order), words(order, "currency"))) is not None:
            yield found


def _refund(refund: Mapping[str, Any], customer: str, currency: str) -> tuple[Call, datetime] | None:
    """The money that really went back; goods that were only taken off the order move none."""
    moment = hooks.written(refund, "processed_at", "created_at")
    paid_back = [
        each
        for each in hooks.parts_of(refund, "transactions")
        if words(each, "kind") == "refund" and words(each, "status") == "success"
    ]
    amount = sum((hooks.decimal(each, "amount") or Decimal(0) for each in paid_back), Decimal(0))
    if moment is None or not amount:
        return None
    order = _order(refund, "order_id")
    properties = {
        "order_id": words(refund, "order_id"),
        "amount": -amount,
        "currency": words(paid_back[0], "currency") or currency,
        "note": words(refund, "note"),
    }
    message_id = f"refund:{words(refund, 'id')}"
    return hooks.track(customer, "Order Refunded", moment, message_id, properties, about=order), moment


def _called_off(order: Mapping[str, Any]) -> Iterator[tuple[Call, datetime]]:
    """Cancelled; where nothing was paid yet, no refund will follow and the whole order is taken back."""
    moment = hooks.written(order, "cancelled_at")
    if moment is None:
        return
    customer, about = _customer_of(order), {"order_id": words(order, "id")}
    said = about | {"code": words(order, "cancel_reason")}
    yield hooks.track(customer, "Order Cancelled", moment, f"{_order(order)}:cancelled", said), moment
    total = hooks.decimal(order, "total_price")
    if words(order, "financial_status") in ("voided", "pending", "authorized") and total:
        back = said | {"amount": -total, "currency": words(order, "currency")}
        yield hooks.track(customer, "Order Refunded", moment, f"{_order(order)}:unpaid", back), moment


def _arrived(order: Mapping[str, Any]) -> Iterator[tuple[Call, datetime]]:
    for parcel in hooks.parts_of(order, "fulfillments"):
        moment = hooks.written(parcel, "updated_at", "created_at")
        if words(parcel, "shipment_status") == "delivered" and moment is not None:
            yield _delivered(parcel, words(parcel, "id"), moment, _customer_of(order)), moment


def _delivered(parcel: Mapping[str, Any], parcel_id: str, moment: datetime, customer: str) -> Call:
    properties = {
        "order_id": words(parcel, "order_id"),
        "promised_at": hooks.written(parcel, "estimated_delivery_at"),
        "carrier": words(parcel, "tracking_company"),
    }
    about = _order(parcel, "order_id")
    return hooks.track(customer, "Order Delivered", moment, f"parcel:{parcel_id}", properties, about=about)


def _refunds(refund: Mapping[str, Any]) -> Iterator[Call]:
    """A refund by itself names its order and nobody."""
    if (found := _refund(refund, "", "")) is not None:
        yield found[0]


def _parcels(parcel: Mapping[str, Any]) -> Iterator[Call]:
    moment = hooks.written(parcel, "updated_at", "created_at")
    if words(parcel, "shipment_status") == "delivered" and moment is not None:
        yield _delivered(parcel, words(parcel, "id"), moment, "")


def _parcel_events(event: Mapping[str, Any]) -> Iterator[Call]:
    moment = hooks.written(event, "happened_at", "created_at")
    if words(event, "status") == "delivered" and moment is not None:
        yield _delivered(event, words(event, "fulfillment_id"), moment, "")


# Customers


def _traits(customer: Mapping[str, Any]) -> dict[str, Any]:
    names = (words(customer, "first_name"), words(customer, "last_name"))
    return {
        "email": words(customer, "email"),
        "name": " ".join(name for name in names if name),
        "phone": words(customer, "phone", "default_address.phone"),
        "country": words(customer, "default_address.country_code"),
        "city": words(customer, "default_address.city"),
        "language": words(customer, "locale"),
        "tags": words(customer, "tags"),
    }


def _customers(customer: Mapping[str, Any]) -> Iterator[Call]:
    moment, who = hooks.written(customer, "updated_at", "created_at"), words(customer, "id")
    if moment is not None and who:
        message_id = f"customer:{who}:identify:{moment.isoformat()}"
        yield hooks.identify(who, moment, message_id, _traits(customer))


def _customer_gone(customer: Mapping[str, Any]) -> Iterator[Call]:
    """Shopify says no moment: it is that of the arrival, and the id makes it one."""
    if who := words(customer, "id"):
        yield _undated(who, "Account Deleted", f"customer:{who}:deleted", {})


def _privacy(name: str) -> Callable[[Mapping[str, Any]], Iterator[Call]]:
    """What the law asks of us through Shopify; a person does it, with the tools for it."""

    def calls(asked: Mapping[str, Any]) -> Iterator[Call]:
        mail = words(asked, "customer.email")
        who = words(asked, "customer.id") or (f"email:{mail.lower()}" if mail else "")
        if who:
            request = words(asked, "data_request.id")
            yield _undated(who, name, f"customer:{who}:{name}:{request}", {"code": "shopify"})

    return calls


def _undated(who: str, name: str, message_id: str, properties: Mapping[str, Any]) -> Call:
    call = hooks.track(who, name, datetime.min, message_id, properties)
    del call["timestamp"]  # what has none happened when it arrived
    return call


_TOPICS: dict[str, Callable[[Mapping[str, Any]], Iterator[Call]]] = {
    "orders/create": _orders,
    "orders/updated": _orders,
    "orders/paid": _orders,
    "orders/cancelled": _orders,
    "orders/fulfilled": _orders,
    "refunds/create": _refunds,
    "fulfillments/update": _parcels,
    "fulfillment_events/create": _parcel_events,
    "customers/create": _customers,
    "customers/update": _customers,
    "customers/delete": _customer_gone,
    "customers/redact": _privacy("Erasure Requested"),
    "customers/data_request": _privacy("Data Copy Requested"),
}

SOURCE = Source(
    name="shopify",
    title=Text("Shopify"),
    meaning=Text("Orders, refunds, cancellations, deliveries, and customers."),
    options=ShopifyOptions,
    secrets=(
        Secret(
            "signing_secret",
            Text("Signing secret"),
            Text("Shopify shows it under the list of webhooks; for an app it is the client secret."),
        ),
    ),
    verify=verify,
    read=read,
    events=tuple(_TOPICS),
    steps=(
        Text("In Shopify, open Settings, then Notifications, then Webhooks."),
        Text("Make a webhook for each event listed here, format JSON, and paste the address each time."),
        Text("Copy the secret under the list (“Your webhooks will be signed with”), and enter it here."),
    ),
    examples=EXAMPLES,
)
