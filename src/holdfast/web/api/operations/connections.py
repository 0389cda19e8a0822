"""Connecting sources: providers that tell by webhook, mailboxes, and chats on a website.

Secrets are taken and never given back. A source is ended by switching it off; what it told stays.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from holdfast.connectors.webhooks import Source as OurSource
from holdfast.services.collect.inbox import setting_up as channels
from holdfast.services.collect.inbox.mailboxes import KIND as MAILBOX
from holdfast.services.collect.inbox.mailboxes import MailOptions
from holdfast.services.collect.inbox.setting_up import CHAT, ChatOptions
from holdfast.services.collect.sources import setting_up
from holdfast.services.collect.sources.parts import fields_of, source_parts
from holdfast.store.live_sources import LiveSource
from holdfast.store.write_keys import ADMIN, READ
from holdfast.web.access import ADMINS, DECIDERS
from holdfast.web.api.contract import Answered, Asked, Call, not_here, operation
from holdfast.web.api.source_shapes import Name, SourceAbout, source_about

Key = Annotated[str, Meta(min_length=1, max_length=60)]
Options = Annotated[
    dict[Key, Annotated[str, Meta(max_length=500)]],
    Meta(max_length=40, description="By the names that `GET /source-kinds` lists; yes and no for a switch."),
]
Secrets = Annotated[
    dict[Key, Annotated[str, Meta(max_length=4_000)]],
    Meta(max_length=10, description="By the names that `GET /source-kinds` lists. Never answered."),
]
NewName = Annotated[str, Meta(max_length=40, description="Small letters, digits and hyphens.")]
Reached = Annotated[
    str, Meta(max_length=300, description='Where the provider reaches Holdfast; "" for here.')
]
Listed = Annotated[list[Annotated[str, Meta(min_length=1, max_length=300)]], Meta(max_length=20)]
Words = Annotated[str, Meta(max_length=500)]


class SourceOption(Answered, frozen=True):
    """Something that a source is asked: a text, one of ``choices``, or yes and no."""

    name: str
    shape: str
    label: str
    hint: str
    default: Any
    choices: list[str]


class SourceSecret(Answered, frozen=True):
    """A secret of a source, and where it is found at the provider."""

    name: str
    label: str
    hint: str
    needed: bool


class SourceKind(Answered, frozen=True):
    """A provider that can be connected: what to switch on there, and how, step by step."""

    kind: str
    title: str
    meaning: str
    options: list[SourceOption]
    secrets: list[SourceSecret]
    events: list[str]
    steps: list[str]


class SourceKinds(Answered, frozen=True):
    """Every provider that can be connected, by name."""

    items: list[SourceKind]


class NewSource(Asked, kw_only=True, frozen=True):
    """A provider to be connected; without a name it is called as its kind."""

    kind: Annotated[str, Meta(min_length=1, max_length=60)]
    name: NewName = ""
    options: Options = {}  # noqa: RUF012
    secrets: Secrets = {}  # noqa: RUF012
    address: Reached = ""


class SourceChanged(Asked, kw_only=True, frozen=True):
    """What is to be another; what is left out stays. A new signing secret leaves the old one for a day."""

    options: Options = {}  # noqa: RUF012
    secrets: Secrets = {}  # noqa: RUF012
    address: Reached = ""


class Tried(Answered, frozen=True):
    """An example that the provider publishes, and the events that become of it."""

    kind: str
    becomes: list[str]


class Trial(Answered, frozen=True):
    """What was understood; nothing was kept."""

    items: list[Tried]


class MailboxWanted(Asked, kw_only=True, frozen=True):
    """A mailbox (IMAP); it is opened once before it is kept. ``password`` is never answered.

    ``days`` is how far back it is read at first, ``ours`` are our own addresses and domains, ``server`` the
    name with which our mail server signs what it found out about senders. Port 0 is the usual one, no folder
    the usual folder.
    """

    host: Annotated[str, Meta(min_length=1, max_length=253)]
    user: Annotated[str, Meta(min_length=1, max_length=254)]
    password: Annotated[str, Meta(max_length=1_000)] = ""
    port: Annotated[int, Meta(ge=0, le=65_535)] = 0
    security: Literal["tls", "starttls"] = "tls"
    folders: Listed = []  # noqa: RUF012
    with_sent: bool = True
    days: Annotated[int, Meta(ge=0, le=3_650)] = 30
    ours: Listed = []  # noqa: RUF012
    server: Words = ""


class NewMailbox(MailboxWanted, kw_only=True, frozen=True):
    """A mailbox to be connected; see the fields of one that is changed."""

    name: NewName = "mailbox"


class ChatWanted(Asked, kw_only=True, frozen=True):
    """What a chat says, and on which sites it may stand (``sites``; none: any)."""

    title: Words = ""
    greeting: Words = ""
    sites: Listed = []  # noqa: RUF012


class NewChat(ChatWanted, kw_only=True, frozen=True):
    """A chat to be put on a website."""

    name: NewName = "website"


@operation("GET", "/source-kinds", scope=READ, roles=DECIDERS)
def list_source_kinds(call: Call) -> SourceKinds:
    """List the providers that can be connected, and what they need."""
    return SourceKinds(items=[_kind(call, part) for part in source_parts().values()])


@operation("POST", "/sources", scope=ADMIN, roles=ADMINS, status=201)
def connect_source(call: Call, body: NewSource) -> SourceAbout:
    """Connect a provider; answers the address to enter there."""
    made = setting_up.add(
        call.settings,
        body.kind,
        name=body.name.strip(),
        options=body.options,
        secrets=body.secrets,
        address=body.address.strip() or call.address,
        now=call.actual,
    )
    return source_about(call, made.name)


@operation("PUT", "/sources/{name}/settings", scope=ADMIN, roles=ADMINS)
def change_source(call: Call, name: Name, body: SourceChanged) -> SourceAbout:
    """Change options, secrets and address of a connected provider."""
    setting_up.change(
        call.settings,
        name,
        options=body.options,
        secrets=body.secrets,
        address=body.address.strip(),
        now=call.actual,
    )
    return source_about(call, name)


@operation("POST", "/sources/{name}/try", scope=ADMIN, roles=ADMINS)
def try_source(call: Call, name: Name) -> Trial:
    """Read the examples that the provider publishes; nothing is kept."""
    found = setting_up.try_out(call.settings, name)
    return Trial(items=[Tried(kind=kind, becomes=list(names)) for kind, names in found])


@operation("POST", "/mailboxes", scope=ADMIN, roles=ADMINS, status=201)
def connect_mailbox(call: Call, body: NewMailbox) -> SourceAbout:
    """Connect a mailbox, whose mails come into the inbox."""
    channels.add_mailbox(call.settings, body.name, _mail_options(body), body.password, now=call.actual)
    return source_about(call, body.name)


@operation("PUT", "/mailboxes/{name}", scope=ADMIN, roles=ADMINS)
def change_mailbox(call: Call, name: Name, body: MailboxWanted) -> SourceAbout:
    """Change a mailbox; without a password the one there is holds."""
    channels.change_mailbox(call.settings, _of_kind(call, name, MAILBOX), _mail_options(body), body.password)
    return source_about(call, name)


@operation("POST", "/chats", scope=ADMIN, roles=ADMINS, status=201)
def connect_chat(call: Call, body: NewChat) -> SourceAbout:
    """Make a chat that a website can show."""
    made = channels.add_chat(call.settings, body.name, _chat_options(body), now=call.actual)
    return source_about(call, made.name)


@operation("PUT", "/chats/{name}", scope=ADMIN, roles=ADMINS)
def change_chat(call: Call, name: Name, body: ChatWanted) -> SourceAbout:
    """Change what a chat says and where it may stand."""
    channels.change_chat(call.settings, _of_kind(call, name, CHAT), _chat_options(body))
    return source_about(call, name)


def _of_kind(call: Call, name: str, kind: str) -> LiveSource:
    found = setting_up.found(call.settings, name)
    if found.kind != kind:
        raise not_here(kind, name)
    return found


def _mail_options(body: MailboxWanted) -> MailOptions:
    return MailOptions(
        host=body.host.strip(),
        user=body.user.strip(),
        port=body.port,
        security=body.security,
        folders=tuple(body.folders) or ("INBOX",),
        with_sent=body.with_sent,
        days=body.days,
        ours=tuple(body.ours),
        server=body.server.strip(),
    )


def _chat_options(body: ChatWanted) -> ChatOptions:
    return ChatOptions(body.title.strip(), body.greeting.strip(), tuple(body.sites))


def _kind(call: Call, part: OurSource) -> SourceKind:
    return SourceKind(
        kind=part.name,
        title=call.say(part.title),
        meaning=call.say(part.meaning),
        options=[
            SourceOption(
                name=each.name,
                shape=each.shape,
                label=call.say(each.label),
                hint=call.say(each.hint),
                default=each.default,
                choices=list(each.choices),
            )
            for each in fields_of(part)
        ],
        secrets=[
            SourceSecret(
                name=each.name, label=call.say(each.label), hint=call.say(each.hint), needed=each.needed
            )
            for each in part.secrets
        ],
        events=list(part.events),
        steps=[call.say(each) for each in part.steps],
    )
