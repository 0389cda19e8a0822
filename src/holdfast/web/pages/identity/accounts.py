"""Accounts that belong to accounts: the page of the tree, and the few lines of it on a customer's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.money import Money
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.collect.identity import hierarchy
from holdfast.services.foresee.health import scale_of
from holdfast.services.foresee.reading import Criteria, read_criteria
from holdfast.settings import Settings
from holdfast.store import account_tree
from holdfast.store import merging as kept
from holdfast.store.linked import Walked, accounts_joined, walk
from holdfast.store.models import User
from holdfast.web.access import READERS, WRITERS, may, only
from holdfast.web.named import unit_named
from holdfast.web.pages.customer.words import local
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.workspace import present

if TYPE_CHECKING:
    from holdfast.services.collect.identity.hierarchy import Hierarchy, Named
    from holdfast.store.account_tree import Contact, Totals

LONGEST = 200
"""Letters of a name that are looked for."""


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """An account with its page, and how many are right below it, in words."""

    name: str
    url: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class ShownContact:
    """A contact with its page; ``sub`` is the address and since when."""

    name: str
    url: str
    role: str
    sub: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What a customer's page says of accounts: those above, how many below, what all of them add up to."""

    is_account: bool
    above: tuple[ShownAccount, ...] = ()
    below: str = ""
    sums: tuple[tuple[str, str], ...] = ()
    circle: str = ""
    url: str = ""


@only(READERS)
@require_safe
def accounts(request: Request, unit_id: int) -> HttpResponse:
    """An account among others, its contacts, and what it all adds up to."""
    return _shown(request, unit_id)


@only(WRITERS)
@require_POST
def parent(request: Request, unit_id: int) -> HttpResponse:
    """Say which account an account belongs to; nothing typed: to none."""
    typed = request.POST.get("parent", "").strip()
    if len(typed) > LONGEST or "\0" in typed:
        raise BadRequest("the name of an account is shorter")
    by = request.user.email if isinstance(request.user, User) else ""
    try:
        above = unit_named(request, typed) if typed else None
        hierarchy.set_parent(request.workspace, unit_id, above, by=by, now=present(request.workspace))
    except Refusal as refusal:
        return _shown(request, unit_id, typed, refusal)
    return HttpResponseRedirect(reverse("accounts", args=[unit_id]))


def _shown(
    request: Request, unit_id: int, typed: str | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    found = hierarchy.hierarchy(workspace, unit_id)
    if found is None:
        raise Http404(f"number {unit_id} is no account")
    said = (refusal.found, refusal.expected) if refusal else ()
    return show(
        request,
        "identity/accounts.html",
        status=200 if refusal is None else 422,
        place="customers",
        unit_id=unit_id,
        name=found.account.name,
        sentence=_sentence(found, reader),
        above=[_named(each, reader) for each in found.above],
        below=[_named(each, reader) for each in found.below],
        circle=circle_words(found, reader),
        sums=sums(found.own, found.whole, workspace, read_criteria(workspace), reader),
        more=found.more,
        alone=not (found.above or found.below or found.circle),
        contacts=[_contact(each, workspace.zone, reader) for each in found.contacts],
        typed=typed if typed is not None else (found.above[-1].name if found.above else ""),
        refused=" ".join(reader.say(each) for each in said),
        may_write=may(request.user, WRITERS),
    )


def panel(
    settings: Settings,
    unit_id: int,
    reader: Reader,
    *,
    subjects: Sequence[int],
    account: bool,
    criteria: Criteria,
) -> Panel | None:
    """The lines for a customer's page; ``None`` where there is nothing to say of accounts.

    ``subjects`` are all ids of the customer, ``account`` whether it is one.
    """
    found = hierarchy.hierarchy(settings, unit_id) if account else None
    if found is None:
        return _of_person(settings, unit_id, subjects)
    url = reverse("accounts", args=[unit_id])
    below = Text("{n} account belongs to it", "{n} accounts belong to it", n=found.accounts - 1)
    return Panel(
        True,
        tuple(_named(each, reader) for each in found.above),
        reader.say(below) if found.accounts > 1 else "",
        tuple((name, both) for name, _, both in sums(found.own, found.whole, settings, criteria, reader))
        if found.accounts > 1
        else (),
        circle_words(found, reader),
        url,
    )


def _of_person(settings: Settings, unit_id: int, subjects: Sequence[int]) -> Panel | None:
    """The account whose contact a person is, and those above it."""
    joined = accounts_joined(Walked(dict.fromkeys(subjects, unit_id))).get(unit_id)
    if joined is None:
        return None
    account = walk({joined}).unit_of(joined)
    above = account_tree.parents_of(settings, [account]).get(account)
    line = [account] if above is None else [above, account]
    names = kept.names_of(settings, line)
    shown = (ShownAccount(names.get(each, f"#{each}"), reverse("customer", args=[each])) for each in line)
    return Panel(False, tuple(shown), url=reverse("accounts", args=[account]))


def sums(
    own: Totals, whole: Totals, settings: Settings, criteria: Criteria, reader: Reader
) -> list[tuple[str, str, str]]:
    """(name, of the account itself, of it and all below)."""

    def money(minor: int) -> str:
        return reader.money(Money(minor, settings.currency)) if settings.currency else "–"

    def risk(totals: Totals) -> str:
        return "–" if totals.weighed_risk is None else reader.share(Share(totals.weighed_risk, 0))

    def health(totals: Totals) -> str:
        if totals.weighed_risk is None:
            return "–"
        return reader.number(round(scale_of(criteria).health(totals.weighed_risk)))

    rows: list[tuple[str, str, str]] = []
    for name, told in (
        (reader.gettext("Customers"), lambda each: reader.number(each.customers)),
        (reader.gettext("Spent so far"), lambda each: money(each.amount_minor)),
        (reader.gettext("May still bring"), lambda each: money(each.value_minor)),
        (reader.gettext("Value at risk"), lambda each: money(each.value_at_risk_minor)),
        (reader.gettext("Risk, weighed with value"), risk),
        (reader.gettext("Health, of that risk"), health),
    ):
        rows.append((name, told(own), told(whole)))
    return rows


def circle_words(found: Hierarchy, reader: Reader) -> str:
    """Which accounts stand above each other in a circle; "" where none do."""
    if not found.circle:
        return ""
    line = " → ".join(each.name for each in found.circle)
    words = Text("{names} belong to each other in a circle, so nothing is added up.", names=line)
    return reader.say(words)


def _sentence(found: Hierarchy, reader: Reader) -> str:
    people = Text("{n} contact", "{n} contacts", n=len(found.contacts))
    if found.accounts > 1:
        words = Text(
            "<b>{n} account</b> belongs to it, and it has <b>{people}</b> of its own.",
            "<b>{n} accounts</b> belong to it, and it has <b>{people}</b> of its own.",
            n=found.accounts - 1,
            people=people,
        )
    else:
        words = Text("No account belongs to it; it has <b>{people}</b>.", people=people)
    return reader.say_html(words)


def _named(each: Named, reader: Reader) -> ShownAccount:
    below = Text("{n} below", "{n} below", n=each.below)
    return ShownAccount(
        each.name, reverse("accounts", args=[each.unit_id]), reader.say(below) if each.below else ""
    )


def _contact(each: Contact, zone: tzinfo, reader: Reader) -> ShownContact:
    since = ""
    if each.since_us is not None:
        since = reader.say(Text("since {day}", day=local(each.since_us, zone).date()))
    return ShownContact(
        each.name,
        reverse("customer", args=[each.subject_id]),
        each.role,
        " · ".join(part for part in (each.email, since) if part),
    )
