"""How the customer was served: tickets, messages, promises, deliveries, results."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import MOMENT, Feature, FeatureFamily, Needed, Objects
from holdfast.analytics.feature_parts import (
    TICKET,
    TICKET_OPEN,
    TWELVE_WEEKS,
    YEAR,
    all_of,
    count,
    exact_days,
    in_days,
    known,
    last_time,
    named,
    since,
    told,
)
from holdfast.analytics.spec import Arithmetic, Column, Compare, Not, Some, equals
from holdfast.domain.texts import Text

_EXAMPLE = told(
    "ann waits with two tickets, bob was helped, cid never asked",
    """
    ann  2024-02-01  Ticket_Opened id=T1
    ann  2024-02-03  Ticket_Answered id=T1
    ann  2024-02-05  Ticket_Closed id=T1
    ann  2024-06-01  Ticket_Reopened id=T1
    ann  2024-06-10  Ticket_Opened id=T2 due=2024-06-15
    ann  2024-06-20  Message_Received
    ann  2024-06-11  Order_Delivered id=A1 due=2024-06-09
    ann  2024-06-12  Order_Delivered id=A2 due=2024-06-20
    ann  2024-06-11  Contact_Changed code=customer_side
    ann  2024-06-12  Result_Reviewed code=missed
    ann  2024-06-13  Result_Reviewed code=reached
    bob  2024-06-01  Ticket_Opened id=T3 due=2024-06-15
    bob  2024-06-05  Ticket_Answered id=T3
    bob  2024-06-06  Ticket_Closed id=T3
    bob  2024-06-20  Message_Received
    bob  2024-06-21  Message_Sent
    cid  2024-06-01  visit
    """,
    date(2024, 7, 1),
)

_LAST_YEAR = since("opened", YEAR)
_ANSWERED = all_of(known("answered"), _LAST_YEAR)
_MISSED = Some(
    (
        Compare(Column("closed"), ">", Column("promised")),
        all_of(Not(known("closed")), Compare(Column("promised"), "<", MOMENT)),
    )
)


def _waiting(needed: Needed) -> NDArray[np.generic]:
    """Days since the last message from the customer, 0 where there is none or we wrote after it."""
    wrote = np.asarray(needed["wrote"], np.float64)
    we_wrote = np.nan_to_num(np.asarray(needed["we_wrote"], np.float64), nan=np.inf)
    return np.where(we_wrote > wrote, in_days("wrote")(needed), 0.0)


FAMILY = FeatureFamily(
    "service",
    Text("Service"),
    (
        Feature(
            "tickets_84",
            Text("Tickets in the last 12 weeks"),
            Text("How often the customer asked for help or complained."),
            "count",
            "service",
            {"tickets": count(named("Ticket Opened"), TWELVE_WEEKS)},
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=1, bob=1, cid=0),
        ),
        Feature(
            "days_since_ticket",
            Text("Time since the last ticket"),
            Text("Days since the customer last asked for help or complained."),
            "days",
            "service",
            {"since": last_time(named("Ticket Opened"))},
            in_days("since"),
            examples=_EXAMPLE(ann=21, bob=30, cid=None),
        ),
        Feature(
            "open_tickets",
            Text("Open tickets"),
            Text("Tickets that were opened, or opened again, and are not closed."),
            "count",
            "service",
            {"open": Objects("ticket", TICKET, "count", None, TICKET_OPEN)},
            examples=_EXAMPLE(ann=2, bob=0, cid=0),
        ),
        Feature(
            "oldest_open_ticket",
            Text("Age of the oldest open ticket"),
            Text("Days since the first of the tickets that are open now was opened."),
            "days",
            "service",
            {
                "age": Objects(
                    "ticket", TICKET, "greatest", Arithmetic("-", MOMENT, Column("opened")), TICKET_OPEN
                )
            },
            in_days("age"),
            examples=_EXAMPLE(ann=151, bob=None, cid=None),
        ),
        Feature(
            "tickets_reopened_364",
            Text("Tickets opened again in the last year"),
            Text("How often a closed ticket had to be opened again in 52 weeks."),
            "count",
            "service",
            {"reopened": count(named("Ticket Reopened"), YEAR)},
            window_days=YEAR,
            examples=_EXAMPLE(ann=1, bob=0, cid=0),
        ),
        Feature(
            "first_answer_364",
            Text("Wait for the first answer to a ticket"),
            Text("The mean time from opening to the first answer, tickets of the last 52 weeks."),
            "days",
            "service",
            {
                "waited": Objects(
                    "ticket", TICKET, "sum", Arithmetic("-", Column("answered"), Column("opened")), _ANSWERED
                ),
                "tickets": Objects("ticket", TICKET, "count", None, _ANSWERED),
            },
            exact_days("waited", "tickets"),
            window_days=YEAR,
            examples=_EXAMPLE(ann=2, bob=4, cid=None),
        ),
        Feature(
            "promises_missed_364",
            Text("Tickets not solved by the promised day, in the last year"),
            Text("Tickets of the last 52 weeks that were closed after the promised moment or still wait."),
            "count",
            "service",
            {
                "missed": Objects(
                    "ticket", TICKET, "count", None, all_of(known("promised"), _LAST_YEAR, _MISSED)
                )
            },
            window_days=YEAR,
            examples=_EXAMPLE(ann=1, bob=0, cid=0),
        ),
        Feature(
            "late_deliveries_364",
            Text("Late deliveries in the last year"),
            Text("Orders of the last 52 weeks that arrived after the promised moment."),
            "count",
            "service",
            {
                "late": count(
                    all_of(named("Order Delivered"), Compare(Column("at_us"), ">", Column("promised_us"))),
                    YEAR,
                )
            },
            window_days=YEAR,
            examples=_EXAMPLE(ann=1, bob=0, cid=0),
        ),
        Feature(
            "messages_84",
            Text("Messages from the customer in the last 12 weeks"),
            Text("How often the customer wrote to us."),
            "count",
            "relationship",
            {"messages": count(named("Message Received"), TWELVE_WEEKS)},
            window_days=TWELVE_WEEKS,
            examples=_EXAMPLE(ann=1, bob=1, cid=0),
        ),
        Feature(
            "message_waiting",
            Text("Wait for an answer to the last message"),
            Text("Days since the customer wrote and none of us has written back; 0 where nothing waits."),
            "days",
            "service",
            {"wrote": last_time(named("Message Received")), "we_wrote": last_time(named("Message Sent"))},
            _waiting,
            examples=_EXAMPLE(ann=11, bob=0, cid=0),
        ),
        Feature(
            "contact_changes_364",
            Text("Changes of the contact person in the last year"),
            Text("How often the person we deal with changed in 52 weeks."),
            "count",
            "relationship",
            {"changes": count(named("Contact Changed"), YEAR)},
            window_days=YEAR,
            examples=_EXAMPLE(ann=1, bob=0, cid=0),
        ),
        Feature(
            "results_missed_364",
            Text("Agreed results missed in the last year"),
            Text("Reviews of the last 52 weeks that found an agreed result missed."),
            "count",
            "relationship",
            {"missed": count(all_of(named("Result Reviewed"), equals("code", "missed")), YEAR)},
            window_days=YEAR,
            examples=_EXAMPLE(ann=1, bob=0, cid=0),
        ),
    ),
    watch=(
        "Ticket Opened",
        "Message Received",
        "Order Delivered",
        "Contact Changed",
        "Result Reviewed",
    ),
)
