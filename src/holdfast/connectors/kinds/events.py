"""Events: anything dated that a customer did, under its own name."""

from __future__ import annotations

from holdfast.connectors.columns import (
    AMOUNT,
    AT,
    CODE,
    CURRENCY,
    EVENT_ID,
    KNOWN_AT,
    PRODUCT,
    QUANTITY,
    SCORE,
    SOMEONE,
    TEXT,
    WHO,
    named,
    names,
)
from holdfast.domain.imports import Column, EventRule, ImportKind
from holdfast.domain.texts import Text

KIND = ImportKind(
    name="events",
    title=Text("Events"),
    meaning=Text(
        "Dated things that customers did or that happened to them; further columns are kept as details."
    ),
    columns=(
        *WHO,
        named(AT, "usage date, visited at, original timestamp, sent at"),
        Column(
            "name",
            "text",
            Text('What happened, such as "Feature Used".'),
            names(
                """
            event, event name, event type, action, activity, type, feature name, eveniment,
            actiune, رویداد, نام رویداد, عملیات, събитие, действие, событие, название события,
            事件, 事件名称, 行为
            """
            ),
            repeats=True,
        ),
        EVENT_ID,
        Column(
            "object_kind",
            "text",
            Text("What the event is about: order, ticket, subscription."),
            names("object type"),
        ),
        Column(
            "object_id",
            "id",
            Text("The id of what the event is about."),
            names("object, session id, subscription id"),
        ),
        AMOUNT,
        CURRENCY,
        QUANTITY,
        PRODUCT,
        CODE,
        SCORE,
        Column(
            "promised_at",
            "moment",
            Text("Until when something was promised."),
            names("due at, due date, promised"),
        ),
        TEXT,
        KNOWN_AT,
    ),
    required=(SOMEONE, ("at",), ("name",)),
    events=(
        EventRule(
            name='"name"',
            at='"at"',
            columns={
                "object_kind": '"object_kind"',
                "object_id": '"object_id"',
                "amount": '"amount"',
                "currency": '"currency"',
                "quantity": '"quantity"',
                "product_id": '"product"',
                "code": '"code"',
                "score": '"score"',
                "promised_us": '"promised_at"',
            },
        ),
    ),
    text="text",
    stand_ins={"name": "event"},
)
