"""Messages: what customers wrote to the company, and what it wrote to them."""

from __future__ import annotations

from holdfast.connectors.columns import (
    AT,
    CHANNEL,
    EVENT_ID,
    KNOWN_AT,
    SOMEONE,
    TEXT,
    WHO,
    named,
    names,
    said,
)
from holdfast.domain.imports import Column, EventRule, ImportKind
from holdfast.domain.texts import Text

_OUT = said(
    "direction",
    """
    out, outbound, outgoing, sent, agent, staff, company, support, trimis, خروجی, ارسالی,
    изходящо, исходящее, 发出
    """,
)

KIND = ImportKind(
    name="messages",
    title=Text("Messages"),
    meaning=Text("Mails, chats and calls in words, from and to customers."),
    columns=(
        *WHO,
        named(
            AT,
            """
            sent at, received at, message date, تاریخ پیام, дата сообщения, 发送时间
            """,
        ),
        named(TEXT, "text, message text, message body, transcript"),
        Column(
            "direction",
            "text",
            Text('"in" from the customer (so without this column), "out" to the customer.'),
            names(
                """
            type, sender, sender type, author type, from, directie, جهت, посока, направление,
            方向
            """
            ),
        ),
        CHANNEL,
        Column(
            "ticket_id",
            "id",
            Text("The ticket or conversation it belongs to."),
            names(
                """
            ticket, conversation id, conversation, thread id, chat id, case id, tichet, تیکت,
            тикет, 会话id
            """
            ),
        ),
        named(EVENT_ID, "message, msg id", name="message_id", meaning=Text("The message's own id.")),
        KNOWN_AT,
    ),
    required=(SOMEONE, ("at",), ("text",)),
    events=(
        EventRule(
            name=f"CASE WHEN {_OUT} THEN 'Message Sent' ELSE 'Message Received' END",
            at='"at"',
            columns={
                "object_kind": "CASE WHEN \"ticket_id\" IS NOT NULL THEN 'ticket' END",
                "object_id": '"ticket_id"',
                "code": '"channel"',
            },
        ),
    ),
    text="text",
)
