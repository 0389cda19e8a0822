"""How often and when customers are written to, over all plays; and letting messages to one pause."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, field, to_builtins

from holdfast.domain.pressure import Policy
from holdfast.domain.written_pressure import read, written
from holdfast.services.act import contact_rules, pausing
from holdfast.services.collect.care.who import who
from holdfast.store import message_settings, pauses
from holdfast.store.write_keys import ADMIN, READ, WRITE
from holdfast.web.access import ADMINS, DECIDERS, WRITERS
from holdfast.web.api.contract import Answered, Asked, Call, Id, moment, operation

Channel = Annotated[str, Meta(max_length=20)]
Clock = Annotated[str, Meta(pattern="^[0-2]?[0-9]:[0-5][0-9]$")]
Days = Annotated[int, Meta(ge=1, le=365)]


class ContactCap(Asked, kw_only=True, frozen=True):
    """At most so many messages in any period of that length, on one channel; "" for all together."""

    channel: Channel = ""
    per: Literal["day", "week", "month"]
    most: Annotated[int, Meta(ge=1, le=100)]


class QuietHours(Asked, kw_only=True, frozen=True):
    """When nothing goes on a channel, by the clock where the customer lives; service where it is said."""

    channel: Channel
    start: Clock
    end: Clock
    service: bool = False


class ContactRulesWanted(Asked, kw_only=True, frozen=True):
    """All the rules; see :class:`ContactRules`."""

    caps: Annotated[list[ContactCap], Meta(max_length=60)] = field(default_factory=list)
    quiet: Annotated[list[QuietHours], Meta(max_length=20)] = field(default_factory=list)
    floor_days: Days | None = None
    weekends: bool = True
    holidays: bool = True
    service_counts: bool = False
    lapse_days: Days = 14


class AnsweredCap(Answered, frozen=True):
    """At most so many messages in any period of that length, on one channel; "" for all together."""

    channel: str
    per: str
    most: int


class AnsweredQuiet(Answered, frozen=True):
    """When nothing goes on a channel, by the clock where the customer lives; service where it is said."""

    channel: str
    start: str
    end: str
    service: bool


class ContactRules(Answered, frozen=True):
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


class ContactRulesTried(Answered, frozen=True):
    """On how many messages of the last 30 days rules were tried, and how many would have waited, by why."""

    messages: int
    held: int
    because: dict[str, int]


class MonthOfMessages(Answered, frozen=True):
    """Offers and news sent in a month, who unsubscribed, who reported spam."""

    month: date
    sent: int
    unsubscribed: int
    complaints: int


class MonthsOfMessages(Answered, frozen=True):
    """The last twelve months, the newest first; those in which nothing was are left out."""

    items: list[MonthOfMessages]


class PauseWanted(Asked, kw_only=True, frozen=True):
    """Until which day offers and news pause; ``asked`` says that the customer wants it."""

    until: date
    asked: bool = True
    why: Annotated[str, Meta(max_length=500)] = ""


class ContactPause(Answered, frozen=True):
    """The pause that holds; ``until`` is null where offers and news go."""

    until: datetime | None
    asked: bool
    why: str
    made_by: str


@operation("GET", "/contact-rules", scope=READ, roles=DECIDERS)
def get_contact_rules(call: Call) -> ContactRules:
    """See how often and when customers are written to."""
    said = written(message_settings.contact_rules(call.settings))
    return ContactRules(
        caps=[AnsweredCap(**each) for each in said.pop("caps")],
        quiet=[AnsweredQuiet(**each) for each in said.pop("quiet")],
        **said,
    )


@operation("PUT", "/contact-rules", scope=ADMIN, roles=ADMINS)
def set_contact_rules(call: Call, body: ContactRulesWanted) -> ContactRules:
    """Decide how often and when customers are written to."""
    contact_rules.keep(call.settings, _policy(body), now_us=call.actual_us)
    return get_contact_rules(call)


@operation("POST", "/contact-rules/try", scope=READ, roles=DECIDERS)
def try_contact_rules(call: Call, body: ContactRulesWanted) -> ContactRulesTried:
    """Try rules out on the offers and news of the last 30 days; nothing is kept."""
    tried = contact_rules.try_out(call.settings, _policy(body), now_us=call.actual_us)
    return ContactRulesTried(messages=tried.messages, held=tried.held_in_all, because=dict(tried.held))


@operation("GET", "/contact-rules/months", scope=READ, roles=DECIDERS)
def list_months_of_messages(call: Call) -> MonthsOfMessages:
    """List what was sent month by month, and how many customers had enough of it."""
    found = contact_rules.by_month(call.settings, now_us=call.actual_us)
    return MonthsOfMessages(
        items=[
            MonthOfMessages(
                month=each.first,
                sent=each.sent,
                unsubscribed=each.unsubscribed,
                complaints=each.complaints,
            )
            for each in found
        ]
    )


@operation("GET", "/customers/{customer_id}/pause", scope=READ)
def get_pause(call: Call, customer_id: Id) -> ContactPause:
    """See until when offers and news to a customer pause."""
    subjects = who(call.settings, customer_id).subjects
    found = pauses.holding(call.settings, subjects, now_us=call.actual_us)
    if found is None:
        return ContactPause(until=None, asked=False, why="", made_by="")
    return ContactPause(
        until=moment(found.until_us), asked=bool(found.asked), why=found.why, made_by=found.made_by
    )


@operation("PUT", "/customers/{customer_id}/pause", scope=WRITE, roles=WRITERS)
def set_pause(call: Call, customer_id: Id, body: PauseWanted) -> ContactPause:
    """Let offers and news to a customer pause until a day."""
    pausing.pause(
        call.settings,
        who(call.settings, customer_id).subjects,
        body.until,
        asked=body.asked,
        why=body.why,
        by=call.by,
        now_us=call.actual_us,
    )
    return get_pause(call, customer_id)


@operation("DELETE", "/customers/{customer_id}/pause", scope=WRITE, roles=WRITERS)
def end_pause(call: Call, customer_id: Id) -> ContactPause:
    """Let offers and news to a customer go again."""
    pausing.end(call.settings, who(call.settings, customer_id).subjects, by=call.by, now_us=call.actual_us)
    return get_pause(call, customer_id)


def _policy(body: ContactRulesWanted) -> Policy:
    return read(to_builtins(body))
