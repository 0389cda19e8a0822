"""What customers can have in common: purchase history, interests, products, plans, what they asked for.

Not among it is how they fall silent: that is leaving, not what those who leave have in common. Nor is
anything that is written when somebody leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from holdfast.analytics.driver_words import value_words
from holdfast.analytics.feature import PURCHASE, Feature, Over
from holdfast.analytics.feature_parts import YEAR, all_of, count, named
from holdfast.analytics.spec import Column, OneOf, equals
from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.texts import Text
from holdfast.learning.conditions import Condition

USUAL = frozenset(
    {
        *("products_364", "subscriptions", "parts_used_84"),
        *("spent_ever", "order_value_364", "returned_part_364", "coupons_per_order_364"),
        *("payments_failed_84", "late_part_364"),
        *("tickets_84", "tickets_reopened_364", "first_answer_364", "promises_missed_364"),
        *("late_deliveries_364", "contact_changes_364", "results_missed_364"),
        *("days_known", "days_to_first_purchase", "onboarding_steps", "subscription_age"),
        *("plan_changes_364", "subscriptions_ended", "orders_ever", "invitations_364"),
    }
)
"""Declared features that say who somebody is and what happened to them."""

MOST_OF_A_KIND = 20
"""So many products, plans, topics and parts of the product are looked at, the most frequent ones."""

CODED: Mapping[str, tuple[Text, int | None]] = {
    "Subscription Started": (Text("has had the plan"), None),
    "Ticket Opened": (Text("asked for help in the last year about"), YEAR),
    "Feature Used": (Text("used in the last year"), YEAR),
}
"""Events whose code sorts customers: what having it says of somebody, and in how many days."""


def bought_products(products: Iterable[tuple[str, str]]) -> list[Feature]:
    """A feature for each product (id, name): whether the customer bought it in the last year."""
    return [
        _yes(f"bought {key}", Text("bought in the last year: {name}", name=name or key), _bought((key,)))
        for key, name in products
    ]


def bought_categories(categories: Mapping[str, Sequence[str]]) -> list[Feature]:
    """A feature for each category with its products: whether something of it was bought in the last year."""
    return [
        _yes(
            f"category {name}",
            Text("bought something of this category in the last year: {name}", name=name),
            _bought(tuple(ids)),
        )
        for name, ids in categories.items()
    ]


def coded(event: str, codes: Iterable[str]) -> list[Feature]:
    """A feature for each code of one of the events in :data:`CODED`."""
    words, days = CODED[event]
    return [
        Feature(
            f"{event} {code}",
            Text("{what}: {name}", what=words, name=code),
            words,
            "count",
            "use",
            {"rows": count(all_of(named(event), equals("code", code)), days)},
            window_days=days,
        )
        for code in codes
    ]


def _yes(name: str, title: Text, rows: Over) -> Feature:
    return Feature(name, title, title, "count", "use", {"rows": rows}, window_days=YEAR)


def _bought(ids: tuple[str, ...]) -> Over:
    return count(all_of(PURCHASE, OneOf(Column("product_id"), ids)), YEAR)


def words_of(condition: Condition, feature: Feature | None, agent: str, currency: str = NO_CURRENCY) -> Text:
    """A condition in words: "Country: RO", "Tickets in the last 12 weeks: 2 or more"."""
    if condition.column == agent or feature is None:
        return Text("looked after by {name}", name=condition.word or "")
    if condition.word is not None:
        word = value_words(feature, condition.word)
        return Text("{what}: {value}", what=feature.title, value=word)
    if "rows" in feature.needs:
        return feature.title
    if condition.low is not None:
        low = value_words(feature, condition.low, currency=currency)
        return Text("{what}: {least} or more", what=feature.title, least=low)
    if condition.high == 0:
        return Text("{what}: none", what=feature.title)
    high = value_words(feature, condition.high, currency=currency)
    return Text("{what}: {most} or less", what=feature.title, most=high)
