"""Tickets: complaints and requests, from opening to the customer's mark."""

from __future__ import annotations

from holdfast.connectors.columns import (
    CHANNEL,
    EVENT_ID,
    KNOWN_AT,
    SCORE,
    SOMEONE,
    STATUS,
    TEXT,
    WHO,
    named,
    names,
)
from holdfast.domain.imports import Check, Column, EventRule, ImportKind
from holdfast.domain.texts import Text

_CLOSED_AT = 'COALESCE("closed_at", "opened_at" + CAST("resolution_hours" * 3600000000 AS BIGINT))'
_CODE = 'COALESCE("topic", "priority")'

KIND = ImportKind(
    name="tickets",
    title=Text("Tickets"),
    meaning=Text("Help-desk tickets: opened, first answered, closed, rated."),
    columns=(
        *WHO,
        Column(
            "ticket_id",
            "id",
            Text("The ticket's number."),
            names(
                """
            ticket, ticket no, ticket number, case, case id, caseid, issue id, incident id,
            request id, tichet, numar tichet, تیکت, شماره تیکت, тикет, номер на заявка, заявка,
            обращение, номер обращения, 工单, 工单号, 工单编号
            """
            ),
        ),
        Column(
            "opened_at",
            "moment",
            Text("When it was opened."),
            names(
                """
            opened, submitted at, created at, created, open date, submitted, reported at, date,
            at, received at, deschis la, data deschiderii, data, تاریخ ایجاد, تاریخ ثبت, تاریخ,
            отворен на, дата на създаване, дата, дата создания, дата обращения, открыт,
            创建时间, 提交时间, 创建日期
            """
            ),
        ),
        Column(
            "answered_at",
            "moment",
            Text("When it was first answered."),
            names(
                """
            first response at, first answered at, first reply at, responded at, raspuns la,
            تاریخ پاسخ, дата на отговор, дата ответа, 首次回复时间, 响应时间
            """
            ),
        ),
        Column(
            "answer_minutes",
            "number",
            Text("Minutes until the first answer."),
            names(
                """
            first response time minutes, first response minutes, first reply minutes,
            response minutes, 首次响应分钟
            """
            ),
        ),
        Column(
            "closed_at",
            "moment",
            Text("When it was closed; empty while it is open."),
            names(
                """
            closed, resolved at, resolved, solved at, close date, resolution date, inchis la,
            rezolvat la, تاریخ بستن, تاریخ حل, затворен на, дата на приключване, закрыт,
            дата закрытия, дата решения, 关闭时间, 解决时间
            """
            ),
        ),
        Column(
            "resolution_hours",
            "number",
            Text("Hours until it was closed, where the file does not say when."),
            names(
                """
            resolution time hours, hours to close, time to resolution hours, 解决小时
            """
            ),
        ),
        SCORE,
        Column(
            "priority",
            "text",
            Text("Priority, as the file says it."),
            names("severity, urgency, prioritate, اولویت, приоритет, 优先级"),
            detail=True,
        ),
        Column(
            "topic",
            "text",
            Text("What it is about, as a short code."),
            names(
                """
            category, issue type, ticket type, type, reason, subiect, categorie, موضوع, тема,
            категория, 主题, 类型
            """
            ),
        ),
        STATUS,
        CHANNEL,
        named(TEXT, "subject, issue, problem, question"),
        KNOWN_AT,
        EVENT_ID,
    ),
    required=(SOMEONE, ("opened_at",)),
    events=(
        EventRule(
            "'Ticket Opened'",
            '"opened_at"',
            object_kind="ticket",
            columns={"object_id": '"ticket_id"', "code": _CODE},
        ),
        EventRule(
            "'Ticket Answered'",
            'COALESCE("answered_at", "opened_at" + CAST("answer_minutes" * 60000000 AS BIGINT))',
            object_kind="ticket",
            columns={"object_id": '"ticket_id"', "code": _CODE},
        ),
        EventRule(
            "'Ticket Closed'",
            _CLOSED_AT,
            object_kind="ticket",
            columns={"object_id": '"ticket_id"', "code": _CODE},
        ),
        EventRule(
            "'Ticket Rated'",
            f'COALESCE({_CLOSED_AT}, "opened_at")',
            when='"score" IS NOT NULL',
            object_kind="ticket",
            columns={"object_id": '"ticket_id"', "code": _CODE, "score": '"score"'},
        ),
    ),
    text="text",
    checks=(
        Check(
            "closed_before_opened",
            '"closed_at" < "opened_at"',
            Text(
                "{n} ticket is closed before it is opened.", "{n} tickets are closed before they are opened."
            ),
        ),
    ),
)
