"""Where one can go and what one can do: navigation, settings, palette and keys all read this list.

A page is added here once, one within an area in :mod:`holdfast.web.places_within`. Who may not open it does
not see it: the view itself says who may. An entry whose page does not exist in this installation is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, resolve, reverse

from holdfast.domain.texts import Text
from holdfast.store.models import User
from holdfast.web.access import declared_roles, may
from holdfast.web.place import Group, Place

PLACES: tuple[Place, ...] = (
    Place(
        "today",
        Text("Today"),
        Text("What changed, whom to call first, and why."),
        "clock",
        "y",
        "today",
    ),
    Place(
        "customers",
        Text("Customers"),
        Text("Everyone who ever bought, with what they spent and how they stand."),
        "people",
        "c",
        "customers",
    ),
    Place(
        "segments",
        Text("Segments"),
        Text("Rules with names, and who meets them now."),
        "flag",
        "s",
        "segments",
    ),
    Place("inbox", Text("Inbox"), Text("What customers write, from every channel."), "mail", "i", "inbox"),
    Place("tasks", Text("Tasks"), Text("What you and your team have to do."), "check", "t", "tasks"),
    Place(
        "cases",
        Text("Cases"),
        Text("Complaints and requests until they are put right."),
        "ticket",
        "a",
        "cases",
    ),
    Place("dashboards", Text("Reports"), Text("Dashboards, exports and digests."), "paper", "r", "reports"),
)
"""What stands before the loop."""

LOOP: tuple[Place, ...] = (
    Place(
        "sources",
        Text("Collect"),
        Text("Where events come from, and what could not be understood."),
        "export",
        "l",
        "collect",
    ),
    Place(
        "overview",
        Text("Measure"),
        Text("Who left, what it cost, and who stays."),
        "measure",
        "m",
        "overview",
    ),
    Place(
        "at_risk",
        Text("Foresee"),
        Text("Who is likely to leave next, why, when, and what goes with them."),
        "target",
        "f",
        "foresee",
    ),
    Place(
        "signals",
        Text("Warn"),
        Text("Early warnings: what each watches, and what it is worth."),
        "alert",
        "w",
        "warn",
    ),
    Place(
        "voice",
        Text("Understand"),
        Text("What people write, why they leave, and how we do by each reason."),
        "chat",
        "u",
        "understand",
    ),
    Place(
        "outbox", Text("Act"), Text("Messages that go out, and whether they arrived."), "act", "o", "outbox"
    ),
)
"""The verbs of the loop that have pages by now."""

SETTINGS: tuple[Group, ...] = (
    Group(
        Text("You"),
        (
            Place(
                "preferences",
                Text("Preferences"),
                Text("Language, light or dark, keys of one letter."),
                "settings",
                here="preferences",
            ),
            Place(
                "own_sign_in",
                Text("Your sign-in"),
                Text("Password, second factor, where you are signed in."),
                "people",
            ),
            Place(
                "mails",
                Text("Mails to me"),
                Text("Tasks, files, alerts and digests that come by mail."),
                "mail",
            ),
            Place("views", Text("Saved views"), Text("Lists as you narrowed them, under names."), "star"),
        ),
    ),
    Group(
        Text("The company"),
        (
            Place(
                "start",
                Text("The guided start"),
                Text("From nothing to first figures, step by step."),
                "flag",
            ),
            Place(
                "company",
                Text("What the company has decided"),
                Text("Who is a customer, who counts as lost, currency, calendar."),
                "flag",
            ),
            Place(
                "criteria",
                Text("When to act"),
                Text("From which risk on your team watches and acts."),
                "target",
            ),
        ),
    ),
    Group(
        Text("Events that arrive"),
        (
            Place("imports", Text("Import"), Text("Bring files, mend rejected rows, undo."), "export"),
            Place(
                "sources",
                Text("Sources"),
                Text("Stripe, Shopify, Zendesk, HubSpot, databases; scores written back."),
                "box",
            ),
            Place(
                "write_keys",
                Text("Write keys"),
                Text("With what websites and programs send events."),
                "card",
            ),
            Place(
                "event_names", Text("Event names"), Text("What came, and what its properties mean."), "note"
            ),
            Place(
                "quarantine", Text("Quarantine"), Text("What could not be understood, to be mended."), "alert"
            ),
        ),
    ),
    Group(
        Text("Messages"),
        (
            Place(
                "messages",
                Text("Sending"),
                Text("The mail server, your domain, safe mode, and the Stop button."),
                "act",
            ),
            Place(
                "contact_rules",
                Text("Contact rules"),
                Text("How often customers are written to, quiet hours, days of rest."),
                "clock",
            ),
            Place(
                "suppression",
                Text("Suppression list"),
                Text("Addresses to which no offers and news go, and why."),
                "close",
            ),
            Place(
                "consents",
                Text("Bring consents"),
                Text("Who agreed and who wants no more, from Mailchimp, Mautic or a CSV file."),
                "check",
            ),
            Place(
                "inbox_channels",
                Text("Channels of the inbox"),
                Text("Mailboxes, Telegram bots, text messages, WhatsApp and the chat on your website."),
                "chat",
            ),
            Place(
                "webhooks",
                Text("Webhooks"),
                Text("Which other systems are told what happens, and how it went."),
                "export",
            ),
        ),
    ),
    Group(
        Text("Who may do what"),
        (
            Place("people", Text("People"), Text("Who may sign in, with which role; invitations."), "people"),
            Place(
                "sign_in_rules",
                Text("Signing in"),
                Text("How long somebody stays signed in, who needs a second factor."),
                "flag",
            ),
            Place(
                "providers",
                Text("Identity providers"),
                Text("Signing in with the account that people have at work."),
                "box",
            ),
            Place("rights", Text("Who sees what"), Text("Roles, portfolios, what is masked."), "people"),
            Place("audit", Text("Audit trail"), Text("Who saw and who changed what."), "clock"),
        ),
    ),
    Group(
        Text("What is kept"),
        (
            Place(
                "retention", Text("Kept for how long"), Text("Which events go after how many days."), "clock"
            ),
            Place(
                "erasures",
                Text("Erasures"),
                Text("Who was erased, without a name, with certificates."),
                "close",
            ),
        ),
    ),
)
"""The settings, by what they are about."""

SETTINGS_PLACE = Place(
    "settings",
    Text("Settings"),
    Text("Everything that can be decided, in one list."),
    "settings",
    "e",
    "preferences",
)

DO: tuple[Place, ...] = (
    Place("imports", Text("Bring files"), Text("Orders, customers, subscriptions and more."), "plus"),
    Place("segment_new", Text("Make a segment"), Text("A rule with a name."), "plus"),
    Place("task_new", Text("Make a task"), Text("Work for you or a colleague."), "plus"),
    Place("people", Text("Invite somebody"), Text("A colleague, with a role."), "plus"),
    Place("write_keys", Text("Make a write key"), Text("For a website or a program."), "plus"),
    Place("pull_new", Text("Fetch from a database"), Text("At fixed times, by a query."), "plus"),
    Place("target_new", Text("Write scores back"), Text("Into a database or a file."), "plus"),
    Place("mailbox_new", Text("Connect a mailbox"), Text("Its mails stand in the inbox."), "plus"),
    Place(
        "chat_new", Text("Put a chat on a website"), Text("What visitors write stands in the inbox."), "plus"
    ),
    Place("app_new", Text("Show messages in your app"), Text("A bell for whoever is signed in."), "plus"),
    Place("customers_export", Text("Export the customers"), Text("As CSV, for spreadsheets."), "export"),
    Place("contact_points_export", Text("Export contact points to mend"), Text("As CSV."), "export"),
)
"""What the palette offers to do."""


def may_open(person: User | AnonymousUser, url_name: str) -> bool:
    """Whether the page is there and its view is open to somebody's role."""
    roles = _view_roles(url_name)
    return roles is not _NOWHERE and (roles is None or may(person, roles))


def open_to(person: User | AnonymousUser, places: Iterable[Place]) -> list[Place]:
    """Those of ``places`` that somebody may open."""
    return [place for place in places if may_open(person, place.url_name)]


_NOWHERE = frozenset({"\0nowhere"})


@cache
def _view_roles(url_name: str) -> frozenset[str] | None:
    """The roles to which the view of an address is open; ``_NOWHERE`` where there is no such address."""
    try:
        return declared_roles(resolve(reverse(url_name)).func)
    except NoReverseMatch:
        return _NOWHERE
