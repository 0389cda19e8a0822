"""From events to a timeline: what happened in words, and where nothing did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from holdfast.domain.code_words import REASON_WORDS, TOPIC_WORDS, code_words
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.outcomes import CALL_OUTCOMES
from holdfast.domain.readings import TEXT_READ
from holdfast.domain.silence import LONGER_THAN_HABIT, SHORTEST_DAYS
from holdfast.domain.texts import Text
from holdfast.engines.timeline import TimelineEvent
from holdfast.services.warn.catalogue import delivered
from holdfast.store.own_moments import OwnMoment
from holdfast.web.cause_words import CauseName
from holdfast.web.text_words import read_words

DAY_US = 86_400_000_000
SURVEYS: dict[str, Text] = {
    "nps": Text("How likely they are to recommend us, 0 to 10"),
    "ces": Text("How easy it was"),
    "csat": Text("How satisfied they are"),
    "exit": Text("Why they leave"),
    "free": Text("In their own words"),
    "yes_no": Text("Yes or no"),
    "choice": Text("One of several answers"),
}
_NO_MARK = ("exit", "choice")
"""Kinds of surveys whose score is the number of the answer that was chosen."""
CALLED: dict[str, Text] = {
    **{str(code): words for code, words in CALL_OUTCOMES.items()},
    "not_reached": Text("not reached"),
    "wrong_number": Text("wrong number"),
}
CONCLUSIONS = ("Signal Raised", TEXT_READ)
"""Events that Holdfast concluded itself."""

GIVE_REASONS = (
    *("Account Deleted", "Subscription Ended", "Cancellation Requested", "Payment Failed", "Order Cancelled"),
    *("Renewal Failed", "Checkout Failed", "Dispute Opened"),
)
"""Events whose code is the reason that was given."""

LINES_SHOWN = 4
"""Products of one order that are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: ``kind`` is "ours", "signal" or "said"; ``quote`` in their own words.

    ``own`` is what our own people wrote or changed, where it is that; ``clock`` is false where
    only the day is known.
    """

    at_us: int
    picture: str
    kind: str
    title: Text | str
    more: Text | str | None = None
    quote: str = ""
    own: OwnMoment | None = None
    clock: bool = True
    counts: bool = True
    """Whether it ends a silence: a conclusion of ours is no contact."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Silence for ``days``, when orders usually come every ``usual_days``."""

    days: int
    usual_days: float


def moments(
    events: Iterable[TimelineEvent], texts: Mapping[bytes, str], cause_name: CauseName
) -> list[Moment]:
    """What happened, in the given order; neighbouring lines of one order are one moment.

    ``texts`` has what was written with an event, by its key; ``cause_name`` is asked where a cause was read.
    """
    return [_moment(list(together), texts, cause_name) for _, together in groupby(events, key=_same)]


def with_gaps(
    happened: Sequence[Moment], *, later_us: int, usual_days: float | None
) -> Iterator[Moment | Gap]:
    """``happened`` (newest first) with every silence that is longer than the habit.

    What our own people wrote or changed about them is no contact: it ends no silence. ``later_us`` is
    what the newest moment is held against: the present, or the moment with which the stretch above
    ended. Without a habit (``usual_days``) no silence is remarkable.
    """
    for moment in happened:
        if moment.own is not None or not moment.counts:
            yield moment
            continue
        if usual_days is not None:
            days = (later_us - moment.at_us) // DAY_US
            if days > max(SHORTEST_DAYS, LONGER_THAN_HABIT * usual_days):
                yield Gap(days, usual_days)
        yield moment
        later_us = moment.at_us


def _same(event: TimelineEvent) -> object:
    """What makes neighbours one moment: the order they are lines of; all else stands alone."""
    is_line = event.name in ("Order Completed", "Order Refunded") and event.object_id
    return (event.name, event.object_id, event.at_us) if is_line else event.event_key


def _moment(events: list[TimelineEvent], texts: Mapping[bytes, str], cause_name: CauseName) -> Moment:
    event = events[0]
    picture, kind, title, more = _WORDS.get(event.name, _plain)(events)
    if event.name == TEXT_READ and event.code:
        more = read_words(event.code, cause_name)
    if event.name in GIVE_REASONS and event.code:
        more = _reason(event.code, cause_name)
    counts = event.name not in CONCLUSIONS
    return Moment(event.at_us, picture, kind, title, more, texts.get(event.event_key, ""), counts=counts)


Said = tuple[str, str, Text | str, Text | str | None]
"""Picture, kind, title and the line below; a plain string is a name and is not translated."""


def _plain(events: list[TimelineEvent]) -> Said:
    """What needs no sentence of its own; a name that we do not know stays as it is."""
    event = events[0]
    picture, kind, title = _PLAIN.get(event.name, ("clock", "said", event.name))
    below = event.product_id or (event.code or "").replace("_", " ")
    return picture, kind, title, below or None


def _money(event: TimelineEvent) -> Money:
    return Money(event.amount_minor or 0, event.currency or NO_CURRENCY)


def _total(events: list[TimelineEvent]) -> Money:
    return Money(sum(event.amount_minor or 0 for event in events), events[0].currency or NO_CURRENCY)


def _has_money(events: list[TimelineEvent]) -> bool:
    return any(event.amount_minor for event in events)


def _reason(code: str, cause_name: CauseName) -> Text:
    """The reason given, in words: a known code, a cause as the workspace calls it, else the code itself."""
    return Text("Reason given: {reason}", reason=REASON_WORDS.get(code) or cause_name(code))


def _products(events: list[TimelineEvent]) -> Text | str | None:
    names = list(dict.fromkeys(event.product_id for event in events if event.product_id))
    if not names:
        return None
    if len(events) == 1:
        return _line(events[0])
    rest = len(names) - LINES_SHOWN
    shown = names if rest <= 0 else names[:LINES_SHOWN]
    if rest <= 0:
        return Text("{n} line: {products}", "{n} lines: {products}", n=len(events), products=shown)
    return Text(
        "{n} line: {products} and {more} more",
        "{n} lines: {products} and {more} more",
        n=len(events),
        products=", ".join(shown),
        more=rest,
    )


def _line(event: TimelineEvent) -> Text | str:
    quantity = abs(event.quantity or 1)
    if quantity == 1:
        return str(event.product_id)
    return Text("{quantity} × {product}", quantity=quantity, product=event.product_id)


def _ordered(events: list[TimelineEvent]) -> Said:
    if not _has_money(events):
        return "cup", "order", Text("Ordered"), _products(events)
    return "cup", "order", Text("Ordered for {money}", money=_total(events)), _products(events)


def _gave_back(events: list[TimelineEvent]) -> Said:
    total = _total(events)
    title = Text("Sent back or cancelled, {money}", money=Money(abs(total.minor), total.currency))
    return "undo", "signal", title, _products(events)


def _signed_up(events: list[TimelineEvent]) -> Said:
    return "people", "said", Text("Signed up"), None


def _closed_account(events: list[TimelineEvent]) -> Said:
    return "close", "signal", Text("Closed the account"), None


def _subscribed(events: list[TimelineEvent]) -> Said:
    event = events[0]
    if event.amount_minor:
        title = Text("Subscription began, {money} a month", money=_money(event))
        return "check", "said", title, event.code
    return "check", "said", Text("Trial began"), event.code


def _changed_plan(events: list[TimelineEvent]) -> Said:
    event = events[0]
    if event.amount_minor is None:
        return "info", "said", Text("Subscription changed"), event.code
    return "info", "said", Text("Subscription changed, now {money} a month", money=_money(event)), event.code


def _unsubscribed(events: list[TimelineEvent]) -> Said:
    return "close", "signal", Text("Subscription ended"), None


def _billed(events: list[TimelineEvent]) -> Said:
    return "card", "ours", Text("We sent a bill, {money}", money=_money(events[0])), None


def _paid(events: list[TimelineEvent]) -> Said:
    return "card", "said", Text("Paid {money}", money=_money(events[0])), None


def _not_paid(events: list[TimelineEvent]) -> Said:
    return "card", "signal", Text("A payment failed, {money}", money=_money(events[0])), None


def _paid_back(events: list[TimelineEvent]) -> Said:
    amount = _money(events[0])
    return "card", "ours", Text("We paid back {money}", money=Money(abs(amount.minor), amount.currency)), None


def _asked_for_help(events: list[TimelineEvent]) -> Said:
    return "ticket", "said", Text("Asked for help"), _topic(events[0])


def _helped(events: list[TimelineEvent]) -> Said:
    return "chat", "ours", Text("We answered"), None


def _ticket_closed(events: list[TimelineEvent]) -> Said:
    return "check", "ours", Text("We closed the ticket"), None


def _rated(events: list[TimelineEvent]) -> Said:
    return (
        "star",
        "said",
        Text("Rated how it was solved: {score}", score=round(events[0].score or 0.0, 1)),
        None,
    )


def _wrote(events: list[TimelineEvent]) -> Said:
    return "mail", "said", Text("Wrote to us"), _topic(events[0])


def _we_wrote(events: list[TimelineEvent]) -> Said:
    return "mail", "ours", Text("We wrote"), _topic(events[0])


def _answered(events: list[TimelineEvent]) -> Said:
    event = events[0]
    if event.code == "yes_no" and event.score is not None:
        title = Text("Answered a survey: yes") if event.score else Text("Answered a survey: no")
        return "star", "said", title, SURVEYS["yes_no"]
    if event.score is None or event.code in _NO_MARK:
        return "star", "said", Text("Answered a survey"), SURVEYS.get(event.code or "", event.code)
    title = Text("Answered a survey: {score}", score=round(event.score, 1))
    return "star", "said", title, SURVEYS.get(event.code or "", event.code)


def _called(events: list[TimelineEvent]) -> Said:
    outcome = CALLED.get(events[0].code or "")
    return "phone", "ours", Text("We called"), outcome


def _warned(events: list[TimelineEvent]) -> Said:
    """A warning began: by its title, which for a signal that people built is theirs."""
    key = events[0].code or ""
    signal = delivered().get(key)
    return (
        "alert",
        "signal",
        Text("An early warning began"),
        key.replace("-", " ") if signal is None else signal.title,
    )


def _topic(event: TimelineEvent) -> Text | None:
    return Text("About: {topic}", topic=code_words(event.code, TOPIC_WORDS)) if event.code else None


_WORDS = {
    "Order Completed": _ordered,
    "Order Refunded": _gave_back,
    "Signed Up": _signed_up,
    "Account Deleted": _closed_account,
    "Subscription Started": _subscribed,
    "Subscription Changed": _changed_plan,
    "Subscription Ended": _unsubscribed,
    "Invoice Issued": _billed,
    "Payment Completed": _paid,
    "Payment Failed": _not_paid,
    "Payment Refunded": _paid_back,
    "Ticket Opened": _asked_for_help,
    "Ticket Answered": _helped,
    "Ticket Closed": _ticket_closed,
    "Ticket Rated": _rated,
    "Message Received": _wrote,
    "Message Sent": _we_wrote,
    "Survey Answered": _answered,
    "Call Made": _called,
    "Signal Raised": _warned,
}

_PLAIN: dict[str, tuple[str, str, Text]] = {
    "Order Updated": ("info", "order", Text("Changed the order")),
    "Order Cancelled": ("close", "signal", Text("Called off the order")),
    "Order Delivered": ("box", "ours", Text("The order arrived")),
    "Signed In": ("people", "said", Text("Signed in")),
    "Signed Out": ("people", "said", Text("Signed out")),
    "Account Created": ("people", "said", Text("Opened an account")),
    "Account Added User": ("people", "said", Text("Someone joined the account")),
    "Account Removed User": ("people", "signal", Text("Someone left the account")),
    "Invite Sent": ("people", "said", Text("Invited someone")),
    "Trial Started": ("check", "said", Text("Trial began")),
    "Trial Ended": ("close", "said", Text("Trial ended")),
    "Cancellation Requested": ("close", "signal", Text("Wants to end the subscription")),
    "Cancellation Withdrawn": ("check", "said", Text("Stays subscribed after all")),
    "Subscription Paused": ("close", "signal", Text("The subscription rests")),
    "Subscription Resumed": ("check", "said", Text("The subscription goes on")),
    "Dispute Opened": ("card", "signal", Text("Took a payment back through the bank")),
    "Dispute Closed": ("card", "ours", Text("The bank decided a dispute")),
    "Deal Opened": ("flag", "ours", Text("A deal was opened")),
    "Deal Changed": ("flag", "ours", Text("A deal moved on")),
    "Deal Won": ("flag", "ours", Text("A deal was won")),
    "Deal Lost": ("flag", "signal", Text("A deal was lost")),
    "Erasure Requested": ("alert", "signal", Text("Asks to be erased")),
    "Data Copy Requested": ("alert", "signal", Text("Asks for a copy of their data")),
    "Ticket Reopened": ("ticket", "signal", Text("Opened the ticket again")),
    "Products Searched": ("search", "said", Text("Searched the shop")),
    "Product List Viewed": ("search", "said", Text("Looked at a list of products")),
    "Product Clicked": ("search", "said", Text("Chose a product from a list")),
    "Product Viewed": ("search", "said", Text("Looked at a product")),
    "Product Added": ("box", "said", Text("Put a product into the cart")),
    "Product Removed": ("box", "said", Text("Took a product out of the cart")),
    "Product Added to Wishlist": ("star", "said", Text("Put a product on the wish list")),
    "Product Reviewed": ("star", "said", Text("Reviewed a product")),
    "Product Shared": ("star", "said", Text("Shared a product")),
    "Cart Viewed": ("box", "said", Text("Looked at the cart")),
    "Checkout Started": ("card", "said", Text("Went to the till")),
    "Coupon Applied": ("flag", "said", Text("Used a coupon")),
    "Coupon Denied": ("flag", "signal", Text("A coupon was refused")),
    "Page Viewed": ("search", "said", Text("Looked at a page")),
    "Screen Viewed": ("search", "said", Text("Looked at a screen of the app")),
    "Feature Used": ("check", "said", Text("Used a part of the product")),
    "Email Delivered": ("mail", "ours", Text("Our mail reached the mailbox")),
    "Email Opened": ("mail", "said", Text("Opened our mail")),
    "Email Link Clicked": ("mail", "said", Text("Followed a link in our mail")),
    "Email Bounced": ("mail", "signal", Text("Our mail came back")),
    "Email Marked as Spam": ("mail", "signal", Text("Reported our mail as spam")),
    "Subscribed": ("mail", "said", Text("Signed up for news, and confirmed it")),
    "Unsubscribed": ("mail", "signal", Text("Wants no more offers and news")),
    "Call Received": ("phone", "said", Text("Called us")),
    "Touch Sent": ("mail", "ours", Text("A message of ours went out")),
    "Touch Failed": ("mail", "signal", Text("A message of ours could not be sent")),
    "Play Enrolled": ("flag", "ours", Text("Entered a play of ours")),
    "Play Ended": ("flag", "ours", Text("A play of ours was over")),
    "Touch Would Send": ("flag", "ours", Text("Held out of a play: a message would have gone")),
    "Message Delivered": ("chat", "ours", Text("Our message arrived")),
    "Message Undelivered": ("chat", "signal", Text("Our message did not arrive")),
    "Message Read": ("chat", "said", Text("Read our message")),
    "Message Edited": ("chat", "said", Text("Changed a message")),
    "Automatic Reply Received": ("mail", "said", Text("An automatic answer came")),
    "Button Pressed": ("chat", "said", Text("Pressed a button in the chat")),
    "Chat Joined": ("chat", "said", Text("Came into the chat")),
    "Chat Left": ("chat", "signal", Text("Left the chat")),
    "Visit Made": ("people", "ours", Text("We visited them")),
    "Visit Received": ("people", "said", Text("Visited us")),
    "Delivery Promised": ("box", "ours", Text("We said when the delivery arrives")),
    "Checkout Failed": ("card", "signal", Text("Wanted to pay and it failed")),
    "Onboarding Step Completed": ("check", "said", Text("Took one of the first steps")),
    "Contact Changed": ("people", "signal", Text("Another person is the contact now")),
    "Subscription Renewed": ("check", "said", Text("The subscription goes on for another term")),
    "Renewal Failed": ("card", "signal", Text("Wanted to renew and it failed")),
    "Change Announced": ("info", "ours", Text("We announced a change")),
    "Result Agreed": ("flag", "ours", Text("We agreed on a result")),
    "Result Reviewed": ("flag", "ours", Text("We looked whether the result is there")),
    "Promise Made": ("flag", "ours", Text("We promised a further step")),
    "Promise Kept": ("check", "ours", Text("We kept what we promised")),
    "Survey Sent": ("star", "ours", Text("We asked for their opinion")),
    TEXT_READ: ("chat", "ours", Text("Their words were read")),
}
"""Events that are said in the same words each time; a code or a product stands below."""
