"""The inbox: conversations with customers and what was said in them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from holdfast.services.collect.inbox import conversations as service
from holdfast.store import inbox, work
from holdfast.store.linked import walk
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import WRITERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Page,
    Paging,
    moment,
    moment_or_none,
    not_here,
    operation,
)
from holdfast.web.api.seeing import check_customers, id_shown
from holdfast.web.api.shapes import named


class Conversation(Answered, frozen=True):
    """A conversation; ``waiting`` says that the customer has the last word."""

    id: int
    channel: str
    title: str
    author: str
    address: str
    customer_id: int
    customer: str | None
    state: str
    snoozed_until: datetime | None
    owner_id: int | None
    owner: str
    unread: int
    messages: int
    waiting: bool
    first_at: datetime
    last_at: datetime
    preview: str


class Attachment(Answered, frozen=True):
    """A file that came along; its bytes are not kept here."""

    name: str
    media_type: str
    bytes: int | None


class Message(Answered, frozen=True):
    """What was said."""

    id: int
    at: datetime
    incoming: bool
    author: str
    text: str
    edited_at: datetime | None
    attachments: list[Attachment]


class ConversationQuery(Paging, kw_only=True, frozen=True):
    """Which conversations."""

    state: Literal["", "open", "snoozed", "closed"] = "open"
    channel: Annotated[str, Meta(max_length=40)] = ""
    owner_id: Id | None = None
    customer_id: Id | None = None
    search: Annotated[str, Meta(max_length=200)] = ""


class ConversationChanged(Asked, kw_only=True, frozen=True):
    """What becomes of a conversation; what is left out stays. Owner 0 is nobody."""

    state: Literal["open", "closed", "tomorrow", "three_days", "week"] | None = None
    owner_id: Annotated[int, Meta(ge=0, le=2**53 - 1)] | None = None
    read_up_to: Annotated[int, Meta(ge=0, le=2**53 - 1, description="A message; 0: unread.")] | None = None


class Linked(Asked, kw_only=True, frozen=True):
    """Whose conversation it is."""

    customer_id: Id


@operation("GET", "/conversations", scope=READ)
def list_conversations(call: Call, query: ConversationQuery) -> Page[Conversation]:
    """List conversations, the newest first."""
    subjects: list[int] = []
    if query.customer_id is not None:
        check_customers(call, [query.customer_id])
        subjects = sorted(walk({query.customer_id}).unit) or [query.customer_id]
    wanted = inbox.Wanted(
        state=query.state,
        channel=query.channel,
        owner_id=query.owner_id,
        search=query.search,
        subjects=subjects,
        seen_by=work.seen_by(call.settings, call.person.pk or 0, call.theirs),
        after=cursors.where(call, query, tuple[int, int]),
    )
    found = service.listed(call.settings, wanted, query.limit + 1)
    return cursors.page(
        call,
        query,
        found,
        place=lambda each: (each.conversation.last_us, each.conversation.id),
        show=lambda each: _conversation(call, each.conversation, each.unit_id, each.customer),
    )


@operation("GET", "/conversations/{conversation_id}", scope=READ)
def get_conversation(call: Call, conversation_id: Id) -> Conversation:
    """Get one conversation."""
    found = service.opened(call.settings, conversation_id, 1)
    if found is None:
        raise not_here("conversation", conversation_id)
    customer = inbox.customers(call.settings, [found.unit_id]).get(found.unit_id)
    return _conversation(call, found.conversation, found.unit_id, customer)


@operation("GET", "/conversations/{conversation_id}/messages", scope=READ)
def list_messages(call: Call, conversation_id: Id, query: Paging) -> Page[Message]:
    """List what was said, the newest first."""
    if inbox.conversation(call.settings, conversation_id) is None:
        raise not_here("conversation", conversation_id)
    before = cursors.where(call, query, tuple[int, int])
    found = inbox.messages(call.settings, conversation_id, query.limit + 1, before=before)
    newest_first = sorted(found, key=lambda each: (-each.at_us, -each.id))
    return cursors.page(call, query, newest_first, place=lambda each: (each.at_us, each.id), show=_message)


@operation("PATCH", "/conversations/{conversation_id}", scope=WRITE, roles=WRITERS)
def update_conversation(call: Call, conversation_id: Id, body: ConversationChanged) -> Conversation:
    """Close a conversation, open it, put it off, give it to somebody, say up to where it was read."""
    get_conversation(call, conversation_id)
    settings = call.settings
    if body.state == "open" or body.state == "closed":
        inbox.set_state(settings, conversation_id, body.state)
    elif body.state is not None:
        until = service.until(settings, body.state, call.now)
        inbox.set_state(settings, conversation_id, "snoozed", int(until.timestamp() * 1_000_000))
    if body.owner_id is not None and not inbox.assign(settings, conversation_id, body.owner_id or None):
        raise not_here("person", body.owner_id)
    if body.read_up_to == 0:
        inbox.mark_unread(settings, conversation_id)
    elif body.read_up_to is not None:
        inbox.mark_read(settings, conversation_id, body.read_up_to)
    return get_conversation(call, conversation_id)


@operation("POST", "/conversations/{conversation_id}/customer", scope=WRITE, roles=WRITERS)
def link_conversation(call: Call, conversation_id: Id, body: Linked) -> Conversation:
    """Say that who writes is a customer we know; it can be undone with the merges."""
    check_customers(call, [body.customer_id])
    found = inbox.conversation(call.settings, conversation_id)
    if found is None:
        raise not_here("conversation", conversation_id)
    service.link(call.settings, found, body.customer_id, by=call.by, now=call.now)
    return get_conversation(call, conversation_id)


def _conversation(
    call: Call, each: inbox.Conversation, unit_id: int, customer: inbox.ShownCustomer | None
) -> Conversation:
    return Conversation(
        id=each.id,
        channel=each.channel,
        title=each.title,
        author=id_shown(call, each.author),
        address=id_shown(call, each.address),
        customer_id=unit_id,
        customer=None if customer is None else named(call, customer.name),
        state=each.state,
        snoozed_until=moment_or_none(each.snoozed_until_us),
        owner_id=each.owner_id,
        owner=each.owner,
        unread=each.unread,
        messages=each.messages,
        waiting=each.waiting,
        first_at=moment(each.first_us),
        last_at=moment(each.last_us),
        preview=each.preview,
    )


def _message(each: inbox.Message) -> Message:
    return Message(
        id=each.id,
        at=moment(each.at_us),
        incoming=each.incoming,
        author=each.author,
        text=each.text,
        edited_at=moment_or_none(each.edited_us),
        attachments=[
            Attachment(name=name, media_type=kind, bytes=size) for name, kind, size in each.attachments
        ],
    )
