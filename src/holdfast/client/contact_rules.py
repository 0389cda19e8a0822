"""How often and when customers are written to, over all plays; and letting messages to one pause.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import Literal, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class AnsweredCap(TypedDict):
    """At most so many messages in any period of that length, on one channel; "" for all together."""

    channel: str
    per: str
    most: int


class AnsweredQuiet(TypedDict):
    """When nothing goes on a channel, by the clock where the customer lives; service where it is said."""

    channel: str
    start: str
    end: str
    service: bool


class ContactCap(TypedDict):
    """At most so many messages in any period of that length, on one channel; "" for all together."""

    channel: str
    per: Literal["day", "month", "week"]
    most: int


class ContactPause(TypedDict):
    """The pause that holds; ``until`` is null where offers and news go."""

    until: str | None
    asked: bool
    why: str
    made_by: str


class ContactRules(TypedDict):
    """How often and when offers and news go to a customer, over all plays.

    Who heard nothing for ``floor_days`` is not held by caps of week and month. ``weekends`` and
    ``holidays`` say whether messages go then; ``service_counts`` whether messages of service take room.
    What found no room within ``lapse_days`` is not sent.
    """

    caps: list[AnsweredCap]
    quiet: list[AnsweredQuiet]
    floor_days: int | None
    weekends: bool
    holidays: bool
    service_counts: bool
    lapse_days: int


class ContactRulesTried(TypedDict):
    """On how many messages of the last 30 days rules were tried, and how many would have waited, by why."""

    messages: int
    held: int
    because: dict[str, int]


class MonthOfMessages(TypedDict):
    """Offers and news sent in a month, who unsubscribed, who reported spam."""

    month: str
    sent: int
    unsubscribed: int
    complaints: int


class MonthsOfMessages(TypedDict):
    """The last twelve months, the newest first; those in which nothing was are left out."""

    items: list[MonthOfMessages]


class QuietHours(TypedDict):
    """When nothing goes on a channel, by the clock where the customer lives; service where it is said."""

    channel: str
    start: str
    end: str
    service: bool


class ContactRulesArea:
    """How often and when customers are written to, over all plays; and letting messages to one pause."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_contact_rules(self) -> ContactRules:
        """See how often and when customers are written to."""
        return cast("ContactRules", self._connection.ask("GET", "/contact-rules"))

    def set_contact_rules(
        self,
        *,
        caps: list[ContactCap] | LeftOut = LEFT_OUT,
        quiet: list[QuietHours] | LeftOut = LEFT_OUT,
        floor_days: int | LeftOut | None = LEFT_OUT,
        weekends: bool | LeftOut = LEFT_OUT,
        holidays: bool | LeftOut = LEFT_OUT,
        service_counts: bool | LeftOut = LEFT_OUT,
        lapse_days: int | LeftOut = LEFT_OUT,
        if_match: str | None = None,
    ) -> ContactRules:
        """Decide how often and when customers are written to."""
        return cast(
            "ContactRules",
            self._connection.ask(
                "PUT",
                "/contact-rules",
                body={
                    "caps": caps,
                    "quiet": quiet,
                    "floor_days": floor_days,
                    "weekends": weekends,
                    "holidays": holidays,
                    "service_counts": service_counts,
                    "lapse_days": lapse_days,
                },
                if_match=if_match,
            ),
        )

    def list_months_of_messages(self) -> MonthsOfMessages:
        """List what was sent month by month, and how many customers had enough of it."""
        return cast("MonthsOfMessages", self._connection.ask("GET", "/contact-rules/months"))

    def try_contact_rules(
        self,
        *,
        caps: list[ContactCap] | LeftOut = LEFT_OUT,
        quiet: list[QuietHours] | LeftOut = LEFT_OUT,
        floor_days: int | LeftOut | None = LEFT_OUT,
        weekends: bool | LeftOut = LEFT_OUT,
        holidays: bool | LeftOut = LEFT_OUT,
        service_counts: bool | LeftOut = LEFT_OUT,
        lapse_days: int | LeftOut = LEFT_OUT,
    ) -> ContactRulesTried:
        """Try rules out on the offers and news of the last 30 days; nothing is kept."""
        return cast(
            "ContactRulesTried",
            self._connection.ask(
                "POST",
                "/contact-rules/try",
                body={
                    "caps": caps,
                    "quiet": quiet,
                    "floor_days": floor_days,
                    "weekends": weekends,
                    "holidays": holidays,
                    "service_counts": service_counts,
                    "lapse_days": lapse_days,
                },
            ),
        )

    def get_pause(self, customer_id: int) -> ContactPause:
        """See until when offers and news to a customer pause."""
        return cast("ContactPause", self._connection.ask("GET", f"/customers/{customer_id}/pause"))

    def set_pause(
        self,
        customer_id: int,
        *,
        until: str,
        asked: bool | LeftOut = LEFT_OUT,
        why: str | LeftOut = LEFT_OUT,
        if_match: str | None = None,
    ) -> ContactPause:
        """Let offers and news to a customer pause until a day."""
        return cast(
            "ContactPause",
            self._connection.ask(
                "PUT",
                f"/customers/{customer_id}/pause",
                body={"until": until, "asked": asked, "why": why},
                if_match=if_match,
            ),
        )

    def end_pause(self, customer_id: int, *, if_match: str | None = None) -> ContactPause:
        """Let offers and news to a customer go again."""
        return cast(
            "ContactPause",
            self._connection.ask("DELETE", f"/customers/{customer_id}/pause", if_match=if_match),
        )
