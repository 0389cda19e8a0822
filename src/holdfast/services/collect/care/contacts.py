"""Calls and visits that our people write down: events like any other, from the source "staff"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

from holdfast.domain.channels import REACHED, WRONG_NUMBER
from holdfast.domain.outcomes import CALL_OUTCOMES
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.care.staff import staff_source
from holdfast.services.collect.care.typed import typed_text
from holdfast.services.collect.care.who import Who
from holdfast.settings import Settings

Contact = Literal["call_made", "call_received", "visit_made", "visit_received"]

EVENTS: dict[Contact, str] = {
    "call_made": "Call Made",
    "call_received": "Call Received",
    "visit_made": "Visit Made",
    "visit_received": "Visit Received",
}
"""What can be written down, and the event it becomes."""

OUTCOMES: dict[str, Text] = {
    REACHED: Text("reached"),
    "not_reached": Text("not reached"),
    WRONG_NUMBER: Text("wrong number"),
}
"""How a call of ours can end."""

LONGEST = 5_000
"""Characters of what was said."""


@dataclass(frozen=True, slots=True)
class Written:
    """A call or visit as it is written down; ``outcome`` of a call of ours, "" otherwise.

    With a ``key`` it is written down once only, however often it is tried.
    """

    contact: str
    outcome: str
    text: str
    at_us: int
    key: str = ""


def log_contact(settings: Settings, about: Who, written: Written, *, by: str, now_us: int) -> None:
    """Write down a call or a visit: it is safe on disk when this returns, on the page with the next tick.

    Refuses a kind or outcome that there is not ("bad_contact"), and a moment in the future ("bad_moment").
    """
    from holdfast.services.collect.arrive import accept_calls
    from holdfast.store.known_ids import id_of

    event = next((name for kind, name in EVENTS.items() if kind == written.contact), None)
    outcome = written.outcome if written.contact in ("call_made", "visit_made") else ""
    if event is None or (outcome and outcome not in OUTCOMES and outcome not in CALL_OUTCOMES):
        raise Refusal(
            "bad_contact",
            found=Text("{found} is nothing that can be written down.", found=written.contact[:40] or '""'),
            expected=Text("A call or a visit, by us or by the customer."),
            remedy=Text("Choose one of these."),
        )
    _check_moment(written.at_us, now_us)
    namespace, key = id_of(settings, about.unit_id)
    properties: dict[str, Any] = {"by": by}
    if outcome:
        properties["code"] = outcome
    if written.text.strip():
        properties["text"] = typed_text(written.text, longest=LONGEST, code="bad_contact")
    source = staff_source(settings, now_us=now_us, namespace=namespace)
    accept_calls(settings, source, [_call(event, key, properties, written)], received_us=now_us)


def _call(event: str, key: str, properties: Mapping[str, Any], written: Written) -> dict[str, Any]:
    from holdfast.services.collect.look_up import moment

    return {
        "type": "track",
        "userId": key,
        "event": event,
        "properties": properties,
        "timestamp": moment(written.at_us),
        "messageId": f"staff-{written.key or uuid4().hex}",
    }


def _check_moment(at_us: int, now_us: int) -> None:
    if 0 <= at_us <= now_us + 60_000_000:
        return
    raise Refusal(
        "bad_moment",
        found=Text("It would happen after now, or long before there were computers."),
        expected=Text("A moment that is past."),
        remedy=Text("Mend day and time; nothing was written down."),
    )
