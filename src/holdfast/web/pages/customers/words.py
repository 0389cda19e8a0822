"""The customer list in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from markupsafe import Markup

from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.period import date_of
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.settings import Settings
from holdfast.store.customers import FEW, CustomerPage, Facet, ListedCustomer, SortColumn
from holdfast.store.segments import KeptSegment
from holdfast.web.figures import country_name, readable
from holdfast.web.lists import Filter, Head, facet
from holdfast.web.pages.customers.asked import COLUMNS, Asked

STATES: dict[str, Text] = {
    "new": Text("new"),
    "active": Text("active"),
    "dormant": Text("quiet longer than usual"),
    "returning": Text("returning"),
    "lapsed": Text("lost"),
    "won_back": Text("won back"),
    "prospect": Text("prospect"),
    "never": Text("never really a customer"),
}
KINDS: dict[str, Text] = {"person": Text("person"), "account": Text("account")}
FACET_NAMES: dict[Facet, Text] = {
    "state": Text("State"),
    "country": Text("Country"),
    "source": Text("Source"),
    "kind": Text("Kind"),
}
HEADS: dict[SortColumn, Text] = {
    "name": Text("Customer"),
    "orders": Text("Orders"),
    "amount": Text("Spent so far"),
    "last": Text("Last order"),
}
SORTED_BY: dict[SortColumn, Text] = {
    "name": Text("by name"),
    "orders": Text("by number of orders"),
    "amount": Text("by what they spent"),
    "last": Text("by last order"),
}
THEIR_WORDS: tuple[Facet, ...] = ("country", "source")
PRESENT = ("new", "active", "dormant", "returning", "won_back")


@dataclass(frozen=True, slots=True)
class ShownCustomer:
    """A row as it is written."""

    url: str
    name: str
    sub: str
    state: str
    state_words: str
    orders: str
    amount: str
    last: str
    since: str


def shown_customer(row: ListedCustomer, workspace: Settings, reader: Reader) -> ShownCustomer:
    """One customer in a row."""
    money = Money(row.amount_minor, workspace.currency or NO_CURRENCY)
    return ShownCustomer(
        url=reverse("customer", args=[row.unit_id]),
        name=row.name or reader.say(Text("Customer {id}", id=str(row.unit_id))),
        sub=" · ".join(
            part for part in (country_name(row.country, reader.code), readable(row.source)) if part
        ),
        state=row.state,
        state_words=state_words(row.state, reader),
        orders=reader.number(row.orders),
        amount=reader.money(money),
        last="" if row.last_day is None else reader.day(date_of(row.last_day), short=True),
        since="" if row.first_day is None else reader.day(date_of(row.first_day), short=True),
    )


def state_words(state: str, reader: Reader) -> str:
    """A state in a word; one that we have no word for stays as it is."""
    return reader.say(STATES[state]) if state in STATES else state


def sentence(states: Mapping[str, int], reader: Reader) -> Markup:
    """How many there are, and how many of them are still here."""
    present = sum(states.get(state, 0) for state in PRESENT)
    said = reader.say_html(
        Text(
            "Of {everyone}, {present} and {lost}.",
            everyone=Text("{n} customer", "{n} customers", n=sum(states.values())),
            present=Text("{n} is with you", "{n} are with you", n=present),
            lost=Text("{n} is lost", "{n} are lost", n=states.get("lapsed", 0)),
        ),
        strong=("everyone", "present"),
    )
    quiet = states.get("dormant", 0)
    if not quiet:
        return said
    quieter = Text("{n} is quieter than usual.", "{n} are quieter than usual.", n=quiet)
    return said + " " + reader.say_html(quieter)


def filters(asked: Asked, counts: Mapping[Facet, Mapping[str, int]], reader: Reader) -> list[Filter]:
    """The filters that can narrow anything: those with a choice, and those already chosen."""
    return [
        _filter(asked, facet, counts[facet], reader)
        for facet in counts
        if len(counts[facet]) > 1 or getattr(asked.wanted, facet) is not None
    ]


def _filter(asked: Asked, name: Facet, counts: Mapping[str, int], reader: Reader) -> Filter:
    return facet(
        reader.say(FACET_NAMES[name]),
        counts,
        getattr(asked.wanted, name),
        say=lambda value: facet_value(name, value, reader),
        address=lambda value: address(asked.narrowed(name, value)),
        counts={value: reader.number(count) for value, count in counts.items()},
        theirs=lambda value: bool(value) and name in THEIR_WORDS,
    )


def segment_filter(asked: Asked, kept: Iterable[KeptSegment], reader: Reader) -> list[Filter]:
    """The filter by segment, where there is one."""
    titles = {each.key: each.title for each in sorted(kept, key=lambda each: reader.sort_key(each.title))}
    chosen = asked.segment or None
    if not titles and chosen is None:
        return []
    return [
        facet(
            reader.gettext("Segment"),
            titles,
            chosen,
            say=lambda key: titles.get(key, key),
            address=lambda key: address(asked.in_segment(key or "")),
            theirs=lambda _: True,
        )
    ]


def facet_value(facet: Facet, value: str, reader: Reader) -> str:
    """One value of a facet in the reader's words."""
    if not value:
        return reader.gettext("not known")
    if facet == "state":
        return state_words(value, reader)
    if facet == "country":
        return country_name(value, reader.code)
    if facet == "kind" and value in KINDS:
        return reader.say(KINDS[value])
    return readable(value)


def heads(asked: Asked, reader: Reader) -> dict[SortColumn, Head]:
    """The columns that sort, each with the address that sorts by it."""
    sort = asked.sort
    return {
        column: Head(
            reader.say(HEADS[column]),
            address(asked.sorted_by(column)),
            ("descending" if sort.descending else "ascending") if column == sort.column else "",
            column != "name",
        )
        for column in COLUMNS
    }


def shown_so_far(page: CustomerPage, asked: Asked, reader: Reader) -> str:
    """What of the list stands on the page."""
    if page.matching is None:
        return reader.say(
            Text(
                "More than {n} match, in the order they came. Type more to find fewer and to sort them.",
                n=FEW,
            )
        )
    return reader.say(
        Text(
            "{shown} of {n} customer, {sorted}",
            "{shown} of {n} customers, {sorted}",
            shown=len(page.rows),
            n=page.matching,
            sorted=SORTED_BY[asked.sort.column],
        )
    )


def address(asked: Asked) -> str:
    """Where a list is found."""
    return reverse("customers") + asked.query()
