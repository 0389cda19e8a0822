"""Mails to our own people about a customer in a play."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from holdfast.domain.effects import Notify
from holdfast.domain.texts import Text
from holdfast.domain.touch import Recipient, TouchRequest
from holdfast.language import Reader, preferred
from holdfast.language.letters import Line, Way, letter
from holdfast.settings import Settings
from holdfast.store import message_settings, plays_known, staff_links
from holdfast.store.staff import Colleague

NOTIFIED = "play_notified"
"""The sort of these mails, under which a person can switch them off."""

_WHY = Text("You get this because a play tells you of it in Holdfast.")


def letter_to(
    settings: Settings, person: Colleague, wanted: Notify, unit_id: int, *, key: str, by: str
) -> TouchRequest:
    """A mail to one of us about a customer."""
    base = message_settings.rules(settings).public_url
    reader = Reader(person.language or preferred(""), settings.zone)
    name = plays_known.names(settings, [unit_id]).get(unit_id) or str(unit_id)
    off_url = staff_links.off_url(
        settings, base, person.id, NOTIFIED, now_us=int(datetime.now(UTC).timestamp() * 1_000_000)
    )
    parts: list[Any] = [
        Line(name),
        *([Line(wanted.text, theirs=True)] if wanted.text else []),
        Way(reader.gettext("Open it"), f"{base}/customers/{unit_id}" if base else ""),
    ]
    written = letter(reader, wanted.title, parts, company=settings.name, off_url=off_url, why=_WHY)
    return TouchRequest(
        key,
        "staff",
        "email",
        Recipient(person.email, subject_id=unit_id, person_id=person.id),
        f"{wanted.title}: {name}",
        written.text,
        written.html,
        language=reader.code,
        headers=staff_links.headers(off_url),
        asked_by=by,
    )
