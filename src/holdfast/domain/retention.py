"""For how long events are kept: rules by event name or by group of names, and what they say of an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from holdfast.domain.events import EVENT_NAMES
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

DAY_US = 86_400_000_000
SHORTEST_DAYS, LONGEST_DAYS = 1, 36_500
GROUP = "group:"
"""How a rule for a group begins: ``group:browsing``."""

OTHERS = "others"
"""The group of all events whose names Holdfast does not know."""

SENT = "sent"
"""The group of no events, but of what our own messages say: words and files go, that they went stays."""


@dataclass(frozen=True, slots=True)
class Group:
    """Events of one sort; ``stands_on`` says what is measured or foreseen from them, "" for nothing."""

    words: Text
    names: tuple[str, ...]
    stands_on: bool


def _named(*beginnings: str) -> tuple[str, ...]:
    return tuple(name for name in EVENT_NAMES if name.startswith(beginnings))


GROUPS: dict[str, Group] = {
    "browsing": Group(
        Text("Browsing: pages, searches, products looked at, carts"),
        tuple(
            name
            for name in _named("Page ", "Screen ", "Product", "Cart ", "Checkout ", "Coupon ")
            if name != "Product Reviewed"
        ),
        stands_on=True,
    ),
    "mail": Group(
        Text("Mails: delivered, opened, clicked, bounced"),
        _named("Email ", "Subscribed", "Unsubscribed", "Touch "),
        False,
    ),
    "messages": Group(
        Text("Conversations: messages and tickets, with their texts"), _named("Message ", "Ticket "), True
    ),
    "opinions": Group(
        Text("Opinions: surveys and reviews, with their texts"), _named("Survey ", "Product Reviewed"), True
    ),
    "usage": Group(Text("Use of the product: sign-ins and features"), _named("Signed ", "Feature "), True),
    OTHERS: Group(Text("All events with names of your own"), (), False),
    SENT: Group(Text("Messages of yours: their words and files; that they went out stays"), (), False),
}
"""Groups that a rule can name. Orders, payments and subscriptions are in none: figures stand on them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Events of ``what`` (a name, or ``group:`` and a group) are kept for ``days`` days."""

    what: str
    days: int

    @property
    def of_messages(self) -> bool:
        """Whether it is about what our messages say, and about no event."""
        return self.what == GROUP + SENT

    @property
    def words(self) -> Text:
        """What the rule is about."""
        if self.what.startswith(GROUP):
            return GROUPS[self.what.removeprefix(GROUP)].words
        return Text("{name}", name=self.what)


def check_rule(rule: Rule) -> Rule:
    """The same rule. Refuses a group that there is not ("no_such_group"), days that are none ("bad_days")."""
    group = rule.what.removeprefix(GROUP)
    if not rule.what.strip() or (rule.what.startswith(GROUP) and group not in GROUPS):
        raise Refusal(
            "no_such_group",
            found=Text("There is no group {name}.", name=group),
            expected=Text(
                "An event's name, or one of {names}.", names=", ".join(f"{GROUP}{name}" for name in GROUPS)
            ),
            remedy=Text("Name one of these; nothing was changed."),
        )
    if not SHORTEST_DAYS <= rule.days <= LONGEST_DAYS:
        raise Refusal(
            "bad_days",
            found=Text("{days} days are no length of time to keep something.", days=rule.days),
            expected=Text("A number of days from 1 to 36,500."),
            remedy=Text("Write another number, or remove the rule to keep everything."),
        )
    return rule


def limits(rules: Iterable[Rule], now_us: int) -> tuple[dict[str, int], int | None]:
    """Event name to the moment before which it goes, and that of all names that are not known.

    A rule for a name goes before the rule of its group.
    """
    by_name: dict[str, int] = {}
    others: int | None = None
    for rule in sorted(rules, key=lambda rule: not rule.what.startswith(GROUP)):
        before_us = now_us - rule.days * DAY_US
        if rule.what == GROUP + OTHERS:
            others = before_us
        elif rule.what.startswith(GROUP):
            by_name.update(dict.fromkeys(GROUPS[rule.what.removeprefix(GROUP)].names, before_us))
        else:
            by_name[rule.what] = before_us
    return by_name, others


def words_before(rules: Iterable[Rule], now_us: int) -> int | None:
    """The moment before which our messages lose their words; ``None`` where they keep them."""
    return next((now_us - rule.days * DAY_US for rule in rules if rule.of_messages), None)


def goes(name: str, at_us: int, by_name: Mapping[str, int], others: int | None) -> bool:
    """Whether an event of this name and moment is to go."""
    if name in by_name:
        return at_us < by_name[name]
    return others is not None and name not in EVENT_NAMES and at_us < others
