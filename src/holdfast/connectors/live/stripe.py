"""Stripe: customers, subscriptions, invoices and payments, disputes.

Amounts are minor units, by Stripe's own table where it differs from ISO 4217. A subscription is worth
what it brings a month. Stripe does not keep the order of events, so each is dated by its own moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from holdfast.connectors import webhooks as hooks
from holdfast.connectors.published.stripe import EXAMPLES
from holdfast.connectors.webhooks import Call, Delivery, Secret, Source, Told, at, option, words
from holdfast.domain import money
from holdfast.domain.money import Money
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

HEADER = "Stripe-Signature"

_EXPONENTS = {"ISK": 2, "UGX": 2, "MGA": 0}
"""Where Stripe's minor units are not those of ISO 4217 (docs.stripe.com/currencies, special cases)."""

_A_MONTH = {
    "day": Decimal(365) / 12,
    "week": Decimal(52) / 12,
    "month": Decimal(1),
    "year": Decimal(1) / 12,
}


@dataclass(frozen=True, slots=True)
class StripeOptions:
    """What a company does with Stripe."""

    customer_id_in: str = option(
        Text("Our customer id stands in the metadata key"),
        Text("A key of Stripe's metadata, like customer_id; empty where there is none."),
    )
    customers_are: Literal["people", "accounts"] = option(
        Text("A customer at Stripe is"),
        Text("Accounts where companies are billed and the account is what can leave."),
        "people",
    )


def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> Refusal | None:
    """Stripe's scheme v1: HMAC-SHA256 of the moment, a dot and the body, in hexadecimal."""
    pairs = [piece.strip().partition("=") for piece in delivery.header(HEADER).split(",")]
    moments = [value for name, _, value in pairs if name == "t" and hooks.counted(value) is not None]
    signatures = [value for name, _, value in pairs if name == "v1"]
    if not moments:
        return hooks.forged(HEADER)
    message = moments[0].encode() + b"." + delivery.body
    if not hooks.is_signed(signatures, secrets, message, as_hex=True):
        return hooks.forged(HEADER)
    return hooks.stale(hooks.epoch({"t": int(moments[0])}, "t"), now)


def read(payload: Any, headers: Mapping[str, str], options: StripeOptions) -> Iterable[Told]:
    """What an event of Stripe means."""
    event = _Event.of(payload, options)
    make = _KINDS.get(event.kind) if event is not None else None
    if event is None or make is None:
        return [Told(words(payload, "type"), ignored=True)]
    return [Told(event.kind, tuple(make(event)), event.owners())]


@dataclass(frozen=True, slots=True)
class _Event:
    """An event with the object it is about."""

    id: str
    kind: str
    moment: datetime
    object: Mapping[str, Any]
    before: Mapping[str, Any]
    options: StripeOptions

    @classmethod
    def of(cls, payload: Any, options: StripeOptions) -> _Event | None:
        found, before = at(payload, "data.object"), at(payload, "data.previous_attributes")
        moment, event_id = hooks.epoch(payload, "created"), words(payload, "id")
        if not isinstance(found, Mapping) or moment is None or not event_id:
            return None
        earlier = before if isinstance(before, Mapping) else {}
        return cls(event_id, words(payload, "type"), moment, found, earlier, options)

    @property
    def customer(self) -> str:
        """The customer's id; of a guest, who has none, the address."""
        mail = words(self.object, "customer_details.email", "billing_details.email", "receipt_email")
        guest = f"email:{mail.lower()}" if mail else ""
        return words(self.object, "customer", "customer.id") or guest

    @property
    def ours(self) -> str:
        key = self.options.customer_id_in
        return words(self.object, f"metadata.{key}") if key else ""

    def owners(self) -> dict[str, str]:
        """Whose a payment is: a dispute names only the payment."""
        if words(self.object, "object") not in ("charge", "payment_intent") or not self.customer:
            return {}
        names = (words(self.object, "id"), words(self.object, "payment_intent", "payment_intent.id"))
        return {name: self.customer for name in names if name}

    def track(
        self, name: str, properties: Mapping[str, Any], when: datetime | None = None, *, second: bool = False
    ) -> Call:
        """Its id is the event's; a ``second`` call of the same event has its name in it."""
        about = words(self.object, "charge", "payment_intent")
        message_id = f"{self.id}:{name}" if second else self.id
        return hooks.track(self.customer, name, when or self.moment, message_id, properties, about=about)

    def identify(self, traits: Mapping[str, Any], customer: str = "", ours: str = "") -> Call:
        return hooks.identify(
            customer or self.customer,
            self.moment,
            f"{self.id}:identify",
            traits,
            ours=ours or self.ours,
        )


# Customers


def _customer(event: _Event) -> Iterator[Call]:
    found = event.object
    traits = {
        "email": words(found, "email"),
        "name": words(found, "name", "business_name", "individual_name"),
        "phone": words(found, "phone"),
        "country": words(found, "address.country", "shipping.address.country"),
        "city": words(found, "address.city"),
        "language": words(found, "preferred_locales.0"),
    }
    yield event.identify(traits, words(found, "id"))


def _customer_deleted(event: _Event) -> Iterator[Call]:
    yield hooks.track(words(event.object, "id"), "Account Deleted", event.moment, event.id, {})


# Subscriptions

_NOT_BEGUN = ("incomplete", "incomplete_expired")


def _subscription_created(event: _Event) -> Iterator[Call]:
    if words(event.object, "status") in _NOT_BEGUN:
        return  # it begins when its first invoice is paid
    begun = hooks.epoch(event.object, "start_date", "created")
    yield event.track("Subscription Started", _terms(event.object), begun)


def _subscription_updated(event: _Event) -> Iterator[Call]:
    before, now = {**event.object, **event.before}, event.object
    if words(now, "status") in (*_NOT_BEGUN, "canceled"):
        return
    if words(before, "status") in _NOT_BEGUN:
        yield event.track("Subscription Started", _terms(now))
        return
    if _terms_that_count(before) != _terms_that_count(now):
        yield event.track("Subscription Changed", _terms(now))
    if _will_end(before) != _will_end(now):
        name = "Cancellation Requested" if _will_end(now) else "Cancellation Withdrawn"
        ends = hooks.epoch(now, "cancel_at", *_PERIOD_ENDS)
        said = {"promised_at": ends, "code": _reason(now)} if _will_end(now) else {}
        yield event.track(name, _which(now) | said, second=True)


def _subscription_ended(event: _Event) -> Iterator[Call]:
    if words(event.object, "status") in _NOT_BEGUN:
        return
    ended = hooks.epoch(event.object, "ended_at", "canceled_at")
    yield event.track("Subscription Ended", _terms(event.object) | {"code": _reason(event.object)}, ended)


def _subscription_rests(event: _Event) -> Iterator[Call]:
    resumed = event.kind.endswith("resumed")
    yield event.track("Subscription Resumed" if resumed else "Subscription Paused", _terms(event.object))


_PERIOD_ENDS = ("current_period_end", "items.data.0.current_period_end")


def _will_end(subscription: Mapping[str, Any]) -> bool:
    return bool(at(subscription, "cancel_at_period_end") or at(subscription, "cancel_at"))


def _reason(subscription: Mapping[str, Any]) -> str:
    return words(subscription, "cancellation_details.feedback", "cancellation_details.reason")


def _which(subscription: Mapping[str, Any]) -> dict[str, Any]:
    return {"object_kind": "subscription", "object_id": words(subscription, "id")}


def _terms(subscription: Mapping[str, Any]) -> dict[str, Any]:
    return (
        _which(subscription)
        | _terms_that_count(subscription)
        | {
            "promised_at": hooks.epoch(subscription, *_PERIOD_ENDS),
        }
    )


def _terms_that_count(subscription: Mapping[str, Any]) -> dict[str, Any]:
    """Plan, seats and what they bring a month; a trial brings nothing yet."""
    items = list(hooks.parts_of(subscription, "items.data"))
    prices = [each.get("price") or each.get("plan") or {} for each in items]
    plan = next((words(each, "lookup_key", "nickname", "id") for each in prices), "")
    trial = words(subscription, "status") == "trialing"
    currency = words(subscription, "currency", "items.data.0.price.currency", "plan.currency").upper()
    monthly = Decimal(0) if trial else _monthly(items, prices, subscription, currency)
    return {
        "code": f"trial:{plan}" if trial else plan,
        "quantity": sum(hooks.whole(each, "quantity") or 0 for each in items) or None,
        "product_id": next((words(each, "product", "product.id") for each in prices), ""),
        "amount": None if monthly is None else str(Money.of(monthly, currency).amount),
        "currency": currency,
    }


def _monthly(
    items: Sequence[Mapping[str, Any]],
    prices: Sequence[Mapping[str, Any]],
    subscription: Mapping[str, Any],
    currency: str,
) -> Decimal | None:
    """In major units; ``None`` where a price is not a plain one (tiers). Metered use is not promised."""
    total = Decimal(0)
    for item, price in zip(items, prices, strict=True):
        if words(price, "recurring.usage_type", "usage_type") == "metered":
            continue
        each = hooks.decimal(price, "unit_amount_decimal") or hooks.decimal(price, "unit_amount")
        each = hooks.decimal(price, "amount") if each is None else each
        interval = words(price, "recurring.interval", "interval")
        if each is None or interval not in _A_MONTH:
            return None
        count = hooks.whole(price, "recurring.interval_count") or hooks.whole(price, "interval_count") or 1
        total += each * (hooks.whole(item, "quantity") or 1) * _A_MONTH[interval] / count
    off = hooks.decimal(subscription, "discount.coupon.percent_off") or Decimal(0)
    return (total * (100 - off) / 100).scaleb(-_exponent(currency))


# Invoices and payments


def _invoice(event: _Event) -> Iterator[Call]:
    """Issued, paid, or not paid; one of nothing (a trial's) is no bill."""
    found = event.object
    name, paths, moments = {
        "invoice.finalized": ("Invoice Issued", "total", "status_transitions.finalized_at"),
        "invoice.paid": ("Payment Completed", "amount_paid", "status_transitions.paid_at"),
        "invoice.payment_failed": ("Payment Failed", "amount_remaining", ""),
    }[event.kind]
    if hooks.whole(found, "total") == 0 or not event.customer:
        return
    traits = {
        "email": words(found, "customer_email"),
        "name": words(found, "customer_name"),
        "phone": words(found, "customer_phone"),
    }
    if traits["email"]:
        yield event.identify(traits, ours=_in_metadata(event, "parent.subscription_details.metadata"))
    properties = {
        "object_kind": "invoice",
        "object_id": words(found, "id"),
        **_amount(hooks.whole(found, paths), words(found, "currency")),
        "promised_at": hooks.epoch(found, "due_date"),
        "number": words(found, "number"),
        "billing_reason": words(found, "billing_reason"),
        "attempt_count": hooks.whole(found, "attempt_count") if name == "Payment Failed" else None,
    }
    yield event.track(name, properties, hooks.epoch(found, moments) if moments else None)


def _checkout(event: _Event) -> Iterator[Call]:
    """A payment by itself; what belongs to a subscription or an invoice comes with those."""
    found = event.object
    if words(found, "mode") != "payment" or words(found, "payment_status") != "paid" or not event.customer:
        return
    if words(found, "invoice"):
        return
    traits = {name: words(found, f"customer_details.{name}") for name in ("email", "name", "phone")}
    yield event.identify(traits, ours=words(found, "client_reference_id"))
    paid = {
        "object_kind": "payment",
        "object_id": words(found, "payment_intent", "id"),
        **_amount(hooks.whole(found, "amount_total"), words(found, "currency")),
    }
    yield event.track("Payment Completed", paid)


def _refunded(event: _Event) -> Iterator[Call]:
    """What was paid back this time: a charge says the sum of all times."""
    found = event.object
    earlier = hooks.whole(event.before, "amount_refunded") or 0
    back = (hooks.whole(found, "amount_refunded") or 0) - earlier
    if back <= 0:
        return
    invoice = words(found, "invoice", "invoice.id")
    properties = {
        "object_kind": "invoice" if invoice else "payment",
        "object_id": invoice or words(found, "payment_intent", "id"),
        **_amount(-back, words(found, "currency")),
        "code": words(found, "refunds.data.0.reason"),
    }
    yield event.track("Payment Refunded", properties)


def _disputed(event: _Event) -> Iterator[Call]:
    """The customer took the payment back through the bank; how it ended is the status."""
    found, closed = event.object, event.kind.endswith("closed")
    properties = {
        "object_kind": "dispute",
        "object_id": words(found, "id"),
        **_amount(hooks.whole(found, "amount"), words(found, "currency")),
        "code": words(found, "status") if closed else words(found, "reason"),
        "promised_at": None if closed else hooks.epoch(found, "evidence_details.due_by"),
    }
    yield event.track("Dispute Closed" if closed else "Dispute Opened", properties)


def _nothing(event: _Event) -> Iterator[Call]:
    """Only whose the payment is."""
    return iter(())


def _in_metadata(event: _Event, path: str) -> str:
    key = event.options.customer_id_in
    return words(event.object, f"{path}.{key}") if key else ""


def _exponent(currency: str) -> int:
    return _EXPONENTS.get(currency, money.exponent(currency))


def _amount(minor: int | None, currency: str) -> dict[str, Any]:
    if minor is None:
        return {}
    code = currency.upper()
    return {"amount": str(Decimal(minor).scaleb(-_exponent(code))), "currency": code}


_KINDS: dict[str, Callable[[_Event], Iterator[Call]]] = {
    "customer.created": _customer,
    "customer.updated": _customer,
    "customer.deleted": _customer_deleted,
    "customer.subscription.created": _subscription_created,
    "customer.subscription.updated": _subscription_updated,
    "customer.subscription.deleted": _subscription_ended,
    "customer.subscription.paused": _subscription_rests,
    "customer.subscription.resumed": _subscription_rests,
    "invoice.finalized": _invoice,
    "invoice.paid": _invoice,
    "invoice.payment_failed": _invoice,
    "checkout.session.completed": _checkout,
    "checkout.session.async_payment_succeeded": _checkout,
    "charge.succeeded": _nothing,
    "charge.refunded": _refunded,
    "charge.dispute.created": _disputed,
    "charge.dispute.closed": _disputed,
}


SOURCE = Source(
    name="stripe",
    title=Text("Stripe"),
    meaning=Text("Customers, subscriptions, invoices, failed payments, refunds and disputes."),
    options=StripeOptions,
    secrets=(
        Secret(
            "signing_secret",
            Text("Signing secret"),
            Text("Begins with whsec_; Stripe shows it once the endpoint is made."),
        ),
    ),
    verify=verify,
    read=read,
    events=tuple(_KINDS),
    steps=(
        Text("In Stripe, open Developers, then Webhooks, and add a destination for events of your account."),
        Text("Choose the events listed here, then “Webhook endpoint”, and paste the address."),
        Text("Copy the signing secret that Stripe shows then, and enter it here."),
    ),
    examples=EXAMPLES,
)
