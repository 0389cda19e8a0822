"""Kinds of what happens with a customer, as a timeline is filtered by them."""

from __future__ import annotations

from typing import Literal

Kind = Literal["orders", "payments", "tickets", "messages", "visits", "surveys", "ours"]

EVENTS_OF_KIND: dict[Kind, tuple[str, ...]] = {
    "orders": (
        "Order Completed",
        "Order Refunded",
        "Order Updated",
        "Order Cancelled",
        "Order Delivered",
        "Subscription Started",
        "Subscription Changed",
        "Subscription Ended",
        "Subscription Paused",
        "Subscription Resumed",
        "Cancellation Requested",
        "Cancellation Withdrawn",
        "Deal Opened",
        "Deal Changed",
        "Deal Won",
        "Deal Lost",
        "Trial Started",
        "Trial Ended",
        "Coupon Applied",
        "Coupon Denied",
    ),
    "payments": (
        "Invoice Issued",
        "Payment Completed",
        "Payment Failed",
        "Payment Refunded",
        "Dispute Opened",
        "Dispute Closed",
    ),
    "tickets": ("Ticket Opened", "Ticket Answered", "Ticket Closed", "Ticket Reopened", "Ticket Rated"),
    "messages": (
        "Message Received",
        "Message Sent",
        "Message Delivered",
        "Message Undelivered",
        "Message Read",
        "Touch Sent",
        "Touch Failed",
        "Call Made",
        "Call Received",
        "Email Delivered",
        "Email Opened",
        "Email Link Clicked",
        "Email Bounced",
        "Email Marked as Spam",
        "Subscribed",
        "Unsubscribed",
    ),
    "visits": (
        "Visit Made",
        "Visit Received",
        "Signed In",
        "Signed Out",
        "Page Viewed",
        "Screen Viewed",
        "Feature Used",
        "Products Searched",
        "Product List Viewed",
        "Product Clicked",
        "Product Viewed",
        "Product Added",
        "Product Removed",
        "Product Added to Wishlist",
        "Product Shared",
        "Cart Viewed",
        "Checkout Started",
    ),
    "surveys": ("Survey Answered", "Product Reviewed"),
    "ours": (),
}
"""Kind to the events it shows; "ours" shows what our own people wrote and changed, and scores."""

KINDS: tuple[Kind, ...] = tuple(EVENTS_OF_KIND)


def counts_by_kind(by_name: dict[str, int]) -> dict[Kind, int]:
    """How many events of each kind there are, from how many there are of each name."""
    return {kind: sum(by_name.get(name, 0) for name in names) for kind, names in EVENTS_OF_KIND.items()}
