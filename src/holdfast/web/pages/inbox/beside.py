"""Who writes: the customer beside a conversation, and whom else it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.collect.inbox import conversations as service
from holdfast.services.collect.look_up import customer_of_unit
from holdfast.services.foresee import reading
from holdfast.store import inbox
from holdfast.store.inbox import Conversation, ShownCustomer, Wanted
from holdfast.web.masking import Masks
from holdfast.web.pages.at_risk.words import ShownRisk, shown_risk
from holdfast.web.pages.customers.words import state_words
from holdfast.web.pages.inbox.words import channel_name, moment

if TYPE_CHECKING:
    from holdfast.engines.timeline import TimelineEvent
    from holdfast.settings import Settings

ORDERS = 4
OTHERS = 5
Beside = tuple[int, ShownCustomer | None]
"""A customer's number, and what the customer list says of them."""

_ORDERS = ("Order Completed", "Order Refunded")


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """The customer in a few lines; ``orders`` are (day, amount) of the newest, the newest first.

    ``others`` are (address, words, day) of the customer's other conversations.
    """

    url: str
    name: str
    state: str
    risk: ShownRisk | None
    facts: tuple[tuple[str, str], ...]
    orders: tuple[tuple[str, str], ...]
    all_orders: str
    others: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """A customer whom a person may say it is; ``compare_url`` shows both side by side."""

    unit_id: int
    name: str
    ids: str
    email: str
    url: str
    compare_url: str


def customer_card(
    workspace: Settings, talk: Conversation, found: Beside, now: datetime, reader: Reader, masks: Masks
) -> CustomerCard:
    """The customer with risk, last orders, and what else was written."""
    unit_id, listed = found
    view = customer_of_unit(workspace, unit_id, now=now, limit=ORDERS, names=_ORDERS)
    risk = None
    if listed is not None and listed.risk is not None:
        risk = shown_risk(listed.risk, reading.read_criteria(workspace), reader)
    facts = [(reader.gettext("E-mail"), each) for each in masks.all_shown("email", view.profile.emails[:2])]
    facts += [
        (reader.gettext("Telephone"), each) for each in masks.all_shown("phone", view.profile.phones[:2])
    ]
    orders = view.history.orders
    return CustomerCard(
        reverse("customer", args=[unit_id]),
        masks.shown("name", view.name),
        state_words(listed.state, reader) if listed and listed.state else "",
        risk,
        tuple(facts),
        tuple(_order(event, workspace, reader) for event in view.timeline.events),
        reader.say(Text("{n} order in all", "{n} orders in all", n=orders)) if orders else "",
        _others(workspace, talk, view.subjects, reader),
    )


def _others(
    workspace: Settings, talk: Conversation, subjects: Sequence[int], reader: Reader
) -> tuple[tuple[str, str, str], ...]:
    """The customer's newest other conversations."""
    found = inbox.conversations(workspace, Wanted(subjects=subjects), OTHERS + 1) if subjects else []
    return tuple(
        (
            reverse("conversation", args=[each.id]),
            each.title or each.preview or channel_name(each.channel, reader),
            reader.day(moment(each.last_us).astimezone(workspace.zone).date(), short=True),
        )
        for each in found
        if each.id != talk.id
    )[:OTHERS]


def candidates(workspace: Settings, talk: Conversation, wanted: str, reader: Reader) -> list[ShownCandidate]:
    """Whom the conversation may belong to, by what was typed or by the address given in it."""
    found: Sequence[service.Candidate] = service.candidates(workspace, talk, wanted[:200].replace("\0", ""))
    return [
        ShownCandidate(
            each.unit_id,
            each.name,
            each.ids,
            each.email,
            reverse("customer", args=[each.unit_id]),
            reverse("compare", args=[each.unit_id, talk.subject_id]),
        )
        for each in found
    ]


def _order(event: TimelineEvent, workspace: Settings, reader: Reader) -> tuple[str, str]:
    day = reader.day(moment(event.at_us).astimezone(workspace.zone).date())
    if event.amount_minor is None:
        return day, ""
    return day, reader.money(Money(event.amount_minor, event.currency or NO_CURRENCY))
