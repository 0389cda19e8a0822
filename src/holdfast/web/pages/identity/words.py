"""Likeness, merges and links in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from django.urls import reverse

from holdfast.domain.likeness import Facts
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.collect.identity.likeness import POINTS
from holdfast.web.figures import country_name, readable
from holdfast.web.pages.customer.words import local

if TYPE_CHECKING:
    from holdfast.services.collect.identity.comparing import Comparison, ListedPair
    from holdfast.services.collect.look_up import CustomerView
    from holdfast.store.merging import Link, Merge
    from holdfast.web.cause_words import CauseName

REASONS: dict[str, Text] = {
    "phone": Text("the same telephone number"),
    "phone_shared": Text("a telephone number that many share"),
    "email": Text("the same e-mail address"),
    "local_part": Text("the same name before the @"),
    "local_part_short": Text("the same short name before the @"),
    "domain": Text("e-mail of the same company"),
    "name_rare": Text("the same name, which is rare here"),
    "name": Text("the same name"),
    "name_near": Text("nearly the same name"),
    "name_short": Text("one name is a part of the other"),
    "birth_date": Text("born on the same day"),
    "address": Text("the same address"),
    "postcode": Text("the same postcode"),
    "city": Text("the same town"),
    "country": Text("the same country"),
    "name_other": Text("quite different names"),
    "name_family": Text("a name in common, and another one that differs"),
    "birth_date_other": Text("born on different days"),
    "phone_other": Text("different telephone numbers"),
    "city_other": Text("different towns"),
    "country_other": Text("different countries"),
    "gender_other": Text("different genders"),
    "identify": Text("a visitor who signed in"),
    "alias": Text("a program said so"),
    "external": Text("a source names both ids"),
    "by_hand": Text("one of us said so"),
}

FIELDS: tuple[tuple[str, Text, frozenset[str]], ...] = (
    (
        "names",
        Text("Name"),
        frozenset({"name_rare", "name", "name_near", "name_short", "name_other", "name_family"}),
    ),
    ("emails", Text("E-mail"), frozenset({"email", "local_part", "local_part_short", "domain"})),
    ("phones", Text("Telephone"), frozenset({"phone", "phone_shared", "phone_other"})),
    ("birth_dates", Text("Born"), frozenset({"birth_date", "birth_date_other"})),
    ("addresses", Text("Address"), frozenset({"address"})),
    ("postcodes", Text("Postcode"), frozenset({"postcode"})),
    ("cities", Text("Town"), frozenset({"city", "city_other"})),
    ("countries", Text("Country"), frozenset({"country", "country_other"})),
    ("genders", Text("Gender"), frozenset({"gender_other"})),
)
"""What is compared: field of the facts, its name, and the reasons that speak of it."""


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A reason in words; ``sign`` is "for" or "against"."""

    words: str
    sign: str


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One of two customers in a list: name, what else tells who it is, its page."""

    name: str
    sub: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A line of the list of probable duplicates; ``width`` draws the score."""

    left: ShownSide
    right: ShownSide
    score: str
    width: str
    reasons: tuple[ShownReason, ...]
    url: str


@dataclass(frozen=True, slots=True)
class ShownField:
    """A line of the comparison; ``sign`` is "for", "against" or ""."""

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    verdict: str
    sign: str


@dataclass(frozen=True, slots=True)
class ShownMerge:
    """A line of the list of merges; ``state`` is "merged", "undone" or "separated"."""

    id: int
    names: tuple[str, ...]
    url: str
    state: str
    state_words: str
    below: str
    why: str


@dataclass(frozen=True, slots=True)
class ShownLink:
    """Why an id belongs to a customer, since when, and who said so."""

    why: str
    evidence: str
    below: str


@dataclass(frozen=True, slots=True)
class ShownId:
    """An id of a customer with the links that hold it."""

    number: int
    namespace: str
    key: str
    name: str
    links: tuple[ShownLink, ...]


def pair(listed: ListedPair, reader: Reader) -> ShownPair:
    """A probable duplicate as the list shows it."""
    score = listed.pair.score
    return ShownPair(
        side(listed.left),
        side(listed.right),
        reader.number(round(score * 100)),
        f"{score * 100:.0f}",
        reasons(listed.pair.reasons, reader),
        reverse("compare", args=[listed.left.unit_id, listed.right.unit_id]),
    )


def side(facts: Facts) -> ShownSide:
    """A customer by what is said of it."""
    name = next(iter((*facts.names, *facts.emails, *facts.phones)), f"#{facts.unit_id}")
    known = (*facts.emails[:1], *facts.phones[:1], *facts.cities[:1])
    return ShownSide(
        name, " · ".join(each for each in known if each != name), reverse("customer", args=[facts.unit_id])
    )


def reasons(codes: Iterable[str], reader: Reader) -> tuple[ShownReason, ...]:
    """Reasons in words, those that speak for it first."""
    known = [code for code in codes if code in POINTS]
    return tuple(
        ShownReason(reader.say(REASONS[code]), "for" if POINTS[code] > 0 else "against")
        for code in sorted(known, key=lambda code: -POINTS[code])
    )


def list_sentence(total: int, reader: Reader) -> str:
    """How many pairs there are."""
    words = Text(
        "<b>{n} pair of customers</b> looks like one and the same.",
        "<b>{n} pairs of customers</b> look like one and the same.",
        n=total,
    )
    return reader.say_html(words)


def compared_sentence(found: Comparison, reader: Reader) -> str:
    """Whether enough speaks for two customers being one."""
    for_it = [code for code in found.likeness.reasons if POINTS[code] > 0]
    if not for_it:
        return reader.say_html(Text("<b>Nothing speaks for it</b> that they are the same customer."))
    words = Text(
        "<b>{points} of 100 points</b> speak for one customer: {reasons}.",
        points=round(found.likeness.score * 100),
        reasons=reader.list_of([reader.say(REASONS[code]) for code in for_it]),
    )
    return reader.say_html(words)


def fields(found: Comparison, reader: Reader) -> list[ShownField]:
    """What is known of both, line by line, with what agrees and what differs."""
    shown = []
    for name, title, codes in FIELDS:
        values = [_values(name, getattr(each, name), reader) for each in found.facts]
        if not any(values):
            continue
        code = next((each for each in found.likeness.reasons if each in codes), "")
        verdict = reader.say(REASONS[code]) if code else ""
        sign = ("for" if POINTS[code] > 0 else "against") if code else ""
        shown.append(ShownField(reader.say(title), values[0], values[1], verdict, sign))
    return shown


def _values(field: str, values: tuple[str, ...], reader: Reader) -> tuple[str, ...]:
    if field == "countries":
        return tuple(country_name(value, reader.code) for value in values)
    return tuple(readable(value) for value in values) if field == "genders" else values


def figures(found: Comparison, zone: tzinfo, reader: Reader) -> list[tuple[str, str, str, str]]:
    """(name, of the left, of the right, of both as one customer)."""
    a, b, both = found.left.history, found.right.history, found.together
    first, last = _least((a.first_us, b.first_us)), _most((a.last_us, b.last_us))

    def number(value: int) -> str:
        return reader.number(value)

    def money(revenue: Mapping[str, int]) -> str:
        return _money(revenue, reader)

    def day(at_us: int | None) -> str:
        return _day(at_us, zone, reader)

    return [
        (reader.gettext("Orders"), number(a.orders), number(b.orders), number(both.orders)),
        (reader.gettext("Spent"), money(a.revenue), money(b.revenue), money(both.revenue)),
        (
            reader.gettext("Events"),
            number(sum(a.counts.values())),
            number(sum(b.counts.values())),
            number(both.events),
        ),
        (reader.gettext("First seen"), day(a.first_us), day(b.first_us), day(first)),
        (reader.gettext("Last seen"), day(a.last_us), day(b.last_us), day(last)),
    ]


def consequence(found: Comparison, reader: Reader) -> str:
    """What merging would mean, in a sentence."""
    events = Text("{n} event", "{n} events", n=found.together.events)
    orders = Text("{n} order", "{n} orders", n=found.together.orders)
    words = Text(
        "They would be one customer with {events} and {orders}, {spent} in all. Figures count them as one "
        "from now on, the risk follows within seconds, and nothing is rewritten: it can be undone any time.",
        events=events,
        orders=orders,
        spent=_money(found.together.revenue, reader),
    )
    return reader.say(words)


def _money(revenue: Mapping[str, int], reader: Reader) -> str:
    sums = [reader.money(Money(minor, currency or NO_CURRENCY)) for currency, minor in revenue.items()]
    return reader.list_of(sums) if sums else reader.gettext("nothing yet")


def _day(at_us: int | None, zone: tzinfo, reader: Reader) -> str:
    return "–" if at_us is None else reader.day(local(at_us, zone).date())


def _least(moments: Sequence[int | None]) -> int | None:
    return min((each for each in moments if each is not None), default=None)


def _most(moments: Sequence[int | None]) -> int | None:
    return max((each for each in moments if each is not None), default=None)


_STATES = {"merged": Text("merged"), "undone": Text("undone"), "separated": Text("taken apart")}


def merge(each: Merge, names: Mapping[int, str], zone: tzinfo, reader: Reader) -> ShownMerge:
    """One act as the list shows it."""
    state = "separated" if each.kind == "separate" else "merged" if each.undone_us is None else "undone"
    day = local(each.made_us, zone).date()
    said = Text("on {day} by {who}", day=day, who=each.made_by)
    below = [reader.say(said)]
    if each.undone_us is not None:
        day = local(each.undone_us, zone).date()
        below.append(reader.say(Text("undone on {day} by {who}", day=day, who=each.undone_by)))
    return ShownMerge(
        each.id,
        tuple(names.get(unit, f"#{unit}") for unit in each.units),
        reverse("customer", args=[min(each.units)]),
        state,
        reader.say(_STATES[state]),
        " · ".join(below),
        " · ".join(reason.words for reason in reasons(each.reasons, reader) if reason.sign == "for"),
    )


def links(
    ids: Mapping[int, tuple[str, str]],
    names: Mapping[int, str],
    found: Iterable[Link],
    zone: tzinfo,
    reader: Reader,
) -> list[ShownId]:
    """The ids of a customer, the oldest first, each with why it belongs to the others."""
    held: dict[int, list[ShownLink]] = {}
    for link in found:
        day = local(link.linked_us, zone).date()
        who = link.source or link.made_by
        shown = ShownLink(
            reader.say(REASONS.get(link.reason, Text("{reason}", reason=link.reason))),
            "" if link.reason == "by_hand" else link.evidence,
            reader.say(Text("since {day}, said by {who}", day=day, who=who)),
        )
        held.setdefault(link.subject_id, []).append(shown)
    return [
        ShownId(number, namespace, key, names.get(number, key), tuple(held.get(number, ())))
        for number, (namespace, key) in sorted(ids.items())
    ]


def events_of(view: CustomerView, zone: tzinfo, reader: Reader, cause_name: CauseName) -> list[object]:
    """The newest moments of a customer, by month, as its own page writes them."""
    from holdfast.web.pages.customer.moments import moments
    from holdfast.web.pages.customer.words import timeline

    return list(timeline(moments(view.timeline.events, view.texts, cause_name), zone, reader))
