"""What follows from a result, in its transaction: facts in the event log, the inbox, addresses that fail."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.ingest_log import LogEvent
    from holdfast.store.outbox_sending import Settled

REFUSED_ADDRESS = "refused_address"
"""The code of a receipt that says that the address was not taken."""

OPTED_OUT = "opted_out"
"""The code of a receipt that says that the recipient told the provider to send no more of ours."""

_STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")


def apply(settings: Settings, settled: Sequence[Settled], now_us: int) -> None:
    """Write what follows from results that were just written down, in the same transaction.

    The event log comes last: until the transaction ends nobody else appends to it.
    """
    from holdfast.services.act import surveys
    from holdfast.store import ingest_log
    from holdfast.store.outbox_sending import events_of

    if not settled:
        return
    present_us = _present_us(settings, now_us)
    events = events_of(
        [each for each in settled if each.result.what != "sent" or each.conversation_id is None], present_us
    )
    for each in settled:
        if each.result.what == "sent" and each.conversation_id is not None:
            events += _in_the_inbox(settings, each, present_us)
        elif each.result.code == REFUSED_ADDRESS and each.channel == "email":
            events += _came_back(settings, each, present_us, now_us)
        elif each.result.code == OPTED_OUT:
            _opted_out(settings, each, now_us)
        if each.channel == "webhook":
            _note_webhook(settings, each, now_us)
    _give_back(settings, settled)
    sent = [each.result.touch_id for each in settled if _may_ask(each)]
    if sent:
        events += surveys.sent_facts(settings, sent, present_us=present_us, now_us=now_us)
    ingest_log.append(settings, events)


def _give_back(settings: Settings, settled: Sequence[Settled]) -> None:
    """A message of a play that may never be sent costs its budget nothing."""
    from holdfast.services.act.plays import spending

    refused = [each.result.touch_id for each in settled if each.result.what == "refused" and each.unit_id]
    if refused:
        spending.give_back(settings, refused)


def _may_ask(settled: Settled) -> bool:
    """Whether it is a message to a customer that went out: it may ask a question."""
    sent = settled.result.what == "sent" and settled.conversation_id is None
    return sent and settled.subject_id is not None and settled.purpose in ("marketing", "service")


def _present_us(settings: Settings, now_us: int) -> int:
    present = settings.now(datetime.fromtimestamp(now_us / 1_000_000, UTC))
    return min(now_us, int(present.timestamp() * 1_000_000))


def _came_back(settings: Settings, settled: Settled, present_us: int, now_us: int) -> list[LogEvent]:
    """The server refused the address at once, as if the mail had come back; the fact where it is for good.

    Where it does not say clearly that nobody is reached there, or a mailbox is full, it is counted.
    """
    from holdfast.domain.bounces import fault
    from holdfast.store import outbox_reading, suppression
    from holdfast.store.ingest_log import LogEvent
    from holdfast.store.outbox_sending import SOURCE, event_key

    address = outbox_reading.address_of(settings, settled.result.touch_id)
    if settled.purpose == "staff" or not address:
        return []
    said = str(settled.result.reason or "")
    found = _STATUS.search(said)
    status = found[0] if found else ""
    hard = fault(said, status) == "nobody"
    source = f"touch {settled.result.touch_id}"
    suppression.came_back(
        settings, address, hard=hard, status=status or "smtp 5xx", source=source, now_us=now_us
    )
    if not hard or settled.subject_id is None:
        return []
    return [
        LogEvent(
            event_key=event_key(settled.result.touch_id, "bounced", settled.tries),
            message_id=None,
            subject_id=settled.subject_id,
            at_us=min(present_us, settled.result.at_us),
            known_us=settled.result.at_us,
            name="Email Bounced",
            source=SOURCE,
            code=status or "bounced",
            details=json.dumps({"email": address.lower()}),
        )
    ]


def _opted_out(settings: Settings, settled: Settled, now_us: int) -> None:
    """The recipient refused us at the provider: offers and news go there no more."""
    from holdfast.store import outbox_reading, suppression

    address = outbox_reading.address_of(settings, settled.result.touch_id)
    if address:
        source = f"touch {settled.result.touch_id}"
        new = suppression.New(settled.channel, address, OPTED_OUT, "", source)
        suppression.suppress(settings, [new], now_us=now_us)


def _note_webhook(settings: Settings, settled: Settled, now_us: int) -> None:
    """The log of deliveries says how it went."""
    from holdfast.store import webhooks_out

    result = settled.result
    webhooks_out.note_result(
        settings,
        result.touch_id,
        what=result.what,
        code=result.code,
        reason=result.reason,
        now_us=now_us,
    )


def _in_the_inbox(settings: Settings, settled: Settled, present_us: int) -> list[LogEvent]:
    """What was said in a conversation stands in it from now on; the fact for the event log."""
    from holdfast.store import inbox, inbox_writing, mail_threads, outbox_reading
    from holdfast.store.ingest_log import LogEvent
    from holdfast.store.outbox_sending import SOURCE, event_key

    conversation = inbox.conversation(settings, settled.conversation_id or 0)
    said = outbox_reading.content_of(settings, settled.result.touch_id)
    if conversation is None or said is None:
        return []
    key = event_key(settled.result.touch_id, "said", 0)
    at_us = min(present_us, settled.result.at_us)
    name = settled.result.provider_id
    message = inbox_writing.NewMessage(
        source_id=conversation.source_id,
        conversation_key=conversation.key,
        channel=conversation.channel,
        subject_id=conversation.subject_id,
        event_key=key,
        message_key=name or f"touch {settled.result.touch_id}",
        at_us=at_us,
        incoming=False,
        author=said.sender_name,
        address=conversation.address,
        title=conversation.title,
        text=said.text,
        reference=name.strip("<>") if settled.channel == "email" else "",
        attachments=[{"name": each.name, "type": each.media_type, "size": each.size} for each in said.files],
    )
    inbox_writing.put(settings, [message], present_us)
    if settled.channel == "email" and name:
        mail_threads.remember(settings, conversation.source_id, [name.strip("<>")], conversation.key, at_us)
    return [
        LogEvent(
            event_key=key,
            message_id=None,
            subject_id=conversation.subject_id,
            at_us=at_us,
            known_us=settled.result.at_us,
            name="Message Sent",
            source=SOURCE,
            object_kind="conversation",
            object_id=conversation.key,
            code=conversation.channel,
            details=json.dumps({"touch": settled.result.touch_id}),
        )
    ]
