"""Attention in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from markupsafe import Markup

from holdfast.analytics.attention import Attention
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.warn.attention import Shared, Waiting
from holdfast.web.lists import Choice
from holdfast.web.pages.at_risk.words import whole_money

TENURES: dict[str, Text] = {
    "new": Text("with us for less than 3 months"),
    "half": Text("with us for 3 to 12 months"),
    "year": Text("with us for 1 to 3 years"),
    "years": Text("with us for more than 3 years"),
}
SIZES: dict[str, Text] = {
    "largest": Text("the tenth that brings most money"),
    "large": Text("those after them, down to the half"),
    "small": Text("the half that brings less"),
    "none": Text("those who bring no money now"),
}


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group: how many, how many of them had contact, and its parts of contact and money as lengths."""

    name: str
    customers: str
    contacted: str
    contacts: str
    contacts_width: str
    money: str
    money_width: str
    neglected: bool


@dataclass(frozen=True, slots=True)
class ShownWaiting:
    """A customer whom nobody was in touch with."""

    name: str
    url: str
    task_url: str
    since: str
    money: str


def sentence(shared: Shared, reader: Reader) -> Markup:
    """How many customers there are, and how many of them had contact."""
    everybody = sum(each.customers for each in shared.size)
    contacted = sum(each.contacted for each in shared.size)
    return reader.say_html(
        Text(
            "Of <b>{n} customer</b>, <b>{contacted}</b> had contact with one of us in the last 12 weeks.",
            "Of <b>{n} customers</b>, <b>{contacted}</b> had contact with one of us in the last 12 weeks.",
            n=everybody,
            contacted=contacted,
        )
    )


def groups(found: Sequence[Attention], names: Mapping[str, Text], reader: Reader) -> list[ShownGroup]:
    """Groups in their order; those without anybody are left out."""
    return [_group(each, reader.say(names[each.name]), reader) for each in found if each.customers]


def owned(found: Sequence[Attention], people: Mapping[int, str], reader: Reader) -> list[ShownGroup]:
    """Groups by who looks after them; whoever left keeps a number, so that nobody's customers show."""
    nobody, gone = reader.gettext("nobody looks after them"), reader.gettext("somebody who left")
    told = [(each, nobody if each.name == "0" else people.get(int(each.name), gone)) for each in found]
    return [
        _group(each, name, reader)
        for each, name in sorted(told, key=lambda pair: (-pair[0].money_minor, pair[1]))
        if each.customers
    ]


def _group(each: Attention, name: str, reader: Reader) -> ShownGroup:
    def part(share: float | None) -> tuple[str, str]:
        return ("–", "0") if share is None else (reader.share(Share(share, 0)), f"{100 * share:.1f}")

    contacts, contacts_width = part(each.share_of_contacts)
    money, money_width = part(each.share_of_money)
    return ShownGroup(
        name=name,
        customers=reader.number(each.customers),
        contacted=reader.share(Share(each.contacted / each.customers, 0)),
        contacts=contacts,
        contacts_width=contacts_width,
        money=money,
        money_width=money_width,
        neglected=each.neglected,
    )


def waiting(each: Waiting, name: str, currency: str, reader: Reader) -> ShownWaiting:
    """One who waits."""
    days = each.since_days
    since = (
        reader.gettext("never yet")
        if days is None
        else reader.say(Text("{n} day ago", "{n} days ago", n=days))
    )
    return ShownWaiting(
        name or reader.say(Text("Customer {id}", id=str(each.unit_id))),
        reverse("customer", args=[each.unit_id]),
        f"{reverse('task_new')}?customer={each.unit_id}",
        since,
        whole_money(each.money_minor, currency, reader),
    )


def tabs(whose: str, reader: Reader) -> list[Choice]:
    """All who wait, or one's own."""
    url = reverse("attention")
    return [
        Choice(reader.gettext("All customers"), url, not whose),
        Choice(reader.gettext("Those I look after"), f"{url}?whose=me", whose == "me"),
    ]


def promises(late: int, reader: Reader) -> str:
    """How many promises of the reader are overdue; "" where none is."""
    return (
        reader.say(Text("{n} task of yours is late.", "{n} tasks of yours are late.", n=late)) if late else ""
    )
