"""Stripe's events as its reference publishes them (docs.stripe.com/api), shortened to what is read."""

from __future__ import annotations

from typing import Any

from holdfast.connectors.webhooks import Example


def _event(kind: str, found: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The envelope that Stripe puts around an object (docs.stripe.com/api/events/object)."""
    about: dict[str, Any] = {"object": found}
    if before is not None:
        about["previous_attributes"] = before
    return {
        "id": f"evt_1NG8Du2eZvKYlo2CUI79vXWy_{kind.replace('.', '_')}",
        "object": "event",
        "api_version": "2025-08-27.basil",
        "created": 1686089970,
        "data": about,
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


_PRICE = {
    "id": "price_1MowQULkdIwHu7ixraBm864M",
    "object": "price",
    "currency": "usd",
    "lookup_key": None,
    "nickname": "Team",
    "product": "prod_NZKdYqrwEYx6iK",
    "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed"},
    "unit_amount": 1000,
    "unit_amount_decimal": "1000",
}
_SUBSCRIPTION = {
    "id": "sub_1MowQVLkdIwHu7ixeRlqHVzs",
    "object": "subscription",
    "cancel_at": None,
    "cancel_at_period_end": False,
    "canceled_at": None,
    "cancellation_details": {"comment": None, "feedback": None, "reason": None},
    "created": 1679609767,
    "currency": "usd",
    "customer": "cus_Na6dX7aXxi11N4",
    "ended_at": None,
    "items": {
        "object": "list",
        "data": [
            {
                "id": "si_Na6dzxczY5fwHx",
                "object": "subscription_item",
                "current_period_end": 1682288167,
                "price": _PRICE,
                "quantity": 3,
            }
        ],
    },
    "metadata": {},
    "start_date": 1679609767,
    "status": "active",
}
_INVOICE = {
    "id": "in_1MtHbELkdIwHu7ixl4OzzPMv",
    "object": "invoice",
    "amount_due": 3000,
    "amount_paid": 0,
    "amount_remaining": 3000,
    "attempt_count": 1,
    "billing_reason": "subscription_cycle",
    "collection_method": "send_invoice",
    "created": 1680644467,
    "currency": "usd",
    "customer": "cus_Na6dX7aXxi11N4",
    "customer_email": "jennyrosen@example.com",
    "customer_name": "Jenny Rosen",
    "customer_phone": None,
    "due_date": 1683236467,
    "number": "C4BF5A4C-0001",
    "parent": {"type": "subscription_details", "subscription_details": {"metadata": {}}},
    "status": "open",
    "status_transitions": {"finalized_at": 1680644467, "paid_at": None},
    "total": 3000,
}
_CHARGE = {
    "id": "ch_3MmlLrLkdIwHu7ix0snN0B15",
    "object": "charge",
    "amount": 1099,
    "amount_refunded": 0,
    "billing_details": {"email": None, "name": None, "phone": None},
    "created": 1679090539,
    "currency": "usd",
    "customer": "cus_Na6dX7aXxi11N4",
    "payment_intent": "pi_3MmlLrLkdIwHu7ix0uke3Ezy",
    "status": "succeeded",
}
_DISPUTE = {
    "id": "du_1MtJUT2eZvKYlo2CNaw2HvEv",
    "object": "dispute",
    "amount": 1099,
    "charge": "ch_3MmlLrLkdIwHu7ix0snN0B15",
    "created": 1680651737,
    "currency": "usd",
    "evidence_details": {"due_by": 1681516799, "has_evidence": False},
    "payment_intent": "pi_3MmlLrLkdIwHu7ix0uke3Ezy",
    "reason": "fraudulent",
    "status": "needs_response",
}

EXAMPLES = (
    Example(
        _event(
            "customer.created",
            {
                "id": "cus_NffrFeUfNV2Hib",
                "object": "customer",
                "address": None,
                "created": 1680893993,
                "currency": None,
                "delinquent": False,
                "email": "jennyrosen@example.com",
                "metadata": {"customer_id": "4711"},
                "name": "Jenny Rosen",
                "phone": None,
                "preferred_locales": [],
            },
        ),
        ("identify",),
    ),
    Example(
        _event("customer.deleted", {"id": "cus_NffrFeUfNV2Hib", "object": "customer"}), ("Account Deleted",)
    ),
    Example(_event("customer.subscription.created", _SUBSCRIPTION), ("Subscription Started",)),
    Example(
        _event("customer.subscription.created", _SUBSCRIPTION | {"status": "trialing"}),
        ("Subscription Started",),
    ),
    Example(_event("customer.subscription.created", _SUBSCRIPTION | {"status": "incomplete"}), ()),
    Example(
        _event("customer.subscription.updated", _SUBSCRIPTION, {"status": "trialing"}),
        ("Subscription Changed",),
    ),
    Example(
        _event(
            "customer.subscription.updated",
            _SUBSCRIPTION
            | {
                "cancel_at_period_end": True,
                "cancel_at": 1682288167,
                "cancellation_details": {"comment": None, "feedback": "too_expensive", "reason": None},
            },
            {"cancel_at_period_end": False, "cancel_at": None},
        ),
        ("Cancellation Requested",),
    ),
    Example(
        _event(
            "customer.subscription.deleted",
            _SUBSCRIPTION
            | {
                "status": "canceled",
                "ended_at": 1682288167,
                "cancellation_details": {"comment": None, "feedback": "too_expensive", "reason": None},
            },
        ),
        ("Subscription Ended",),
    ),
    Example(_event("invoice.finalized", _INVOICE), ("identify", "Invoice Issued")),
    Example(
        _event(
            "invoice.paid",
            _INVOICE
            | {
                "amount_paid": 3000,
                "amount_remaining": 0,
                "status": "paid",
                "status_transitions": {"finalized_at": 1680644467, "paid_at": 1680730867},
            },
        ),
        ("identify", "Payment Completed"),
    ),
    Example(
        _event("invoice.payment_failed", _INVOICE | {"attempt_count": 2}), ("identify", "Payment Failed")
    ),
    Example(_event("charge.succeeded", _CHARGE), ()),
    Example(
        _event("charge.refunded", _CHARGE | {"amount_refunded": 500}, {"amount_refunded": 200}),
        ("Payment Refunded",),
    ),
    Example(_event("charge.dispute.created", _DISPUTE), ("Dispute Opened",)),
    Example(_event("charge.dispute.closed", _DISPUTE | {"status": "lost"}), ("Dispute Closed",)),
    Example(
        _event(
            "checkout.session.completed",
            {
                "id": "cs_test_a1YS1URlnyQCN5fUUduORoQ7Pw41PJqDWkIVQCpJPqkfIhd6tVY8XB1OLY",
                "object": "checkout.session",
                "amount_total": 2198,
                "client_reference_id": None,
                "currency": "jpy",
                "customer": None,
                "customer_details": {"email": "Jenny@Example.com", "name": "Jenny Rosen", "phone": None},
                "mode": "payment",
                "payment_intent": "pi_1GszwY2eZvKYlo2CohCEmT6b",
                "payment_status": "paid",
            },
        ),
        ("identify", "Payment Completed"),
    ),
)
