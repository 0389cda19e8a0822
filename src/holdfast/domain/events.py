"""The vocabulary of events, and the columns of one row in the event log.

Names are those of the Segment specification where it has one ("Order Completed", "Signed Up").
Unknown names are welcome and countable: this file only says what Holdfast itself understands.
"""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.texts import Text

LAKE_COLUMNS: dict[str, str] = {
    "seq": "BIGINT",
    "bucket": "INTEGER",
    "slot": "INTEGER",
    "event_key": "BLOB",
    "message_id": "VARCHAR",
    "subject_id": "BIGINT",
    "at_us": "BIGINT",
    "known_us": "BIGINT",
    "name": "VARCHAR",
    "source": "VARCHAR",
    "import_id": "BIGINT",
    "object_kind": "VARCHAR",
    "object_id": "VARCHAR",
    "amount_minor": "BIGINT",
    "currency": "VARCHAR",
    "quantity": "DECIMAL(18,4)",
    "product_id": "VARCHAR",
    "code": "VARCHAR",
    "score": "DOUBLE",
    "promised_us": "BIGINT",
    "details": "VARCHAR",
}
"""Columns of the event log in their order, with their SQL types.

``at_us``, ``known_us`` and ``promised_us`` are microseconds since 1970 in UTC; ``amount_minor`` is
an integer of minor units of ``currency``; ``event_key`` has 16 bytes; ``seq`` is null for imported
rows; ``slot`` is :func:`slot_of` the subject; ``bucket`` is the partition: the slot, or -1 for
rows that wait for compaction; ``details`` is JSON, shown but never aggregated.
"""

LEVEL_0 = -1
"""The bucket of rows that arrived in small numbers and have not been compacted yet."""


def slot_of(subject_id: int, buckets: int) -> int:
    """In which of ``buckets`` the rows of a subject lie, 0..buckets-1.

    Multiplicative hashing (Knuth, TAOCP 3, 6.4): neighbouring ids of one source spread evenly,
    and every engine can compute it in 64-bit integers. :func:`slot_sql` is the same in SQL.
    """
    return ((subject_id % 2147483648) * 1640531527 // 1048576) % buckets


def slot_sql(subject: str, buckets: int) -> str:
    """:func:`slot_of` as a SQL expression over the column or expression ``subject``."""
    return f"CAST((({subject}) % 2147483648 * 1640531527 // 1048576) % {int(buckets)} AS INTEGER)"


@dataclass(frozen=True, slots=True)
class EventFile:
    """One Parquet file of events; ``path`` is relative to the log's root, as ``bucket=3/x.parquet``.

    ``size`` is in bytes; the bounds of ``subject_id`` and ``at_us`` (microseconds) are inclusive.
    """

    path: str
    bucket: int
    size: int
    rows: int
    first_subject: int
    last_subject: int
    first_at_us: int
    last_at_us: int

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class EventName:
    """One event that Holdfast understands.

    ``uses`` are the columns that carry its content, beside subject, moment and source.
    ``from_segment`` tells whether name and sense are those of the Segment specification.
    """

    name: str
    meaning: Text
    uses: tuple[str, ...] = ()
    from_segment: bool = False


_ORDER = ("object_kind", "object_id", "amount_minor", "currency", "quantity", "product_id", "code")
_SUBSCRIPTION = ("object_kind", "object_id", "amount_minor", "currency", "quantity", "code", "details")
_INVOICE = ("object_kind", "object_id", "amount_minor", "currency", "promised_us", "code")
_SUBSCRIPTION_END = ("object_kind", "object_id", "code", "promised_us")
_DEAL = ("object_kind", "object_id", "amount_minor", "currency", "code")
_TICKET = ("object_kind", "object_id", "code", "promised_us")
_MESSAGE = ("object_kind", "object_id", "code")
_PRODUCT = ("product_id", "quantity", "amount_minor", "currency")

_NAMES = (
    EventName(
        "Order Completed",
        Text("An order, or one line of it, was bought; a discount line may be below zero."),
        _ORDER,
        from_segment=True,
    ),
    EventName(
        "Order Refunded",
        Text("An order, or one line of it, was cancelled or returned; the amount is below zero."),
        _ORDER,
        from_segment=True,
    ),
    EventName("Order Updated", Text("An order was changed after it was made."), _ORDER, from_segment=True),
    EventName("Order Cancelled", Text("An order was called off before delivery."), _ORDER, from_segment=True),
    EventName("Order Delivered", Text("An order arrived; promised_us is the promised moment."), _ORDER),
    EventName(
        "Delivery Promised",
        Text("We said when a delivery arrives; promised_us is that moment."),
        ("object_kind", "object_id", "promised_us"),
    ),
    EventName("Checkout Failed", Text("The customer wanted to pay and could not; code is why."), _ORDER),
    EventName("Signed Up", Text("The customer opened an account."), ("code",), from_segment=True),
    EventName("Signed In", Text("The customer signed in."), (), from_segment=True),
    EventName("Signed Out", Text("The customer signed out."), (), from_segment=True),
    EventName("Account Created", Text("A company became an account."), ("code",), from_segment=True),
    EventName(
        "Account Deleted",
        Text("The account was deleted or closed; code is the reason given."),
        ("code",),
        from_segment=True,
    ),
    EventName("Account Added User", Text("A person was added to an account."), ("code",), from_segment=True),
    EventName(
        "Account Removed User", Text("A person was removed from an account."), ("code",), from_segment=True
    ),
    EventName("Invite Sent", Text("The customer invited someone."), (), from_segment=True),
    EventName(
        "Onboarding Step Completed",
        Text("The customer took one of the first steps; code names it."),
        ("code",),
    ),
    EventName(
        "Contact Changed",
        Text("Another person is the contact now; code is on whose side (customer_side, our_side)."),
        ("code",),
    ),
    EventName("Trial Started", Text("A trial began; code is the plan."), _SUBSCRIPTION, from_segment=True),
    EventName("Trial Ended", Text("A trial ended; code is the plan."), _SUBSCRIPTION, from_segment=True),
    EventName(
        "Subscription Started",
        Text("A subscription began; the amount is for one month, code is the plan, quantity the seats."),
        _SUBSCRIPTION,
    ),
    EventName(
        "Subscription Changed",
        Text("Plan, seats or price of a subscription changed; the amount is the new one for one month."),
        _SUBSCRIPTION,
    ),
    EventName("Subscription Ended", Text("A subscription ended; code is the reason given."), _SUBSCRIPTION),
    EventName(
        "Cancellation Requested",
        Text("A subscription will not be renewed; promised_us is when it ends, code is the reason given."),
        _SUBSCRIPTION_END,
    ),
    EventName(
        "Cancellation Withdrawn",
        Text("A subscription that was to end goes on after all."),
        _SUBSCRIPTION_END,
    ),
    EventName("Subscription Paused", Text("A subscription rests; code is the plan."), _SUBSCRIPTION),
    EventName("Subscription Resumed", Text("A subscription that rested goes on."), _SUBSCRIPTION),
    EventName(
        "Subscription Renewed",
        Text("A subscription goes on for another term; promised_us is when it renews next."),
        _SUBSCRIPTION_END,
    ),
    EventName(
        "Renewal Failed",
        Text("The customer wanted to renew and could not; code is the reason given."),
        _SUBSCRIPTION_END,
    ),
    EventName(
        "Change Announced",
        Text("We announced a change (code: price, terms, product); promised_us is from when it holds."),
        ("object_kind", "object_id", "code", "promised_us"),
    ),
    EventName(
        "Result Agreed",
        Text("A result was agreed with the customer; promised_us is by when."),
        ("object_kind", "object_id", "promised_us"),
    ),
    EventName(
        "Result Reviewed",
        Text("It was looked at whether an agreed result is there; code is reached or missed."),
        ("object_kind", "object_id", "code", "score"),
    ),
    EventName("Invoice Issued", Text("A bill was sent; promised_us is when it is due."), _INVOICE),
    EventName("Payment Completed", Text("A bill was paid."), _INVOICE),
    EventName("Payment Failed", Text("A payment was declined; code is the reason given."), _INVOICE),
    EventName("Payment Refunded", Text("Money was paid back; the amount is below zero."), _INVOICE),
    EventName(
        "Dispute Opened",
        Text("The customer took a payment back through the bank; code is the reason given."),
        _INVOICE,
    ),
    EventName("Dispute Closed", Text("The bank decided a dispute; code is how (won, lost)."), _INVOICE),
    EventName("Deal Opened", Text("Our sales opened a deal with the customer."), _DEAL),
    EventName("Deal Changed", Text("A deal came to another stage (code) or amount."), _DEAL),
    EventName("Deal Won", Text("The customer agreed to a deal; code is the stage."), _DEAL),
    EventName("Deal Lost", Text("A deal came to nothing; code is the stage."), _DEAL),
    EventName("Ticket Opened", Text("The customer asked for help or complained."), _TICKET),
    EventName("Ticket Answered", Text("Someone of us answered a ticket for the first time."), _TICKET),
    EventName("Ticket Closed", Text("A ticket was closed."), _TICKET),
    EventName("Ticket Reopened", Text("A closed ticket was opened again."), _TICKET),
    EventName("Ticket Rated", Text("The customer rated how a ticket was solved."), (*_TICKET, "score")),
    EventName(
        "Promise Made",
        Text("We promised a further step on a ticket; promised_us is by when."),
        _TICKET,
    ),
    EventName("Promise Kept", Text("What we promised on a ticket was done."), _TICKET),
    EventName("Message Received", Text("The customer wrote to us."), _MESSAGE),
    EventName("Message Sent", Text("Someone of us wrote to the customer."), _MESSAGE),
    EventName(
        "Message Delivered", Text("A message of ours arrived at the phone; code is the channel."), _MESSAGE
    ),
    EventName(
        "Message Undelivered",
        Text("A message of ours went out and did not arrive; code is the channel."),
        _MESSAGE,
    ),
    EventName("Message Read", Text("A message of ours was read; code is the channel."), _MESSAGE),
    EventName(
        "Touch Sent",
        Text("A message of ours went out; code is the channel. Answers in a conversation are Message Sent."),
        _MESSAGE,
    ),
    EventName("Touch Failed", Text("A message of ours could not be sent; code is the channel."), _MESSAGE),
    EventName(
        "Play Enrolled",
        Text(
            "The customer entered a play of ours; code is its key. A play is steps that help customers stay."
        ),
        ("object_kind", "object_id", "code"),
    ),
    EventName(
        "Play Ended",
        Text("A play was over for the customer; code is its key."),
        ("object_kind", "object_id", "code"),
    ),
    EventName(
        "Touch Would Send",
        Text("A customer held out of a play would have been written to; code is the key of the play."),
        ("object_kind", "object_id", "code"),
    ),
    EventName("Message Edited", Text("The customer changed what was written before."), _MESSAGE),
    EventName(
        "Automatic Reply Received",
        Text("A machine of the customer's answered: away, or no longer with the company."),
        ("code",),
    ),
    EventName("Button Pressed", Text("A button in a chat was pressed; code is what it says."), _MESSAGE),
    EventName("Chat Joined", Text("The customer came into a chat with us, or came back."), ("code",)),
    EventName("Chat Left", Text("The customer left a chat with us, or blocked it."), ("code",)),
    EventName(
        "Call Made",
        Text(
            "Someone of us called the customer; code is the outcome (reached, helped, not_reached, "
            "wrong_number, bad_day, wants_to_leave, not_to_be_called, other)."
        ),
        ("code",),
    ),
    EventName("Call Received", Text("The customer called us."), ("code",)),
    EventName("Visit Made", Text("Someone of us visited the customer."), ("code",)),
    EventName("Visit Received", Text("The customer visited us."), ("code",)),
    EventName(
        "Survey Answered",
        Text("The customer answered a survey; code is its kind (nps, ces, csat, exit, free)."),
        ("object_kind", "object_id", "code", "score"),
    ),
    EventName(
        "Survey Sent",
        Text("The customer was asked; code is the kind of survey."),
        ("object_kind", "object_id", "code"),
    ),
    EventName(
        "Text Read",
        Text(
            "What a text said, one row for each thing found: code is how it sounds (negative, neutral,"
            " positive), a cause, or what the writer wants; score is -1 to 1."
        ),
        ("object_kind", "object_id", "code", "score"),
    ),
    EventName(
        "Signal Raised",
        Text("An early warning began; code is which, score its strength, 0 to 1."),
        ("code", "score"),
    ),
    EventName("Products Searched", Text("The customer searched the shop."), ("code",), from_segment=True),
    EventName("Product List Viewed", Text("A list of products was seen."), ("code",), from_segment=True),
    EventName("Product Clicked", Text("A product was chosen from a list."), _PRODUCT, from_segment=True),
    EventName("Product Viewed", Text("A product was looked at."), _PRODUCT, from_segment=True),
    EventName("Product Added", Text("A product was put into the cart."), _PRODUCT, from_segment=True),
    EventName("Product Removed", Text("A product was taken out of the cart."), _PRODUCT, from_segment=True),
    EventName(
        "Product Added to Wishlist", Text("A product was put on the wish list."), _PRODUCT, from_segment=True
    ),
    EventName(
        "Product Reviewed",
        Text("The customer reviewed a product; score is the rating."),
        ("product_id", "score"),
        from_segment=True,
    ),
    EventName("Product Shared", Text("A product was shared."), ("product_id", "code"), from_segment=True),
    EventName("Cart Viewed", Text("The cart was looked at."), ("object_id",), from_segment=True),
    EventName("Checkout Started", Text("The customer began to pay."), _ORDER, from_segment=True),
    EventName("Coupon Applied", Text("A coupon was used; code names it."), _ORDER, from_segment=True),
    EventName("Coupon Denied", Text("A coupon was refused; code names it."), _ORDER, from_segment=True),
    EventName("Page Viewed", Text("A page was seen."), ("code",)),
    EventName("Screen Viewed", Text("A screen of the app was seen."), ("code",)),
    EventName("Feature Used", Text("A part of the product was used; code names it."), ("code", "quantity")),
    EventName("Email Delivered", Text("A mail reached the mailbox."), _MESSAGE, from_segment=True),
    EventName("Email Opened", Text("A mail was opened."), _MESSAGE, from_segment=True),
    EventName("Email Link Clicked", Text("A link in a mail was followed."), _MESSAGE, from_segment=True),
    EventName("Email Bounced", Text("A mail came back."), _MESSAGE, from_segment=True),
    EventName("Email Marked as Spam", Text("A mail was reported as spam."), _MESSAGE, from_segment=True),
    EventName(
        "Erasure Requested",
        Text("The customer asks to be erased; code is where they asked."),
        ("code",),
    ),
    EventName(
        "Data Copy Requested",
        Text("The customer asks for a copy of what is known about them; code is where they asked."),
        ("code",),
    ),
    EventName(
        "Subscribed",
        Text("The customer signed up for news by a form, and confirmed it; code is the form."),
        ("code",),
    ),
    EventName(
        "Unsubscribed",
        Text("The customer wants no more offers and news; code is the channel."),
        ("code",),
        from_segment=True,
    ),
)

EVENT_NAMES: dict[str, EventName] = {event.name: event for event in _NAMES}
"""Every event that Holdfast understands, by name."""
