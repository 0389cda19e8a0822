"""Events as people call them: a rule or a play says “Order”, not its name in the log."""

from __future__ import annotations

from holdfast.domain.texts import Text

EVENT_WORDS: dict[str, Text] = {
    "Order Completed": Text("Order"),
    "Order Cancelled": Text("Order called off"),
    "Order Refunded": Text("Goods sent back"),
    "Order Delivered": Text("Delivery"),
    "Message Received": Text("Message from the customer"),
    "Message Sent": Text("Message from us"),
    "Touch Sent": Text("Message sent by Holdfast"),
    "Call Made": Text("Call from us"),
    "Cancellation Requested": Text("Cancellation requested"),
    "Ticket Opened": Text("Request for help"),
    "Ticket Closed": Text("Request for help, closed"),
    "Text Read": Text("What the customer wrote"),
    "Payment Completed": Text("Payment"),
    "Payment Failed": Text("Failed payment"),
    "Subscription Started": Text("New subscription"),
    "Subscription Renewed": Text("Renewal"),
    "Subscription Ended": Text("End of a subscription"),
    "Account Deleted": Text("Account closed"),
    "Result Reviewed": Text("Look at the result"),
    "Onboarding Step Completed": Text("One of the first steps"),
    "Survey Answered": Text("Answer to our question"),
    "Signed Up": Text("Sign-up"),
    "Signed In": Text("Sign-in"),
    "Feature Used": Text("Use of the product"),
    "Email Opened": Text("E-mail opened"),
    "Unsubscribed": Text("Unsubscription"),
    "Change Announced": Text("Change of ours"),
}
"""What ready plays and rules look at; an event with no words here keeps its name in the log."""


def event_words(name: str) -> Text:
    """What people call an event."""
    return EVENT_WORDS.get(name) or Text("{name}", name=name)
