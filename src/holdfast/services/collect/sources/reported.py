"""What providers tell of messages of ours: facts on the timeline, the history of the message, suppression.

A report is about a message that we sent where it names it as we or the provider do, and to the address that
it went to. What an authentic provider says of an address (nobody is reached there, its owner complained)
counts also for a message that we do not know: another program of the company may send by the same account.
Opening and clicking change nothing of what a customer agreed to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from holdfast.domain.consent import ANY, Statement
from holdfast.domain.deliveries import REPEATED, Report, event_of
from holdfast.domain.moments import microseconds
from holdfast.domain.phones import without_numbers
from holdfast.domain.texts import Text
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.ingest_log import LogEvent
    from holdfast.store.live_sources import LiveSource
    from holdfast.store.outbox_told import Sent

_MOST_SAID = 200


def note_reports(settings: Settings, source: LiveSource, reports: Sequence[Report], *, now_us: int) -> int:
    """Write down what was reported; how many are about messages of ours. Joins the caller's transaction.

    The same report again changes nothing.
    """
    from holdfast.store import due, ingest_log, outbox_told

    if not reports:
        return 0
    known = outbox_told.sent_by_names(settings, [(each.channel, each.names) for each in reports])
    pairs = [(each, _of(settings, each, known)) for each in reports]
    seen = outbox_told.told_before(settings, [sent.touch_id for _, sent in pairs if sent is not None])
    events: list[LogEvent] = []
    units: set[int] = set()
    count = 0
    for report, sent in pairs:
        at_us = min(microseconds(report.at), now_us)
        _follow(settings, source, report, sent, at_us, now_us)
        if sent is None:
            continue
        count += 1
        mark = (sent.touch_id, report.what, at_us if report.what in REPEATED else 0)
        if mark in seen:
            continue
        seen.add(mark)
        outbox_told.note(sent.touch_id, report.what, at_us, _code(report), _reason(report), source.name)
        if sent.subject_id is not None and sent.purpose != "staff":
            events.append(fact_of(settings, report, sent, at_us, now_us))
            units |= {sent.unit_id} if sent.unit_id is not None else set()
    due.touch(settings, units, now_us)
    ingest_log.append(settings, events)
    return count


def _of(settings: Settings, report: Report, known: dict[tuple[str, str], list[Sent]]) -> Sent | None:
    """The message that a report is about: by the first of its names, to the same address."""
    from holdfast.store.suppression import one_spelling

    wanted = one_spelling(report.channel, report.address)
    for name in report.names:
        for sent in known.get((report.channel, name), ()):
            if not wanted or one_spelling(report.channel, sent.address) == wanted:
                return sent
    return None


def _follow(
    settings: Settings, source: LiveSource, report: Report, sent: Sent | None, at_us: int, now_us: int
) -> None:
    """What follows for the address."""
    from holdfast.store import suppression

    address = report.address or (sent.address if sent is not None else "")
    if not address or (sent is not None and sent.purpose == "staff"):
        return
    told = f"touch {sent.touch_id}" if sent is not None else f"source {source.name}"
    if why := _why_not(report):
        new = suppression.New(report.channel, address, why, report.code, told)
        suppression.suppress(settings, [new], now_us=now_us)
    elif report.what == "bounced" and (sent is not None or report.for_good):
        status = " ".join(each for each in (report.code, report.reason) if each)[:_MOST_SAID]
        suppression.came_back(
            settings, address, hard=report.for_good, status=status, source=told, now_us=now_us
        )
    elif report.what == "delivered" and report.channel == "email":
        suppression.arrived(settings, address)
    elif report.what == "unsubscribed":
        _unsubscribe(settings, report, sent, address, at_us, now_us, told)


def _why_not(report: Report) -> str:
    """Why nothing may go to the address from now on; "" where it may, or where it is counted first."""
    if report.opted_out:
        return "opted_out"
    if report.what == "complained":
        return "complaint"
    return "unreachable" if report.what == "undelivered" and report.for_good else ""


def _unsubscribe(
    settings: Settings, report: Report, sent: Sent | None, address: str, at_us: int, now_us: int, told: str
) -> None:
    """A person unsubscribed at the provider: no more offers and news to that address. Once is enough."""
    from holdfast.store import consent, suppression

    key = suppression.address_key(settings, report.channel, address)
    subject = sent.subject_id if sent is not None else None
    if consent.allows(settings, subject, key, "news", report.channel) is False:
        return
    statement = Statement(ANY, report.channel, False, at_us, "program", report.reason, "", told)
    consent.say(settings, [consent.Said(subject or 0, statement, key)], now_us=now_us)


def _code(report: Report) -> str:
    return without_numbers(report.code)[:40]


def _reason(report: Report) -> Text | None:
    said = without_numbers(report.reason)[:_MOST_SAID].rstrip(". ")
    return Text("The provider said: {said}.", said=said) if said else None


def fact_of(settings: Settings, report: Report, sent: Sent, at_us: int, now_us: int) -> LogEvent:
    """The fact about the customer to whom a message went; there is none where it went to nobody we know."""
    from holdfast.store.ingest_log import LogEvent
    from holdfast.store.outbox_sending import SOURCE, event_key

    if sent.subject_id is None:
        raise ValueError("a fact is about a customer")
    present = settings.now(datetime.fromtimestamp(now_us / 1_000_000, UTC))
    place = at_us if report.what in REPEATED else 0
    details = {"email": sent.address.lower()} if report.channel == "email" else {"touch": sent.touch_id}
    return LogEvent(
        event_key=event_key(sent.touch_id, f"told {report.what}", place),
        message_id=None,
        subject_id=sent.subject_id,
        at_us=min(at_us, microseconds(present)),
        known_us=now_us,
        name=event_of(report),
        source=SOURCE,
        object_kind="touch",
        object_id=str(sent.touch_id),
        code=(_code(report) or "bounced") if report.what == "bounced" else report.channel,
        details=json.dumps(details),
    )
